#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/requirements/requirement.h"

namespace preflint::req {

/// What a line of a requirements file asks for.
enum class LineKind : uint8_t {
  requirement,  // name, extras, versions, marker; also `name @ url`
  link,      // a URL, VCS address or path without a name; `archive` when its name tells what it is
  editable,  // -e …
  include,   // -r FILE
  constraint,  // -c FILE
  option,      // --index-url … and the like
  invalid,     // what pip rejects: `reason`, at `reason_span`
};

/// One logical line: continuations joined, comment and blanks around it removed.
struct Line {
  LineKind kind = LineKind::requirement;
  Span span;   // of the content in the file's text
  Span whole;  // of the physical lines, with the last one's end of line
  std::string text;
  Requirement requirement;  // `requirement`; for `link` with a telling archive: name and version
  std::optional<Archive> archive;  // of the URL or path
  std::string option;              // "--index-url", in its long form
  std::string target;              // FILE, URL, value of the option
  Span target_span;
  std::string reason;  // a key and what it is about; see Requirement::parse
  Span reason_span;
  Span name_span, specifier_span;  // of a requirement, in the file's text
};

/// A requirements or constraints file as pip reads it. Variables (`${NAME}`) make a line unknown to
/// us: it is kept as an option without a name.
struct RequirementsFile {
  std::vector<Line> lines;
  /// `conda list --export` writes requirements.txt too: `name=version=build`, for conda alone.
  bool conda_export = false;
  /// Text for people that bears such a name (`execution_requirements.txt`): most lines are
  /// sentences.
  bool prose = false;
  bool truncated = false;  // past the limit of lines

  std::vector<std::string> values_of(std::string_view option) const;
};

RequirementsFile read_requirements(std::string_view text);
/// One argument of `pip install`, read as a line is.
Line read_argument(std::string_view text);

}  // namespace preflint::req
