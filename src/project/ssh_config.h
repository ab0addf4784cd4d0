#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/source.h"

namespace preflint::project {

/// `Name value` of an ssh configuration; the name in lower case, the value without quotes.
struct SshSetting {
  std::string name, value;
  Span span;  // the line without its indent
};

/// What follows a `Host` or `Match` line, or stands before the first one.
struct SshBlock {
  std::vector<std::string> patterns;  // of `Host`; none: the file's head or a `Match`
  bool everywhere = false;            // the head of the file, `Match all`
  Span head;                          // the `Host` line
  std::vector<SshSetting> settings;
  uint32_t end = 0;  // after the last setting, before its line end
  std::string indent = "    ";

  std::optional<std::string> value(std::string_view name) const;
  /// Does it surely apply to every host that the other one is for?
  bool covers(const SshBlock& other) const;
};

std::vector<SshBlock> ssh_blocks(const File& file);

}  // namespace preflint::project
