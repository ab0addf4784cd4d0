#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "catalog/profile.h"
#include "catalog/rule.h"

namespace preflint::catalog {

/// preflint.yaml as it was read (after `extends`). Patterns are relative to `folder`.
struct Config {
  std::string path;                // of the file, "" for defaults
  std::string folder;              // absolute
  std::string profile = "autodl";  // a built-in name or a path
  Image image;                     // resolved; Image::known() false: not configured
  std::string gpu;                 // as written, "" unknown
  std::vector<std::string> select, extend_select, ignore;
  std::map<std::string, Severity> severity;  // by rule selector
  struct PerFile {
    std::string pattern;
    std::vector<std::string> ignore;
  };
  std::vector<PerFile> per_file_ignores;
  std::vector<std::string> exclude;
  struct Sites {
    std::vector<std::string> local, instance;
  } sites;
  struct Network {
    std::vector<std::string> hook_files;  // project files that activate the hook
  } network;
  struct Durable {
    std::vector<std::string> extra;  // further durable paths
  } durable;
  struct RequiredOverride {
    std::string entry, option;
  };
  std::vector<RequiredOverride> required_overrides;
  std::vector<std::string> rules;  // globs of user rule files
  int gpus = 0;                    // number of GPUs, 0 unknown

  /// The severity that the configuration gives a rule; the closest selector decides.
  Severity severity_of(const Rule& rule) const;
  /// Is the rule ignored in this file (path relative to `folder`)?
  bool ignored_in(const Rule& rule, std::string_view relative_path) const;
};

/// gitignore-like: `*` within a component, `**` across, a pattern without `/` matches any
/// component.
bool glob_matches(std::string_view pattern, std::string_view relative_path);

}  // namespace preflint::catalog
