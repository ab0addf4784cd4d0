#include "fuzz/mutate.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <random>

namespace preflint::fuzz {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kWords[] = {
    // any text
    "\n"sv, "\r\n"sv, "\t"sv, "\0"sv, "\x1b[31m"sv, "\x7f"sv, "\xff"sv, "\xc3"sv, "中"sv,
    "\u202e"sv, "\xef\xbb\xbf"sv, "\\"sv, "\\\n"sv, "\""sv, "'"sv, "#"sv, "{"sv, "}"sv, "["sv,
    "]"sv, "("sv, ")"sv, "="sv, ":"sv, ","sv, "# preflint: ignore[ENV004]\n"sv,
    "# preflint: ignore-file[ALL]\n"sv,
    // shell
    "$("sv, "`"sv, "${"sv, "${x%%*b}"sv, "$(("sv, "$@"sv, "<<EOF\n"sv, "\nEOF\n"sv, "<<<"sv, "|"sv,
    "||"sv, "&&"sv, ";"sv, ";;"sv, "&"sv, ">"sv, "~"sv, "*"sv, "!"sv, "if "sv, "\nfi\n"sv,
    "for i in a b; do "sv, "\ndone\n"sv, "case $1 in a) "sv, "\nesac\n"sv, "f() {\n"sv,
    "source ./env.sh\n"sv, "export x=$x:"sv, "bash -c '"sv, "ssh box \""sv, "eval "sv, "local "sv,
    "return 1\n"sv, "exit 0\n"sv, "set -e\n"sv, "exec "sv, "nohup "sv, "python train.py "sv,
    "pip install torch=="sv, "/root/autodl-tmp/"sv, "https://github.com/a"sv, "http_proxy="sv,
    // Python
    "def f(x):\n"sv, "class A(A):\n"sv, "lambda: "sv, "f'{"sv, "import os\n"sv, "os.system("sv,
    "subprocess.run(["sv, "for x in x:\n"sv, "while True:\n"sv, "if __name__ == '__main__':\n"sv,
    "    "sv, "\"\"\""sv, "r'"sv, "@"sv, "**"sv, "%%bash\n"sv, "!pip install "sv, "%cd "sv,
    // YAML, TOML, JSON, requirements
    "- "sv, ": "sv, "&a "sv, "*a"sv, "|\n"sv, "<<: "sv, "null"sv, "~\n"sv, "[[a]]\n"sv, "\\u4e2d"sv,
    "\\ud800"sv, "1e999"sv, "-1"sv, "99999999999999999999"sv, "==2.0.*"sv, "; python_version<'3'"sv,
    "-r requirements.txt\n"sv, "--extra-index-url "sv, " @ file:///"sv, "[extra]"sv};

constexpr size_t kLongest = 8192;  // of what comes out: many small inputs say more than a large one

class Hand {
 public:
  Hand(std::string_view text, uint64_t number) : text_(text), random_(hash(text) ^ number) {}

  std::string work() {
    for (uint64_t left = 1 + below(4); left > 0; --left) {
      change();
      if (text_.size() > kLongest) text_.resize(kLongest);
    }
    return std::move(text_);
  }

 private:
  struct Range {
    size_t begin, end;
  };

  // The standard's distributions differ from library to library, its generators do not.
  uint64_t below(uint64_t count) { return count == 0 ? 0 : random_() % count; }

  Range bytes() {
    const size_t begin = below(text_.size() + 1);
    return {begin, std::min(text_.size(), begin + 1 + below(below(2) == 0 ? 4 : 32))};
  }
  Range line() {
    const size_t at = below(text_.size() + 1);
    const size_t before = at == 0 ? text_.npos : text_.rfind('\n', at - 1);
    const size_t after = text_.find('\n', at);
    return {before == text_.npos ? 0 : before + 1, after == text_.npos ? text_.size() : after + 1};
  }
  Range word() {
    const auto inside = [&](size_t at) {
      return std::isalnum(static_cast<unsigned char>(text_[at])) || text_[at] == '_';
    };
    size_t begin = below(text_.size() + 1);
    while (begin < text_.size() && !inside(begin)) ++begin;
    while (begin > 0 && begin < text_.size() && inside(begin - 1)) --begin;
    size_t end = begin;
    while (end < text_.size() && inside(end)) ++end;
    return {begin, end};
  }
  Range some() {
    const uint64_t kind = below(3);
    return kind == 0 ? bytes() : kind == 1 ? line() : word();
  }
  std::string at(Range range) const { return text_.substr(range.begin, range.end - range.begin); }
  void put(Range range, std::string_view instead) {
    text_.replace(range.begin, range.end - range.begin, instead);
  }
  size_t place() { return below(2) == 0 ? below(text_.size() + 1) : some().begin; }

  void change() {
    switch (below(9)) {
      case 0:
        return put(some(), "");
      case 1: {
        const std::string part = at(some());
        const size_t where = place();
        return put({where, where}, part);
      }
      case 2: {
        const Range from = some();
        const std::string part = at(from);
        put(from, "");
        const size_t where = place();
        return put({where, where}, part);
      }
      case 3: {
        const std::string part = at(word());
        return put(word(), part);
      }
      case 4: {
        const Range all = some();
        std::string often;
        for (uint64_t left = 2 + below(20); left > 0; --left) often += at(all);
        return put(all, often);
      }
      case 5:
        // Seldom: what is cut off cannot break anything any more.
        if (below(4) == 0) text_.resize(place());
        return;
      case 6:
        if (text_.empty()) return;
        text_[below(text_.size())] = static_cast<char>(below(256));
        return;
      default: {
        const std::string_view word = kWords[below(std::size(kWords))];
        const size_t where = place();
        return put(below(3) == 0 ? some() : Range{where, where}, word);
      }
    }
  }

  std::string text_;
  std::mt19937_64 random_;
};

}  // namespace

uint64_t hash(std::string_view text) {
  uint64_t out = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : text) out = (out ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return out;
}

std::string mutated(std::string_view text, uint64_t number) { return Hand(text, number).work(); }

}  // namespace preflint::fuzz
