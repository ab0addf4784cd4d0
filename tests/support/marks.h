#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace preflint::testing {

/// A finding that a fixture expects, or one that was found. Lines and columns are 1-based, in a
/// notebook within the cell; column 0 stands for any column, cell -1 for a file without cells.
struct Mark {
  std::string path;  // relative to the fixture
  int cell = -1;
  int line = 0;
  int column = 0;
  std::string rule;
  friend auto operator<=>(const Mark&, const Mark&) = default;
};

/// `path[:cell<k>]:line[:column] RULE`
std::string to_string(const Mark& mark);

/// The marks inside a file: `#~ ID ID` marks its own line, `#~^ ID` the line above it.
std::vector<Mark> inline_marks(const std::string& path, std::string_view text);

/// The marks of an expected.txt; a line that cannot be read becomes a message in `errors`.
std::vector<Mark> listed_marks(std::string_view text, std::vector<std::string>& errors);

/// How what was found differs from what was marked, one sentence a line; empty when they agree.
/// Each mark answers for one finding.
std::vector<std::string> differences(std::vector<Mark> expected, std::vector<Mark> found);

/// A text without its ⟦…⟧ brackets, and the ranges that they enclosed.
struct Marked {
  std::string text;
  std::vector<Span> spans;
};
Marked marked(std::string_view text);

}  // namespace preflint::testing
