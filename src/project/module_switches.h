#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/python/value.h"
#include "project/reader.h"

namespace preflint::project {

/// Switches of modules of which a program imports one that is not known:
/// `importlib.import_module(f"configs.{name}").USE_WANDB`.
class ModuleSwitches {
 public:
  explicit ModuleSwitches(const Reader& reader) : reader_(reader) {}

  /// What every module directly in the folder that gives the name a value gives it, where that is
  /// True, False or None; an unknown value where they differ or one cannot be read. Nothing where
  /// there is no such folder, or none gives it a value.
  std::optional<py::Value> of(const std::string& folder, std::string_view name);

 private:
  using Files = std::vector<std::shared_ptr<const File>>;
  const Files& modules(const std::string& folder);
  std::optional<py::Value> read(const std::string& folder, std::string_view name);
  bool all_in(const std::string& folder);  // what they take in as a whole lies in it, too

  const Reader& reader_;
  std::map<std::string, Files> modules_;  // by folder
  std::map<std::string, bool> all_in_;    // by folder
  std::map<std::pair<std::string, std::string>, std::optional<py::Value>> known_;
};

}  // namespace preflint::project
