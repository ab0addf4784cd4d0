#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/sentence.h"
#include "base/span.h"

namespace preflint {

enum class Severity : uint8_t { info, warning, error };
enum class Applicability : uint8_t { safe, unsafe };

/// A range in a file. `path` is absolute and normalised, with '/'; it is the identity of a file
/// everywhere below `output`, which shows it relative to the working directory. Offsets are bytes
/// of the file as it is on disk (for a notebook: of the raw JSON).
struct Place {
  std::string path;
  Span span;
  friend bool operator==(const Place&, const Place&) = default;
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// Replaces the bytes of a span; an empty span inserts.
struct Edit {
  Place place;
  std::string text;
  friend bool operator==(const Edit&, const Edit&) = default;
  friend auto operator<=>(const Edit&, const Edit&) = default;
};

struct Fix {
  Applicability applicability = Applicability::safe;
  std::vector<Edit> edits;
};

/// Values for the `{placeholders}` of a message: code and names, which are never translated. A
/// value that is a sentence has its Chinese beside it, under the same name with `.zh`.
using Arguments = std::map<std::string, std::string>;

inline void tell(Arguments& arguments, const std::string& name, Sentence sentence) {
  arguments[name] = std::move(sentence.en);
  arguments[name + ".zh"] = std::move(sentence.zh);
}

/// A place that helps to understand a finding. `key` names a template in the rule's `notes:` or in
/// the common notes (rules/notes.yaml).
struct Note {
  Place place;
  std::string key;
  Arguments arguments;
};

/// One violation. It owns all its strings and holds no words: `message` names one of the rule's
/// message templates ("" is the rule's main one), which `output` renders in the user's language.
struct Finding {
  std::string rule;
  Severity severity = Severity::warning;
  Place place;
  std::string message;
  Arguments arguments;
  std::vector<Note> related;
  /// How the place is reached: launching wrapper first. Empty when the file itself is the entry.
  std::vector<Note> chain;
  std::optional<Fix> fix;
  bool suppressed = false;
  std::string suppression_reason;
};

/// Order of output: path, position, rule; the rest only breaks ties.
bool before(const Finding& a, const Finding& b);

}  // namespace preflint
