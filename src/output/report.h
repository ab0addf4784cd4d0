#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "output/position.h"
#include "output/words.h"
#include "syntax/source.h"

namespace preflint::output {

/// Everything that a format is made from. Borrowed while it is rendered.
struct Report {
  std::vector<Finding> findings;  // in order of output; the suppressed ones too
  /// The file under an absolute path, or null.
  std::function<std::shared_ptr<const File>(const std::string&)> file;
  RuleBook rules;
  std::string directory;  // working directory, absolute: paths are shown relative to it
  std::string root;       // project, absolute: paths in SARIF and GitLab are relative to it
  std::string version;
  Language language = Language::en;
  bool color = false;
  bool show_suppressed = false;
  size_t files = 0;        // that were linted
  size_t fixed = 0;        // findings that a fix took away
  bool would_fix = false;  // …would take away: nothing was written
};

struct Range {
  Position begin, end;
};

/// A place in the numbers people use. In a notebook `range` and `text` are of the cell, `raw` is of
/// the JSON file; elsewhere both ranges are the same.
struct Spot {
  const std::string* path = nullptr;
  Range range, raw;
  std::optional<uint32_t> cell;
  // The first line's bytes, as decoded, with secrets starred out; only a window of a very long
  // line.
  std::string text;
  Span mark;          // the part of `text` that the place covers; empty for a point
  bool more = false;  // the place goes on past this line
};

/// A finding with everything that a format prints of it.
struct Item {
  const Finding* finding = nullptr;
  const catalog::Rule* rule = nullptr;  // null for an id nobody knows
  std::string message;
  Spot spot;
};

/// Finds lines and columns, keeping one index for each file.
class Locator {
 public:
  explicit Locator(const Report& report);
  Spot spot(const Place& place);
  /// The file and its index; nulls when the file is gone.
  const LineIndex* index(const std::string& path);
  const File* file(const std::string& path);

 private:
  struct Entry;
  Entry& entry(const std::string& path);
  const Report& report_;
  /// By path: the places of findings that have an argument `secret`, its shortened form.
  std::map<std::string, std::vector<Span>> secrets_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;
};

/// The report's findings, located; suppressed ones only when the format or the user wants them.
std::vector<Item> items(const Report& report, Locator& locator, bool with_suppressed);

/// Would printing the fix print a secret?
bool discloses(const Fix& fix);

/// `path` seen from `directory`, both absolute: "a/b", "../c". Valid UTF-8.
std::string relative(std::string_view path, std::string_view directory);
/// The same as a URI reference.
std::string uri(std::string_view path);

}  // namespace preflint::output
