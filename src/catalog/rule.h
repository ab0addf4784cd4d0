#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "base/finding.h"
#include "catalog/matcher.h"

namespace preflint::catalog {

/// A text in both languages. User rules may give one only: then both members are that one.
struct Words {
  std::string_view en, zh;
  std::string_view in(Language language) const { return language == Language::zh ? zh : en; }
};

/// A message, note or remedy template under its name.
struct NamedWords {
  std::string_view key;
  Words words;
};

/// A small file that shows a rule, and tests it.
struct Example {
  bool bad = false;
  std::string_view language;  // "shell", "python", "notebook", "requirements", "toml", …
  std::string_view path;      // the file's name; "" is the language's default name
  std::string_view text;      // with ⟦…⟧ around what is found, when bad
  std::string_view fixed;     // after --fix --unsafe-fixes; "" where there is none
  std::string_view config;    // preflint.yaml for it
  std::span<const std::pair<std::string_view, std::string_view>> files;  // others beside it
};

/// One rule of the catalogue. All strings are static for built-in rules and owned by the loaded
/// catalogue for user rules.
struct Rule {
  std::string_view id, name;
  std::string_view category;  // net, env…: the folder of the rule; "user" for user rules
  std::span<const std::string_view> gotchas;
  std::string_view seed;  // section of the platform's description, e.g. "§3"
  Severity severity = Severity::warning;
  /// What a finding is at most where nothing shows that its file runs on the box
  /// (project/box_signs.h).
  Severity unplaced = Severity::error;
  /// The same where it stands in a script for another machine.
  Severity elsewhere = Severity::error;
  std::span<const std::string_view> languages;
  std::string_view precision;
  Applicability fix = Applicability::safe;
  bool has_fix = false;
  Words summary, message, why, advice;
  std::span<const NamedWords> messages;       // variants, by key
  std::span<const NamedWords> notes;          // templates of related places, by key
  std::span<const std::string_view> related;  // ids of neighbouring rules
  std::span<const std::string_view> sources;  // where documented defaults come from
  /// Profile facts without which the rule sleeps, as in `${profile.…}`: "network.hook".
  std::span<const std::string_view> needs;
  /// Texts of which a file holds one where the rule finds something: "a | b & c" asks for a or b,
  /// and for c as well. A word is found as a whole one, except where a `*` stands before or after
  /// it.
  struct Triggers {
    bool known = false;                          // else any file has to be looked at
    std::span<const std::string_view> shell;     // also for shell text that Python runs
    std::span<const std::string_view> python;    // whoever starts it, if anyone
    std::span<const std::string_view> programs;  // Python with a main part, and what it imports
    std::span<const std::string_view> launched;  // Python that a shell starts
    /// What else of a project has to be seen when something in it holds one of the above: what the
    /// rule takes for an answer to its question.
    std::span<const std::string_view> shell_evidence, python_evidence;
  } triggers;
  /// Is the rule about files of a language? One that names none is about all.
  bool speaks(std::string_view language) const {
    return languages.empty() ||
           std::any_of(languages.begin(), languages.end(),
                       [&](std::string_view one) { return one == language || one == "any"; });
  }
  std::span<const Example> examples;
  /// Who reports it, when it is no check: "engine" (meta rules), "probe".
  std::string_view emitted_by;
  const Matcher* matcher = nullptr;  // null: a function finds it
};

}  // namespace preflint::catalog
