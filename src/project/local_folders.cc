#include "project/local_folders.h"

#include "base/one_of.h"
#include "model/python/trace.h"

namespace preflint::project {

using py::CallEvent;

LocalFolders::LocalFolders(const Context& context) {
  context.each_shell_run(Where::anywhere, [&](const Run& run) {
    for (const shell::CommandEvent& event : run.shell->commands) {
      const bool makes = event.name == "mkdir";
      for (size_t i = 0; i < event.arguments.size(); ++i) {
        const std::string word = event.arguments[i].constant().value_or("");
        if (!word.starts_with("-")) {
          if (makes) add(word);
          continue;
        }
        const size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        if (name.find("output") == std::string::npos && name.find("save") == std::string::npos &&
            name.find("local") == std::string::npos)
          continue;
        if (equals != std::string::npos)
          add(word.substr(equals + 1));
        else if (i + 1 < event.arguments.size())
          add(event.arguments[i + 1].constant().value_or(""));
      }
    }
  });
  context.each_python_run(Where::anywhere, [&](const Run& run) {
    for (const CallEvent& call : run.python->calls) {
      if (!one_of(call.method, {"makedirs", "mkdir", "save_pretrained", "save_model"})) continue;
      const py::Argument* path = call.argument(0, {"name", "path", "save_directory", "output_dir"});
      const py::Value* value = path                    ? &path->value
                               : call.receiver.is_path ? &call.receiver
                                                       : nullptr;
      if (value) add(value->text().constant().value_or(""));
    }
  });
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
