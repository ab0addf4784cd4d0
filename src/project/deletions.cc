#include "project/deletions.h"

#include <algorithm>

#include "base/one_of.h"
#include "model/shell/interpreter.h"

namespace preflint::project {
namespace {

using shell::CommandEvent;
using shell::Part;
using shell::PartKind;

/// Variables that the shell or the login sets.
bool always_set(std::string_view name) {
  return name.starts_with("BASH") ||
         one_of(name,
                {"HOME",   "PWD",    "OLDPWD",   "USER",     "LOGNAME", "HOSTNAME", "SHELL",
                 "PATH",   "UID",    "EUID",     "PPID",     "RANDOM",  "SECONDS",  "LINENO",
                 "OPTARG", "OPTIND", "REPLY",    "TERM",     "LANG",    "HOSTTYPE", "MACHTYPE",
                 "OSTYPE", "SHLVL",  "FUNCNAME", "DIRSTACK", "IFS"});
}

bool is_name(std::string_view name) {
  return !name.empty() && name.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
                              std::string_view::npos;
}

/// The number of a positional parameter; `$@` and `$*` are empty without the first.
std::optional<size_t> number_of(std::string_view name) {
  if (name == "@" || name == "*") return 1;
  if (name.empty() || name.size() > 2 ||
      name.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  return static_cast<size_t>(std::stoi(std::string(name)));
}

/// Is there a way to this point on which nothing has set the variable?
bool may_be_unset(const std::string& name, const shell::State& state) {
  if (state.nounset != Tri::no) return false;
  if (const auto number = number_of(name)) {
    if (*number == 0) return false;
    if (state.positional) return *number > state.positional->size();
    return *number < 32 && (state.given >> *number & 1) == 0;
  }
  if (!is_name(name) || always_set(name)) return false;
  const shell::Variable* variable = state.variable(name);
  return variable ? variable->set != Tri::yes : !state.opaque;
}

/// The value of a parameter that is set; null when the parameter is no variable.
const Value* value_of(const std::string& name, const shell::State& state) {
  if (const auto number = number_of(name)) {
    if (!state.positional || *number == 0 || *number > state.positional->size()) return nullptr;
    return &(*state.positional)[*number - 1].value;
  }
  const shell::Variable* variable = state.variable(name);
  return variable && variable->set != Tri::no && !variable->array ? &variable->value : nullptr;
}

bool ever_empty(const Value& value) {
  return std::any_of(value.alternatives().begin(), value.alternatives().end(),
                     [](const Text& text) { return text.empty() == Tri::yes; });
}

bool matches_all(std::string_view glob) {
  return one_of(glob, {"*", "**", "?*", ".*", ".??*", "..?*", ".[!.]*", ".[^.]*", ".[!.]?*",
                       "[!.]*", "[^.]*"});
}

/// Puts a word together again from its parts, with or without the variables that may be empty.
class Speller {
 public:
  /// `outputs`: what a command printed may be nothing, too.
  Speller(const Run* run, const CommandEvent& event, size_t choice, bool outputs = false)
      : run_(run), event_(event), choice_(choice), outputs_(outputs) {}

  void spell(const std::vector<Part>& parts, bool quoted) {
    for (const Part& part : parts) {
      switch (part.kind) {
        case PartKind::literal:
        case PartKind::single_quoted:
        case PartKind::ansi_quoted:
          out_.append(part.text);
          break;
        case PartKind::double_quoted:
          spell(part.parts, true);
          break;
        case PartKind::glob:
          if (quoted)
            out_.append(part.text);
          else
            out_.append(Text::hole(part.text, Tri::no));
          break;
        case PartKind::tilde:
          if (part.text.empty())
            append(Value::literal("/root"), "HOME", quoted);
          else
            unknown();
          break;
        case PartKind::parameter:
          parameter(part, quoted);
          break;
        default:
          unknown();
      }
    }
  }

  const Text& text() const { return out_; }
  const std::string& dropped() const { return dropped_; }
  bool dropped_at_start() const { return at_start_; }
  size_t choices() const { return choices_; }

 private:
  void unknown() { out_.append(Text::hole("?", Tri::no)); }

  /// Is the part what an outer shell (or Python) put into the text that runs here?
  bool from_outside(const Part& part) const {
    const Source& source = event_.unit->source;
    const Span first{part.span.begin, part.span.begin + 1};
    return source.embedded() && source.outer(first).size() != 1;
  }

  bool may_be_empty(const Part& part) const {
    if (!run_ ||
        one_of(part.op, {":=", "=", ":?", "?", ":+", "+", "length", "indirect", "names"}) ||
        part.index)
      return false;
    if ((part.op == ":-" || part.op == "-") && !part.words.empty() && !part.words[0].parts.empty())
      return false;
    if (from_outside(part)) {
      const CommandEvent* launcher = run_->launcher();
      return launcher && part.name != shell::kOutsideHole &&
             may_be_unset(part.name, launcher->state);
    }
    if (may_be_unset(part.name, event_.state)) return true;
    const Value* value = value_of(part.name, event_.state);
    return value && ever_empty(*value);
  }

  void drop(std::string_view name) {
    if (dropped_.empty()) at_start_ = out_.pieces().empty();
    if (dropped_.empty()) dropped_ = name;
  }

  void parameter(const Part& part, bool quoted) {
    if (may_be_empty(part)) return drop(part.name);
    const bool plain = part.op.empty() || one_of(part.op, {":-", "-", ":=", "=", ":?", "?"});
    const bool has_default = one_of(part.op, {":-", "-", ":=", "="}) && !part.words.empty();
    const Value* value = plain && !part.index ? value_of(part.name, event_.state) : nullptr;
    if (value) return append(*value, part.name, quoted);
    const bool untouched =
        !event_.state.variable(part.name) && !(number_of(part.name) && event_.state.positional);
    if (has_default && untouched) return spell(part.words[0].parts, quoted);
    out_.append(Text::hole("$" + std::string(part.name), Tri::no));
  }

  void append(const Value& value, std::string_view of, bool quoted) {
    const auto& all = value.alternatives();
    choices_ = std::max(choices_, all.size());
    for (const Piece& piece : all[std::min(choice_, all.size() - 1)].pieces()) {
      const std::string name =
          piece.text.substr(!piece.known && piece.text.starts_with('$') ? 1 : 0);
      if (piece.known) {
        literal(piece.text, quoted);
      } else if (run_ && piece.empty == Tri::maybe && may_be_unset(name, event_.state)) {
        drop(name);
      } else if (outputs_ && piece.empty == Tri::maybe && name.starts_with('(') &&
                 name != "(mktemp)") {
        drop(of);
      } else if (piece.text.find_first_of("*?[") == 0) {
        unknown();  // one of what a loop's glob has found
      } else {
        out_.append(Text::hole(piece.text, Tri::no));
      }
    }
  }

  /// `P="/data/*"; rm -rf $P`: the glob is found when the variable is expanded.
  void literal(std::string_view text, bool quoted) {
    const size_t star = text.ends_with("/*") && !quoted ? text.size() - 1 : text.size();
    out_.append(text.substr(0, star));
    if (star < text.size()) out_.append(Text::hole("*", Tri::no));
  }

  const Run* run_;  // null: nothing is dropped
  const CommandEvent& event_;
  size_t choice_;
  bool outputs_;
  size_t choices_ = 1;
  Text out_;
  std::string dropped_;
  bool at_start_ = false;
};

bool has_brace(const shell::Word& word) {
  return std::any_of(word.parts.begin(), word.parts.end(),
                     [](const Part& part) { return part.kind == PartKind::brace; });
}

}  // namespace

std::vector<Text> written_words(const CommandEvent& event, const shell::Argument& argument) {
  std::vector<Text> out;
  // A word of another scope, and one that braces have split: only its value tells.
  if (!argument.word || argument.origin || has_brace(*argument.word)) {
    out = argument.value.alternatives();
    return out;
  }
  for (size_t choice = 0, choices = 1; choice < choices; ++choice) {
    Speller speller(nullptr, event, choice);
    speller.spell(argument.word->parts, false);
    choices = speller.choices();
    out.push_back(speller.text());
  }
  return out;
}

std::optional<Emptied> when_empty(const Run& run, const CommandEvent& event,
                                  const shell::Argument& argument) {
  if (!argument.word || argument.origin || has_brace(*argument.word)) return std::nullopt;
  for (const bool outputs : {false, true}) {
    for (size_t choice = 0, choices = 1; choice < choices; ++choice) {
      Speller speller(&run, event, choice, outputs);
      speller.spell(argument.word->parts, false);
      choices = speller.choices();
      if (speller.dropped().empty()) continue;
      Emptied out{speller.dropped(), speller.text(),
                  speller.dropped_at_start() && speller.text().known_prefix().starts_with('/')};
      if (!outputs) return out;
      // A command that printed nothing is worth a word where the whole disk depends on it.
      const Emptying left = emptied_folder(out.path);
      if (left.by_glob && left.folder.constant() == "/" && event.state.errexit == Tri::no)
        return out;
    }
  }
  return std::nullopt;
}

std::string shown(const Text& path) {
  std::string out;
  for (const Piece& piece : path.pieces()) {
    const bool known =
        piece.known || piece.text.find_first_of("*?[") == 0 || piece.text.starts_with('$');
    const bool here = !known && out.empty() && piece.text == kCwdHole;
    if (!here) out += known ? piece.text : "…";
  }
  if (!path.known_prefix().starts_with('/') && out.starts_with('/')) out.erase(0, 1);
  while (out.size() > 1 && out.ends_with('/')) out.pop_back();
  return out;
}

Emptying emptied_folder(const Text& path) {
  Emptying out{path, false};
  while (!out.folder.pieces().empty()) {
    const auto& pieces = out.folder.pieces();
    // `/root/x/` and a hole that is a glob of everything.
    size_t end = pieces.size();
    if (pieces[end - 1].known && pieces[end - 1].text == "/" && end > 1) --end;
    if (pieces[end - 1].known || !matches_all(pieces[end - 1].text)) break;
    const bool own = end < 2 || (pieces[end - 2].known && pieces[end - 2].text.ends_with('/'));
    if (!own) break;
    Text head;
    for (size_t i = 0; i + 1 < end; ++i) {
      if (pieces[i].known)
        head.append(pieces[i].text);
      else
        head.append(Text::hole(pieces[i].text, pieces[i].empty));
    }
    out.folder = std::move(head);
    out.by_glob = true;
  }
  return out;
}

const catalog::Tier* tier_wiped(const catalog::Profile& profile, const Text& folder) {
  const auto constant = folder.constant();
  if (!constant || !constant->starts_with('/')) return nullptr;
  const std::string path = paths::normalise(*constant);
  const catalog::Tier* found = nullptr;
  for (const catalog::Tier& tier : profile.storage.tiers) {
    if (tier.read_only) continue;
    const auto within = [&](const std::string& root) {
      return root == path || (root != "/" && paths::under(root, path));
    };
    if (!within(tier.path) && std::none_of(tier.aliases.begin(), tier.aliases.end(), within))
      continue;
    if (tier.path == path) return &tier;
    if (!found || tier.durable) found = &tier;
  }
  return found;
}

}  // namespace preflint::project
