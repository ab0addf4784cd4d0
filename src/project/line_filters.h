#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/shell/event.h"

namespace preflint::project {

/// What grep, sed or awk drop of each line that they read.
struct LineTest {
  std::string pattern;  // as the program gets it
  Span pattern_span;
  std::vector<std::string>
      patterns;       // RE2; a line that one of them finds is dropped (`keep`: passes)
  bool keep = false;  // grep without -v
  bool ignore_case = false;
  bool in_place = false;  // sed -i
  std::vector<const shell::Argument*> files;
  /// Lines to print that pass, nothing when a pattern is not one that RE2 understands.
  std::optional<std::vector<bool>> passes(const std::vector<std::string_view>& lines) const;
};

/// The test that a command applies to lines; nothing when it does something else with them.
std::optional<LineTest> line_test(const shell::CommandEvent& event);

/// The lines of a text without their ends.
std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace preflint::project
