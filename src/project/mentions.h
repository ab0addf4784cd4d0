#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace preflint::project {

/// Finds the scripts of a project that a text may start or read, by their names alone. The list may
/// be longer than the truth, never shorter: a name that is put together from variables stands for
/// all.
class ScriptNames {
 public:
  void add(const std::string& path, size_t number);
  /// The numbers of what `text` names, in no order, some of them twice.
  std::vector<size_t> named_in(std::string_view text) const;

 private:
  std::unordered_map<std::string, std::vector<size_t>> by_name_;  // by last component
  std::vector<size_t> odd_;  // whose names are no single words of a text
  std::vector<size_t> all_;
};

/// Calls `take` with each script, program or notebook that a text may name, as a path without the
/// dots that it begins with: words that end like one ("tools/train.py"), and the modules that it
/// imports or starts with `-m`. What is put together from variables is not among them.
void each_script_name(std::string_view text, const std::function<void(const std::string&)>& take);

}  // namespace preflint::project
