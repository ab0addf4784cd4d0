#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/config.h"
#include "catalog/rule.h"
#include "syntax/document.h"

namespace preflint::catalog {

/// A file with an image's fields. Of one that lies elsewhere nothing is said.
struct ImageFile {
  Document document;
  bool elsewhere = false;
};

/// What a configuration refers to. Paths that are handed over are absolute.
struct ConfigLinks {
  /// The configuration that `extends:` names.
  std::function<Result<Config>(const std::string& path)> base;
  /// The profile under a built-in name or a path.
  std::function<Result<const Profile*>(const std::string& name_or_path)> profile;
  /// A file with an image's fields (`image: box.yaml`).
  std::function<Result<ImageFile>(const std::string& path)> image;
  /// All rules that selectors may name, when the rule files of these patterns are loaded.
  std::function<std::vector<const Rule*>(const std::vector<std::string>& patterns)> rules;
};

/// A configuration as read; its mistakes have places in its own file.
struct LoadedConfig {
  Config config;
  const Profile* profile = nullptr;  // null when it could not be had
  std::vector<Error> errors;
};

/// Reads preflint.yaml. `path` is absolute and normalised. A key replaces what the base says; the
/// maps `severity` and `per-file-ignores` are merged. Patterns count from the folder of the
/// outermost file, the one that is found; paths in `extends`, `profile`, `image` and `rules` from
/// the file that has them.
LoadedConfig load_config(const Document& document, const std::string& path,
                         const ConfigLinks& links);

}  // namespace preflint::catalog
