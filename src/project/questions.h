#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "catalog/profile.h"
#include "catalog/rule.h"
#include "project/literals.h"

namespace preflint::project {

/// Which literals a text holds, by number.
using Hits = std::vector<uint64_t>;

/// What the rules that will ask look for in texts: one scan of a text answers all of it.
class Questions {
 public:
  enum Answer : uint16_t {
    kShell = 1,        // a rule about shell may find something in a shell text that holds this
    kPython = 2,       // one about Python, whoever starts it
    kLaunched = 4,     // one about Python that a shell starts
    kSpawns = 8,       // Python runs commands
    kInterprets = 16,  // shell starts Python
    kValues = 32,      // Python tells options that others use
    kMain = 64,
    kPrograms = 128,  // one about Python that is a program
    kPaths = 256,     // Python tells paths that others use
    kPlatform = 512,  // the project is for the platform
  };

  Questions(const std::vector<const catalog::Rule*>& rules, const catalog::Profile* profile);

  /// The literals that a text holds.
  Hits scan(std::string_view text) const;
  /// What the literals of one text, or of several together, come to.
  uint16_t answers(const Hits& hits) const;

  /// Rules that want to see more as soon as something holds what they look for.
  size_t rules_with_evidence() const { return evidence_.size(); }
  /// Does a text hold what rule number `rule` of these looks for?
  bool concerns(size_t rule, const Hits& hits, bool shell) const;
  /// The answers that hold as well when something does.
  uint16_t evidence(size_t rule, const Hits& hits) const;

 private:
  struct Question {
    std::vector<std::vector<uint32_t>> groups;  // of each group one literal has to be there
    uint16_t answer = 0;
    bool holds(const Hits& hits) const;
  };
  struct Evidence {
    std::vector<Question> concern, more;
  };
  Question question(std::string_view trigger, uint16_t answer, const catalog::Profile* profile);
  void ask(std::string_view trigger, uint16_t answer, const catalog::Profile* profile);
  void ask_evidence(const catalog::Rule& rule, const catalog::Profile* profile);

  LiteralSet literals_;
  std::vector<uint16_t> alone_;  // by literal: what it means without any other
  std::vector<Question> questions_;
  std::vector<Evidence> evidence_;
  std::optional<uint32_t> key_;  // the number that stands for a quoted word that may be a key
  uint16_t always_ = 0;
};

}  // namespace preflint::project
