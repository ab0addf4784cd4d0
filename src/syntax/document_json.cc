#include <charconv>
#include <unordered_set>

#include "base/text.h"
#include "syntax/document.h"

namespace preflint {
namespace {

/// A reader of its own, because nlohmann's tells no positions. Every function returns false after
/// the first error; recursion ends at Document::kMaxDepth.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    if (text.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  Result<Document> parse() {
    if (const auto bad = invalid_utf8(text_)) {
      return Error{"not valid UTF-8", Span{*bad, *bad + 1}, "不是合法的 UTF-8"};
    }
    Document root;
    blanks();
    if (!value(root, 0)) return *std::move(error_);
    blanks();
    if (at_ < text_.size()) {
      fail({"nothing may follow the value", "值之后不应再有内容"});
      return *std::move(error_);
    }
    return root;
  }

 private:
  bool fail(Sentence words) {
    if (!error_) {
      const uint32_t end = at_ < text_.size() ? at_ + 1 : at_;
      error_ = Error::of(std::move(words), Span{at_, end});
    }
    return false;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void blanks() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected)
      return fail({"not a JSON value", "不是合法的 JSON 值"});
    at_ += static_cast<uint32_t>(expected.size());
    return true;
  }

  bool value(Document& out, int depth) {
    if (++values_ > Document::kMaxValues) return fail({"too many values", "值的数量过多"});
    out.span.begin = at_;
    const bool good = [&] {
      switch (peek()) {
        case '{':
          return map(out, depth);
        case '[':
          return list(out, depth);
        case '"':
          out.kind = Document::Kind::string;
          return string(out.text, &out.exact);
        case 't':
          out.kind = Document::Kind::boolean;
          out.boolean = true;
          return word("true");
        case 'f':
          out.kind = Document::Kind::boolean;
          return word("false");
        case 'n':
          return word("null");
        default:
          return number(out);
      }
    }();
    out.span.end = at_;
    return good;
  }

  bool map(Document& out, int depth) {
    if (depth >= Document::kMaxDepth) return fail({"nested too deeply", "嵌套过深"});
    out.kind = Document::Kind::map;
    ++at_;
    blanks();
    if (peek() == '}') return ++at_, true;
    std::unordered_set<std::string> seen;
    while (true) {
      Document::Member member;
      member.key_span.begin = at_;
      if (peek() != '"')
        return fail({"a key in double quotes is expected here", "此处应为双引号括起的键"});
      if (!string(member.key, nullptr)) return false;
      member.key_span.end = at_;
      if (!seen.insert(member.key).second) {
        at_ = member.key_span.begin;
        return fail(given_twice(member.key));
      }
      blanks();
      if (peek() != ':') return fail({"':' is expected here", "此处应为 ':'"});
      ++at_;
      blanks();
      if (!value(member.value, depth + 1)) return false;
      out.members.push_back(std::move(member));
      blanks();
      if (peek() == '}') return ++at_, true;
      if (peek() != ',') return fail({"',' or '}' is expected here", "此处应为 ',' 或 '}'"});
      ++at_;
      blanks();
    }
  }

  bool list(Document& out, int depth) {
    if (depth >= Document::kMaxDepth) return fail({"nested too deeply", "嵌套过深"});
    out.kind = Document::Kind::list;
    ++at_;
    blanks();
    if (peek() == ']') return ++at_, true;
    while (true) {
      Document item;
      if (!value(item, depth + 1)) return false;
      out.items.push_back(std::move(item));
      blanks();
      if (peek() == ']') return ++at_, true;
      if (peek() != ',') return fail({"',' or ']' is expected here", "此处应为 ',' 或 ']'"});
      ++at_;
      blanks();
    }
  }

  bool hex(uint32_t& out) {
    const std::string_view digits = text_.substr(at_, 4);
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
    if (failure != std::errc() || end != digits.data() + 4)
      return fail({"\\u wants four hex digits", "\\u 之后应有四位十六进制数字"});
    at_ += 4;
    return true;
  }

  bool escape(std::string& out) {
    static constexpr std::string_view kNames = "\"\\/bfnrt";
    static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const char c = peek();
    if (c != 'u') {
      const size_t which = at_ < text_.size() ? kNames.find(c) : std::string_view::npos;
      if (which == std::string_view::npos) return fail({"no such escape", "没有这种转义"});
      out += kMeanings[which];
      ++at_;
      return true;
    }
    ++at_;
    uint32_t point = 0;
    if (!hex(point)) return false;
    if (point >= 0xD800 && point < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      const uint32_t back = at_;
      at_ += 2;
      uint32_t low = 0;
      if (!hex(low)) return false;
      if (low >= 0xDC00 && low < 0xE000) {
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      } else {
        at_ = back;
      }
    }
    if (point >= 0xD800 && point < 0xE000) point = 0xFFFD;  // half of a pair
    out += utf8(point);
    return true;
  }

  bool string(std::string& out, std::optional<Span>* exact) {
    const uint32_t begin = ++at_;
    bool escaped = false;
    while (true) {
      const size_t stop = text_.find_first_of("\"\\", at_);
      if (stop == std::string_view::npos) {
        at_ = static_cast<uint32_t>(text_.size());
        return fail({"the string is never closed", "字符串没有结束引号"});
      }
      for (; at_ < stop; ++at_) {
        if (static_cast<unsigned char>(text_[at_]) < 0x20) {
          return fail({"a control character must be escaped", "控制字符必须转义"});
        }
        out += text_[at_];
      }
      ++at_;
      if (text_[stop] == '"') break;
      escaped = true;
      if (!escape(out)) return false;
    }
    if (exact && !escaped) *exact = Span{begin, at_ - 1};
    return true;
  }

  bool number(Document& out) {
    const uint32_t begin = at_;
    const auto digits = [&] {
      const uint32_t first = at_;
      while (peek() >= '0' && peek() <= '9') ++at_;
      return at_ > first;
    };
    if (peek() == '-') ++at_;
    const bool zero = peek() == '0';
    if (!digits()) return fail({"not a JSON value", "不是合法的 JSON 值"});
    if (zero && at_ - begin > (text_[begin] == '-' ? 2u : 1u)) {
      return fail({"a number may not begin with 0", "数字不能以 0 开头"});
    }
    bool whole = true;
    if (peek() == '.') {
      ++at_;
      whole = false;
      if (!digits()) return fail({"a digit is expected here", "此处应为数字"});
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      whole = false;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return fail({"a digit is expected here", "此处应为数字"});
    }
    out.text = text_.substr(begin, at_ - begin);
    const char* first = out.text.data();
    const char* last = first + out.text.size();
    std::from_chars(first, last, out.real);
    whole = whole && std::from_chars(first, last, out.integer).ec == std::errc();
    out.kind = whole ? Document::Kind::integer : Document::Kind::real;
    return true;
  }

  std::string_view text_;
  uint32_t at_ = 0;
  size_t values_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Document> parse_json(std::string_view text) { return Parser(text).parse(); }

}  // namespace preflint
