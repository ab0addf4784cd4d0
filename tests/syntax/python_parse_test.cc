#include <gtest/gtest.h>

#include "syntax/python/parse.h"

namespace preflint::py {
namespace {

/// A parsed text together with the file that it borrows.
struct Parsed {
  explicit Parsed(std::string text) : file{"/p/a.py", FileKind::python, std::move(text)} {
    module = parse(Source(file));
  }
  File file;
  Module module;
};

std::string error_of(std::string text) {
  const Parsed parsed(std::move(text));
  return parsed.module.errors.empty() ? "" : parsed.module.errors[0].key;
}

TEST(PythonParse, LowersModernSyntaxWithoutLeftovers) {
  const Parsed p(R"py(
type Pair[T] = tuple[T, T]
@deco(x=1)
async def f[T](a, /, b: int = 2, *args, c, **kw) -> None:
    async with a as b, c as (d, e):
        await g(*args, **kw)
    return [x async for x in y if x]
match command.split():
    case [x, *rest] if x: pass
    case {"a": 1, **more} | None: pass
    case Point(x=0): pass
    case _: pass
while (n := read()) and not done: n += 1
else: pass
try: pass
except* (A, B) as e: raise X from e
finally: del a, b[1:2, ::3]
f"{x!r:>{width}} {d["k"]}" 'tail'
lambda *a, k=1: (yield)
print(*xs, sep="", **{"end": ""})
)py");
  EXPECT_TRUE(p.module.errors.empty()) << p.module.errors[0].message;
  EXPECT_TRUE(p.module.partial.empty()) << p.module.slice(p.module.partial[0]);
  EXPECT_FALSE(p.module.too_deep);
  EXPECT_EQ(p.module.body.size(), 8u);
}

TEST(PythonParse, StringsAreDecoded) {
  const Parsed p("x = 'a\\n\\x41\\u00e9' \"b\"\ny = r'\\n'\nz = f'{{{q}}}'\nw = '\\N{DASH}'\n");
  const Expr& joined = *p.module.body[0]->exprs[1];
  ASSERT_EQ(joined.kind, ExprKind::fstring);
  EXPECT_EQ(joined.children[0]->text, "a\nA\u00e9");
  EXPECT_EQ(joined.children[1]->text, "b");
  EXPECT_EQ(p.module.body[1]->exprs[1]->text, "\\n");
  const Expr& braces = *p.module.body[2]->exprs[1];
  ASSERT_EQ(braces.children.size(), 3u);
  EXPECT_EQ(braces.children[0]->text, "{");
  EXPECT_EQ(braces.children[1]->children[0]->text, "q");
  EXPECT_EQ(braces.children[2]->text, "}");
  EXPECT_TRUE(p.module.body[3]->exprs[1]->inexact);
}

TEST(PythonParse, EmbeddedTextMapsBack) {
  const Parsed p("import os\nos.system(\"cp a \\\"b\\\"\\n; ls\")\n");
  const Expr& call = *p.module.body[1]->exprs[0];
  const auto inner = string_source(p.module.source, *call.children[1]);
  ASSERT_TRUE(inner);
  EXPECT_EQ(inner->text(), "cp a \"b\"\n; ls");
  const auto at = static_cast<uint32_t>(inner->text().find("ls"));
  EXPECT_EQ(p.module.slice(inner->outer({at, at + 2})), "ls");
}

TEST(PythonParse, RejectsWhatCPythonRejects) {
  EXPECT_EQ(error_of("x = (1,\n"), "unclosed-bracket");
  EXPECT_EQ(error_of("x = 1)\n"), "unmatched-bracket");
  EXPECT_EQ(error_of("x = (1]\n"), "mismatched-bracket");
  EXPECT_EQ(error_of("s = 'abc\n"), "unterminated-string");
  EXPECT_EQ(error_of("s = '''abc\n"), "unterminated-triple");
  EXPECT_EQ(error_of("s = f'{a'\n"), "unterminated-string");
  EXPECT_EQ(error_of("if x:\n    a\n  b\n"), "bad-dedent");
  EXPECT_EQ(error_of("a\n  b\n"), "unexpected-indent");
  EXPECT_EQ(error_of("if x:\na\n"), "expected-block");
  EXPECT_EQ(error_of("if x\n    a\n"), "missing-colon");
  EXPECT_EQ(error_of("print 'x'\n"), "python2-statement");
  EXPECT_EQ(error_of("raise E, 'x'\n"), "python2-raise");
  EXPECT_EQ(error_of("x = 0777\n"), "octal");
  EXPECT_EQ(error_of("x = 1 +\n"), "missing-operand");
  EXPECT_EQ(error_of("assert x % 4 == 0,\n"), "missing-operand");
  EXPECT_EQ(error_of("from a import b,\n"), "missing-operand");
  EXPECT_EQ(error_of("print（1）\n"), "bad-character");
  EXPECT_EQ(error_of("x = 'a\xff'\n"), "not-utf8");
  EXPECT_EQ(error_of(std::string("x = 1\0\n", 7)), "nul");
}

TEST(PythonParse, AcceptsWhatLooksOdd) {
  for (const char* text : {"from ...a import b\n",
                           "del a,\nreturn_ = a,\nassert (a, b)\nfrom c import (d,)\n",
                           "def f(a, /, *, b): ...\n",
                           "match x:\n  case 1: pass\n",
                           "match = 1\n",
                           "type = 1\nprint(type)\n",
                           "s = 'a \\\r\n b'\r\n",
                           "s = '''a \\\r\n b'''\r\n",
                           "s = f'{a} \\\r\n b {c}'\r\n",
                           "s = rf'{a} \\\r\n b {c}'\r\n",
                           "s = f'''{a} \\\r\n b'''\r\n",
                           "s = f'{a:\\\r\n>3}'\r\n",
                           "s = f'{a} \\\r b {c}'\r",
                           "x = 1 + \\\r\n  2\r\n",
                           "\\\r\nx = 1\r\n",
                           "if x:\r\n  \\\r\n  y\r\n",
                           "print >>f, x\n",
                           "x = 1if y else 2\n",
                           "f(*a, **b)\n",
                           "if x: a; b\nelse: c\n",
                           "x = [i for i in lambda: 1,]\n",
                           "f'{x!r}' f\"{d['a']:{w}}\"\n",
                           "# -*- coding: latin-1 -*-\nx = '\xe9'\n",
                           "\xEF\xBB\xBFx = 1\n",
                           "x = 1\r\ny = 2\rz = 3\r",
                           "if x:\n\ty\n",
                           "a = b = *c, d\n",
                           "x = a if b else lambda: c\n",
                           "class A(B, metaclass=C): pass\n",
                           "def f():\n  return\n  # comment\n# other\nx\n",
                           "x = (\n# c\n)\n",
                           "if 1:\n  pass\n\\\n\nx\n"}) {
    EXPECT_EQ(error_of(text), "") << text;
  }
}

TEST(PythonParse, HostileTextsEnd) {
  EXPECT_EQ(error_of(std::string(1'000'000, '(')), "too-many-brackets");
  EXPECT_EQ(error_of(std::string(200'000, '\0')), "nul");
  std::string sum = "x = a";
  for (int i = 0; i < 50'000; ++i) sum += " + a";
  const Parsed wide(sum + "\n");
  EXPECT_TRUE(wide.module.errors.empty());
  EXPECT_EQ(wide.module.body[0]->exprs[1]->children.size(), 50'001u);
  std::string deep = "x = a";
  for (int i = 0; i < 5'000; ++i) deep += ".b";
  EXPECT_TRUE(Parsed(deep + "\n").module.too_deep);
  std::string nots = "x = ";
  for (int i = 0; i < 100'000; ++i) nots += "not ";
  EXPECT_TRUE(Parsed(nots + "y\n").module.too_deep);
}

TEST(PythonParse, ALongCommentIsNoHostileText) {
  std::string text = "class Old:\n    x = 1\n";
  for (int i = 0; i < 3000; ++i)
    text += "#     def method(self, argument, other): return argument\n";
  text += "y = 2  # a word\n";
  const Parsed parsed(text);
  EXPECT_FALSE(parsed.module.incomplete);
  EXPECT_EQ(parsed.module.body.size(), 2u);
  ASSERT_EQ(parsed.module.comments.size(), 3001u);
  EXPECT_EQ(parsed.module.slice(parsed.module.comments.back()), "# a word");
}

TEST(PythonParse, PiecesAreIndependent) {
  const File file{"/p/a.py", FileKind::python, "x = (\ny = 1\n"};
  const Span pieces[] = {{0, 6}, {6, 12}};
  const Module module = parse(Source(file), pieces);
  EXPECT_EQ(module.errors.size(), 1u);
  EXPECT_EQ(module.body.back()->kind, StmtKind::assign);
  EXPECT_EQ(module.slice(module.body.back()->span), "y = 1");
}

}  // namespace
}  // namespace preflint::py
