#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "project/imports.h"
#include "project/literals.h"
#include "project/mentions.h"

namespace preflint::project {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

/// How often each literal is found.
std::map<std::string, int> counts(const std::vector<std::string>& literals, std::string_view text) {
  LiteralSet set;
  for (const std::string& literal : literals) set.add(literal);
  set.prepare();
  std::map<std::string, int> out;
  set.scan(text, [&](uint32_t number) { ++out[literals[number]]; });
  return out;
}

TEST(LiteralSet, FindsWholeWords) {
  EXPECT_THAT(counts({"pip", "git"}, "pip install; pipeline digit _git git"),
              ElementsAre(Pair("git", 1), Pair("pip", 1)));
  EXPECT_THAT(counts({"pip"}, R"(run("cd x\npip install"))"), ElementsAre(Pair("pip", 1)));
}

TEST(LiteralSet, TakesPunctuationAsItIs) {
  EXPECT_THAT(counts({"/home/", "cuda:"}, "x/home/a 'cuda:1' acuda:2"),
              ElementsAre(Pair("/home/", 1), Pair("cuda:", 1)));
}

TEST(LiteralSet, FindsAtBothEndsAndOverlapping) {
  EXPECT_THAT(counts({"abc", "abc def", "def"}, "abc def"),
              ElementsAre(Pair("abc", 1), Pair("abc def", 1), Pair("def", 1)));
  EXPECT_THAT(counts({"abc"}, ""), IsEmpty());
  EXPECT_THAT(counts({"abc"}, "ab"), IsEmpty());
}

TEST(LiteralSet, FindsWordsOfTwoLetters) {
  EXPECT_THAT(counts({"cp"}, "cp a b; [\"cp\", x]; cpp scp /bin/cp\tx && cp"),
              ElementsAre(Pair("cp", 4)));
  EXPECT_THAT(counts({"cp"}, "cp"), ElementsAre(Pair("cp", 1)));
  EXPECT_THAT(counts({"cp"}, "scp"), IsEmpty());
}

TEST(LiteralSet, FindsWithinWordsWhereAnEndIsOpen) {
  LiteralSet set;
  const uint32_t whole = set.add("_token"), before = set.add("_token", true),
                 both = set.add("_token", true, true);
  EXPECT_EQ(set.add("_token", true), before);
  set.prepare();
  std::vector<uint32_t> found;
  set.scan("hf_token", [&](uint32_t number) { found.push_back(number); });
  EXPECT_THAT(found, UnorderedElementsAre(before, both));
  found.clear();
  set.scan("a _tokens", [&](uint32_t number) { found.push_back(number); });
  EXPECT_THAT(found, UnorderedElementsAre(both));
  found.clear();
  set.scan("a _token b", [&](uint32_t number) { found.push_back(number); });
  EXPECT_THAT(found, UnorderedElementsAre(whole, before, both));
}

std::vector<size_t> named(std::string_view text) {
  ScriptNames names;
  names.add("/p/run.sh", 0);
  names.add("/p/tools/train.py", 1);
  names.add("/p/bin/launch", 2);
  std::vector<size_t> out = names.named_in(text);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

TEST(ScriptNames, AreFoundByTheirLastComponent) {
  EXPECT_THAT(named("cd x && ./run.sh a"), ElementsAre(0));
  EXPECT_THAT(named("\"$PY\" \"$DIR/tools/train.py\" --x"), ElementsAre(1));
  EXPECT_THAT(named("bin/launch; bash launch"), ElementsAre(2));
  EXPECT_THAT(named("bash \"launch\""), ElementsAre(2));
  EXPECT_THAT(named("launch"), IsEmpty());
  EXPECT_THAT(named("other.sh run.shx"), IsEmpty());
}

TEST(ScriptNames, WhatIsPutTogetherMayBeAny) {
  EXPECT_THAT(named("bash scripts/$stage.sh"), ElementsAre(0, 1, 2));
  EXPECT_THAT(named("for f in jobs/*.sh; do :; done"), ElementsAre(0, 1, 2));
  EXPECT_THAT(named("bash \"$name\".sh"), ElementsAre(0, 1, 2));
  EXPECT_THAT(named("subprocess.run(f'bash {name}.sh')"), ElementsAre(0, 1, 2));
  EXPECT_THAT(named("os.system('bash %s.sh' % name)"), ElementsAre(0, 1, 2));
}

std::vector<std::string> imports(std::string_view text) {
  std::vector<std::string> out;
  for (const WrittenImport& one : written_imports(text)) {
    std::string sentence = (one.relative ? "." : "") + std::string(one.module);
    for (const std::string_view name : one.names) sentence += " " + std::string(name);
    out.push_back(sentence);
  }
  return out;
}

TEST(WrittenImports, OfEveryForm) {
  EXPECT_THAT(imports("import a, b.c as d\n"), ElementsAre("a", "b.c"));
  EXPECT_THAT(imports("from a.b import (c,  # why\n  d as e,\n  f)\nx = 1\n"),
              ElementsAre("a.b c d f"));
  EXPECT_THAT(imports("from . import a\nfrom ..b import c\n"), ElementsAre(". a", ".b c"));
  EXPECT_THAT(imports("if x:\n\timport a\n    from b import *\n"), ElementsAre("a", "b"));
  EXPECT_THAT(imports("try: import a\nexcept ImportError: a = None; import b\n"),
              ElementsAre("a", "b"));
  EXPECT_THAT(imports("from a import \\\n    b, \\\n    c\n"), ElementsAre("a b c"));
  EXPECT_THAT(imports("important = 1\nfromage = 2\n"), IsEmpty());
}

TEST(ModuleIndex, FindsByEnding) {
  ModuleIndex index;
  index.add("/p/pkg/__init__.py", 0);
  index.add("/p/pkg/io.py", 1);
  index.add("/p/other/io.py", 2);
  const auto found = [&](std::string_view text) {
    std::vector<size_t> out;
    for (const WrittenImport& one : written_imports(text)) index.find(one, out);
    return out;
  };
  EXPECT_THAT(found("import pkg.io\n"), UnorderedElementsAre(0, 1));
  EXPECT_THAT(found("from pkg import io\n"), UnorderedElementsAre(0, 1));
  EXPECT_THAT(found("import io\n"), UnorderedElementsAre(1, 2));
  EXPECT_THAT(found("import os\n"), IsEmpty());
}

}  // namespace
}  // namespace preflint::project
