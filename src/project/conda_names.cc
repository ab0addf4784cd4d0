#include "project/conda_names.h"

#include <algorithm>
#include <string_view>

#include "project/guides.h"

namespace preflint::project {
namespace {

std::string_view word_at(std::string_view text, size_t at) {
  at = std::min(text.find_first_not_of(" \t=\"'", at), text.size());
  const size_t end = std::min(text.find_first_of(" \t\r\n\"'`#", at), text.size());
  return text.substr(at, end - at);
}

/// `name: demo` of an environment file.
void from_yaml(std::string_view text, std::set<std::string>& names) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (line.starts_with("name:")) names.emplace(word_at(line, 5));
    at = end + 1;
  }
}

/// `conda create -n demo` in prose.
void from_prose(std::string_view text, std::set<std::string>& names) {
  for (size_t at = text.find(" create "); at != std::string_view::npos;
       at = text.find(" create ", at + 1)) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    for (const std::string_view option : {" -n ", " --name ", " --name=", " -p ", " --prefix "}) {
      if (const size_t found = line.find(option); found != std::string_view::npos)
        names.emplace(word_at(line, found + option.size()));
    }
  }
}

/// `conda config --append envs_dirs /root/autodl-tmp/envs`, `CONDA_ENVS_PATH`: environments are
/// looked for where they outlive the image, and what lies there was made another day.
bool keeps_elsewhere(const shell::CommandEvent& event) {
  for (const char* name : {"CONDA_ENVS_PATH", "CONDA_ENVS_DIRS"}) {
    if (event.environment.find(name)) return true;
  }
  return shell::is_conda(event.name) && event.operand() && event.operand()->is("config") &&
         std::any_of(event.arguments.begin(), event.arguments.end(),
                     [](const shell::Argument& argument) { return argument.is("envs_dirs"); });
}

}  // namespace

std::set<std::string> created_environments(const Context& context) {
  std::set<std::string> names;
  const Program& program = context.program();
  const auto has_file = [&](const std::string& name) {
    return std::any_of(program.files.begin(), program.files.end(), [&](const auto& file) {
      return file->kind == FileKind::conda_environment && paths::basename(file->path) == name;
    });
  };
  std::set<const Run*> unnamed;  // starts that make one whose name is not known
  context.each_command(Where::anywhere, [&](const Run& run, const shell::CommandEvent& event) {
    if (keeps_elsewhere(event)) names.insert("*");
    if (const shell::Argument* argument = activated_environment(event)) {
      if (unnamed.contains(&run.root())) names.insert(argument->value.display());
      return;
    }
    // `"$CONDA_BIN" create …`: which of the three it is was found out at run time.
    if (!shell::is_conda(event.name) && !event.name.empty()) return;
    const bool creates = std::any_of(event.arguments.begin(), event.arguments.end(),
                                     [](const shell::Argument& a) { return a.is("create"); });
    if (!creates) return;
    bool named = false;
    for (const char* option : {"-n", "--name", "-p", "--prefix"}) {
      if (const auto value = event.option_value(option)) {
        named = true;
        for (const std::string& name : value->constants()) names.insert(name);
        if (value->constants().empty()) names.insert("*");  // any name
      }
    }
    // The name stands in a file that is not here, as of a project that was cloned: then it is what
    // the script activates next.
    auto file = event.option_value("-f");
    if (!file) file = event.option_value("--file");
    const bool here = file ? has_file(paths::basename(file->display()))
                           : has_file("environment.yml") || has_file("environment.yaml");
    if (!named && !here) unnamed.insert(&run.root());
  });
  for (const auto& file : program.files) {
    if (file->kind == FileKind::conda_environment) from_yaml(file->bytes, names);
  }
  for (const char* folder : {"", "/env", "/envs", "/environment", "/environments", "/conda",
                             "/requirements", "/setup", "/install", "/docker", "/config"}) {
    constexpr size_t kMostFiles = 50;
    size_t looked = 0;
    for (const std::string& name : program.reader->names(program.root + folder)) {
      if (!name.ends_with(".yml") && !name.ends_with(".yaml")) continue;
      if (++looked > kMostFiles) break;
      const auto file = program.reader->open(program.root + folder + "/" + name);
      if (file && ("\n" + file->bytes).find("\ndependencies:") != std::string::npos)
        from_yaml(file->bytes, names);
    }
  }
  for (const auto& file : context.shared<Guides>().files) from_prose(file->bytes, names);
  return names;
}

const shell::Argument* activated_environment(const shell::CommandEvent& event) {
  if (shell::is_conda(event.name) && event.operand() && event.operand()->is("activate"))
    return event.operand(1);
  if (event.name == "source" || event.name == ".") {
    if (event.arguments.size() < 2) return nullptr;
    const std::string script = paths::basename(event.arguments[0].value.display());
    return script == "activate" ? &event.arguments[1] : nullptr;
  }
  for (const shell::Prefix& prefix : event.prefixes) {
    if (!shell::is_conda(prefix.name)) continue;
    for (size_t i = 0; i + 1 < prefix.arguments.size(); ++i) {
      if (prefix.arguments[i].is("-n") || prefix.arguments[i].is("--name"))
        return &prefix.arguments[i + 1];
    }
  }
  return nullptr;
}

bool clones_base(const shell::CommandEvent& event, const std::string& prefix) {
  const auto from = event.option_value("--clone");
  return from && (from->is("base") || (!prefix.empty() && from->is(prefix)));
}

}  // namespace preflint::project
