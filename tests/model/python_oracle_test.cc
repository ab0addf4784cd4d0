// Small generated programs end in `result = …`. The real Python runs them; wherever the model
// claims to know the value it must be CPython's, and it must know most of them: they use only what
// it says it understands.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>

#include "model/python/run.h"

namespace preflint::py {
namespace {

using nlohmann::json;

constexpr int kPrograms = 320;

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  std::string program() {
    line("import os, sys, argparse, posixpath");
    line("from pathlib import Path");
    line("from dataclasses import dataclass");
    names_.clear();
    const int n = 1 + pick(5);
    for (int i = 0; i < n; ++i) statement();
    line("result = " + (pick(4) == 0   ? list(0)
                        : pick(4) == 0 ? path(0)
                        : pick(5) == 0 ? number(0)
                                       : text(0)));
    return out_;
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<uint32_t>(below)); }
  void line(const std::string& text) { out_ += text + "\n"; }
  std::string one(std::initializer_list<const char*> list) {
    return list.begin()[pick(static_cast<int>(list.size()))];
  }
  std::string quoted() {
    return one({"'run'", "\"a1\"", "'/root/tf-logs'", "'best.pth'", "r'x\\y'", "'ä_数'", "''",
                "'a/b/../c'", "'UP low'", "'k=v'", "\"it's\"", "'x' 'y'", "'tab\\tq'", "'ckpt_{}'",
                "'%s-%03d'", "'..'", "'/a//b/'", "'model.tar.gz'", "'.hidden'"});
  }
  std::string variable(const char* kind, const std::string& otherwise) {
    std::vector<std::string> fit;
    for (const auto& [name, of] : names_) {
      if (of == kind) fit.push_back(name);
    }
    return fit.empty() ? otherwise : fit[static_cast<size_t>(pick(static_cast<int>(fit.size())))];
  }

  std::string text(int depth) {
    if (depth > 3) return quoted();
    const int d = depth + 1;
    switch (pick(30)) {
      case 0:
        return "f'{" + variable("text", "'r'") + "}/x_{" + number(3) + "}'";
      case 1:
        return "f\"{" + number(3) + ":03d}-{" + variable("text", "'q'") + "!r:>8}\"";
      case 2:
        return text(d) + " + " + text(d);
      case 3:
        return "'%s_%d' % (" + text(d) + ", " + number(d) + ")";
      case 4:
        return "'{}/{:>4}/{n}'.format(" + text(d) + ", " + number(d) + ", n=" + text(d) + ")";
      case 5:
        return one({"'-'", "'/'", "', '"}) + ".join([" + text(d) + ", " + text(d) + "])";
      case 6:
        return "os.path.join(" + text(d) + ", " + text(d) + ")";
      case 7:
        return "os.path." + one({"basename", "dirname", "normpath"}) + "(" + text(d) + ")";
      case 8:
        return "os.path.splitext(" + text(d) + ")[" + one({"0", "1"}) + "]";
      case 9:
        return "str(" + (pick(2) ? path(d) : number(d)) + ")";
      case 10:
        return path(d) + "." + one({"name", "stem", "suffix"});
      case 11:
        return "(" + text(d) + ")." + one({"upper", "lower", "strip", "title", "capitalize"}) +
               "()";
      case 12:
        return "(" + text(d) + ").replace(" + quoted() + " or 'z', " + quoted() + ")";
      case 13:
        return "(" + text(d) + ")[" + one({":3", "1:", "-2:", "::2", ":-1"}) + "]";
      case 14:
        return "os.environ.get('GIVEN', " + quoted() + ")";
      case 15:
        return "os.environ['GIVEN']";
      case 16:
        return "os.getenv('GIVEN') + " + quoted();
      case 17:
        return "(" + text(d) + " if " + condition(d) + " else " + text(d) + ")";
      case 18:
        return "(" + text(d) + ").split('/')[-1]";
      case 19:
        return "(" + text(d) + ")." +
               one({"rstrip('/')", "lstrip('/')", "removesuffix('.pth')", "removeprefix('/')",
                    "zfill(6)", "center(9, '*')"});
      case 20:
        return "(" + text(d) + " or 'none')";
      case 21:
        return "{'a': " + text(d) + ", 'b': 'B'}[" + one({"'a'", "'b'"}) + "]";
      case 22:
        return "[" + text(d) + ", " + text(d) + "][" + one({"0", "1", "-1"}) + "]";
      case 23:
        return "os.path.expanduser('~/' + " + quoted() + ")";
      default:
        return pick(2) ? variable("text", quoted()) : quoted();
    }
  }

  std::string path(int depth) {
    if (depth > 3) return "Path('/root/x')";
    const int d = depth + 1;
    switch (pick(11)) {
      case 0:
        return "(" + path(d) + " / " + text(d) + ")";
      case 1:
        return path(d) + ".joinpath(" + text(d) + ", 'tail')";
      case 2:
        return path(d) + ".parent";
      case 3:
        return "Path(" + text(d) + ", 'a.b')";
      case 4:
        return "Path('/d/m.tar.gz').with_suffix('.pt')";
      case 5:
        return path(d) + ".joinpath('n').with_name('renamed.txt')";
      case 6:
        return "Path('/a/b/c').relative_to('/a')";
      case 7:
        return "Path('/a/b/c').parents[1]";
      default:
        return variable("path", "Path(" + text(d) + ")");
    }
  }

  std::string number(int depth) {
    if (depth > 3) return std::to_string(pick(12));
    const int d = depth + 1;
    switch (pick(12)) {
      case 0:
        return "(" + number(d) + one({" + ", " - ", " * ", " // 3 + ", " % 7 + "}) + number(d) +
               ")";
      case 1:
        return "len(" + (pick(2) ? text(d) : list(d)) + ")";
      case 2:
        return "max(" + number(d) + ", " + number(d) + ")";
      case 3:
        return "int('" + std::to_string(pick(90)) + "')";
      case 4:
        return "sum(range(" + std::to_string(pick(6)) + "))";
      case 5:
        return "abs(-" + number(9) + ")";
      case 6:
        return "(-" + number(d) + " // 2)";
      case 7:
        return "(2 ** " + std::to_string(pick(9)) + ")";
      default:
        return variable("number", std::to_string(pick(40)));
    }
  }

  std::string condition(int depth) {
    const int d = depth + 1;
    switch (pick(8)) {
      case 0:
        return number(d) + one({" < ", " == ", " >= ", " != "}) + number(d);
      case 1:
        return text(d) + " == " + text(d);
      case 2:
        return "'a' in " + text(d);
      case 3:
        return "not " + text(d);
      case 4:
        return "(" + text(d) + ").startswith('/')";
      case 5:
        return "isinstance(" + text(d) + ", str) and " + number(d) + " > 2";
      case 6:
        return "len(" + list(d) + ") > 1";
      default:
        return one({"True", "False", "__name__ == '__main__'"});
    }
  }

  std::string list(int depth) {
    if (depth > 3) return "['a', 'b']";
    const int d = depth + 1;
    switch (pick(9)) {
      case 0:
        return "[x + '_' for x in " + list(d) + "]";
      case 1:
        return "[f'{i}:{x}' for i, x in enumerate(" + list(d) + ")]";
      case 2:
        return "[x for x in " + list(d) + " if x != 'a']";
      case 3:
        return "sorted(['c', " + text(d) + ", 'b'])";
      case 4:
        return "(" + text(d) + ").split('/')";
      case 5:
        return "(" + list(d) + " + ['z'])";
      case 6:
        return "[str(n) for n in range(" + std::to_string(pick(5)) + ")]";
      default:
        return variable("list", "[" + text(d) + ", " + text(d) + "]");
    }
  }

  std::string fresh(const char* kind) {
    std::string name = std::string(1, kind[0]) + std::to_string(names_.size());
    pending_ = {name, kind};
    return name;
  }
  void keep() { names_.push_back(pending_); }

  void statement() {
    switch (pick(14)) {
      case 0: {
        const std::string v = text(0), name = fresh("text");
        line(name + " = " + v);
        return keep();
      }
      case 1: {
        const std::string v = path(0), name = fresh("path");
        line(name + " = " + v);
        return keep();
      }
      case 2: {
        const std::string v = list(0), name = fresh("list");
        line(name + " = " + v);
        if (pick(2)) line(name + ".append(" + quoted() + ")");
        return keep();
      }
      case 3: {  // a function
        const std::string body = text(1), argument = text(1), name = fresh("text");
        line("def f_" + name + "(a, b='dflt', *rest, c=" + quoted() + "):");
        if (pick(2)) line("    if a == 'nothing': return 'early'");
        line("    return a + b + " + body + " + c");
        line(name + " = f_" + name + "(" + argument + (pick(2) ? ", c='C'" : ", 'B'") + ")");
        return keep();
      }
      case 4: {  // a class
        const std::string a = text(1), b = text(1), name = fresh("text");
        line("class C_" + name + ":");
        line("    ROOT = " + a);
        line("    def __init__(self, tail):\n        self.tail = tail\n        self.n = 2");
        line("    @property\n    def whole(self): return f'{self.ROOT}|{self.tail}|{self.n}'");
        line("    @staticmethod\n    def twice(x): return x * 2");
        line("class D_" + name + "(C_" + name +
             "):\n    def more(self): return super().twice(self.whole)");
        line(name + " = D_" + name + "(" + b + ")." + (pick(2) ? "whole" : "more()"));
        return keep();
      }
      case 5: {  // a branch
        const std::string test = condition(0), a = text(1), b = text(1), name = fresh("text");
        line("if " + test + ":\n    " + name + " = " + a + "\nelse:\n    " + name + " = " + b);
        return keep();
      }
      case 6: {  // a loop
        const std::string over = list(1), name = fresh("text");
        line(name + " = ''");
        line("for item in " + over + ":");
        if (pick(2)) line("    if item == 'b': continue");
        line("    " + name + " += item + ';'");
        return keep();
      }
      case 7: {  // options
        const std::string fallback = quoted(), name = fresh("text");
        line("parser = argparse.ArgumentParser()");
        line("parser.add_argument('--out-dir', default=" + fallback + ")");
        line("parser.add_argument('--n', type=int, default=" + std::to_string(pick(9)) + ")");
        line("parser.add_argument('--fast', action='store_true')");
        line("args = parser.parse_args(" +
             std::string(pick(2) ? "[]" : "['--out-dir', '/given', '--n=4', '--fast']") + ")");
        line(name + " = f'{args.out_dir}:{args.n}:{args.fast}'");
        return keep();
      }
      case 8: {  // a record
        const std::string fallback = quoted(), name = fresh("text");
        line("@dataclass\nclass R_" + name + ":\n    root: str = " + fallback + "\n    n: int = 3");
        line(name + " = R_" + name + "(" + (pick(2) ? "n=5" : "") + ").root + str(R_" + name +
             "().n)");
        return keep();
      }
      case 9: {
        const std::string v = text(1), name = fresh("text");
        line("os.environ['SET_" + name + "'] = " + v);
        line(name + " = os.environ['SET_" + name + "'] + os.environ.get('SET_" + name + "', 'no')");
        return keep();
      }
      case 10: {
        const std::string a = text(1), name = fresh("text");
        line("try:\n    " + name + " = " + a + "\nexcept KeyError:\n    " + name +
             " = 'caught'\nfinally:\n    done = True");
        return keep();
      }
      case 11: {
        const std::string a = text(1), b = text(1), name = fresh("text");
        line("first, (second, *others) = " + a + ", [" + b + ", 'o1', 'o2']");
        line(name + " = first + second + ''.join(others)");
        return keep();
      }
      case 12: {
        const std::string v = text(1), name = fresh("text");
        line("settings = {'out': " + v + ", **{'k': 'K'}}");
        line("settings['new'] = settings.get('missing', 'M')");
        line(name + " = '|'.join(f'{k}={v}' for k, v in settings.items())");
        return keep();
      }
      default: {
        const std::string v = number(0), name = fresh("number");
        line(name + " = " + v);
        return keep();
      }
    }
  }

  std::mt19937 random_;
  std::string out_;
  std::vector<std::pair<std::string, std::string>> names_;
  std::pair<std::string, std::string> pending_;
};

constexpr const char* kDriver = R"py(
import json, os, sys
from pathlib import PurePath
def tell(v):
    if isinstance(v, PurePath): return ["path", str(v)]
    if isinstance(v, str): return ["str", v]
    if isinstance(v, bool): return ["bool", v]
    if isinstance(v, int): return ["int", v]
    if isinstance(v, list): return ["list", [tell(x) for x in v]]
    return ["other", repr(v)]
out = []
for text in json.load(open(sys.argv[1], encoding="utf-8")):
    os.environ.update(GIVEN="/given/value", HOME="/root")
    sys.argv = ["main.py"]
    space = {"__name__": "__main__"}
    try:
        exec(compile(text, "main.py", "exec"), space)
        out.append(tell(space["result"]))
    except Exception as e:
        out.append(["error", repr(e)])
json.dump(out, sys.stdout)
)py";

/// What the model knows of a value; nothing when it does not know all of it.
std::optional<json> known(const Value& value) {
  switch (value.type) {
    case Type::string: {
      const auto text = value.constant();
      if (!text) return std::nullopt;
      return json::array({value.is_path ? "path" : "str", *text});
    }
    case Type::boolean:
      return json::array({"bool", value.number != 0});
    case Type::integer:
      return json::array({"int", value.number});
    case Type::list: {
      if (value.open) return std::nullopt;
      json items = json::array();
      for (const Value& item : value.items()) {
        const auto one = known(item);
        if (!one) return std::nullopt;
        items.push_back(*one);
      }
      return json::array({"list", std::move(items)});
    }
    default:
      return std::nullopt;
  }
}

TEST(PythonOracle, ConstantsAreThoseOfCPython) {
  if (std::system("python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null") !=
      0) {
    std::puts("note: no python3 to compare with");
    return;
  }
  json programs = json::array();
  for (uint32_t seed = 1; seed <= kPrograms; ++seed) programs.push_back(Generator(seed).program());
  const auto folder =
      std::filesystem::temp_directory_path() / ("preflint-oracle-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "driver.py") << kDriver;
  std::ofstream(folder / "programs.json") << programs.dump();
  const std::string command =
      "cd " + folder.string() + " && python3 driver.py programs.json > out.json";
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::ifstream in(folder / "out.json");
  const json expected = json::parse(in);
  std::filesystem::remove_all(folder);
  ASSERT_EQ(expected.size(), programs.size());
  int comparable = 0, claimed = 0;
  std::string silent;
  for (size_t i = 0; i < programs.size(); ++i) {
    if (expected[i][0] == "error" || expected[i][0] == "other") continue;
    ++comparable;
    File file{"/p/main.py", FileKind::python, programs[i].get<std::string>()};
    Launch launch;
    launch.source = Source(file);
    launch.arguments.emplace();
    launch.environment["GIVEN"] = preflint::Value::literal("/given/value");
    const Trace trace = run(launch, Host{});
    const auto value = known(trace.global("result"));
    if (!value) {
      silent += "-- program " + std::to_string(i + 1) + " gives " + expected[i].dump() + "\n" +
                file.bytes;
      continue;
    }
    ++claimed;
    EXPECT_EQ(*value, expected[i]) << "program " << i + 1 << ":\n" << file.bytes;
  }
  EXPECT_GE(comparable, 150);
  EXPECT_GE(claimed * 100, comparable * 80)
      << claimed << " of " << comparable << " values are known; not:\n"
      << silent;
  std::printf("note: %d of %d values are known\n", claimed, comparable);
}

}  // namespace
}  // namespace preflint::py
