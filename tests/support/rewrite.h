#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "support/lint.h"

/// Rewriting programs so that they mean what they meant: what tests/whole/metamorphic_test.cc
/// compares.
namespace preflint::testing {

/// Replaces the bytes of a span; an empty span inserts.
struct Change {
  Span span;
  std::string text;
};

/// The changes of one text. They may be given in any order and must not overlap.
class Changes {
 public:
  void insert(uint32_t at, std::string text) { list_.push_back({{at, at}, std::move(text)}); }
  void replace(Span span, std::string text) { list_.push_back({span, std::move(text)}); }
  bool empty() const { return list_.empty(); }

  std::string apply(std::string_view text);
  /// The span of the old text that a span of the new one stands for. After `apply`.
  Span original(Span span) const;

 private:
  std::vector<Change> list_;
};

using ChangesByPath = std::map<std::string, Changes>;

/// What to change in the files of a project, each file left out being left as it is.
using Rewrite = std::function<ChangesByPath(const Files&)>;

namespace rewrite {

// Shell. A file that bash would reject is left as it is.
ChangesByPath shell_comments(const Files& files);     // a comment before and behind each statement
ChangesByPath shell_blank_lines(const Files& files);  // a blank line before each statement
ChangesByPath shell_names(const Files& files);        // variables renamed that nothing else can see
ChangesByPath shell_quotes(const Files& files);       // 'a' ↔ "a", a → 'a'
ChangesByPath shell_continuations(const Files& files);  // a backslash and a newline between words
ChangesByPath shell_condition(const Files& files);      // if true; then … fi around everything
ChangesByPath shell_group(const Files& files);          // { …; } around everything
ChangesByPath shell_function(const Files& files);       // f() { … }; f "$@" around everything

// Python.
ChangesByPath python_comments(const Files& files);
ChangesByPath python_blank_lines(const Files& files);
ChangesByPath python_quotes(const Files& files);     // 'a' ↔ "a"
ChangesByPath python_lines(const Files& files);      // a newline after each comma of a call
ChangesByPath python_condition(const Files& files);  // if True: around everything
ChangesByPath python_names(const Files& files);      // local variables of functions renamed

// Python, requirements and configuration files: LF → CRLF. Shell's CRLF is a finding of its own.
ChangesByPath carriage_returns(const Files& files);
ChangesByPath shell_carriage_returns(const Files& files);

}  // namespace rewrite

/// Moves what each bash script holds into a file of its own that is sourced in its place.
Files sourced(const Files& files);

}  // namespace preflint::testing
