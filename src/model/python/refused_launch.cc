// A launch that argparse refuses: it says so and exits with status 2, and of what the program does
// behind parse_args() nothing happens.

#include <re2/re2.h>

#include <algorithm>

#include "base/one_of.h"
#include "model/python/machine.h"
#include "model/python/parser_option.h"

namespace preflint::py {
namespace {

/// Does the program change the words that it was started with?
bool changes_argv(std::string_view text) {
  static const re2::RE2 kChange(
      R"(sys\.argv\s*(=[^=]|\+=|\.(append|extend|insert|pop|remove|clear)|\[[^\]\n]*\]\s*=[^=])|del sys\.argv|import argv)");
  return re2::RE2::PartialMatch(text, kChange);
}

/// A word of which every letter is known, as only such a word can be called a stranger.
bool one_option(const preflint::Value& word) { return word.constant() && is_option(word); }

/// Is an option of a single dash near to what the word says: `-lr3`, an abbreviation?
bool near(const Option& option, std::string_view flag) {
  return std::any_of(option.flags.begin(), option.flags.end(), [&](const std::string& name) {
    return name.starts_with(flag.substr(0, 2)) && !name.starts_with("--");
  });
}

/// Would argparse end the program with these words? Only what is sure of all it was told: an option
/// that is none of the parser's, a value that is missing, an option or a word that is required, a
/// word too many.
bool refused(const std::vector<Option>& options, const std::vector<preflint::Value>& words) {
  const bool exact = std::none_of(options.begin(), options.end(), [](const Option& option) {
    return option.inexact ||
           !one_of(option.action, {"store", "store_true", "store_false", "store_const", "append",
                                   "append_const", "count", "boolean", "extend"});
  });
  if (!exact) return false;
  std::vector<const Option*> given;
  size_t loose = 0;
  bool greedy = false;  // an option that takes many words may take what stands behind them
  bool all = true;      // every word is known
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].unknown_whole()) {  // a stranger further on is one whatever this is
      all = false;
      continue;
    }
    if (!is_option(words[i])) {
      ++loose;
      continue;
    }
    const std::string head(words[i].alternatives()[0].known_prefix());
    const size_t equals = head.find('=');
    const std::string flag = head.substr(0, equals);
    if (flag == "--") return false;
    const OptionMatch match = match_option(options, flag, true);
    if (!match.option) {
      if (match.several || !one_option(words[i])) return false;
      return flag.starts_with("--") ||
             std::none_of(options.begin(), options.end(),
                          [&](const Option& option) { return near(option, flag); });
    }
    const Option& option = *match.option;
    given.push_back(&option);
    if (!option.takes_value()) continue;
    if (equals != head.npos || !match.rest.empty()) continue;
    const bool value = i + 1 < words.size() && !one_option(words[i + 1]);
    if (!value && (option.nargs.empty() || option.nargs == "+")) return true;
    greedy |= option.takes_many();
    while (i + 1 < words.size() && !one_option(words[i + 1])) {
      all &= !words[++i].unknown_whole();
      if (!option.takes_many()) break;
    }
  }
  if (!all) return false;
  size_t least = 0;
  bool most = true;  // at most `least` words stand alone
  for (const Option& option : options) {
    if (option.positional) {
      least += option.nargs.empty() || option.nargs == "+";
      most &= option.nargs.empty();
    } else if (option.required && std::find(given.begin(), given.end(), &option) == given.end()) {
      return true;
    }
  }
  return !greedy && (loose < least || (most && loose > least));
}

}  // namespace

bool Machine::refuses(const Object* parser, const std::vector<Option>& options,
                      const std::vector<preflint::Value>& words) const {
  if (!parser->fields.contains("@strict") || !certain()) return false;
  if (!refused(options, words)) return false;
  return std::none_of(trace_.files.begin(), trace_.files.end(), [](const ProgramFile& file) {
    return changes_argv(file.syntax.source.text());
  });
}

/// Does what is being run happen in every run of the program?
bool Machine::certain() const {
  if (muted_ > 0) return false;
  for (const Activation* at = activation_; at; at = at->caller) {
    if (at->forks > 0) return false;
  }
  for (const Frame* at = frame_; at; at = at->parent) {
    if (at->kind == FrameKind::uncalled || at->kind == FrameKind::loop ||
        at->kind == FrameKind::comprehension || at->kind == FrameKind::after_exit)
      return false;
  }
  return true;
}

}  // namespace preflint::py
