#include "syntax/notebook.h"

#include <gtest/gtest.h>

#include "syntax/python/parse.h"

namespace preflint::notebook {
namespace {

File notebook_of(std::string cells) {
  return {"/p/a.ipynb", FileKind::notebook,
          "{\n \"cells\": [\n" + cells +
              "\n ],\n \"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}\n}\n"};
}

std::string code(std::string_view source) {
  return "{\"cell_type\": \"code\", \"metadata\": {}, \"outputs\": [], \"source\": " +
         std::string(source) + "}";
}

TEST(Notebook, CellsBecomeOneProgram) {
  const File file = notebook_of(
      "{\"cell_type\": \"markdown\", \"source\": [\"!pip x\"]},\n" +
      code(R"(["import os\n", "x = \"a\\n\u00e9\"\n", "if x:\n", "    !pip install {name}"])") +
      ",\n" + code(R"("%cd sub\ny = !ls -l\n%env A=b c\n%time z = 1\nos.getcwd?")") + ",\n" +
      code(R"(["%%bash\n", "source x && ls\n"])"));
  const auto notebook = read(file);
  ASSERT_TRUE(notebook) << notebook.error().message;
  EXPECT_EQ(notebook->program.text(),
            "import os\nx = \"a\\n\u00e9\"\nif x:\n    __notebook_item__(0)\n"
            "__notebook_item__(1)\ny = __notebook_item__(2)\n__notebook_item__(3)\nz = 1\npass\n"
            "__notebook_item__(4)\n");
  ASSERT_EQ(notebook->items.size(), 5u);
  EXPECT_EQ(notebook->items[0].text.text(), "pip install ${__py_name}");
  EXPECT_EQ(notebook->items[1].kind, ItemKind::cd);
  EXPECT_EQ(notebook->items[1].text.text(), "sub");
  EXPECT_TRUE(notebook->items[2].assigned);
  EXPECT_EQ(notebook->items[3].argument, "A");
  EXPECT_EQ(notebook->items[3].text.text(), "b c");
  EXPECT_EQ(notebook->items[4].kind, ItemKind::shell_cell);
  EXPECT_EQ(notebook->items[4].text.text(), "source x && ls\n");
  EXPECT_EQ(notebook->items[4].cell, 3u);
  EXPECT_FALSE(notebook->cells[3].python);
  const py::Module module = py::parse(notebook->program, notebook->pieces);
  EXPECT_TRUE(module.errors.empty());
  EXPECT_TRUE(module.partial.empty());
}

TEST(Notebook, PositionsGoBothWays) {
  const File file = notebook_of(code(R"(["a = 1\n", "s = \"\u4e2d\"; b = 2\n"])"));
  const auto notebook = read(file);
  ASSERT_TRUE(notebook);
  const auto at = static_cast<uint32_t>(notebook->program.text().find("b = 2"));
  const Span raw = notebook->program.outer({at, at + 5});
  EXPECT_EQ(file.bytes.substr(raw.begin, raw.size()), "b = 2");
  const auto position = notebook->position(raw.begin);
  ASSERT_TRUE(position);
  EXPECT_EQ(position->line, 2u);
  EXPECT_EQ(position->column, 10u);
  EXPECT_EQ(raw_line(file, raw.begin), 3u);
  EXPECT_EQ(notebook->cell_of(at), 0u);
  const auto edit = notebook->program.edit({at, at + 5}, "b = \"\\n\"\nc");
  ASSERT_TRUE(edit);
  EXPECT_EQ(edit->text, "b = \\\"\\\\n\\\"\\nc");
}

TEST(Notebook, MagicsOnlyWhereALineBegins) {
  const File file = notebook_of(code(
      R"("x = (a\n % b)\ns = '''\n!no\n%no\n'''\nt = a \\\n  % b\nif a != b: pass\npip install x\nls = 1\n!!ls\n")"));
  const auto notebook = read(file);
  ASSERT_TRUE(notebook);
  ASSERT_EQ(notebook->items.size(), 2u);
  EXPECT_EQ(notebook->items[0].kind, ItemKind::pip);
  EXPECT_EQ(notebook->items[1].text.text(), "ls");
}

TEST(Notebook, IndentationOfTheFirstLineIsTakenAway) {
  const File file = notebook_of(code(R"("\n  with a:\n      b = 1\n  !ls\nc = 2\n")") + ",\n" +
                                code(R"("% curl -X GET\nd\n")"));
  const auto notebook = read(file);
  ASSERT_TRUE(notebook);
  EXPECT_EQ(notebook->program.text(),
            "\nwith a:\n    b = 1\n__notebook_item__(0)\nc = 2\n\n__notebook_item__(1)\nd\n\n");
  const auto at = static_cast<uint32_t>(notebook->program.text().find("b = 1"));
  const Span raw = notebook->program.outer({at, at + 5});
  EXPECT_EQ(file.bytes.substr(raw.begin, raw.size()), "b = 1");
}

TEST(Notebook, OldFormatAndOutputs) {
  const File file{
      "/p/a.ipynb", FileKind::notebook,
      R"({"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["a\n"],)"
      R"( "outputs": [{"text": ["key ", "hf_x"], "png": "AAAA"}]}]}], "metadata": {}})"};
  const auto notebook = read(file);
  ASSERT_TRUE(notebook);
  EXPECT_EQ(notebook->program.text(), "a\n\n");
  ASSERT_EQ(notebook->outputs.size(), 1u);
  EXPECT_EQ(notebook->outputs[0].text(), "key hf_x");
}

TEST(Notebook, BrokenTextsAreErrors) {
  const File good = notebook_of(code(R"(["a = 1\n"])"));
  for (size_t size = 0; size + 2 < good.bytes.size(); ++size) {
    const File cut{"/p/a.ipynb", FileKind::notebook, good.bytes.substr(0, size)};
    EXPECT_FALSE(read(cut)) << size;
  }
  for (const char* text :
       {"[]", "{}", "{\"cells\": 1}", "{\"cells\": [1]}", "{\"cells\": []} x", "\"a\""}) {
    const File file{"/p/a.ipynb", FileKind::notebook, text};
    EXPECT_FALSE(read(file)) << text;
  }
  const File deep{"/p/a.ipynb", FileKind::notebook,
                  "{\"metadata\": " + std::string(1'000'000, '[')};
  EXPECT_FALSE(read(deep));
}

}  // namespace
}  // namespace preflint::notebook
