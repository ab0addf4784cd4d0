#include <algorithm>
#include <stdexcept>

#include "syntax/document.h"

// toml++ states as assertions what some broken texts violate. Whatever the build, that has to be an
// error and neither an abort nor an assumption to optimise by.
namespace preflint {
[[noreturn]] static void toml_broken() { throw std::logic_error("the text cannot be parsed"); }
}  // namespace preflint
#undef NDEBUG
#define TOML_ASSERT(expr) ((expr) ? void(0) : preflint::toml_broken())
#include <toml++/toml.h>

namespace preflint {
namespace {

constexpr int kMaxDots = 100;

/// Turns toml++'s lines and columns (1-based, in code points) into offsets without walking a long
/// line once for each value on it.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {
    uint32_t points = 0;
    lines_.push_back(0);
    for (uint32_t i = 0; i < text.size(); ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
      if (points % kStep == 0) samples_.push_back(i);
      ++points;
      if (text[i] == '\n') lines_.push_back(points);
    }
    points_ = points;
  }

  uint32_t offset(const toml::source_position& at) const {
    if (at.line == 0 || at.column == 0) return 0;
    if (at.line > lines_.size()) return static_cast<uint32_t>(text_.size());
    const uint32_t point = lines_[at.line - 1] + at.column - 1;
    if (point >= points_) return static_cast<uint32_t>(text_.size());
    uint32_t i = samples_[point / kStep];
    for (uint32_t left = point % kStep; left > 0; --left) {
      do {
        ++i;
      } while (i < text_.size() && (static_cast<unsigned char>(text_[i]) & 0xC0) == 0x80);
    }
    return i;
  }
  Span span(const toml::source_region& region) const {
    const uint32_t begin = offset(region.begin);
    return {begin, std::max(begin, offset(region.end))};
  }

 private:
  static constexpr uint32_t kStep = 64;
  std::string_view text_;
  std::vector<uint32_t> samples_;  // the offset of every kStep-th code point
  std::vector<uint32_t> lines_;    // the code point that begins each line
  uint32_t points_ = 0;
};

/// A dotted key makes one table for each dot, and toml++ frees tables by recursion.
std::optional<Error> too_many_dots(std::string_view text) {
  int dots = 0;
  char before = '\n';
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t') continue;
    const bool key = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' ||
                     c == '"' || c == '\'' || (c & 0x80) != 0;
    if (c == '.' && before != '.') {
      ++dots;
    } else if (!key) {
      dots = 0;
    }
    before = c;
    if (dots > kMaxDots) {
      const auto at = static_cast<uint32_t>(i);
      return Error{"nested too deeply", Span{at, at + 1}, "嵌套过深"};
    }
  }
  return std::nullopt;
}

class Converter {
 public:
  explicit Converter(std::string_view text) : text_(text), places_(text) {}

  Document convert(const toml::node& node, int depth = 0) {
    Document value;
    value.span = trimmed(places_.span(node.source()));
    if (++values_ > Document::kMaxValues || depth >= Document::kMaxDepth) {
      full_ = true;
      return value;
    }
    if (const toml::table* table = node.as_table()) {
      value.kind = Document::Kind::map;
      for (const auto& [key, child] : *table) {
        value.members.push_back({std::string(key.str()), trimmed(places_.span(key.source())),
                                 convert(child, depth + 1)});
      }
      // toml++ sorts by name; a reader of messages expects the order of the file.
      std::stable_sort(value.members.begin(), value.members.end(),
                       [](const Document::Member& a, const Document::Member& b) {
                         return a.key_span.begin < b.key_span.begin;
                       });
    } else if (const toml::array* array = node.as_array()) {
      value.kind = Document::Kind::list;
      for (const toml::node& item : *array) value.items.push_back(convert(item, depth + 1));
    } else {
      scalar(node, value);
    }
    return value;
  }
  bool full() const { return full_; }
  const Places& places() const { return places_; }

 private:
  std::string_view written(Span span) const { return text_.substr(span.begin, span.size()); }

  /// toml++ ends some regions behind the blanks that follow.
  Span trimmed(Span span) const {
    while (!span.empty() && std::isspace(static_cast<unsigned char>(text_[span.end - 1])))
      --span.end;
    return span;
  }

  void scalar(const toml::node& node, Document& value) {
    value.text = written(value.span);
    if (const auto* string = node.as_string()) {
      value.kind = Document::Kind::string;
      value.text = string->get();
      find_text(value);
    } else if (const auto* integer = node.as_integer()) {
      value.kind = Document::Kind::integer;
      value.integer = integer->get();
      value.real = static_cast<double>(value.integer);
    } else if (const auto* real = node.as_floating_point()) {
      value.kind = Document::Kind::real;
      value.real = real->get();
    } else if (const auto* boolean = node.as_boolean()) {
      value.kind = Document::Kind::boolean;
      value.boolean = boolean->get();
    } else {
      value.kind = Document::Kind::string;
    }
  }

  void find_text(Document& value) const {
    const std::string_view raw = written(value.span);
    uint32_t quotes = raw.starts_with("\"\"\"") || raw.starts_with("'''") ? 3 : 1;
    if (raw.size() < 2 * quotes) return;
    Span inner{value.span.begin + quotes, value.span.end - quotes};
    if (quotes == 3 && written(inner).starts_with("\r\n"))
      inner.begin += 2;
    else if (quotes == 3 && written(inner).starts_with('\n'))
      inner.begin += 1;
    if (written(inner) == value.text) value.exact = inner;
  }

  std::string_view text_;
  Places places_;
  size_t values_ = 0;
  bool full_ = false;
};

/// A byte order mark is no part of the text for toml++: all offsets move behind it.
void shift(Document& value, uint32_t by) {
  const auto move = [by](Span& span) { span = {span.begin + by, span.end + by}; };
  move(value.span);
  if (value.exact) move(*value.exact);
  for (Document& item : value.items) shift(item, by);
  for (Document::Member& member : value.members) {
    move(member.key_span);
    shift(member.value, by);
  }
}

}  // namespace

Result<Document> parse_toml(std::string_view whole) {
  const uint32_t mark = whole.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const std::string_view text = whole.substr(mark);
  if (const auto bad = invalid_utf8(whole)) {
    return Error{"not valid UTF-8", Span{*bad, *bad + 1}, "不是合法的 UTF-8"};
  }
  if (auto error = too_many_dots(text)) return *std::move(error);
  Converter converter(text);
  try {
    const toml::table table = toml::parse(text);
    Document document = converter.convert(table);
    if (converter.full())
      return Error{"too many or too deeply nested values", std::nullopt, "值过多或嵌套过深"};
    document.span = {0, static_cast<uint32_t>(text.size())};
    if (mark != 0) shift(document, mark);
    return document;
  } catch (const toml::parse_error& error) {
    const Span span = converter.places().span(error.source());
    const std::string words(error.description());
    return Error{words, Span{span.begin + mark, span.end + mark}, "TOML 解析器报告：" + words};
  } catch (const std::exception& error) {
    return Error{error.what(), std::nullopt};
  }
}

}  // namespace preflint
