#pragma once

#include <string_view>

namespace preflint {

/// Is a path a folder or something in it? Both are absolute, or as seen from the same place; the
/// folder may end in '/'.
inline bool below(std::string_view path, std::string_view folder) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.remove_suffix(1);
  if (folder == "/") return path.starts_with('/');
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace preflint
