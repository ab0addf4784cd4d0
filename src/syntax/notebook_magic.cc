#include "syntax/notebook_magic.h"

#include <algorithm>
#include <array>

#include "syntax/python/lexer.h"

namespace preflint::notebook {
namespace {

template <size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Cell magics whose body is Python of the same kernel.
constexpr std::array<std::string_view, 7> kPythonCells = {"time",  "timeit", "capture", "prun",
                                                          "memit", "mprun",  "snakeviz"};
/// Line magics whose argument is a Python statement.
constexpr std::array<std::string_view, 4> kPythonLines = {"time", "timeit", "prun", "memit"};
constexpr std::array<std::string_view, 6> kShells = {"bash", "sh", "zsh", "ksh", "dash", "system"};
/// Names that are commands when they begin a line (IPython's aliases and automagic).
constexpr std::array<std::string_view, 13> kAliases = {
    "ls", "ll", "cp", "mv", "rm", "mkdir", "rmdir", "cat", "man", "less", "more", "pwd", "tree"};
constexpr std::array<std::string_view, 4> kPackagers = {"pip", "conda", "mamba", "micromamba"};

bool blank(char c) { return c == ' ' || c == '\t'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool word_char(char c) { return letter(c) || (c >= '0' && c <= '9'); }

/// Cuts one cell.
class Cutter {
 public:
  Cutter(const Source& all, Span cell, uint32_t index, SourceBuilder& program,
         std::vector<Item>& items)
      : all_(all),
        end_(cell.end),
        at_(cell.begin),
        index_(index),
        program_(program),
        items_(items) {}

  bool run() {
    skip_empty_lines();
    take_indentation();
    if (rest().starts_with("%%") && !cell_magic()) return false;
    while (at_ < end_) line();
    return true;
  }

 private:
  std::string_view rest() const { return all_.text().substr(at_, end_ - at_); }
  char byte(uint32_t i) const { return i < end_ ? all_.text()[i] : '\0'; }
  uint32_t line_end(uint32_t from) const {
    return static_cast<uint32_t>(std::min<size_t>(all_.text().find('\n', from), end_));
  }

  void keep(uint32_t until) {
    program_.exact(all_.slice({at_, until}), at_);
    at_ = until;
  }

  void skip_empty_lines() {
    for (;;) {
      const uint32_t end = line_end(at_);
      if (end >= end_ ||
          all_.slice({at_, end}).find_first_not_of(" \t\r") != std::string_view::npos)
        return;
      keep(end + 1);
    }
  }

  /// IPython takes the first line's indentation away from every line that has it.
  void take_indentation() {
    uint32_t end = at_;
    while (end < end_ && blank(byte(end))) ++end;
    indentation_ = all_.slice({at_, end});
  }

  std::string_view word(uint32_t from) const {
    uint32_t end = from;
    while (end < end_ && word_char(all_.text()[end])) ++end;
    return all_.slice({from, end});
  }

  /// Handles `%%name …`; true when the body is Python and goes on being read.
  bool cell_magic() {
    const uint32_t begin = at_;
    const uint32_t first_line = line_end(begin);
    const bool bang = byte(begin + 2) == '!';
    const std::string_view name = bang ? std::string_view("bash") : word(begin + 2);
    auto rest_at = static_cast<uint32_t>(begin + 2 + (bang ? 1 : name.size()));
    if (one_of(name, kPythonCells)) {
      // The line is replaced by nothing that matters.
      program_.replaced("pass", {begin, first_line});
      at_ = first_line;
      return true;
    }
    while (rest_at < first_line && blank(byte(rest_at))) ++rest_at;
    Item item;
    item.cell = index_;
    item.head = all_.outer({begin, begin + 2 + static_cast<uint32_t>(bang ? 1 : name.size())});
    item.arguments = all_.slice({rest_at, first_line});
    const uint32_t body = std::min(first_line + 1, end_);
    item.kind = ItemKind::other;
    item.argument = name;
    if (one_of(name, kShells)) {
      item.kind = ItemKind::shell_cell;
    } else if (name == "script") {
      script(item);
    } else if (name == "writefile" || name == "file") {
      item.kind = ItemKind::writefile;
      writefile(item);
    }
    SourceBuilder text;
    text.exact(all_.slice({body, end_}), body);
    item.text = std::move(text).build(all_, "");
    push(std::move(item), {begin, end_});
    at_ = end_;
    return false;
  }

  static void script(Item& item) {
    std::string_view rest = item.arguments;
    while (rest.starts_with("--")) {  // --bg, --out NAME: options of the magic
      const size_t blank_at = std::min(rest.find(' '), rest.size());
      rest.remove_prefix(std::min(blank_at + 1, rest.size()));
    }
    std::string_view shell = rest.substr(0, rest.find(' '));
    if (const size_t slash = shell.rfind('/'); slash != shell.npos) shell.remove_prefix(slash + 1);
    item.argument = shell;
    if (one_of(shell, kShells)) item.kind = ItemKind::shell_cell;
  }

  static void writefile(Item& item) {
    std::string_view rest = item.arguments;
    if (rest.starts_with("-a ")) {
      item.append = true;
      rest.remove_prefix(3);
    }
    while (!rest.empty() && (rest.back() == ' ' || rest.back() == '\r')) rest.remove_suffix(1);
    if (rest.size() > 1 && (rest.front() == '"' || rest.front() == '\'') &&
        rest.back() == rest.front()) {
      rest = rest.substr(1, rest.size() - 2);
    }
    item.argument = rest;
  }

  /// The call that stands for an item; `replaced` is what it stands for.
  void push(Item item, Span replaced) {
    const std::string call = std::string(kItemCall) + "(" + std::to_string(items_.size()) + ")";
    item.span.begin = static_cast<uint32_t>(program_.size());
    program_.replaced(call, replaced);
    item.span.end = static_cast<uint32_t>(program_.size());
    items_.push_back(std::move(item));
  }

  /// The end of a magic's line, with lines continued by a backslash.
  uint32_t magic_end(uint32_t from) const {
    uint32_t end = line_end(from);
    for (;;) {
      uint32_t last = end;
      if (last > from && byte(last - 1) == '\r') --last;
      if (end >= end_ || last == from || byte(last - 1) != '\\') return last;
      end = line_end(end + 1);
    }
  }

  void line() {
    if (!indentation_.empty() && rest().starts_with(indentation_))
      at_ += static_cast<uint32_t>(indentation_.size());
    uint32_t start = at_;
    while (start < end_ && blank(byte(start))) ++start;
    const char c = byte(start);
    const uint32_t end = line_end(start);
    if (c == '\n' || c == '\r' || c == '#') {
      keep(std::min(end + 1, end_));
      return;
    }
    if (c == '!' || c == '%') {  // no statement of Python begins so
      keep(start);
      magic(start, false);
      return;
    }
    if (help(start, end)) {
      keep(start);
      program_.replaced("pass", {start, end});
      at_ = end;
      return;
    }
    const std::string_view first = word(start);
    const uint32_t after = start + static_cast<uint32_t>(first.size());
    const bool argument =
        blank(byte(after)) && after + 1 < end &&
        (letter(byte(after + 1)) ||
         std::string_view("./~\"").find(byte(after + 1)) != std::string_view::npos);
    static constexpr std::array<std::string_view, 6> kWords = {"in",  "is", "if",
                                                               "and", "or", "not"};
    const bool keyword = argument && one_of(word(after + 1), kWords);
    if (argument && !keyword &&
        (one_of(first, kAliases) || one_of(first, kPackagers) || first == "cd")) {
      keep(start);
      line_magic(start, start, first, magic_end(start), false);
      return;
    }
    python_line(start);
  }

  bool help(uint32_t start, uint32_t end) const {
    std::string_view row = all_.slice({start, end});
    while (!row.empty() && (blank(row.back()) || row.back() == '\r')) row.remove_suffix(1);
    if (row.starts_with('?')) return true;
    if (!row.ends_with('?')) return false;
    while (row.ends_with('?')) row.remove_suffix(1);
    return !row.empty() && row.find_first_of("#'\" (") == std::string_view::npos;
  }

  /// Keeps one logical line of Python, which may assign the result of a magic.
  void python_line(uint32_t start) {
    py::Lexer lexer(all_.slice({start, end_}), start);
    std::string_view previous;
    for (;;) {
      const py::Token token = lexer.next();
      if (token.kind == py::TokenKind::indent || token.kind == py::TokenKind::dedent) continue;
      if (token.kind == py::TokenKind::end) {
        if (lexer.error() && lexer.error()->key == "bad-character" &&
            lexer.error()->argument == "!" && previous == "=") {
          const uint32_t bang = lexer.error()->span.begin;
          keep(bang);
          magic(bang, true);
          return;
        }
        const bool open = lexer.error() && (lexer.error()->key == "unclosed-bracket" ||
                                            lexer.error()->key == "unterminated-triple");
        keep(open || !lexer.error() ? end_
                                    : std::min(line_end(lexer.error()->span.begin) + 1, end_));
        return;
      }
      if (token.kind == py::TokenKind::newline) {
        keep(std::max(std::min(token.span.end, end_), start + 1));
        return;
      }
      const std::string_view text = lexer.slice(token.span);
      if (text == "%" && previous == "=" && lexer.brackets() == 0 && letter(byte(token.span.end))) {
        keep(token.span.begin);
        magic(token.span.begin, true);
        return;
      }
      previous = text;
    }
  }

  /// A `!…` or `%…` at `start`, which ends with the line.
  void magic(uint32_t start, bool assigned) {
    const uint32_t end = magic_end(start);
    if (byte(start) == '!') {
      const uint32_t bangs = byte(start + 1) == '!' ? 2 : 1;
      Item item;
      item.kind = ItemKind::shell_line;
      item.head = all_.outer({start, start + bangs});
      shell(std::move(item), start, start + bangs, end, assigned);
      return;
    }
    const uint32_t marks = byte(start + 1) == '%' ? 2 : 1;
    line_magic(start, start + marks, word(start + marks), end, assigned);
  }

  void shell(Item item, uint32_t start, uint32_t text, uint32_t end, bool assigned) {
    while (text < end && blank(byte(text))) ++text;
    item.cell = index_;
    item.assigned = assigned;
    item.text = interpolated(text, end);
    push(std::move(item), {start, end});
    at_ = end;
  }

  void line_magic(uint32_t start, uint32_t name_at, std::string_view name, uint32_t end,
                  bool assigned) {
    uint32_t text = name_at + static_cast<uint32_t>(name.size());
    while (text < end && blank(byte(text))) ++text;
    Item item;
    item.argument = name;
    item.head = all_.outer({start, name_at + static_cast<uint32_t>(name.size())});
    if (one_of(name, kPythonLines)) {
      // `%time statement`: the statement stays.
      while (byte(text) == '-' && text < end) {
        while (text < end && !blank(byte(text))) ++text;
        while (text < end && blank(byte(text))) ++text;
      }
      at_ = text;
      if (text >= end)
        program_.replaced("pass", {start, end});
      else if (byte(text) == '!' || byte(text) == '%')
        magic(text, assigned);
      else
        keep(end);
      return;
    }
    if (one_of(name, kPackagers)) {
      item.kind = name == "pip" ? ItemKind::pip : ItemKind::conda;
      text = name_at;
    } else if (one_of(name, kAliases)) {
      item.kind = ItemKind::shell_line;
      text = name_at;
    } else if (name == "sx" || name == "system" || name == "bash" || name == "sh") {
      item.kind = ItemKind::shell_line;
    } else if (name == "cd") {
      item.kind = ItemKind::cd;
    } else if (name == "run") {
      item.kind = ItemKind::run;
    } else if (name == "env" || name == "set_env") {
      uint32_t equals = text;
      while (equals < end && word_char(byte(equals))) ++equals;
      item.kind = ItemKind::env;
      item.argument = all_.slice({text, equals});
      while (equals < end && blank(byte(equals))) ++equals;
      if (byte(equals) == '=' && equals < end) ++equals;
      text = equals;
    }
    shell(std::move(item), start, text, end, assigned);
  }

  /// The text of a line magic, in which `{name}` becomes a shell variable that nothing sets.
  Source interpolated(uint32_t from, uint32_t end) const {
    SourceBuilder out;
    uint32_t done = from;
    for (uint32_t i = from; i < end; ++i) {
      if (byte(i) != '{' || (i > from && byte(i - 1) == '$') || !letter(byte(i + 1))) continue;
      uint32_t close = i + 1;
      std::string name = "__py_";
      while (close < end &&
             (word_char(byte(close)) ||
              std::string_view(".[]'\"()").find(byte(close)) != std::string_view::npos)) {
        name += word_char(byte(close)) ? byte(close) : '_';
        ++close;
      }
      if (byte(close) != '}' || close >= end) continue;
      out.exact(all_.slice({done, i}), done);
      out.replaced("${" + name + "}", {i, close + 1});
      done = close + 1;
      i = close;
    }
    out.exact(all_.slice({done, end}), done);
    return std::move(out).build(all_, "");
  }

  const Source& all_;
  uint32_t end_;
  uint32_t at_;
  uint32_t index_;
  std::string_view indentation_;
  SourceBuilder& program_;
  std::vector<Item>& items_;
};

}  // namespace

bool cut_magics(const Source& all, Span cell, uint32_t index, SourceBuilder& program,
                std::vector<Item>& items) {
  return Cutter(all, cell, index, program, items).run();
}

}  // namespace preflint::notebook
