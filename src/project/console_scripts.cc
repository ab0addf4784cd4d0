#include "project/console_scripts.h"

#include <re2/re2.h>

#include <algorithm>
#include <string_view>

#include "model/value.h"
#include "syntax/document.h"

namespace preflint::project {
namespace {

class Reading {
 public:
  explicit Reading(const BuildRequest& request) : request_(request) {}

  void pyproject(std::string_view text) {
    if (text.find("scripts") == std::string_view::npos) return;
    const auto document = parse_toml(text);
    if (!document) return;
    table(document->at({"project", "scripts"}));
    table(document->at({"tool", "poetry", "scripts"}));
  }

  /// `name = package.module:function`, as strings of a list or on lines of their own.
  void entry_points(std::string_view text) {
    static const RE2 kEntry(R"(([\w.-]+)[ \t]*=[ \t]*([\w.]+:\w+))");
    const size_t at = text.find("console_scripts");
    if (at == std::string_view::npos) return;
    text.remove_prefix(at);
    text = text.substr(0, text.find(']'));  // of the list, or of the next section's head
    re2::StringPiece rest(text.data(), text.size());
    std::string name, target;
    while (RE2::FindAndConsume(&rest, kEntry, &name, &target)) add(name, target);
  }

  std::map<std::string, ConsoleScript> out;

 private:
  void table(const Document* scripts) {
    if (!scripts || !scripts->is_map()) return;
    for (const Document::Member& one : scripts->members) {
      if (one.value.is_string()) add(one.key, one.value.text);
    }
  }

  void add(const std::string& name, std::string_view target) {
    const size_t colon = target.find(':');
    if (colon == std::string_view::npos || target.find('.', colon) != std::string_view::npos)
      return;
    std::string module(target.substr(0, colon));
    std::replace(module.begin(), module.end(), '.', '/');
    for (const char* folder : {"", "src/"}) {
      for (const char* ending : {".py", "/__init__.py"}) {
        const std::string path = paths::join(request_.root, folder + module + ending);
        if (!request_.reader->exists(path)) continue;
        out.emplace(name, ConsoleScript{path, std::string(target.substr(colon + 1))});
        return;
      }
    }
  }

  const BuildRequest& request_;
};

}  // namespace

std::map<std::string, ConsoleScript> console_scripts(const BuildRequest& request) {
  Reading reading(request);
  const auto open = [&](const char* name) {
    return request.reader->open(paths::join(request.root, name));
  };
  if (const auto file = open("pyproject.toml")) reading.pyproject(file->bytes);
  for (const char* name : {"setup.cfg", "setup.py"}) {
    if (const auto file = open(name)) reading.entry_points(file->bytes);
  }
  return std::move(reading.out);
}

}  // namespace preflint::project
