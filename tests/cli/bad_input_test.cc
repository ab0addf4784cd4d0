#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "cli/program.h"
#include "support/slower.h"

namespace preflint::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kGood = "conda create -n x --clone base\n";
constexpr const char* kKinds[] = {"text",       "concise", "github", "gitlab", "junit",
                                  "checkstyle", "json",    "sarif",  "rdjson"};
constexpr const char* kGoodLine = "good.sh:1:1: error[ENV004]";

std::string times(int count, std::string_view text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

/// What programs that have ended cost so far, in seconds of the processor: others may be busy on
/// it, too.
double seconds_of_children() {
  rusage usage = {};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return double(time.tv_sec) + double(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// A folder with one file that has a finding, whatever lies beside it.
class BadInput : public ::testing::Test {
 protected:
  BadInput() { folder_.write("good.sh", kGood); }

  /// Checks all; the good file's finding has to be there, for a reasonable price.
  std::string check(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"check", "--output-format", "concise", "--severity", "info"});
    const double before = seconds_of_children();
    const Ran ran = run_in(folder_.path(), more);
    EXPECT_EQ(ran.status, 1) << ran.error;
    EXPECT_THAT(ran.out, HasSubstr(kGoodLine));
    EXPECT_LT(seconds_of_children() - before, 60 * testing::kSlower);
    EXPECT_EQ(ran.out.find('\x1b'), std::string::npos);
    return ran.out + ran.error;
  }
  TemporaryFolder folder_;
};

TEST_F(BadInput, BinaryDataAndNulBytes) {
  folder_.write("a.sh", std::string("\x7f"
                                    "ELF\0\0\1",
                                    7));
  folder_.write("b.py", std::string("x = 1\0\n", 7));
  const std::string out = check();
  EXPECT_THAT(out, HasSubstr("a.sh:1:1: error[PFL003]"));
  EXPECT_THAT(out, HasSubstr("b.py:1:1: error[PFL003]"));
}

TEST_F(BadInput, OtherEncodings) {
  folder_.write("utf16.py", std::string("\xff\xfe"
                                        "x\0\n\0",
                                        6));
  folder_.write("gbk.sh", "echo \xc4\xe3\xba\xc3\nconda create -n y --clone base\n");
  folder_.write("gbk.py", "x = '\xc4\xe3'\n");
  folder_.write("declared.py", "# -*- coding: gbk -*-\nx = '\xc4\xe3'\n");
  folder_.write("pyproject.toml", "x = '\xc4\xe3'\n");
  const std::string out = check();
  EXPECT_THAT(out, HasSubstr("utf16.py:1:1: error[PFL003]"));
  EXPECT_THAT(out, HasSubstr("gbk.sh:1:6: warning[PFL003]"));
  EXPECT_THAT(out, HasSubstr("gbk.sh:2:1: error[ENV004]"));
  EXPECT_THAT(out, HasSubstr("gbk.py:1:6: error[PFL002]"));
  EXPECT_THAT(out, Not(HasSubstr("declared.py")));
  EXPECT_THAT(out, HasSubstr("pyproject.toml:1:6: error[PFL003]"));
}

TEST_F(BadInput, CarriageReturns) {
  folder_.write("crlf.py", "import os\r\nos.system('conda create -n x --clone base')\r\n");
  folder_.write("cr.py", "import os\ros.system('conda create -n x --clone base')\r");
  const std::string out = check();
  EXPECT_THAT(out, HasSubstr("crlf.py:2:12: error[ENV004]"));
  EXPECT_THAT(out, HasSubstr("cr.py:2:12: error[ENV004]"));
}

TEST_F(BadInput, AHundredMegabytesOnOneLine) {
  folder_.write("long.sh", "echo " + std::string(100'000'000, 'x'));
  folder_.write("long.py", "x = '" + std::string(15'000'000, 'x') + "'\n");
  EXPECT_THAT(check(), HasSubstr("long.sh:1:1: warning[PFL006]"));
}

TEST_F(BadInput, AMillionNestedBrackets) {
  const std::string open(1'000'000, '('), close(1'000'000, ')');
  folder_.write("deep.py", "x = " + open + close + "\n");
  folder_.write("deep.sh", open + "true" + close + "\n");
  folder_.write("deep.ipynb",
                "{\"cells\": " + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "}");
  folder_.write("environment.yml",
                "a: " + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "\n");
  folder_.write("pyproject.toml",
                "a = " + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "\n");
  const std::string out = check();
  for (const char* name : {"deep.py:1:", "environment.yml:1:", "pyproject.toml:1:"}) {
    EXPECT_THAT(out, HasSubstr(name));
  }
}

/// Each way to open something, a million times and never closed.
TEST_F(BadInput, AMillionOpenBrackets) {
  const std::pair<const char*, const char*> kOpeners[] = {{"round.sh", "("},
                                                          {"double.sh", "(("},
                                                          {"curly.sh", "{ "},
                                                          {"square.sh", "[[ ( "},
                                                          {"command.sh", "$("},
                                                          {"quoted.sh", "\"$("},
                                                          {"arithmetic.sh", "$(("},
                                                          {"parameter.sh", "${a:-"},
                                                          {"backquoted.sh", "`\\`"},
                                                          {"process.sh", "cat <("},
                                                          {"if.sh", "if "},
                                                          {"while.sh", "while true; do "},
                                                          {"case.sh", "case a in a) "},
                                                          {"array.sh", "a=("},
                                                          {"round.py", "("},
                                                          {"square.py", "["},
                                                          {"curly.py", "{"},
                                                          {"lambda.py", "lambda: "},
                                                          {"not.py", "not "},
                                                          {"minus.py", "-"},
                                                          {"fstring.py", "f'{"},
                                                          {"await.py", "await "},
                                                          {"call.py", "f("},
                                                          {"if.py", "x if x else "},
                                                          {"dot.py", "x.x."},
                                                          {"star.py", "*"}};
  for (const auto& [name, opener] : kOpeners) {
    // What Python lets follow one another without end is parsed to its end: a tenth of it tells as
    // much.
    const bool deep = std::string_view(name).ends_with(".sh") ||
                      std::string_view("([{").find(opener) != std::string_view::npos;
    // More than three megabytes in which no rule looks for anything are not read at all.
    const int most = deep ? 1'000'000 : 100'000;
    folder_.write(
        name, times(std::min(most, static_cast<int>(2'900'000 / std::string_view(opener).size())),
                    opener));
    const std::string out = check();
    EXPECT_THAT(out, HasSubstr(std::string(name) + ":1:")) << out.substr(0, 300);
    fs::remove(folder_ / name);
  }
}

/// Little to read and, followed to the letter, more than a lifetime to do.
TEST_F(BadInput, WorkWithoutEnd) {
  std::string classes = "class C0: pass\n";
  for (int i = 1; i < 24; ++i) {
    const std::string base = "C" + std::to_string(i - 1);
    classes += "class C" + std::to_string(i) + "(" + base + ", " + base + ", " + base + ", " +
               base + "): pass\n";
  }
  folder_.write("bases.py", classes + "C23().save()\nC23.load\n");
  folder_.write("percent.py", "x = '" + times(8000, "%s") + "' % (" + times(550, "1,") + ")\n" +
                                  times(500, "x = x\n") + "def f(a): return '" + times(4000, "%s") +
                                  "' % (" + times(550, "a,") + ")\n" + times(300, "f(1)\n"));
  folder_.write("split.py", "x = '" + times(1'000'000, "a,") + "'.split(',')\ny = '" +
                                times(1'000'000, "a,") + "'.rsplit(',')\n");
  folder_.write(
      "double.py",
      "x = 'ab'\n" +
          times(200, "x = f'{x}{x}'\nx = x + x\nx = '%s%s' % (x, x)\nx = '{}{}'.format(x, x)\n"));
  folder_.write("lists.py", "a = [" + times(400, "1,") +
                                "]\nfor i in range(30):\n  for j in range(30):\n    for k in "
                                "range(30):\n      a[5] = [a, a]\n      b = a + a\n");
  folder_.write(
      "cells.ipynb",
      "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": \"def f():\\n  !" +
          times(500, "echo a; ") + "\\n" + times(1000, "f()\\n") + "\"}]}");
  std::string braces = "a";
  for (int i = 0; i < 12; ++i) braces = "{a,b}{a,b}{a,b}{a,b}{a,b}{" + braces + ",b}";
  folder_.write("braces.sh", "echo " + braces + "\n");
  folder_.write("strip.sh", "x=" + std::string(60'000, 'a') + "\n" +
                                times(2000, "y=${x%%*a*b*c}; z=${x//a/bb}\n"));
  folder_.write("double.sh", "x=aaaaaaaa\n" + times(2000, "x=$x$x; y=\"${x}${x}\"\n"));
  folder_.write("calls.sh",
                "f() { bash -c '" + times(1000, "echo a; ") + "'; }\n" + times(1000, "f\n"));
  folder_.write("starts.sh",
                "f() { python -c 'for i in range(30):\n  for j in range(30):\n    for k in "
                "range(30): x = i + j + k'; }\n" +
                    times(1000, "f\n"));
  check();
}

/// Values that are long or many: what one line makes is kept once, however many states remember it.
TEST_F(BadInput, MemoryStaysInBounds) {
  const auto lines = [](int count, const std::function<std::string(int)>& line) {
    std::string out;
    for (int i = 1; i <= count; ++i) out += line(i) + "\n";
    return out;
  };
  const std::string long_text(60'000, 'a');
  folder_.write("export.sh", "x=" + long_text + "\n" + lines(4000, [](int i) {
                               return "export y" + std::to_string(i) + "=$x\npython t.py";
                             }));
  folder_.write("double.sh", lines(20'000, [](int i) {
                               const std::string last = "$a" + std::to_string(i - 1);
                               return "a" + std::to_string(i) + "=" + last + last;
                             }) + "python $a19999\n");
  folder_.write("t.py", "print(1)\n");
  const Ran ran = run_in(folder_.path(), {"check"});
  EXPECT_EQ(ran.status, 1) << ran.error;
  EXPECT_LT(ran.peak, 2'000'000u);
}

/// The same thing again and again: what is done for one of them must not look at all the others.
TEST_F(BadInput, TheSameManyTimes) {
  const int many = 30'000;
  const std::pair<const char*, std::string> kFiles[] = {
      {"environment.yml", "dependencies:\n" + times(many, "- torch=1.0\n")},
      {"pyproject.toml", "[project]\ndependencies = [" + times(many, "\"torch==1.0\", ") + "]\n"},
      {"requirements.txt", times(many, "torch==1.0\n")},
      {"setup.cfg", "[options]\ninstall_requires =\n" + times(many, "  torch==1.0\n")},
      {"imports.py", times(many, "import os\nos.system('echo')\n")},
      {"one_line.py", "import os" + times(5 * many, ";import os") + "\n"},
      {"selectors.sh",
       times(3, "# preflint: ignore[" + times(2 * many, "NET001,") + "NET001]\necho\n")},
      {"directives.sh", "echo " + times(2 * many, "# preflint: ignore[NET001] ") + "\n"},
      {"unclosed.sh", times(2 * many, "# preflint: ignore[NET001\n")},
      {"offs.sh", times(many, "# preflint: off\n")},
      {"commands.sh", times(many, "conda create -n x --clone base\n")},
      {"calls.sh", times(many, "wget https://github.com/a/b\n")},
      {"installs.sh", times(many / 4, "pip install a\n")},
      {"clones.sh", times(many / 4, "git clone https://github.com/a/b\n")},
      {"removals.sh", times(many / 4, "cp a /root/autodl-tmp/a\nrm -rf a\n")},
      {"stops.sh", times(many / 4, "python t.py\nshutdown\n")},
      {"sources.sh", times(many, "source ./good.sh\n")},
      {"heredocs.sh", times(many / 2, "cat <<E\n")},
      {"functions.py", times(many, "def f(): f()\n") + "f()\n"}};
  for (const auto& [name, text] : kFiles) {
    folder_.write(name, text);
    const double before = seconds_of_children();
    check();
    EXPECT_LT(seconds_of_children() - before, 20 * testing::kSlower) << name;
    fs::remove(folder_ / name);
  }
}

TEST_F(BadInput, Notebooks) {
  folder_.write("cut.ipynb", "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"conda cr");
  folder_.write("empty.ipynb", "");
  folder_.write("list.ipynb", "[]");
  std::string cells;
  const std::string picture(1'000'000, 'A');
  for (int i = 0; i < 50; ++i) {
    cells += "{\"cell_type\": \"code\", \"outputs\": [{\"data\": {\"image/png\": \"" + picture +
             "\"}}], \"source\": [\"x = 1\\n\"]},\n";
  }
  folder_.write("large.ipynb", "{\"cells\": [" + cells +
                                   "{\"cell_type\": \"code\", \"source\": [\"!conda create -n x "
                                   "--clone base\"]}], \"nbformat\": 4}");
  const std::string out = check();
  EXPECT_THAT(out, HasSubstr("cut.ipynb:1:54: error[PFL003]"));
  EXPECT_THAT(out, HasSubstr("empty.ipynb:1:1: info[PFL003]"));
  EXPECT_THAT(out, HasSubstr("list.ipynb:1:1: error[PFL003]"));
  EXPECT_THAT(out, HasSubstr("large.ipynb:cell 50:1:2: error[ENV004]"));
}

TEST_F(BadInput, AliasBombs) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int k = 0; k < 8; ++k) bomb += ", " + last;
    bomb += "]\n";
  }
  folder_.write("environment.yml", bomb);
  EXPECT_THAT(check(), HasSubstr("environment.yml:"));
  folder_.write("sub/preflint.yaml", bomb);
  folder_.write("sub/a.sh", "echo\n");
  const Ran ran = run_in(folder_.path(), {"check"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.out, HasSubstr("sub/preflint.yaml:"));
  EXPECT_THAT(ran.out, HasSubstr("ENV004"));
}

TEST_F(BadInput, ConfigurationOfMistakes) {
  std::string keys;
  for (int i = 0; i < 200'000; ++i) keys += "key" + std::to_string(i) + ": 1\n";
  for (const std::string& text : {keys, "profile: " + std::string(3'000'000, 'a') + "\n",
                                  "\"" + std::string(3'000'000, 'a') + "\": 1\n"}) {
    folder_.write("preflint.yaml", text);
    const double before = seconds_of_children();
    const Ran ran = run_in(folder_.path(), {"check", "--output-format", "concise"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_LT(seconds_of_children() - before, 20 * testing::kSlower);
    EXPECT_LT(ran.out.size(), 100'000u);
    EXPECT_THAT(ran.out, HasSubstr("ENV004"));
    EXPECT_THAT(run_in(folder_.path(), {"profile", "validate", "preflint.yaml"}).error,
                HasSubstr("preflint.yaml:1:"));
  }
}

TEST_F(BadInput, Cycles) {
  folder_.write("requirements.txt", "-r requirements-dev.txt\n");
  folder_.write("requirements-dev.txt", "-r requirements.txt\n-r requirements-dev.txt\n");
  folder_.write("a.sh", "source ./b.sh\n");
  folder_.write("b.sh", "source ./a.sh\nbash a.sh\n");
  folder_.write("m.py", "import n\n");
  folder_.write("n.py", "import m\n");
  folder_.write("install.sh", "pip install -r requirements.txt\n");
  fs::create_directories(folder_ / "loop");
  fs::create_symlink("..", folder_ / "loop/up");
  fs::create_symlink("self.sh", folder_ / "self.sh");
  check();
  // Named, too.
  const Ran ran = run_in(folder_.path(), {"check", "self.sh", "good.sh"});
  EXPECT_EQ(ran.status, 2) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("ENV004"));
  EXPECT_THAT(ran.out, HasSubstr("this symlink leads back to itself"));
}

TEST_F(BadInput, WhatIsNoRegularFile) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe.sh").c_str(), 0600), 0);
  fs::create_symlink("/dev/zero", folder_ / "zero.py");
  fs::create_directories(folder_ / "folder.py");
  EXPECT_THAT(check(), HasSubstr("pipe.sh:1:1: error[PFL003]"));
  const Ran ran = run_in(folder_.path(), {"check", "/dev/zero", "pipe.sh", "zero.py"});
  EXPECT_NE(ran.status, 0);
  EXPECT_LT(ran.status, 128);
}

TEST_F(BadInput, UnreadableFiles) {
  if (::geteuid() == 0) return;  // root may read everything
  folder_.write("secret.sh", "echo\n");
  fs::permissions(folder_ / "secret.sh", fs::perms::none);
  EXPECT_THAT(check(), HasSubstr("secret.sh:1:1: error[PFL003]"));
}

TEST_F(BadInput, NothingOutsideOfTheProjectIsRead) {
  const TemporaryFolder outside;
  outside.write("requirements.txt", "torch==1.0\n");
  outside.write("x.sh", "conda create -n outside --clone base\n");
  folder_.write("requirements.txt",
                "-r ../../../../../../../../etc/passwd\n-r " + outside / "requirements.txt" + "\n");
  folder_.write("a.sh",
                "source " + outside / "x.sh" +
                    "\nbash ../../../../../../etc/profile\npip install -r requirements.txt\n");
  fs::create_symlink(outside.path(), folder_ / "link");
  folder_.write("b.sh", "source ./link/x.sh\n");
  const std::string out = check();
  EXPECT_THAT(out, Not(HasSubstr("root:")));
  EXPECT_THAT(out, Not(HasSubstr("passwd")));
  EXPECT_THAT(out, Not(HasSubstr(outside.path())));
  EXPECT_THAT(out, Not(HasSubstr("link/x.sh")));
}

TEST_F(BadInput, NamesAreShownNotObeyed) {
  folder_.write("\x1b[31mred\x07\n.sh", kGood);
  for (const char* format : kKinds) {
    const Ran ran = run_in(folder_.path(), {"check", "--output-format", format});
    EXPECT_EQ((ran.out + ran.error).find_first_of("\x1b\x07"), std::string::npos) << format;
  }
  const Ran ran = run_in(folder_.path(), {"check", "\x1b[31mmissing"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.error.find('\x1b'), std::string::npos);
  EXPECT_EQ(run_in(folder_.path(), {"check", "--select", "\x1b[31m"}).error.find('\x1b'),
            std::string::npos);
  EXPECT_EQ(run_in(folder_.path(), {"check", "--color", "\x1b[31m"}).error.find('\x1b'),
            std::string::npos);
}

/// What the files say reaches no terminal as a command, whatever prints it.
TEST_F(BadInput, ContentsAreShownNotObeyed) {
  folder_.write(
      "a.sh",
      "conda create -n '\x1b]0;owned\x07' --clone base # \x1b[2J\npip install '\x1b[31mtorch'\n"
      "python '\x1b[8m.py' | tee '\x1b[8m' && echo '\x1b[8m'\ncat $'\x7f' \xc2\x9b 31m\n");
  folder_.write("b.py",
                "import os\nos.system('pip install \x1b[31mtorch')\nos.system('conda create -n "
                "\x1b[2J --clone base')\n");
  folder_.write("requirements.txt", "torch==\x1b[31m1.0\n-r \x1b[2J.txt\n");
  folder_.write("c.ipynb",
                "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": \"!conda "
                "create -n \\u001b[2J --clone base\"}]}");
  const auto harmless = [&](const std::vector<std::string>& arguments) {
    const Ran ran = run_in(folder_.path(), arguments);
    EXPECT_LT(ran.status, 128);
    const std::string all = ran.out + ran.error;
    EXPECT_EQ(all.find_first_of("\x1b\x07\x7f"), std::string::npos)
        << ::testing::PrintToString(arguments);
    EXPECT_EQ(all.find("\xc2\x9b"), std::string::npos)
        << ::testing::PrintToString(arguments);  // a CSI of one character
    return ran;
  };
  for (const char* kind : kKinds) harmless({"check", "--select", "ALL", "--output-format", kind});
  harmless({"check", "--select", "ALL", "--statistics"});
  harmless({"map"});
  harmless({"preflight", "."});
  for (const char* text : {"profile: \"\\e[2J\"\n", "\"\\e[2J\": 1\n", "ignore: [\"\\e[2J\"]\n",
                           "rules: [\"\\e[2J\"]\n"}) {
    folder_.write("preflint.yaml", text);
    for (const char* command : {"check", "map", "preflight", "rule"}) harmless({command});
    EXPECT_EQ(harmless({"check"}).status, 2);
  }
}

TEST_F(BadInput, RulesOfAStrangerAreShownNotObeyed) {
  folder_.write("own.yaml",
                "id: OWN001\nname: own\nseverity: warning\nlanguages: [shell]\nprecision: "
                "high\nsummary: {en: \"\\e[2J\", zh: a}\n"
                "message: {en: \"\\x1b]0;owned\\a\", zh: a}\nwhy: {en: a, zh: a}\nadvice: {en: a, "
                "zh: a}\nmatch: {command: conda}\n"
                "examples:\n  - bad: \"⟦conda⟧\\n\"\n  - good: \"ls\\n\"\n");
  folder_.write("preflint.yaml", "rules: [./own.yaml]\n");
  for (const char* command : {"check", "rule", "map", "preflight"}) {
    const Ran ran = run_in(folder_.path(), {command});
    EXPECT_EQ((ran.out + ran.error).find_first_of("\x1b\x07"), std::string::npos) << command;
  }
  EXPECT_THAT(run_in(folder_.path(), {"check"}).out, HasSubstr("own.yaml:6:"));
  EXPECT_EQ(run_in(folder_.path(), {"rule", "--test", "own.yaml"}).error.find('\x1b'),
            std::string::npos);
}

/// RE2 takes time in proportion to the text, and refuses what would take too much memory.
TEST_F(BadInput, ExpressionsOfAStrangerEnd) {
  const std::string head =
      "severity: warning\nlanguages: [shell]\nprecision: high\nsummary: {en: a, zh: a}\nmessage: "
      "{en: a, zh: a}\n"
      "why: {en: a, zh: a}\nadvice: {en: a, zh: a}\n";
  std::string words;
  for (int i = 0; i < 2000; ++i)
    words += "echo " + std::string(50, 'a') + std::to_string(i) + "!\n";
  folder_.write("long.sh", words + "echo " + std::string(1'000'000, 'a') + "!\n");
  for (const char* pattern :
       {"(a+)+$", "(a|aa)+$", "(.*a){20}", "((a{0,30}){0,30}){0,30}", "(a?){1000}a{1000}"}) {
    folder_.write("own.yaml",
                  "id: OWN001\nname: own\n" + head +
                      "match:\n  command: echo\n  arguments:\n    - {value: {matches: '" + pattern +
                      "'}}\n");
    folder_.write("query.yaml", "id: OWN002\nname: own-query\n" + head +
                                    "match:\n  query: '((word) @match (#match? @match \"" +
                                    pattern + "\"))'\n  language: shell\n");
    folder_.write("preflint.yaml", "rules: [./own.yaml, ./query.yaml]\n");
    const double before = seconds_of_children();
    const Ran ran = run_in(folder_.path(), {"check"});
    // Either it is refused where it stands, or it runs.
    EXPECT_TRUE(ran.status == 1 || ran.out.find("yaml:") != std::string::npos)
        << pattern << ran.out;
    EXPECT_LT(seconds_of_children() - before, 30 * testing::kSlower) << pattern;
  }
}

/// Symlinks of a stranger lead nowhere: what they point to is neither read nor written.
TEST_F(BadInput, SymlinksOutOfTheProjectAreNotFollowed) {
  const TemporaryFolder outside;
  const std::string text =
      "#!/bin/bash\npython secret_train.py | tee train.log && echo done\nconda create -n SECRET "
      "--clone base\n";
  outside.write("run.sh", text);
  outside.write("requirements.txt", "SECRET==1.0\n");
  fs::create_symlink(outside / "run.sh", folder_ / "run.sh");
  fs::create_symlink(outside / "requirements.txt", folder_ / "requirements.txt");
  fs::create_symlink(outside.path(), folder_ / "folder");
  fs::create_directories(folder_ / "sub");
  folder_.write("sub/a.sh", "echo\n");
  folder_.write("install.sh",
                "pip install -r requirements.txt\nsource ./run.sh\nbash folder/run.sh\n");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"check", "--select", "ALL"},
           {"check", "--fix", "--unsafe-fixes", "--select", "ALL"},
           {"check", "--diff"},
           {"map"}}) {
    const Ran ran = run_in(folder_.path(), arguments);
    EXPECT_LT(ran.status, 128);
    EXPECT_THAT(ran.out + ran.error, Not(HasSubstr("SECRET")))
        << ::testing::PrintToString(arguments);
    EXPECT_THAT(ran.out + ran.error, Not(HasSubstr("secret_train")))
        << ::testing::PrintToString(arguments);
  }
  EXPECT_EQ(outside.read("run.sh"), text);
}

/// git reads no ignore file through a symlink either: what the other file holds would show in what
/// is linted.
TEST_F(BadInput, AnIgnoreFileBehindASymlinkIsNotRead) {
  const TemporaryFolder outside;
  outside.write("list", "good.sh\n");
  fs::create_directories(folder_ / ".git");
  fs::create_symlink(outside / "list", folder_ / ".gitignore");
  check();
  fs::create_directories(folder_ / "sub");
  fs::create_symlink(outside / "list", folder_ / "sub/.gitignore");
  folder_.write("sub/good.sh", kGood);
  EXPECT_THAT(check(), HasSubstr("sub/good.sh:1:1: error[ENV004]"));
  fs::remove(folder_ / ".gitignore");
  folder_.write(".gitignore", "good.sh\n");
  EXPECT_THAT(run_in(folder_.path(), {"check"}).out, Not(HasSubstr("ENV004")));
}

TEST_F(BadInput, StandardInputThatCannotBeReadIsSaid) {
  const auto closed = [] { ::close(STDIN_FILENO); };
  const auto folder = [] { ::dup2(::open("/", O_RDONLY), STDIN_FILENO); };
  const Ran none = run_in(folder_.path(), {"check", "-"}, "", closed);
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.error, HasSubstr("standard input: Bad file descriptor"));
  EXPECT_THAT(run_in(folder_.path(), {"check", "--stdin-filename", "a.sh", "-"}, "", folder).error,
              HasSubstr("standard input: Is a directory"));
  EXPECT_EQ(run_in(folder_.path(), {"probe", "--from", "-"}, "", closed).status, 2);
  // The server, too, has nothing to wait for.
  EXPECT_EQ(run_in(folder_.path(), {"lsp"}, "", closed).status, 1);
  const Ran large = run_in(folder_.path(), {"check", "-"}, std::string(17 << 20, '\n'));
  EXPECT_EQ(large.status, 2);
  EXPECT_THAT(large.error, HasSubstr("standard input is larger than 16 MB"));
}

TEST_F(BadInput, APathLongerThanTheSystemTakes) {
  const int start = ::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY);
  const std::string name(200, 'd');
  int here = ::dup(start);
  for (int i = 0; i < 30; ++i) {
    ASSERT_EQ(::mkdirat(here, name.c_str(), 0700), 0);
    const int next = ::openat(here, name.c_str(), O_RDONLY | O_DIRECTORY);
    ::close(here);
    here = next;
  }
  ::close(here);
  EXPECT_THAT(check(), HasSubstr("its path is too long"));
  // The standard library cannot remove it either.
  EXPECT_TRUE(shell(folder_.path(), "rm -rf d*"));
  ::close(start);
}

TEST_F(BadInput, MoreThreadsThanThereAre) {
  for (int i = 0; i < 300; ++i) folder_.write("s" + std::to_string(i) + ".sh", "echo\n");
  check({"-j", "4294967295"});
}

#if !PREFLINT_SANITIZED  // a sanitizer's shadow is larger than any limit
/// So much memory more than what the test itself takes.
void limit_memory(size_t more) {
  std::ifstream file("/proc/self/statm");
  size_t pages = 0;
  file >> pages;
  const rlimit most = {pages * 4096 + more, pages * 4096 + more};
  ::setrlimit(RLIMIT_AS, &most);
}

TEST_F(BadInput, NoMemoryIsSaid) {
  for (int i = 0; i < 300; ++i) folder_.write("s" + std::to_string(i) + ".sh", "echo\n");
  folder_.write("large.sh", times(60'000, "echo $a \"$b\" | cat\n"));
  folder_.write("large.py", times(60'000, "x = f(1, 2)\n"));
  bool enough = false, too_little = false;
  for (size_t more = 1 << 20; more <= size_t{1} << 31; more *= 2) {
    const Ran ran = run_in(folder_.path(), {"check", "-j", "16"}, "", [&] { limit_memory(more); });
    EXPECT_LE(ran.status, 2) << (more >> 20) << " MB: " << ran.error;
    EXPECT_TRUE(ran.status != 2 || ran.error.find("not enough memory") != std::string::npos)
        << (more >> 20) << " MB: " << ran.error << ran.out.substr(0, 300);
    enough |= ran.status == 1;
    too_little |= ran.status == 2;
  }
  EXPECT_TRUE(enough && too_little);
}
#endif

TEST_F(BadInput, AFullDiskIsSaid) {
  if (!fs::exists("/dev/full")) return;
  const Ran ran = run_in(folder_.path(), {"check", "--output-file", "/dev/full"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.error, HasSubstr("/dev/full: No space left on device"));
}

TEST_F(BadInput, TheConfigurationOfAHostileCheckoutRunsNothing) {
  folder_.write("preflint.yaml",
                "profile: autodl\nrules: [\"/etc/*.yaml\", \"../../*.yaml\"]\nextends: "
                "../../../etc/passwd\n");
  folder_.write(
      ".git/config",
      "[core]\n\tfsmonitor = touch ran\n\thooksPath = .\n[diff]\n\texternal = touch ran\n");
  folder_.write(".gitattributes", "*.sh diff=evil\n");
  run_in(folder_.path(), {"check"});
  run_in(folder_.path(), {"check", "--changed"});
  EXPECT_FALSE(fs::exists(folder_ / "ran"));
}

TEST_F(BadInput, AForeignFileThatIsNamedAsConfigurationIsNotShown) {
  const TemporaryFolder outside;
  const std::string secret =
      outside.write("netrc", "machine github.com password SECRET\n  bad: [\n");
  for (const std::string& key :
       {"extends: " + secret, "profile: " + secret, "rules: [\"" + secret + "\"]"}) {
    folder_.write("preflint.yaml", key + "\n");
    const Ran ran = run_in(folder_.path(), {"check"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.out, Not(HasSubstr("SECRET"))) << key;
    EXPECT_THAT(ran.out, Not(HasSubstr("bad:"))) << key;
  }
}

/// No symlink of a checkout makes us read a file elsewhere as configuration: its keys would stand
/// in the complaint.
TEST_F(BadInput, ConfigurationBehindASymlinkOutOfTheProjectIsRefused) {
  const TemporaryFolder outside;
  outside.write("secret.yaml", "SECRET_KEY: SECRET\nimage: {SECRET_FIELD: 1}\n");
  fs::create_symlink(outside / "secret.yaml", folder_ / "link.yaml");
  fs::create_symlink(outside.path(), folder_ / "folder");
  const auto refused = [&](const std::string& link) {
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"check"},
                                               {"check", "good.sh"},
                                               {"check", "--output-format", "sarif"},
                                               {"map"},
                                               {"preflight"},
                                               {"rule"},
                                               {"rule", "NET001"}}) {
      const Ran ran = run_in(folder_.path(), arguments);
      const std::string all = ran.out + ran.error;
      EXPECT_THAT(all, Not(HasSubstr("SECRET"))) << link << ::testing::PrintToString(arguments);
      EXPECT_THAT(all, HasSubstr(link)) << ::testing::PrintToString(arguments);
      EXPECT_THAT(all, HasSubstr("leads out of the project"))
          << link << ::testing::PrintToString(arguments);
      EXPECT_TRUE(ran.status == 2 || arguments[0] != "check") << link;
    }
  };
  for (const char* line : {"extends: link.yaml", "profile: ./link.yaml", "image: link.yaml",
                           "rules: [\"./l*.yaml\"]", "rules: [./link.yaml]"}) {
    folder_.write("preflint.yaml", std::string(line) + "\n");
    refused("link.yaml");
  }
  for (const char* line : {"extends: folder/secret.yaml", "profile: folder/secret.yaml",
                           "rules: [\"folder/*.yaml\"]"}) {
    folder_.write("preflint.yaml", std::string(line) + "\n");
    refused("folder/secret.yaml");
  }
  fs::remove(folder_ / "preflint.yaml");
  fs::create_symlink(outside / "secret.yaml", folder_ / "preflint.yaml");
  refused("preflint.yaml");
  // What the command line names is the will of whoever runs us, wherever it lies.
  const Ran named = run_in(folder_.path(), {"check", "--config", "preflint.yaml"});
  EXPECT_EQ(named.status, 2);
  EXPECT_THAT(named.out, HasSubstr("SECRET_KEY"));
  outside.write("good.yaml", "profile: autodl\n");
  fs::create_symlink(outside / "good.yaml", folder_ / "good.yaml");
  EXPECT_EQ(run_in(folder_.path(), {"check", "--config", "good.yaml"}).status, 1);
}

TEST_F(BadInput, ConfigurationBehindASymlinkWithinTheProjectIsRead) {
  folder_.write("settings/base.yaml", "ignore: [ENV004]\n");
  folder_.write("part/deep/a.sh", kGood);
  fs::create_symlink("settings/base.yaml", folder_ / "preflint.yaml");
  EXPECT_EQ(run_in(folder_.path(), {"check"}).status, 0);
  // Out of its own folder, but in the folder that is linted, or in the repository.
  fs::create_symlink("../../settings/base.yaml", folder_ / "part/deep/preflint.yaml");
  fs::remove(folder_ / "preflint.yaml");
  EXPECT_THAT(run_in(folder_.path(), {"check", "--output-format", "concise"}).out,
              Not(HasSubstr("part/deep")));
  EXPECT_THAT(run_in(folder_.path(), {"check", "part/deep/a.sh"}).out,
              HasSubstr("leads out of the project"));
  fs::create_directories(folder_ / ".git");
  EXPECT_EQ(run_in(folder_.path(), {"check", "part/deep/a.sh"}).status, 0);
  // The project may itself be reached through a symlink.
  const TemporaryFolder elsewhere;
  fs::create_symlink(folder_.path(), elsewhere / "checkout");
  EXPECT_EQ(run_in(elsewhere.path(), {"check", "checkout/part/deep/a.sh"}).status, 0);
  EXPECT_EQ(run_in(elsewhere / "checkout/part", {"check", "deep"}).status, 0);
}

TEST_F(BadInput, OfConfigurationElsewhereOnlyThatItHasMistakesIsSaid) {
  const TemporaryFolder outside;
  const std::string secret = outside.write("secret.yaml", "SECRET_KEY: 1\nprofile: SECRET\n");
  for (const std::string& line : {"extends: " + secret, "profile: " + secret, "image: " + secret,
                                  "rules: [\"" + secret + "\"]"}) {
    folder_.write("preflint.yaml", line + "\n");
    for (const char* command : {"check", "map", "rule"}) {
      const Ran ran = run_in(folder_.path(), {command});
      EXPECT_THAT(ran.out + ran.error, Not(HasSubstr("SECRET"))) << line;
      EXPECT_THAT(ran.out + ran.error, HasSubstr("secret.yaml")) << line;
    }
  }
  // A base that several projects share is what `extends` is for.
  folder_.write("preflint.yaml",
                "extends: " + outside.write("base.yaml", "ignore: [ENV004]\n") + "\n");
  EXPECT_EQ(run_in(folder_.path(), {"check"}).status, 0);
}

TEST_F(BadInput, ConfigurationThatIsThereAndCannotBeReadIsSaid) {
  const auto said = [&](const char* reason) {
    const Ran ran = run_in(folder_.path(), {"check"});
    EXPECT_EQ(ran.status, 2) << reason;
    EXPECT_THAT(ran.out, HasSubstr("preflint.yaml"));
    EXPECT_THAT(ran.out, HasSubstr(reason));
    EXPECT_THAT(ran.out, HasSubstr("ENV004")) << reason;
    fs::remove(folder_ / "preflint.yaml");
  };
  fs::create_symlink("nowhere", folder_ / "preflint.yaml");
  said("a symlink that leads nowhere");
  fs::create_symlink("preflint.yaml", folder_ / "preflint.yaml");
  said("a symlink that leads back to itself");
  fs::create_symlink("/dev/zero", folder_ / "preflint.yaml");
  said("not a regular file");
  ASSERT_EQ(::mkfifo((folder_ / "preflint.yaml").c_str(), 0600), 0);
  said("not a regular file");
  fs::create_directories(folder_ / "preflint.yaml");
  said("not a regular file");
  folder_.write("preflint.yaml", "#" + std::string(5'000'000, 'x') + "\n");
  said("larger than 4 MB");
  if (::geteuid() == 0) return;  // root may read everything
  folder_.write("preflint.yaml", "profile: autodl\n");
  fs::permissions(folder_ / "preflint.yaml", fs::perms::none);
  said("permission denied");
}

TEST(Usage, AtFirstSight) {
  const TemporaryFolder folder;
  EXPECT_EQ(run_in(folder.path(), {"check"}).out, "No files to lint.\n");
  EXPECT_EQ(run_in(folder.path(), {"check"}).status, 0);
  const Ran nothing = run_in(folder.path(), {});
  EXPECT_EQ(nothing.status, 2);
  EXPECT_THAT(nothing.error, HasSubstr("check"));
  EXPECT_EQ(run_in(folder.path(), {"--help"}).status, 0);
  EXPECT_EQ(run_in(folder.path(), {"check", "--no-such-option"}).status, 2);
  folder.write("empty.sh", "");
  EXPECT_EQ(run_in(folder.path(), {"check"}).out, "No problems in 1 file.\n");
  folder.write("preflint.yaml", "profle: autodl\n");
  const Ran typo = run_in(folder.path(), {"check"});
  EXPECT_EQ(typo.status, 2);
  EXPECT_THAT(typo.out, HasSubstr("preflint.yaml:1:1"));
  EXPECT_THAT(typo.out, HasSubstr("did you mean 'profile'?"));
}

TEST(Usage, InAFolderThatIsGone) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    fs::create_directory(folder / "gone");
    fs::current_path(folder / "gone");
    fs::remove(folder / "gone");
    std::string program = "preflint", command = "check", quiet = "-q";
    char* argv[] = {program.data(), command.data(), quiet.data(), nullptr};
    ::_exit(run(3, argv));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 2);
}

TEST(Usage, TheSameBytesFromEverywhere) {
  const TemporaryFolder folder;
  folder.write("preflint.yaml", "profile: autodl\n");
  for (int i = 0; i < 100; ++i) folder.write("s" + std::to_string(i) + ".sh", kGood);
  folder.write("sub/deeper/x.sh", kGood);
  const Ran one = run_in(folder.path(), {"check", "-j1"});
  EXPECT_EQ(one.status, 1);
  EXPECT_EQ(run_in(folder.path(), {"check", "-j2"}).out, one.out);
  EXPECT_EQ(run_in(folder.path(), {"check", folder.path()}).out, one.out);
  EXPECT_EQ(run_in(folder.path(), {"check", "./sub/..", "."}).out, one.out);
  const Ran sarif = run_in(folder.path(), {"check", "--output-format", "sarif"});
  EXPECT_EQ(run_in(folder / "sub/deeper", {"check", "--output-format", "sarif", "../.."}).out,
            sarif.out);
  EXPECT_EQ(run_in(folder / "sub", {"check", "--output-format", "gitlab", folder.path()}).out,
            run_in(folder.path(), {"check", "--output-format", "gitlab"}).out);
}

TEST(Usage, AChineseUserIsToldInChinese) {
  const TemporaryFolder folder;
  folder.write("a.sh", kGood);
  folder.write("preflint.yaml", "profile: autodl\nimge: x\n");
  const Ran typo = run_in(folder.path(), {"check", "--lang", "zh", "--output-format", "concise"});
  EXPECT_EQ(typo.status, 2);
  EXPECT_THAT(typo.out, HasSubstr("preflint.yaml:2:1: 错误[PFL004]"));
  EXPECT_THAT(typo.out, HasSubstr("preflint.yaml 没有 'imge' 这个键；是否想写 'image'？"));
  EXPECT_THAT(typo.out + typo.error, Not(HasSubstr("did you mean")));
  folder.write("preflint.yaml", "profile: autodl\n");
  EXPECT_THAT(run_in(folder.path(), {"check", "--lang", "zh", "gone.sh"}).error,
              HasSubstr("gone.sh：没有这个文件或目录"));
  EXPECT_THAT(run_in(folder.path(), {"check", "--lang", "zh", "--select", "NTE001"}).error,
              HasSubstr("没有规则与 'NTE001' 对应；是否想写 'NET001'？"));
  EXPECT_THAT(run_in(folder.path(), {"check", "--lang", "zh", "--profile", "autodll"}).out,
              HasSubstr("没有名为 'autodll' 的 profile"));
  folder.write("pyproject.toml", "[project\n");
  folder.write("environment.yml", "name: [\n");
  const std::string broken =
      run_in(folder.path(), {"check", "--lang", "zh", "--output-format", "concise"}).out;
  EXPECT_THAT(broken, HasSubstr("TOML 解析器报告："));
  EXPECT_THAT(broken, HasSubstr("[…] 没有结束"));
}

TEST(Statistics, ReplaceTheFindings) {
  const TemporaryFolder folder;
  folder.write("a.sh", std::string(kGood) + "python3 x.py\n");
  const Ran ran = run_in(folder.path(), {"check", "--statistics", "--select", "ENV"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr("1  ENV004  [ ] conda-clone-base\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("a.sh")));
  EXPECT_EQ(run_in(folder.path(), {"check", "--statistics", "--exit-zero"}).status, 0);
}

}  // namespace
}  // namespace preflint::cli
