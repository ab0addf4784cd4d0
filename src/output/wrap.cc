#include "output/wrap.h"

#include <vector>

#include "output/width.h"

namespace preflint::output {
namespace {

/// A part that is never broken, and whether a space stands before it.
struct Part {
  std::string text;
  bool space = false;
};

/// Characters that may not begin a line.
bool closing(char32_t point) {
  switch (point) {
    case U'，':
    case U'。':
    case U'、':
    case U'；':
    case U'：':
    case U'！':
    case U'？':
    case U'）':
    case U'】':
    case U'》':
    case U'”':
    case U'’':
    case U'…':
    case U',':
    case U'.':
    case U';':
    case U':':
    case U'!':
    case U'?':
    case U')':
      return true;
    default:
      return false;
  }
}

bool opening(char32_t point) {
  return point == U'（' || point == U'【' || point == U'《' || point == U'“' || point == U'‘' ||
         point == U'(';
}

std::vector<Part> parts_of(std::string_view text) {
  std::vector<Part> parts;
  bool space = false, glue = false;
  char32_t before = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const char32_t point = next_code_point(text, at);
    if (point == U' ' || point == U'\n' || point == U'\t' || point == U'\r') {
      space = true;
      continue;
    }
    // A line can break at a space, before a wide character and behind one.
    const bool breakable = width(point) == 2 || width(before) == 2;
    const bool joined = !parts.empty() && !space && (glue || closing(point) || !breakable);
    if (joined) {
      parts.back().text += text.substr(begin, at - begin);
    } else {
      parts.push_back({std::string(text.substr(begin, at - begin)), space && !parts.empty()});
    }
    glue = opening(point);
    before = point;
    space = false;
  }
  return parts;
}

void wrap_paragraph(std::string_view text, size_t columns, std::string_view indent,
                    std::string& out) {
  size_t used = 0;
  for (const Part& part : parts_of(text)) {
    const size_t needed = display_width(part.text) + (part.space ? 1 : 0);
    if (used > 0 && used + needed > columns) {
      out += '\n';
      used = 0;
    }
    if (used == 0) {
      out += indent;
      used = display_width(indent);
    } else if (part.space) {
      out += ' ';
      ++used;
    }
    out += part.text;
    used += display_width(part.text);
  }
  if (used > 0) out += '\n';
}

}  // namespace

std::string wrap(std::string_view text, size_t columns, std::string_view indent) {
  std::string out;
  while (!text.empty()) {
    const size_t end = text.find("\n\n");
    const std::string_view paragraph = text.substr(0, end);
    const size_t before = out.size();
    if (!out.empty()) out += '\n';
    wrap_paragraph(paragraph, columns, indent, out);
    if (before != 0 && out.size() == before + 1) out.pop_back();
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 2);
  }
  return out;
}

}  // namespace preflint::output
