#include "project/local_folders.h"

#include "base/one_of.h"
#include "base/text.h"
#include "model/python/trace.h"
#include "model/value.h"

namespace preflint::project {

using py::CallEvent;

LocalFolders::LocalFolders(const Context& context) {
  context.each_shell_run(Where::anywhere, [&](const Run& run) {
    for (const shell::CommandEvent& event : run.shell->commands) add_made(event);
  });
  // What git leaves alone by its whole name lies there.
  const Program& program = context.program();
  const auto ignored = program.reader->open(program.root + "/.gitignore");
  for (std::string_view rest = ignored ? std::string_view(ignored->bytes) : std::string_view();
       !rest.empty();) {
    std::string_view row = trimmed(take_line(rest));
    if (row.empty() || row[0] == '#' || row.find_first_of("*?[!") != std::string_view::npos)
      continue;
    if (row[0] == '/') row.remove_prefix(1);
    add(row);
  }
  context.each_python_run(Where::anywhere, [&](const Run& run) {
    for (const CallEvent& call : run.python->calls) {
      if (const py::Argument* local = call.keyword("local_dir"))
        add(local->value.text().constant().value_or(""));
      if (one_of(call.origin, {"shutil.copytree", "shutil.move", "os.symlink", "os.rename"})) {
        const py::Argument* target = call.argument(1, {"dst"});
        if (target) add(target->value.text().constant().value_or(""));
      }
      if (!one_of(call.method, {"makedirs", "mkdir", "save_pretrained", "save_model"})) continue;
      const py::Argument* path = call.argument(0, {"name", "path", "save_directory", "output_dir"});
      const py::Value* value = path                    ? &path->value
                               : call.receiver.is_path ? &call.receiver
                                                       : nullptr;
      if (value) add(value->text().constant().value_or(""));
    }
  });
}

void LocalFolders::add_made(const shell::CommandEvent& event) {
  const auto& words = event.arguments;
  const auto word = [&](size_t i) { return words[i].constant().value_or(""); };
  const bool names_all = one_of(event.name, {"mkdir", "ls", "du"});
  const bool asks = one_of(event.name, {"[", "test"});
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string option = word(i);
    if (!option.starts_with("-")) {
      if (names_all) add(option);
      continue;
    }
    if (asks && one_of(option, {"-d", "-e", "-f", "-s", "-r"}) && i + 1 < words.size())
      add(word(i + 1));
    const size_t equals = option.find('=');
    const std::string name = option.substr(0, equals);
    if (name.find("output") == std::string::npos && name.find("save") == std::string::npos &&
        name.find("local") == std::string::npos)
      continue;
    if (equals != std::string::npos)
      add(option.substr(equals + 1));
    else if (i + 1 < words.size())
      add(word(i + 1));
  }
  if (words.empty()) return;
  const std::string last = word(words.size() - 1);
  if (one_of(event.name, {"cp", "mv", "ln", "rsync"})) add(last);
  const shell::Argument* verb = event.name == "git" ? event.operand() : nullptr;
  if (verb && verb->is("clone")) {
    const bool address = last.find(':') != std::string::npos;
    std::string name = address ? last.substr(last.rfind('/') + 1) : last;
    if (name.ends_with(".git")) name.resize(name.size() - 4);
    add(name);
  }
  if (one_of(event.name, {"tar", "unzip", "wget", "aria2c"})) {
    for (const char* option : {"-C", "--directory", "-d", "-P", "--directory-prefix", "--dir"}) {
      if (const auto folder = event.option_value(option)) add(folder->constant().value_or(""));
    }
  }
  // An archive mostly has its own name for a folder.
  if (one_of(event.name, {"tar", "unzip", "7z"})) {
    for (size_t i = 0; i < words.size(); ++i) {
      std::string name = paths::basename(word(i));
      for (const std::string_view ending : {".tar.gz", ".tgz", ".tar", ".zip", ".7z"}) {
        if (name.ends_with(ending)) add(name.substr(0, name.size() - ending.size()));
      }
    }
  }
}

bool LocalFolders::holds(std::string_view path) const {
  return names_.find(path.substr(0, path.find('/'))) != names_.end();
}

void LocalFolders::add(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  if (!path.empty() && path[0] != '/' && path[0] != '.' && path[0] != '$')
    names_.emplace(path.substr(0, path.find('/')));
}

}  // namespace preflint::project
