#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "syntax/shell/ast.h"
#include "syntax/shell/words.h"

namespace preflint::shell {
namespace {

/// The key of the first error, "" for none.
std::string error_of(std::string_view text, Dialect dialect = Dialect::bash) {
  const Program program = parse(text, dialect);
  EXPECT_FALSE(program.too_deep || program.incomplete) << text;
  return program.errors.empty() ? "" : program.errors[0].key;
}

/// The command of a one-command text.
Command only(std::string_view text) {
  const Program program = parse(text, Dialect::bash);
  EXPECT_TRUE(program.errors.empty()) << text;
  EXPECT_EQ(program.list.items.size(), 1U) << text;
  return *program.list.items.at(0).pipelines.at(0).commands.at(0);
}

std::string repeated(std::string_view text, size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// Each text is accepted by `bash -n` (5.2).
TEST(ShellParse, AcceptsWhatBashAccepts) {
  for (const std::string_view text : {
           "",
           "\n\n# only\n",
           "a && b || c; d & e\n",
           "if a; then (b) fi",
           "{ { a; } }",
           "! ! a | b",
           "time -p a",
           "for i in 1 2; { a; }",
           "for i do a; done",
           "for ((i=0;i<3;++i)); do a; done",
           "select x in a; do break; done",
           "case $x in (a|b) c;; d) ;& *) e;;& esac",
           "case x in esac",
           "f() { a; } >b",
           "function f { a; }",
           "f() (a)",
           "f-b.c() if a; then b; fi",
           "a=(1 \"2 3\" # c\n [4]=5)",
           "declare -A m=([a]=1)",
           "export A=(1) B=2",
           "x[1+2]+=3",
           "cat <<A <<-'B'\n$(\nA\n\t`\n\tB\n",
           "cat <<EOF",
           "a <<<\"$b\" 2>&1 >|c &>>d {fd}<e <>f 3>&-",
           "<in >out",
           "x=1",
           "((a + (b) > 1))",
           "((a); (b))",
           "a=$((1 + $(b) )) c=$[2]",
           "$( (a) )",
           "$((a); (b))",
           "`a \\`b\\``",
           "`if`",
           "[[ a == b && ( -f c || ! $d =~ ^(x|y z)+$ ) ]]",
           "[[ -n $a\n&& b ]]",
           "[[ $a < b ]]",
           "diff <(a) >(b)",
           "a --b=<(c)",
           "echo ${a:-\"${b%%*}\"} ${#c[@]} ${!d*} ${e//\\//_} ${f^^} ${g@Q} ${h:1:2} ${#} ${?} "
           "${!i}",
           "echo \"${a:-'}\" '\\'",
           "echo $'\\'' $\"a\"",
           "echo {a,b} {1..3} {a {,} }",
           "echo @(a|b) !(c|d) *(e)",
           "coproc N { a; }",
           "coproc a b",
           "a\\\nb c\\\n d",
           "echo a#b #c",
           "[ a ]",
           "echo if then fi }",
           "a |& b",
           "if a\nthen\nb\nelif c; then d\nelse e\nfi",
           "while a; do b; done <c | until d; do e; done",
           "esac=1",
           "echo ~a ~/b c=~",
           "echo \"a`b \\\"c\\\"`d\"",
           "x=$(cat <<E\n)\nE\n)",
           "$(case a in a) b;; esac)",
           "a <<'' \nx\n\n",
           "if true; then echo; fi;",
           "a;b;",
           "a&",
       }) {
    EXPECT_EQ(error_of(text), "") << text;
  }
}

TEST(ShellParse, RefusesWhatBashRefuses) {
  const std::vector<std::pair<std::string_view, std::string_view>> kTexts = {
      {"fi", "unexpected-token"},
      {"if a; then b", "unclosed"},
      {"if a; then fi", "unexpected-token"},
      {"{ a; ", "unclosed"},
      {"(a", "unclosed"},
      {"a)", "unexpected-token"},
      {"echo 'a", "unclosed"},
      {"echo \"a", "unclosed"},
      {"echo $(a", "unclosed"},
      {"echo ${a", "unclosed"},
      {"echo `a", "unclosed"},
      {"a |", "unexpected-end"},
      {"a &&\n", "unexpected-end"},
      {"a ;; b", "unexpected-token"},
      {"| a", "unexpected-token"},
      {"a > \n", "unexpected-newline"},
      {"echo a (b)", "unexpected-token"},
      {"f() echo", "unexpected-token"},
      {"case a in b", "unexpected-end"},
      {"for i in a; b; done", "unexpected-token"},
      {"[[ a", "unclosed"},
      {"[[ a == ]]", "unexpected-token"},
      {"while a; b; done", "unexpected-token"},
      {"a & & b", "unexpected-token"},
      {"; a", "unexpected-token"},
      {"echo $(fi)", "unexpected-token"},
      {"x=(a", "unclosed"},
      {"done", "unexpected-token"},
      {"a\n}\n", "unexpected-token"},
      {"if a; then b; done", "unexpected-token"},
      {"()", "unexpected-token"},
  };
  for (const auto& [text, key] : kTexts) EXPECT_EQ(error_of(text), key) << text;
  EXPECT_EQ(error_of("for f (a b) echo $f", Dialect::zsh), "");
}

TEST(ShellParse, GoesOnBelowAStatementThatFails) {
  const Program program = parse("a\nif b; then # c\n  d\n", Dialect::bash);
  ASSERT_EQ(program.errors.size(), 1U);
  EXPECT_EQ(program.errors[0].span, (Span{2, 4}));
  ASSERT_EQ(program.list.items.size(), 2U);
  EXPECT_EQ(program.list.items[1].span, (Span{19, 20}));
  EXPECT_EQ(program.comments.size(), 1U);
}

TEST(ShellParse, SpansHoldNoBlanks) {
  const std::string text = "  a=1 b 'c' >d  # e\n";
  const Command command = only(text);
  EXPECT_EQ(text.substr(command.span.begin, command.span.size()), "a=1 b 'c' >d");
  const Program program = parse("if a; then b; fi  # c\n", Dialect::bash);
  EXPECT_EQ(program.list.items[0].span, (Span{0, 16}));
  EXPECT_EQ(program.comments.at(0).span, (Span{18, 21}));
}

TEST(ShellParse, CarriageReturnsBeforeNewlinesAreBlanks) {
  EXPECT_EQ(error_of("if a; then\r\n  b <<E \\\r\n  -c\r\nx\r\nE\r\nfi\r\n"), "");
  const Command command = only("a b\r\n");
  EXPECT_EQ(command.words.at(1).literal(), "b");
}

TEST(ShellParse, Heredocs) {
  const std::string text = "cat <<-E\n\ta $b \\$c\n\t\tE\n";
  const Command command = only(text);
  const Redirect& redirect = command.redirects.at(0);
  EXPECT_EQ(text.substr(redirect.body.begin, redirect.body.size()), "\ta $b \\$c\n");
  std::string content;
  for (const Part& part : redirect.content)
    content += part.kind == PartKind::parameter ? "{" + part.name + "}" : part.text;
  EXPECT_EQ(content, "a {b} $c\n");
  EXPECT_TRUE(only("cat <<'E'\n$a\nE\n").redirects.at(0).quoted);
  EXPECT_TRUE(only("cat <<\\E\n$a\nE\n").redirects.at(0).quoted);
  // What is broken in a body is text.
  const Command broken = only("cat <<E\na `b $(c ${d\nE\n");
  std::string all;
  for (const Part& part : broken.redirects.at(0).content) all += part.text;
  EXPECT_EQ(all, "a `b $(c ${d\n");
}

TEST(ShellParse, Braces) {
  const auto words = [](std::string_view text) {
    std::vector<std::string> out;
    const Command command = only(text);
    for (const Part& part : command.words.at(1).parts) {
      for (const Word& word : part.words) out.push_back(word.literal().value_or("?"));
    }
    return out;
  };
  using Words = std::vector<std::string>;
  EXPECT_EQ(words("a {b,'c d',}"), (Words{"b", "c d", ""}));
  EXPECT_EQ(words("a {08..10}"), (Words{"08", "09", "10"}));
  EXPECT_EQ(words("a {c..a}"), (Words{"c", "b", "a"}));
  EXPECT_EQ(words("a {1..9..4}"), (Words{"1", "5", "9"}));
  EXPECT_EQ(words("a {b} {} {,"), Words{});
  EXPECT_EQ(words("a {1..1000}").size(), 64U);
}

TEST(ShellParse, BackquotesMapThroughTheirEscapes) {
  const std::string text = "x `a \\`b \\$c\\` \"d\"`";
  const Command command = only(text);
  const Part& part = command.words.at(1).parts.at(0);
  ASSERT_TRUE(part.backquoted);
  const Command inner = *part.list->items.at(0).pipelines.at(0).commands.at(0);
  ASSERT_EQ(inner.words.size(), 3U);
  const Span nested = inner.words[1].span;
  EXPECT_EQ(text.substr(nested.begin, nested.size()), "\\`b \\$c\\`");
  EXPECT_EQ(inner.words[2].literal(), "d");
}

TEST(ShellParse, DecodedWordsKnowWhereTheirBytesStand) {
  const File file{"/p/a.sh", FileKind::shell, "bash -c 'a '\\''b'\\'' '$'c\\td'\"\\$e\"f\\ g"};
  const Program program = parse(file.bytes, Dialect::bash);
  const Command& command = *program.list.items.at(0).pipelines.at(0).commands.at(0);
  const Source outer(file);
  const auto source = decode(command.words.at(2), outer, [](const Part&) { return std::nullopt; });
  ASSERT_TRUE(source);
  EXPECT_EQ(source->text(), "a 'b' c\td$ef g");
  for (const std::string_view piece : {"b", "c", "d", "e", "g"}) {
    const auto at = static_cast<uint32_t>(source->text().find(piece));
    const Span span = source->outer({at, at + 1});
    EXPECT_EQ(file.bytes.substr(span.begin, span.size()), piece);
  }
}

/// Depth is the attacker's, the stack is ours.
TEST(ShellParse, NestingIsBounded) {
  for (const std::string_view piece : {"(",
                                       "((",
                                       "$(",
                                       "${a:-",
                                       "\"$(",
                                       "{ ",
                                       "if ",
                                       "while a; do ",
                                       "f() { ",
                                       "[[ ( ",
                                       "[[ ! ",
                                       "`",
                                       "<(",
                                       "case a in b) ",
                                       "$((",
                                       "a=(",
                                       "{a,",
                                       "@(",
                                       "cat <<E\n$(cat <<E\n",
                                       "! ",
                                       "a && ",
                                       "a | ",
                                       "coproc ",
                                       "time ",
                                       "${a[",
                                       "$[",
                                       "[[ a =~ (",
                                       "function f { ",
                                       "else ",
                                       "a;",
                                       "a\n"}) {
    const Program program = parse(repeated(piece, 20'000), Dialect::bash);
    EXPECT_LE(program.errors.size(), 17U) << piece;
  }
  EXPECT_TRUE(parse(repeated("a $(", 5000) + repeated(")", 5000), Dialect::bash).too_deep);
  EXPECT_TRUE(parse(repeated("(", 1'000'000), Dialect::bash).too_deep);
  EXPECT_FALSE(
      parse("if a; then b\n" + repeated("elif a; then b\n", 20'000) + "fi\n", Dialect::bash)
          .too_deep);
  EXPECT_FALSE(parse("a" + repeated(" | a", 100'000), Dialect::bash).too_deep);
  EXPECT_FALSE(parse("[[ a" + repeated(" || a", 100'000) + " ]]", Dialect::bash).too_deep);
}

}  // namespace
}  // namespace preflint::shell
