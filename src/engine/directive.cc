#include "engine/directive.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "catalog/suggest.h"

namespace preflint::engine {
namespace {

constexpr std::string_view kName = "preflint:";
constexpr std::string_view kBlanks = " \t\r\f";
// Of one comment: each finding in its line is held against all of them.
constexpr size_t kMostDirectives = 20, kMostSelectors = 100;

std::optional<DirectiveKind> kind_of(std::string_view word) {
  if (word == "ignore") return DirectiveKind::ignore;
  if (word == "ignore-file") return DirectiveKind::ignore_file;
  if (word == "off") return DirectiveKind::off;
  if (word == "on") return DirectiveKind::on;
  return std::nullopt;
}

/// Reads one comment from left to right.
class Reader {
 public:
  Reader(std::string_view text, Span comment)
      : text_(text), end_(comment.end), at_(comment.begin) {}

  std::vector<Directive> read() {
    std::vector<Directive> out;
    std::optional<uint32_t> start = next_start();
    while (start && out.size() < kMostDirectives) {
      std::optional<Directive> one = directive(*start);
      // The reason goes on to the next directive.
      const uint32_t after = at_;
      start = next_start();
      if (!one) continue;
      uint32_t stop = start.value_or(end_);
      while (stop > after && kBlanks.find(text_[stop - 1]) != std::string_view::npos) --stop;
      one->span.end = stop;
      one->reason = trimmed(text_.substr(after, stop - after), kBlanks);
      out.push_back(std::move(*one));
    }
    return out;
  }

 private:
  void skip_blanks() {
    while (at_ < end_ && kBlanks.find(text_[at_]) != std::string_view::npos) ++at_;
  }

  /// The `#` of the next `# preflint:`, and steps behind it.
  std::optional<uint32_t> next_start() {
    while (at_ < end_) {
      if (text_[at_] != '#') {
        ++at_;
        continue;
      }
      const uint32_t start = at_++;
      skip_blanks();
      if (text_.substr(at_, end_ - at_).starts_with(kName)) {
        at_ += static_cast<uint32_t>(kName.size());
        skip_blanks();
        return start;
      }
    }
    return std::nullopt;
  }

  std::optional<Directive> directive(uint32_t start) {
    Directive out;
    out.span.begin = start;
    out.head.begin = static_cast<uint32_t>(text_.find(kName, start));
    const uint32_t begin = at_;
    while (at_ < end_ &&
           ((text_[at_] >= 'a' && text_[at_] <= 'z') || text_[at_] == '-' || text_[at_] == '_'))
      ++at_;
    out.word = text_.substr(begin, at_ - begin);
    const std::optional<DirectiveKind> kind = kind_of(out.word);
    if (!kind) {
      // Prose that begins with our name is no mistake.
      if (catalog::nearest(out.word, {"ignore", "ignore-file", "off", "on"}).empty())
        return std::nullopt;
      out.kind = DirectiveKind::malformed;
    } else {
      out.kind = *kind;
    }
    out.head.end = at_;
    const uint32_t word_end = at_;
    skip_blanks();
    if (at_ < end_ && text_[at_] == '[')
      list(out);
    else
      at_ = word_end;
    return out;
  }

  void list(Directive& out) {
    const size_t close = text_.substr(0, end_).find(']', at_);
    out.bare = false;
    if (close == std::string_view::npos) {
      out.kind = DirectiveKind::malformed;
      return;
    }
    ++at_;
    while (at_ <= close) {
      if (out.selectors.size() == kMostSelectors) {
        out.kind = DirectiveKind::malformed;
        out.selectors.clear();
        return;
      }
      const auto stop =
          static_cast<uint32_t>(std::min(text_.substr(0, close).find(',', at_), close));
      const std::string_view name = trimmed(text_.substr(at_, stop - at_), kBlanks);
      if (!name.empty()) {
        const auto begin = static_cast<uint32_t>(name.data() - text_.data());
        out.selectors.push_back(
            {std::string(name), {begin, begin + static_cast<uint32_t>(name.size())}});
      }
      at_ = stop + 1;
    }
    out.bare = out.selectors.empty();
    out.head.end = at_;
  }

  std::string_view text_;
  uint32_t end_, at_;
};

}  // namespace

std::vector<Directive> directives_of(std::string_view text, Span comment) {
  return Reader(text, comment).read();
}

}  // namespace preflint::engine
