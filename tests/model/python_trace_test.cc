#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "model/python/run.h"

namespace preflint::py {
namespace {

/// A little project in memory; "main.py" is run.
struct Project {
  std::map<std::string, std::shared_ptr<File>> files;
  Launch launch;
  Host host;
  Trace trace;

  explicit Project(std::map<std::string, std::string> texts) {
    for (auto& [name, text] : texts) {
      files["/p/" + name] = std::make_shared<File>(File{"/p/" + name, FileKind::python, text});
    }
    host.exists = [this](const std::string& path) { return files.contains(path); };
    host.open = [this](const std::string& path) -> std::shared_ptr<const File> {
      const auto found = files.find(path);
      return found == files.end() ? nullptr : found->second;
    };
    host.roots = {"/p"};
    launch.source = Source(*files.at("/p/main.py"));
  }
  Project& run() {
    trace = py::run(launch, host);
    return *this;
  }
  /// The n-th call to something.
  const CallEvent& call(std::string_view origin, size_t n = 0) {
    static const CallEvent none;
    for (const CallEvent& event : trace.calls) {
      if (event.origin == origin && n-- == 0) return event;
    }
    ADD_FAILURE() << "no call to " << origin;
    return none;
  }
  std::string argument(std::string_view origin, int position = 0, std::string_view keyword = "",
                       size_t n = 0) {
    const Argument* found = call(origin, n).argument(position, {keyword});
    if (!found) return "(none)";
    const preflint::Value text = found->value.text();
    std::string out;
    for (const Text& one : text.alternatives()) out += (out.empty() ? "" : " | ") + one.display();
    return out;
  }
};

Project program(std::string text) { return Project({{"main.py", std::move(text)}}); }

constexpr const char* kWriters = R"py(
import os
from pathlib import Path

import tensorboardX
from torch.utils.tensorboard import SummaryWriter as Writer

ROOT = Path("/root/tf-logs")
RUN = "a1"
ok1 = Writer(log_dir=f"/root/tf-logs/{RUN}")
ok2 = Writer(ROOT / RUN)
ok3 = Writer(os.path.join("/root", "tf-logs", RUN))
ok5 = Writer(os.environ["TB_DIR"])
bad1 = Writer()
bad3 = tensorboardX.SummaryWriter(logdir="/root/tf-logs/../elsewhere")
bad4 = Writer(os.environ.get("TB_DIR", "./runs"))
class SummaryWriter:
    def __init__(self, path): self.path = path
SummaryWriter("notes.txt")
)py";

TEST(PythonTrace, WritersAreKnownByOrigin) {
  Project p = program(kWriters);
  p.run();
  const char* writer = "torch.utils.tensorboard.SummaryWriter";
  EXPECT_EQ(p.argument(writer, 0, "log_dir", 0), "/root/tf-logs/a1");
  EXPECT_EQ(p.argument(writer, 0, "log_dir", 1), "/root/tf-logs/a1");
  EXPECT_EQ(p.argument(writer, 0, "log_dir", 2), "/root/tf-logs/a1");
  EXPECT_EQ(p.argument(writer, 0, "log_dir", 3), "$TB_DIR");
  EXPECT_EQ(p.call(writer, 4).given(0, {"log_dir"}), Tri::no);
  EXPECT_EQ(p.argument(writer, 0, "log_dir", 5), "./runs");
  EXPECT_EQ(p.argument("tensorboardX.SummaryWriter", 0, "logdir"), "/root/tf-logs/../elsewhere");
  EXPECT_TRUE(p.call("__main__.SummaryWriter").project);
}

TEST(PythonTrace, ArgumentsOfTheLaunchReachTheProgram) {
  const char* text = R"py(
import argparse
from torch.utils.tensorboard import SummaryWriter
parser = argparse.ArgumentParser()
parser.add_argument("--tb_dir", default="/root/tf-logs/from_cli")
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--debug", action="store_true")
args = parser.parse_args()
writer = SummaryWriter(args.tb_dir)
if args.debug:
    SummaryWriter("/debug")
print(args.epochs + 1)
)py";
  const char* writer = "torch.utils.tensorboard.SummaryWriter";
  Project alone = program(text);
  alone.run();
  EXPECT_EQ(alone.argument(writer), "/root/tf-logs/from_cli");
  EXPECT_TRUE(alone.call(writer).argument(0)->value.assumed);
  EXPECT_TRUE(alone.call(writer, 1).guarded_by("args.debug"));
  Project launched = program(text);
  launched.launch.arguments = {{preflint::Value::literal("--tb_dir=/root/x"),
                                preflint::Value::literal("--epochs"),
                                preflint::Value::literal("7")}};
  launched.run();
  EXPECT_EQ(launched.argument(writer), "/root/x");
  EXPECT_EQ(launched.call("builtins.print").argument(0)->value.number, 8);
  size_t writers = 0;
  for (const CallEvent& event : launched.trace.calls) writers += event.origin == writer;
  EXPECT_EQ(writers, 1u);
}

/// What a program with a few options does once it has been launched with `words`.
bool goes_on(const std::vector<std::string>& words, const std::string& more = "",
             const std::string& before = "") {
  Project p = program(R"py(
import argparse
import sys
import torch
)py" + before + R"py(
def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--gpu", type=bool, default=True)
    parser.add_argument("--lr", "-l", type=float, default=0.1)
    parser.add_argument("--sizes", nargs="+", type=int)
    parser.add_argument("--verbose", action="store_true")
)py" + more + R"py(
    return parser.parse_args()
def main():
    args = options()
    torch.load(args.data)
if __name__ == "__main__":
    main()
)py");
  p.launch.arguments.emplace();
  for (const std::string& word : words)
    p.launch.arguments->push_back(word == "$X" ? preflint::Value::unknown("X")
                                               : preflint::Value::literal(word));
  p.run();
  return std::any_of(p.trace.calls.begin(), p.trace.calls.end(),
                     [](const CallEvent& event) { return event.origin == "torch.load"; });
}

TEST(PythonTrace, NothingHappensBehindALaunchThatArgparseRefuses) {
  EXPECT_FALSE(goes_on({}));                                // --data is required
  EXPECT_FALSE(goes_on({"--data", "x", "--epochs", "3"}));  // a stranger
  EXPECT_FALSE(goes_on({"--data", "x", "--epochs=3"}));     // too
  EXPECT_FALSE(goes_on({"--gpu", "--data", "x"}));          // type=bool wants a word
  EXPECT_FALSE(goes_on({"--data", "x", "--sizes"}));        // at least one
  EXPECT_FALSE(goes_on({"--data", "x", "more"}));           // nothing takes it
  EXPECT_FALSE(goes_on({"--data"}));                        //
  EXPECT_FALSE(goes_on({"--data", "x"}, "    parser.add_argument('out')"));
  EXPECT_TRUE(goes_on({"--data", "x"}));
  EXPECT_TRUE(goes_on({"--da", "x", "--verb"}));  // abbreviated
  EXPECT_TRUE(goes_on({"--data=x", "-l0.3", "--sizes", "3", "4"}));
  EXPECT_TRUE(goes_on({"--data", "x", "--lr", "-0.3"}));
  EXPECT_TRUE(goes_on({"--data", "-- a title"}));  // a space: no option
  EXPECT_TRUE(goes_on({"--data", "x", "y"}, "    parser.add_argument('out')"));
  EXPECT_TRUE(goes_on({"--data", "x"}, "    parser.add_argument('out', nargs='?')"));
  EXPECT_TRUE(goes_on({"--data", "x", "a", "b"}, "    parser.add_argument('out', nargs='*')"));
}

TEST(PythonTrace, WhatIsNotKnownOfALaunchOrAParserIsNoRefusal) {
  EXPECT_TRUE(goes_on({"$X"}));
  EXPECT_TRUE(goes_on({"--data", "$X", "--verbose"}));
  EXPECT_TRUE(goes_on({"--epochs", "3"}, "    add_more(parser)"));
  EXPECT_TRUE(goes_on({"--epochs", "3"},
                      "    import deepspeed\n"
                      "    deepspeed.add_config_arguments(parser)"));
  EXPECT_TRUE(goes_on({"--epochs", "3"},
                      "    for n in names():\n"
                      "        parser.add_argument('--' + n)"));
  EXPECT_TRUE(goes_on({"--epochs", "3"},
                      "    if torch.cuda.is_available():\n"
                      "        parser.add_argument('--epochs')"));
  EXPECT_TRUE(goes_on({"--epochs", "3"},
                      "    if torch.cuda.is_available():\n"
                      "        return None"));
  EXPECT_TRUE(goes_on({"--epochs", "3"}, "", "sys.argv = [sys.argv[0], '--data', 'x']"));
  EXPECT_TRUE(goes_on({"--epochs", "3"}, "    return parser.parse_known_args()[0]"));
}

TEST(PythonTrace, OptionsThatAreNotPassedKeepTheirDefaults) {
  Project p = program(R"py(
import argparse
import deepspeed
from torch.utils.tensorboard import SummaryWriter
parser = argparse.ArgumentParser()
parser.add_argument("--debug", action="store_true")
parser = deepspeed.add_config_arguments(parser)
args = parser.parse_args()
if args.debug:
    SummaryWriter("/debug")
commands = parser.add_subparsers()
commands.add_parser("fit").add_argument("--out", default=None)
commands.add_parser("test").add_argument("--out", default="x")
args = parser.parse_args()
if args.debug:
    SummaryWriter("/debug")
if args.out:
    SummaryWriter(args.out)
)py");
  p.launch.arguments = {{preflint::Value::literal("--deepspeed")}};
  p.run();
  // Which of the two commands runs is not known.
  EXPECT_TRUE(p.call("torch.utils.tensorboard.SummaryWriter").guarded_by("args.out"));
}

TEST(PythonTrace, TheLaunchChoosesASubcommand) {
  const char* text = R"py(
import argparse
common = argparse.ArgumentParser(add_help=False)
common.add_argument("--out", default="x")
parser = argparse.ArgumentParser()
parser.add_argument("--root")
parser.set_defaults(run=lambda args: print("none"))
commands = parser.add_subparsers()
commands.required = True
commands.dest = "command"
fit = commands.add_parser("fit", parents=[common])
fit.add_argument("--lr", type=float, default=0.5)
fit.set_defaults(run=lambda args: print("fit", args.out, args.lr))
data = commands.add_parser("data").add_subparsers(dest="part")
for name in ("get", "pack"):
    data.add_parser(name, parents=[common]).set_defaults(run=lambda args: print("data", args.out))
args = parser.parse_args()
args.run(args)
if args.command == "data" and args.part == "get":
    print("got")
)py";
  const auto words = [](std::initializer_list<const char*> texts) {
    std::vector<preflint::Value> out;
    for (const char* word : texts) out.push_back(preflint::Value::literal(word));
    return out;
  };
  const auto printed = [](const Project& one) {
    std::string out;
    for (const CallEvent& event : one.trace.calls) {
      if (event.origin != "builtins.print" || event.uncalled()) continue;
      for (const Argument& argument : event.arguments)
        out += argument.value.str().constant().value_or("?") + " ";
    }
    return out;
  };
  Project fit = program(text);
  fit.launch.arguments = words({"--root", "fit", "fit", "--lr", "2"});
  EXPECT_EQ(printed(fit.run()), "fit x 2.0 ");
  Project get = program(text);
  get.launch.arguments = words({"data", "get", "--out", "y"});
  EXPECT_EQ(printed(get.run()), "data y got ");
  Project pack = program(text);
  pack.launch.spelled = words({"data", "pack"});
  pack.launch.spelled.push_back(preflint::Value::unknown());
  EXPECT_EQ(printed(pack.run()), "data x ");

  // Options of both, and a launch that the subcommand refuses.
  const char* shared = R"py(
import argparse
common = argparse.ArgumentParser(add_help=False)
common.add_argument("--out", required=True)
parser = argparse.ArgumentParser(parents=[common])
commands = parser.add_subparsers()
commands.add_parser("fit", parents=[common])
args = parser.parse_args()
print(args.out)
)py";
  Project both = program(shared);
  both.launch.arguments = words({"fit", "--out", "z"});
  EXPECT_EQ(printed(both.run()), "z ");
  Project refused = program(shared);
  refused.launch.arguments = words({"fit", "--out", "z", "--in", "y"});
  EXPECT_EQ(printed(refused.run()), "");
}

TEST(PythonTrace, ConditionsAreExpectedByTheirDefaults) {
  Project p = program(R"py(
import argparse
import os
import wandb
parser = argparse.ArgumentParser()
parser.add_argument("--track", action="store_true")
parser.add_argument("--quiet", action="store_true")
parser.add_argument("--logger", default="csv")
args = parser.parse_args()
if args.track: wandb.init("no 1")
if not args.quiet: wandb.init("yes 1")
if args.logger == "wandb" or args.track: wandb.init("no 2")
if args.logger == "csv" and args.track is False: wandb.init("yes 2")
if os.environ.get("TRACK", "0") == "1": wandb.init("no 3")
if os.environ.get("TRACK") == "1": wandb.init("yes 3")
wandb.init("no 4") if args.track else wandb.init("yes 4")
args.track and wandb.init("no 5")
def start():
    if not args.track:
        return
    wandb.init("no 6")
start()
if args.track and unknown(): wandb.init("no 7")
if args.quiet or unknown(): wandb.init("yes 5")
)py");
  p.run();
  size_t seen = 0;
  for (const CallEvent& event : p.trace.calls) {
    if (event.origin != "wandb.init") continue;
    ++seen;
    const std::string name = event.argument(0)->value.constant().value_or("");
    EXPECT_EQ(event.unexpected(), name.starts_with("no")) << name;
  }
  EXPECT_EQ(seen, 12u);
}

TEST(PythonTrace, OverridesOfHydraHaveTypes) {
  Project p = program(R"py(
import hydra
import wandb
@hydra.main(config_path="conf")
def main(cfg):
    if cfg.on: wandb.init(1)
    if cfg.off: wandb.init(2)
    if cfg.none is None: wandb.init(3)
    if "wandb" in cfg.trainer.logger: wandb.init(4)
    if cfg.epochs == 3: wandb.init(5)
    if cfg.text == "a b": wandb.init(6)
    if cfg.nested: wandb.init(7)
main()
)py");
  p.launch.arguments.emplace();
  for (const char* word :
       {"on=True", "+off=false", "none=null", "++trainer.logger=[console, 'csv']", "epochs=3",
        "text='a b'", "nested=[[1]]"})
    p.launch.arguments->push_back(preflint::Value::literal(word));
  p.run();
  std::vector<int64_t> made;
  for (const CallEvent& event : p.trace.calls) {
    if (event.origin == "wandb.init" && !event.uncalled())
      made.push_back(event.argument(0)->value.number);
  }
  EXPECT_EQ(made, (std::vector<int64_t>{1, 3, 5, 6, 7}));
}

TEST(PythonTrace, ProjectFunctionsAreFollowed) {
  Project p({{"main.py", R"py(
from utils.io import save_atomically as save
from lib import Trainer, Writer
class Mine(Writer): pass
def main():
    t = Trainer("/root/autodl-tmp/run")
    t.fit()
    Mine("/w")
if __name__ == "__main__":
    main()
)py"},
             {"utils/__init__.py", ""},
             {"utils/io.py", R"py(
import os, torch
def save_atomically(state, path):
    tmp = path + ".tmp"
    torch.save(state, tmp)
    os.replace(tmp, path)
)py"},
             {"src/lib/__init__.py",
              "from .trainer import Trainer\nfrom torch.utils.tensorboard import SummaryWriter as "
              "Writer\n"},
             {"src/lib/trainer.py", R"py(
from utils import io
class Trainer:
    every = 2
    def __init__(self, out):
        self.out = out
    def fit(self):
        for epoch in range(100):
            if rank == 0:
                self.save(epoch)
    def save(self, epoch):
        io.save_atomically({}, f"{self.out}/ckpt_{epoch}.pth")
)py"}});
  p.run();
  EXPECT_EQ(p.argument("torch.save", 1), "/root/autodl-tmp/run/ckpt_{epoch}.pth.tmp");
  const CallEvent& save = p.call("torch.save");
  EXPECT_EQ(save.loop_depth(), 1);
  EXPECT_TRUE(save.guarded_by("rank"));
  EXPECT_EQ(save.function(), "save_atomically");
  EXPECT_FALSE(save.uncalled());
  EXPECT_EQ(save.file->name, "utils.io");
  EXPECT_EQ(p.argument("torch.utils.tensorboard.SummaryWriter"), "/w");
  ASSERT_GE(p.trace.imports.size(), 2u);
  EXPECT_NE(p.trace.imports[0].project, nullptr);
}

TEST(PythonTrace, ConstantBranchesAreFolded) {
  Project p = program(R"py(
from typing import TYPE_CHECKING
import torch
if False: torch.a()
if TYPE_CHECKING: torch.b()
if __name__ == "__main__": torch.c()
if 1 > 2 or not True: torch.d()
MODE = "x"
if MODE == "y": torch.e()
if unknown: d = "/a"
else: d = "/b"
torch.f(d)
def g(x):
    if x: return
    torch.g()
g(unknown)
)py");
  p.run();
  std::vector<std::string> seen;
  for (const CallEvent& event : p.trace.calls) {
    if (event.origin.starts_with("torch.")) seen.push_back(event.origin);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"torch.c", "torch.f", "torch.g"}));
  EXPECT_EQ(p.argument("torch.f"), "/a | /b");
  EXPECT_TRUE(p.call("torch.g").conditional());
}

TEST(PythonTrace, UncalledFunctionsRunOnce) {
  Project p = program(R"py(
import torch
class Model(torch.nn.Module):
    def __init__(self, out="/o"):
        self.out = out
    def on_end(self):
        torch.save(self, self.out + "/x")
        self.log("a", 1)
def helper(path, d="/d"):
    torch.load(path)
    torch.load(d)
)py");
  p.run();
  EXPECT_TRUE(p.call("torch.save").uncalled());
  EXPECT_EQ(p.argument("torch.save", 1), "/o/x");
  EXPECT_EQ(p.argument("torch.load", 0, "", 0), "{path}");
  EXPECT_EQ(p.argument("torch.load", 0, "", 1), "/d");
  EXPECT_EQ(p.call("torch.nn.Module().log").method, "log");
}

TEST(PythonTrace, EnvironmentInOrder) {
  Project p = program(R"py(
import os
os.environ["HF_ENDPOINT"] = "https://hf-mirror.com"
import transformers
os.environ.setdefault("HF_HOME", "/root/hf")
os.environ.update(A="1", B="2")
x = os.environ["HF_ENDPOINT"] + os.getenv("GIVEN") + os.getenv("A", "z")
)py");
  p.launch.environment["GIVEN"] = preflint::Value::literal("!");
  p.run();
  ASSERT_EQ(p.trace.environment_writes.size(), 4u);
  EXPECT_LT(p.trace.environment_writes[0].order, p.trace.imports[1].order);
  EXPECT_GT(p.trace.environment_writes[1].order, p.trace.imports[1].order);
  EXPECT_EQ(p.trace.global("x").constant(), "https://hf-mirror.com!1");
}

TEST(PythonTrace, ResultsAndFailuresAreWatched) {
  Project p = program(R"py(
import os, shutil, subprocess
try:
    shutil.copy("a", "/root/autodl-fs")
except Exception:
    pass
print("synced")
os.system("cp a b")
r = subprocess.run(["cp", "a"], capture_output=True)
if r.returncode != 0:
    raise SystemExit
if os.system("true") == 0: pass
cmd = "cp x " + "/root"
os.system(f"{cmd} && echo done")
)py");
  p.run();
  EXPECT_TRUE(p.call("shutil.copy").failure_swallowed());
  EXPECT_TRUE(p.call("os.system", 0).statement);
  EXPECT_FALSE(p.call("os.system", 0).tested);
  EXPECT_TRUE(p.call("subprocess.run").tested);
  EXPECT_TRUE(p.call("subprocess.run").bound);
  EXPECT_TRUE(p.call("os.system", 1).tested);
  EXPECT_EQ(p.argument("os.system", 0, "", 2), "cp x /root && echo done");
  const auto source = source_of(p.call("os.system", 2).argument(0)->value);
  ASSERT_TRUE(source);
  EXPECT_EQ(source->text(), "cp x /root && echo done");
  const auto at = static_cast<uint32_t>(source->text().find("echo"));
  const Span outer = source->outer({at, at + 4});
  EXPECT_EQ(p.files["/p/main.py"]->bytes.substr(outer.begin, outer.size()), "echo");
}

TEST(PythonTrace, CommandLineFrameworks) {
  Project click = program(R"py(
import click, torch
@click.command()
@click.option("--out", default="/c")
@click.option("--n", type=int, default=1)
def main(out, n):
    torch.save(n, out)
main()
)py");
  click.launch.arguments = {{preflint::Value::literal("--n"), preflint::Value::literal("4")}};
  click.run();
  EXPECT_EQ(click.argument("torch.save", 1), "/c");
  EXPECT_EQ(click.call("torch.save").argument(0)->value.number, 4);
  Project typer = program(R"py(
import typer, torch
app = typer.Typer()
@app.command()
def main(out_dir: str = typer.Option("/t"), n: int = 2):
    torch.save(n, out_dir)
if __name__ == "__main__":
    app()
)py");
  typer.launch.arguments = {
      {preflint::Value::literal("--out-dir"), preflint::Value::literal("/u")}};
  typer.run();
  EXPECT_EQ(typer.argument("torch.save", 1), "/u");
  Project fire =
      program("import fire, torch\ndef main(out='/f'):\n  torch.save(1, out)\nfire.Fire(main)\n");
  fire.run();
  EXPECT_EQ(fire.argument("torch.save", 1), "/f");
  Project absl = program(R"py(
from absl import app, flags
import torch
flags.DEFINE_string("out", "/a", "help")
FLAGS = flags.FLAGS
def main(argv):
    torch.save(1, FLAGS.out)
app.run(main)
)py");
  absl.run();
  EXPECT_EQ(absl.argument("torch.save", 1), "/a");
  Project records = program(R"py(
from dataclasses import dataclass, field
import torch
@dataclass
class Config:
    out: str = "/d"
    names: list = field(default_factory=lambda: ["x"])
c = Config()
torch.save(c.names[0], c.out)
)py");
  records.run();
  EXPECT_EQ(records.argument("torch.save", 1), "/d");
  EXPECT_EQ(records.argument("torch.save", 0), "x");
}

TEST(PythonTrace, HostileProgramsEnd) {
  std::string loops;
  std::string indent;
  for (int i = 0; i < 18; ++i) {
    loops += indent + "for a" + std::to_string(i) + " in [1, 2, 3, 4, 5, 6, 7, 8]:\n";
    indent += " ";
  }
  loops += indent + "f(x)\n";
  Project deep = program(loops);
  deep.run();
  std::string calls = "def f0(x): return x\n";
  for (int i = 1; i < 40; ++i) {
    const std::string below = "f" + std::to_string(i - 1);
    calls += "def f" + std::to_string(i) + "(x): return " + below + "(x) + " + below + "(x) + " +
             below + "(x)\n";
  }
  Project wide = program(calls + "f39('a')\n");
  wide.run();
  std::string doubling = "a = ['x']\n";
  for (int i = 0; i < 60; ++i) doubling += "a = a + a\ns = 'x' * 100\n";
  Project grows = program(doubling + "def r(): return r()\nr()\nwhile True: pass\nprint(1)\n");
  grows.run();
  for (const CallEvent& event : grows.trace.calls) EXPECT_NE(event.origin, "builtins.print");
}

TEST(PythonTrace, TuplesAreTakenApartByPosition) {
  Project project = program(R"py(
import sys
PAIRS = [("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5), ("f", 6), ("g", 7), ("h", 8)]
for name, number in PAIRS[:2]:
    print(name)
for name, number in PAIRS:
    repr(f"https://host/{name}")
TABLE = {"x": ("one", 1), "y": ("two", 2)}
word, _ = TABLE[sys.argv[1]]
len(word)
)py");
  project.run();
  EXPECT_EQ(project.argument("builtins.print"), "a | b");
  EXPECT_TRUE(project.argument("builtins.repr").starts_with("https://host/"));
  EXPECT_EQ(project.argument("builtins.len"), "one | two");
}

TEST(PythonTrace, CallbacksRunBesideAParser) {
  Project project = program(R"py(
import argparse
import threading


def work():
    open("started")


parser = argparse.ArgumentParser()
threading.Timer(5, work, parser)
)py");
  project.run();
  EXPECT_EQ(project.argument("builtins.open"), "started");
  EXPECT_FALSE(project.call("builtins.open").uncalled());
}

}  // namespace
}  // namespace preflint::py
