#include "syntax/json_scan.h"

#include <string>
#include <vector>

#include "base/text.h"

namespace preflint {
namespace {

/// The four digits after `\u`, or -1.
int code_unit(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return -1;
  int value = 0;
  for (size_t i = at; i < at + 4; ++i) {
    if (hex_digit(text[i]) < 0) return -1;
    value = value * 16 + hex_digit(text[i]);
  }
  return value;
}

}  // namespace

void JsonScan::fail(Sentence words) {
  if (!error_) error_ = Error::of(std::move(words), Span{at(), at()});
}

void JsonScan::fail_or_end(Sentence words) {
  fail(at_ >= text_.size() ? Sentence{"the JSON text ends too early", "JSON 文本不完整，提前结束"}
                           : std::move(words));
}

void JsonScan::skip_blanks() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
    ++at_;
  }
}

bool JsonScan::enter(char open) {
  if (failed()) return false;
  if (peek() != open) {
    fail_or_end(open == '{' ? Sentence{"an object is expected here", "此处应为对象"}
                            : Sentence{"a list is expected here", "此处应为列表"});
    return false;
  }
  ++at_;
  skip_blanks();
  return true;
}

bool JsonScan::more(char close, bool& first) {
  if (failed()) return false;
  if (peek() == close) {
    ++at_;
    skip_blanks();
    return false;
  }
  if (!first) {
    if (peek() != ',') {
      fail_or_end({"`,` or a closing bracket is expected", "此处应为 `,` 或右括号"});
      return false;
    }
    ++at_;
    skip_blanks();
  }
  first = false;
  if (at_ >= text_.size()) fail({"the JSON text ends too early", "JSON 文本不完整，提前结束"});
  return !failed();
}

Span JsonScan::string() {
  if (failed()) return {};
  if (peek() != '"') {
    fail_or_end({"a string is expected here", "此处应为字符串"});
    return {};
  }
  const uint32_t begin = at() + 1;
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      const Span inside{begin, at()};
      ++at_;
      skip_blanks();
      return inside;
    }
    if (static_cast<uint8_t>(c) < 0x20) {
      fail({"a control character stands in a string", "字符串中含有控制字符"});
      return {};
    }
    if (c != '\\') continue;
    ++at_;
    if (at_ >= text_.size()) break;
    if (text_[at_] == 'u') {
      if (code_unit(text_, at_ + 1) < 0) {
        fail({"`\\u` needs four hexadecimal digits", "`\\u` 之后应有四位十六进制数字"});
        return {};
      }
      at_ += 4;
    } else if (std::string_view("\"\\/bfnrt").find(text_[at_]) == std::string_view::npos) {
      fail({"unknown escape in a string", "字符串中有未知的转义"});
      return {};
    }
  }
  at_ = text_.size();
  fail({"the JSON text ends too early", "JSON 文本不完整，提前结束"});
  return {};
}

std::string_view JsonScan::key() {
  const Span span = string();
  if (failed()) return {};
  if (peek() != ':') {
    fail({"`:` is expected after a key", "键之后应为 `:`"});
    return {};
  }
  ++at_;
  skip_blanks();
  return text_.substr(span.begin, span.size());
}

void JsonScan::skip_scalar() {
  if (peek() == '"') {
    string();
    return;
  }
  const size_t begin = at_;
  while (at_ < text_.size() &&
         std::string_view(",]}: \t\r\n[{\"").find(text_[at_]) == std::string_view::npos) {
    ++at_;
  }
  const std::string_view word = text_.substr(begin, at_ - begin);
  const bool number = !word.empty() && word.find_first_not_of("0123456789+-.eE") == word.npos;
  static constexpr std::string_view kWords[] = {"true", "false",    "null",
                                                "NaN",  "Infinity", "-Infinity"};
  bool known = number;
  for (std::string_view name : kWords) known |= word == name;
  if (!known) {
    fail_or_end({"a JSON value is expected here", "此处应为 JSON 值"});
    return;
  }
  skip_blanks();
}

void JsonScan::skip() {
  struct Open {
    char close;
    bool first;
  };
  std::vector<Open> open;
  do {
    if (failed()) return;
    if (!open.empty()) {
      if (!more(open.back().close, open.back().first)) {
        open.pop_back();
        continue;
      }
      if (open.back().close == '}') key();
      if (failed()) return;
    }
    if (peek() == '{' || peek() == '[') {
      const char close = peek() == '{' ? '}' : ']';
      enter(peek());
      open.push_back({close, true});
    } else {
      skip_scalar();
    }
  } while (!open.empty());
}

void decode_json_string(std::string_view inside, uint32_t offset, SourceBuilder& out) {
  size_t i = 0;
  while (i < inside.size()) {
    const size_t slash = std::min(inside.find('\\', i), inside.size());
    out.exact(inside.substr(i, slash - i), offset + static_cast<uint32_t>(i));
    i = slash;
    if (i + 1 >= inside.size()) break;
    uint32_t length = 2;
    std::string text;
    switch (inside[i + 1]) {
      case 'b':
        text = "\b";
        break;
      case 'f':
        text = "\f";
        break;
      case 'n':
        text = "\n";
        break;
      case 'r':
        text = "\r";
        break;
      case 't':
        text = "\t";
        break;
      case 'u': {
        length = 6;
        int unit = code_unit(inside, i + 2);
        if (unit >= 0xD800 && unit < 0xDC00 && inside.substr(i + 6).starts_with("\\u")) {
          const int low = code_unit(inside, i + 8);
          if (low >= 0xDC00 && low < 0xE000) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            length = 12;
          }
        }
        text = unit >= 0xD800 && unit < 0xE000 ? "?" : utf8(static_cast<uint32_t>(unit));
        break;
      }
      default:
        text = inside.substr(i + 1, 1);
        break;
    }
    const auto at = offset + static_cast<uint32_t>(i);
    out.replaced(text, {at, at + length});
    i += length;
  }
}

}  // namespace preflint
