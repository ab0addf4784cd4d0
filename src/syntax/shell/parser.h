#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "syntax/shell/ast.h"

namespace preflint::shell {

/// Reads a shell program by descent over its characters, as bash does. Nesting is counted against
/// `ParseLimits::depth`, so that the stack's depth is ours to choose, and nothing is read more
/// often than it is nested. The files of this folder: parse.cc (programs, lists), compound.cc,
/// simple.cc (commands, redirects, heredocs), word.cc (words, quotes), expansion.cc ($…),
/// condition.cc ([[ … ]]).
class Parser {
 public:
  Parser(std::string_view text, Dialect dialect, const ParseLimits& limits, Program& out)
      : out_(out),
        limits_(limits),
        dialect_(dialect),
        text_(text),
        end_(static_cast<uint32_t>(text.size())) {}
  void program();

 private:
  /// What ends a word and what is special in it.
  enum class Mode : uint8_t {
    argument,    // of a command: braces are expanded
    plain,       // redirect targets, patterns, operands of [[ ]]
    assignment,  // a value: tildes count after `:` too
    regex,       // right of =~
    operand,     // in ${x:-…}, ended by }
    replaced,    // in ${x/…/, ended by / or }
  };
  struct Level {
    explicit Level(Parser& parser) : depth(parser.depth_) { ++depth; }
    ~Level() { --depth; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    size_t& depth;
  };
  struct Pending {  // a heredoc whose body begins at the next line
    Command* command;
    size_t redirect;
    std::string delimiter;
  };
  struct Brace {
    uint32_t begin, end;
    bool comma = false, range = false;
  };

  // parse.cc
  char c(uint32_t ahead = 0) const { return at_ + ahead < end_ ? text_[at_ + ahead] : '\0'; }
  bool eof() const { return at_ >= end_; }
  bool at(std::string_view text) const { return text_.substr(at_, end_ - at_).starts_with(text); }
  Span span(uint32_t begin, uint32_t end) const;
  std::string slice(uint32_t begin, uint32_t end) const {
    return std::string(text_.substr(begin, end - begin));
  }
  void fail(uint32_t begin, uint32_t end, std::string_view key, std::string argument);
  void unexpected();
  void unclosed(uint32_t begin, std::string_view opener);
  bool stop(bool Program::*why);
  bool too_deep() { return depth_ > limits_.depth && stop(&Program::too_deep); }
  bool count() { return ++nodes_ > limits_.nodes && stop(&Program::incomplete); }
  bool line_end(uint32_t ahead = 0) const;
  bool separator() const;
  uint32_t after_blanks() const;
  void blanks();
  void newlines();
  void heredocs();
  void heredoc(const Pending& pending);
  void heredoc_content(Redirect& redirect);
  std::string_view keyword() const;
  bool list_end();
  void list(List& out, bool may_be_empty = false);
  bool statement(List& out);
  void and_or(AndOr& out);
  void pipeline(Pipeline& out);

  // compound.cc
  CommandPtr command();
  bool compound(Command& out);
  bool compound_begins();
  void expect(std::string_view word, uint32_t begin, std::string_view opener);
  void if_command(Command& out);
  void while_command(Command& out);
  void for_command(Command& out);
  void loop_body(Command& out, uint32_t begin, std::string_view opener);
  void case_command(Command& out);
  void case_item(CaseItem& out);
  void subshell(Command& out);
  void group(Command& out);
  void coprocess(Command& out);
  std::optional<uint32_t> function_parentheses() const;
  void function(Command& out);
  std::optional<std::string> arithmetic(uint32_t open, std::string_view closing);

  // condition.cc
  void test(Command& out);
  void disjunction(Condition& out);
  void conjunction(Condition& out);
  void primary(Condition& out);

  // simple.cc
  void simple(Command& out);
  bool redirect(Command& out);
  void heredoc_delimiter(Command& out, Redirect& redirect);
  bool assignment(Command& out, bool declared);
  void array(Assignment& out);

  // word.cc
  bool word(Word& out, Mode mode);
  bool word_end(Mode mode) const;
  void part(std::vector<Part>& out, Mode mode, bool first);
  void literal(std::vector<Part>& out, uint32_t begin, uint32_t end);
  void escape(std::vector<Part>& out);
  void run(std::vector<Part>& out, Mode mode);
  void single_quoted(std::vector<Part>& out);
  void double_quoted(std::vector<Part>& out, uint32_t begin);
  void quoted_parts(std::vector<Part>& out, char closing);
  void glob(std::vector<Part>& out);
  bool tilde(std::vector<Part>& out, Mode mode);
  bool brace(std::vector<Part>& out);
  void find_braces();
  void alternatives(const Brace& brace, Part& out);
  void process(std::vector<Part>& out);
  void regex_group(std::vector<Part>& out);

  // expansion.cc
  bool dollar(std::vector<Part>& out, bool quoted);
  void ansi_quoted(std::vector<Part>& out);
  void substitution(std::vector<Part>& out);
  void backquoted(std::vector<Part>& out, bool quoted);
  void parameter(std::vector<Part>& out, bool quoted);
  void parameter_name(Part& out);
  void index(Part& out);
  void operands(Part& out, bool quoted);
  Part& add(std::vector<Part>& out, PartKind kind, uint32_t begin, std::string text = {});

  Program& out_;
  const ParseLimits limits_;
  Dialect dialect_;
  // The text being read: the whole one, or a backquoted one with its escapes removed, whose bytes
  // then come from `origins_`.
  std::string_view text_;
  uint32_t at_ = 0;
  uint32_t end_;
  const std::vector<uint32_t>* origins_ = nullptr;
  std::vector<Pending> pending_;
  std::vector<Brace> braces_;  // of the word around `at_`, in order of their begin
  uint32_t braces_known_ = 0;  // the end of the stretch that `braces_` describes
  size_t depth_ = 0;
  size_t nodes_ = 0;
  bool quoted_operand_ = false;  // within "${x:-…}": single quotes are themselves
  bool failed_ = false;          // unwinds to the innermost place that can go on
  bool stopped_ = false;         // a limit was met: nothing goes on
  std::optional<SyntaxError> error_;
};

bool name_start(char c);
bool name_part(char c);
inline bool digit(char c) { return c >= '0' && c <= '9'; }
/// Blanks, newlines and the characters of operators.
bool metacharacter(char c);

}  // namespace preflint::shell
