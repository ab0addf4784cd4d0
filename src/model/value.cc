#include "model/value.h"

#include <algorithm>
#include <utility>

#include "base/path.h"
#include "model/work.h"

namespace preflint {
namespace {

constexpr size_t kMaxConcatenated =
    64 * 1024;  // bytes: what a script computes can double with every line

/// The bytes of a value and of what holds them.
size_t size_of(const Value& value) {
  size_t size = 0;
  for (const Text& text : value.alternatives()) {
    for (const Piece& piece : text.pieces()) size += Work::kPiece + piece.text.size();
  }
  return size;
}

}  // namespace

Text Text::literal(std::string_view text) {
  Text out;
  out.append(text);
  return out;
}

Text Text::hole(std::string_view name, Tri empty) {
  Text out;
  out.pieces_.push_back({false, std::string(name), empty});
  return out;
}

bool Text::known() const {
  return std::all_of(pieces_.begin(), pieces_.end(), [](const Piece& p) { return p.known; });
}

std::optional<std::string> Text::constant() const {
  if (pieces_.empty()) return "";
  if (pieces_.size() == 1 && pieces_[0].known) {
    Work::done(pieces_[0].text.size());
    return pieces_[0].text;
  }
  return std::nullopt;
}

std::string_view Text::known_prefix() const {
  return pieces_.empty() || !pieces_.front().known ? std::string_view() : pieces_.front().text;
}

std::string_view Text::known_suffix() const {
  return pieces_.empty() || !pieces_.back().known ? std::string_view() : pieces_.back().text;
}

std::string Text::display() const {
  std::string out;
  for (const Piece& piece : pieces_) {
    if (piece.known)
      out += piece.text;
    else if (piece.text == kRootHole)
      out += "<project>";
    else if (piece.text == kCwdHole)
      out += ".";
    else if (piece.text.starts_with('$') && piece.text.substr(1) == kOutsideHole)
      out += "…";
    else
      out += piece.text.starts_with('$') ? piece.text : "{" + piece.text + "}";
  }
  return out;
}

Tri Text::empty() const {
  Tri all = Tri::yes;
  for (const Piece& piece : pieces_)
    all = all & (piece.known ? tri(piece.text.empty()) : piece.empty);
  return all;
}

void Text::append(std::string_view literal) {
  if (literal.empty()) return;
  if (!pieces_.empty() && pieces_.back().known)
    pieces_.back().text += literal;
  else
    pieces_.push_back({true, std::string(literal), Tri::no});
}

void Text::append(const Text& other) {
  for (const Piece& piece : other.pieces_) {
    if (piece.known)
      append(piece.text);
    else
      pieces_.push_back(piece);
  }
}

std::optional<std::string> Value::constant() const {
  return alternatives().size() == 1 ? alternatives()[0].constant() : std::nullopt;
}

std::vector<std::string> Value::constants() const {
  std::vector<std::string> out;
  for (const Text& text : alternatives()) {
    auto constant = text.constant();
    if (!constant) return {};
    out.push_back(std::move(*constant));
  }
  return out;
}

namespace {

/// Is a text this, whole and known? It is asked of every word again and again, so nothing is
/// copied.
bool reads(const Text& text, std::string_view literal) {
  const auto& pieces = text.pieces();
  if (pieces.empty()) return literal.empty();
  return pieces.size() == 1 && pieces[0].known && pieces[0].text == literal;
}

}  // namespace

bool Value::is(std::string_view literal) const {
  return alternatives().size() == 1 && reads(alternatives()[0], literal);
}

bool Value::may_be(std::string_view literal) const {
  return std::any_of(alternatives().begin(), alternatives().end(),
                     [&](const Text& text) { return reads(text, literal); });
}

bool Value::unknown_whole() const {
  return std::all_of(alternatives().begin(), alternatives().end(), [](const Text& text) {
    return text.pieces().size() == 1 && !text.pieces()[0].known;
  });
}

Tri Value::empty() const {
  Tri out = alternatives()[0].empty();
  for (const Text& text : alternatives()) out = join(out, text.empty());
  return out;
}

std::string Value::display() const { return alternatives()[0].display(); }

namespace {

/// How many pieces all texts begin with, and how many bytes of the next.
std::pair<size_t, size_t> common_start(const std::vector<Text>& texts) {
  const auto& first = texts.front().pieces();
  for (size_t i = 0; i < first.size(); ++i) {
    size_t same = first[i].text.size();
    bool whole = true;
    for (const Text& text : texts) {
      const auto& pieces = text.pieces();
      if (i < pieces.size() && pieces[i] == first[i]) continue;
      whole = false;
      if (i == pieces.size() || !pieces[i].known || !first[i].known) return {i, 0};
      const auto end = std::mismatch(first[i].text.begin(), first[i].text.end(),
                                     pieces[i].text.begin(), pieces[i].text.end());
      same = std::min(same, static_cast<size_t>(end.first - first[i].text.begin()));
    }
    if (whole) continue;
    const std::string& text = first[i].text;
    while (same > 0 && same < text.size() && (text[same] & 0xC0) == 0x80)
      --same;  // not in a letter
    return {i, same};
  }
  return {first.size(), 0};
}

/// What is left of too many alternatives: the words with which all of them begin, as those of a
/// command to which options are added one by one, and a hole. Of addresses the host and the folders
/// that they share are left, of paths and single words only the hole. `complete`: nothing is glued
/// to their ends.
Text first_words(const std::vector<Text>& texts, Tri empty, bool complete) {
  const auto [count, bytes] = common_start(texts);
  const auto& pieces = texts.front().pieces();
  Text out;
  for (size_t i = 0; i < count; ++i)
    out.append(pieces[i].known ? Text::literal(pieces[i].text)
                               : Text::hole(pieces[i].text, pieces[i].empty));
  if (bytes > 0) out.append(std::string_view(pieces[count].text).substr(0, bytes));
  const std::string_view known = out.known_prefix();
  if (known.find(' ') == std::string_view::npos) {
    const size_t scheme = known.find("://");
    const size_t slash = scheme == std::string_view::npos ? scheme : known.rfind('/');
    if (slash == std::string_view::npos || slash < scheme + 3) return Text::hole("?", empty);
    Text address = Text::literal(known.substr(0, slash + 1));
    address.append(Text::hole("?", empty));
    return address;
  }
  const bool at_word_end = std::all_of(texts.begin(), texts.end(),
                                       [count = count, bytes = bytes, complete](const Text& text) {
                                         const auto& all = text.pieces();
                                         if (count >= all.size()) return complete;
                                         if (bytes < all[count].text.size())
                                           return all[count].known && all[count].text[bytes] == ' ';
                                         return complete && count + 1 == all.size();
                                       });
  if (at_word_end) out.append(" ");
  out.append(Text::hole("rest"));  // not "?", which is one word
  return out;
}

}  // namespace

Value Value::joined(const Value& other) const {
  Work::done(size_of(*this) + size_of(other));
  if (alternatives_ == other.alternatives_) return *this;
  std::vector<Text> fresh;
  const auto& mine = alternatives();
  for (const Text& text : other.alternatives()) {
    if (std::find(mine.begin(), mine.end(), text) == mine.end()) fresh.push_back(text);
  }
  if (fresh.empty()) return *this;
  fresh.insert(fresh.begin(), mine.begin(), mine.end());
  if (fresh.size() > kMaxAlternatives)
    return first_words(fresh, join(empty(), other.empty()), true);
  return Value(std::move(fresh));
}

Value Value::concatenated(const Value& other) const {
  const auto& heads = alternatives();
  const auto& tails = other.alternatives();
  if (heads.size() * tails.size() > kMaxAlternatives) {
    Text left = first_words(heads, empty() & other.empty(), false);
    // Of paths the beginnings tell more than what follows them.
    if (!left.known_prefix().empty() || heads.size() > kMaxAlternatives) return left;
    return concatenated(unknown("?", other.empty()));
  }
  size_t size = 0;
  for (const Value* side : {this, &other}) {
    for (const Text& text : side->alternatives()) {
      for (const Piece& piece : text.pieces()) size += 8 + piece.text.size();
    }
  }
  if (size > kMaxConcatenated) return unknown("?", empty() & other.empty());
  Work::done(size_of(*this) * tails.size() + size_of(other) * heads.size());
  std::vector<Text> out;
  for (const Text& head : heads) {
    for (const Text& tail : tails) {
      Text text = head;
      text.append(tail);
      if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
    }
  }
  return Value(std::move(out));
}

const std::vector<Text>& Value::no_text() {
  static const std::vector<Text> kEmpty(1);
  return kEmpty;
}

namespace paths {
namespace {

constexpr size_t kMaxPath = 4096;  // Linux refuses longer ones

/// The components of a path: literal bytes and holes between slashes.
std::vector<Text> components(const Text& path) {
  std::vector<Text> out(1);
  for (const Piece& piece : path.pieces()) {
    if (!piece.known) {
      out.back().append(Text::hole(piece.text, piece.empty));
      continue;
    }
    size_t begin = 0;
    while (true) {
      const size_t slash = piece.text.find('/', begin);
      out.back().append(std::string_view(piece.text).substr(begin, slash - begin));
      if (slash == std::string::npos) break;
      out.emplace_back();
      begin = slash + 1;
    }
  }
  return out;
}

bool is_literal(const Text& text, std::string_view literal) { return text.constant() == literal; }

}  // namespace

bool absolute(const Text& path) { return path.known_prefix().starts_with('/'); }

Text normalise(const Text& path) {
  size_t size = 0;
  for (const Piece& piece : path.pieces()) size += piece.text.size();
  if (size > kMaxPath) return Text::hole("?", Tri::no);
  Work::done(4 * size + Work::kPiece);
  const bool rooted = absolute(path);
  std::vector<Text> kept;
  for (Text& part : components(path)) {
    if (is_literal(part, "") || is_literal(part, ".")) continue;
    if (is_literal(part, "..")) {
      if (kept.empty() && rooted) continue;
      if (!kept.empty() && !is_literal(kept.back(), "..")) {
        // What `hole/..` is depends on how many components the hole holds.
        if (!kept.back().known()) return Text::hole("?", Tri::no);
        kept.pop_back();
        continue;
      }
    }
    kept.push_back(std::move(part));
  }
  Text out;
  if (rooted) out.append("/");
  for (size_t i = 0; i < kept.size(); ++i) {
    if (i) out.append("/");
    out.append(kept[i]);
  }
  if (out.pieces().empty()) out.append(".");
  return out;
}

Text join(const Text& base, const Text& path) {
  if (absolute(path)) return normalise(path);
  if (!path.pieces().empty() && !path.pieces().front().known) return path;  // may be absolute
  Text out = base;
  out.append("/");
  out.append(path);
  return normalise(out);
}

std::string normalise(std::string_view path) {
  return normalise(Text::literal(path)).constant().value_or(std::string(path));
}

std::string join(std::string_view base, std::string_view path) {
  if (path.starts_with('/')) return normalise(path);
  return normalise(std::string(base) + "/" + std::string(path));
}

std::string dirname(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

std::string basename(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos || path.size() == 1 ? path
                                                                         : path.substr(slash + 1));
}

bool under(std::string_view path, std::string_view directory) { return below(path, directory); }

Tri under(const Text& path, std::string_view directory) {
  const Text normal = normalise(path);
  if (const auto constant = normal.constant()) return tri(under(*constant, directory));
  const std::string_view prefix = normal.known_prefix();
  if (prefix.empty()) return Tri::maybe;
  if (under(prefix, directory) && prefix.size() > directory.size()) return Tri::yes;
  // The hole may complete the directory's name when the known prefix is a prefix of it.
  std::string with_slash(directory);
  if (!with_slash.ends_with('/')) with_slash += '/';
  return with_slash.starts_with(prefix) || under(prefix, directory) ? Tri::maybe : Tri::no;
}

}  // namespace paths
}  // namespace preflint
