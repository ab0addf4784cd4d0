#include "model/requirements/version.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.h"

namespace preflint::req {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool alphanumeric(char c) { return digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }
bool separator(char c) { return c == '.' || c == '-' || c == '_'; }
bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Reads one version from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool read(Version& out, bool local) {
    if (at_ < text_.size() && lower(text_[at_]) == 'v') ++at_;
    const auto first = number();
    if (!first) return false;
    if (at_ < text_.size() && text_[at_] == '!' && at_ + 1 < text_.size() &&
        digit(text_[at_ + 1])) {
      out.epoch = *first;
      ++at_;
      out.release.push_back(*number());
    } else {
      out.release.push_back(*first);
    }
    while (at_ + 1 < text_.size() && text_[at_] == '.' && digit(text_[at_ + 1])) {
      ++at_;
      out.release.push_back(*number());
    }
    // Longer words first: `alpha` before `a`, `preview` before `pre`.
    static constexpr std::array<std::string_view, 8> kPre = {"alpha", "beta", "preview", "pre",
                                                             "rc",    "a",    "b",       "c"};
    if (const auto [word, value] = segment(kPre); !word.empty()) {
      const auto kind = word[0] == 'a'   ? Version::Pre::alpha
                        : word[0] == 'b' ? Version::Pre::beta
                                         : Version::Pre::candidate;
      out.pre = {kind, value};
    }
    if (at_ + 1 < text_.size() && text_[at_] == '-' && digit(text_[at_ + 1])) {
      ++at_;
      out.post = *number();
    } else {
      static constexpr std::array<std::string_view, 3> kPost = {"post", "rev", "r"};
      if (const auto [word, value] = segment(kPost); !word.empty()) out.post = value;
    }
    static constexpr std::array<std::string_view, 1> kDev = {"dev"};
    if (const auto [word, value] = segment(kDev); !word.empty()) out.dev = value;
    if (local && at_ + 1 < text_.size() && text_[at_] == '+' && alphanumeric(text_[at_ + 1]))
      read_local(out);
    return true;
  }
  size_t at() const { return at_; }

 private:
  std::optional<uint64_t> number() {
    if (at_ >= text_.size() || !digit(text_[at_])) return std::nullopt;
    uint64_t value = 0;
    for (; at_ < text_.size() && digit(text_[at_]); ++at_) {
      const auto next = static_cast<uint64_t>(text_[at_] - '0');
      constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
      value = value > (kMost - next) / 10 ? kMost : value * 10 + next;
    }
    return value;
  }

  /// An optional separator, one of the words, an optional separator and number.
  template <size_t N>
  std::pair<std::string_view, uint64_t> segment(const std::array<std::string_view, N>& words) {
    size_t at = at_;
    if (at < text_.size() && separator(text_[at])) ++at;
    for (const std::string_view word : words) {
      if (text_.size() - at < word.size()) continue;
      if (!std::equal(word.begin(), word.end(), text_.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char a, char b) { return a == lower(b); })) {
        continue;
      }
      at_ = at + word.size();
      // The grammar lets a separator follow without a number: `1.0a.` is 1.0a0.
      if (at_ < text_.size() && separator(text_[at_])) ++at_;
      if (const auto value = number()) return {word, *value};
      return {word, 0};
    }
    return {{}, 0};
  }

  void read_local(Version& out) {
    do {
      ++at_;
      const size_t begin = at_;
      while (at_ < text_.size() && alphanumeric(text_[at_])) ++at_;
      Version::Local part;
      for (const char c : text_.substr(begin, at_ - begin)) part.word += lower(c);
      part.number = std::all_of(part.word.begin(), part.word.end(), digit);
      if (part.number) {
        part.value = *Reader(part.word).number();
        part.word.clear();
      }
      out.local.push_back(std::move(part));
    } while (at_ + 1 < text_.size() && separator(text_[at_]) && alphanumeric(text_[at_ + 1]));
  }

  std::string_view text_;
  size_t at_ = 0;
};

/// Before everything, a value, after everything.
template <typename T>
struct Bounded {
  int rank = 0;  // -1, 0, 1
  T value{};
  auto operator<=>(const Bounded&) const = default;
};

auto order_of_pre(const Version& v) {
  using Key = Bounded<std::pair<Version::Pre, uint64_t>>;
  // 1.0.dev0 comes before 1.0a0.
  if (!v.pre && !v.post && v.dev) return Key{-1, {}};
  return v.pre ? Key{0, *v.pre} : Key{1, {}};
}

}  // namespace

std::strong_ordering operator<=>(const Version::Local& a, const Version::Local& b) {
  if (a.number != b.number)
    return a.number ? std::strong_ordering::greater : std::strong_ordering::less;
  return a.number ? a.value <=> b.value : a.word <=> b.word;
}

std::strong_ordering operator<=>(const Version& a, const Version& b) {
  if (const auto c = a.epoch <=> b.epoch; c != 0) return c;
  for (size_t i = 0; i < std::max(a.release.size(), b.release.size()); ++i) {
    if (const auto c = a.part(i) <=> b.part(i); c != 0) return c;
  }
  if (const auto c = order_of_pre(a) <=> order_of_pre(b); c != 0) return c;
  const auto post = [](const Version& v) {
    return v.post ? Bounded<uint64_t>{0, *v.post} : Bounded<uint64_t>{-1, 0};
  };
  if (const auto c = post(a) <=> post(b); c != 0) return c;
  const auto dev = [](const Version& v) {
    return v.dev ? Bounded<uint64_t>{0, *v.dev} : Bounded<uint64_t>{1, 0};
  };
  if (const auto c = dev(a) <=> dev(b); c != 0) return c;
  return std::lexicographical_compare_three_way(a.local.begin(), a.local.end(), b.local.begin(),
                                                b.local.end());
}

std::optional<Version> Version::parse(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  Version out;
  Reader reader(text);
  if (!reader.read(out, true) || reader.at() != text.size()) return std::nullopt;
  return out;
}

size_t version_length(std::string_view text, bool local) {
  Version ignored;
  Reader reader(text);
  return reader.read(ignored, local) ? reader.at() : 0;
}

Version Version::public_part() const {
  Version out = *this;
  out.local.clear();
  return out;
}

Version Version::base() const {
  Version out;
  out.epoch = epoch;
  out.release = release;
  return out;
}

std::string Version::local_text() const {
  std::string out;
  for (const Local& part : local) {
    if (!out.empty()) out += '.';
    out += part.number ? std::to_string(part.value) : part.word;
  }
  return out;
}

std::string Version::str() const {
  std::string out = epoch ? std::to_string(epoch) + "!" : "";
  for (size_t i = 0; i < release.size(); ++i) {
    if (i > 0) out += '.';
    out += std::to_string(release[i]);
  }
  static constexpr std::array<std::string_view, 3> kPre = {"a", "b", "rc"};
  if (pre) (out += kPre[static_cast<size_t>(pre->first)]) += std::to_string(pre->second);
  if (post) out += ".post" + std::to_string(*post);
  if (dev) out += ".dev" + std::to_string(*dev);
  if (!local.empty()) out += "+" + local_text();
  return out;
}

std::string normalised_name(std::string_view name) {
  std::string out;
  bool dash = false;
  for (const char c : name) {
    if (separator(c)) {
      dash = true;
      continue;
    }
    if (dash) out += '-';
    dash = false;
    out += lower(c);
  }
  if (dash) out += '-';
  return out;
}

}  // namespace preflint::req
