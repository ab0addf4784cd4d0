#include "project/training.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/one_of.h"
#include "base/text.h"
#include "model/python/trace.h"
#include "model/value.h"
#include "project/python_statements.h"

namespace preflint::project {
namespace {

/// The word as a word of its own: `best.pth`, `model_best`, `best-acc`, not `bestow`.
bool has_token(std::string_view name, std::string_view token) {
  for (size_t at = name.find(token); at != std::string_view::npos; at = name.find(token, at + 1)) {
    const auto letter = [&](size_t i) {
      return i < name.size() && name[i] >= 'a' && name[i] <= 'z';
    };
    if ((at == 0 || !letter(at - 1)) && !letter(at + token.size())) return true;
  }
  return false;
}

}  // namespace

bool is_checkpoint_file(std::string_view path) {
  const std::string name = lower(paths::basename(path));
  for (const std::string_view ending :
       {".pt", ".pth", ".ckpt", ".safetensors", ".keras", ".pdparams", ".pdopt", ".msgpack",
        ".pth.tar", ".pt.tar", ".weights"}) {
    if (name.ends_with(ending)) return true;
  }
  // Endings that data have as well.
  return (name.ends_with(".bin") || name.ends_with(".h5")) &&
         holds_any(name, {"model", "optimizer", "adapter", "weights", "best", "last"});
}

bool is_checkpoint_folder(std::string_view path) {
  const std::string name = lower(paths::basename(path));
  return holds_any(name, {"checkpoint", "ckpt"}) ||
         one_of(name, {"saved_models", "saved_model", "weights", "snapshots"});
}

bool is_fetched(std::string_view path) {
  const std::string shown = lower(path);
  return holds_any(shown, {"/.cache", "pretrain", "huggingface", "/hub/", "modelscope",
                           "torch_home", "backbone", "imagenet", "autodl-pub"});
}

bool names_best(std::string_view path) { return has_token(lower(paths::basename(path)), "best"); }

bool names_latest(std::string_view path) {
  const std::string name = lower(paths::basename(path));
  return has_token(name, "latest") || has_token(name, "last");
}

bool trains(const py::Trace& trace) {
  for (const py::CallEvent& call : trace.calls) {
    if (call.project) continue;
    if (call.method == "backward" && call.origin != "torch.autograd.backward()" &&
        !call.origin.starts_with("torch.autograd.Function"))
      return true;
    const std::string_view origin = call.origin;
    const bool trainer = holds_any(origin, {"Trainer", "transformers", "lightning", "keras", "trl.",
                                            "sentence_transformers", "ultralytics", "fastai"});
    if ((call.method == "train" && holds_any(origin, {"Trainer", "ultralytics"})) ||
        (call.method == "fit" && trainer))
      return true;
    if (call.method == "minimize" || call.method == "apply_gradients" ||
        call.method == "train_on_batch")
      return true;
    if (one_of(origin, {"accelerate.Accelerator().backward", "torch.autograd.backward",
                        "jax.value_and_grad", "jax.grad"}))
      return true;
  }
  return false;
}

namespace {

/// The innermost loop that makes a call round after round; null when it is made once.
const py::Frame* repeating_loop(const py::CallEvent& call) {
  const py::ProgramFile* file = call.file;
  Span place = call.span;
  bool left = false;  // the function around the loop ends there
  for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
    if (!frame->file) continue;
    if (frame->kind == py::FrameKind::function) {
      file = frame->file;
      place = frame->span;
      left = false;
    }
    if (frame->kind != py::FrameKind::loop || left) continue;
    const py::Stmt* loop = frame->file == file ? loop_around(file->syntax, frame->span) : nullptr;
    const Rounds rounds = loop ? rounds_at(file->syntax, *loop, place) : Rounds::many;
    if (rounds == Rounds::many) return frame;
    left = rounds == Rounds::last;
    place = frame->span;
  }
  return nullptr;
}

/// Does the head of a loop say that its rounds are those of a training? Not what goes through files
/// or rows: `for file in folder.iterdir()`, `for index, row in table.iterrows()`.
bool counts_training(std::string_view loop_head) {
  const std::string head = lower(loop_head);
  return holds_any(head, {"epoch", "step", "iter"}) &&
         !holds_any(head, {"iterdir(", "listdir(", "scandir(", "glob(", "os.walk(", "iterrows(",
                           "itertuples(", "iteritems("});
}

}  // namespace

bool saved_each_epoch(const py::Trace& trace, const py::CallEvent& save) {
  const py::Frame* loop = repeating_loop(save);
  if (!loop) return false;
  if (counts_training(loop->file->syntax.source.slice(loop->span))) return true;
  for (const py::CallEvent& call : trace.calls) {
    if (call.method != "backward" || call.project) continue;
    int between = 0;
    for (const py::Frame* at = call.frame; at; at = at->parent) {
      if (at->kind != py::FrameKind::loop) continue;
      if (at->file == loop->file && at->span == loop->span) {
        if (between <= 1) return true;
        break;
      }
      ++between;
    }
  }
  return false;
}

namespace {

/// Does a program leave its work to others that it starts or looks up by name? What they do is then
/// told by what it is called.
bool hands_on(const py::Trace& program) {
  return std::any_of(program.calls.begin(), program.calls.end(), [](const py::CallEvent& call) {
    if (call.uncalled()) return false;
    return one_of(call.origin,
                  {"os.system", "os.execv", "os.execvp", "os.execvpe", "subprocess.run",
                   "subprocess.call", "subprocess.check_call", "subprocess.Popen", "runpy.run_path",
                   "runpy.run_module", "importlib.import_module", "ray.get"});
  });
}

/// `python -m trl.cli.main grpo`, `python -m trl sft`: what is asked of the command line of TRL.
std::optional<std::string> verb_of_trl(const shell::CommandEvent& event) {
  const auto& words = event.arguments;
  for (size_t i = 0; i + 2 < words.size(); ++i) {
    if (!words[i].is("-m")) continue;
    if (!words[i + 1].is("trl.cli.main") && !words[i + 1].is("trl.cli") && !words[i + 1].is("trl"))
      return std::nullopt;
    return words[i + 2].constant();
  }
  return std::nullopt;
}

/// `--eval`, `--mode test`, `--do_eval` without `--do_train`: a program that also trains is asked
/// for something else.
bool only_evaluates(const shell::CommandEvent& event) {
  bool evaluates = false;
  for (size_t i = 0; i < event.arguments.size(); ++i) {
    const std::string word = lower(event.arguments[i].value.display());
    if (!word.starts_with('-')) continue;
    const size_t equals = word.find('=');
    std::string name = word.substr(0, equals);
    name.erase(0, name.find_first_not_of('-'));
    std::replace(name.begin(), name.end(), '-', '_');
    const std::string next =
        i + 1 < event.arguments.size() ? lower(event.arguments[i + 1].value.display()) : "";
    const std::string given = equals != std::string::npos ? word.substr(equals + 1) : next;
    const bool on = given.empty() || given.starts_with('-') || one_of(given, {"1", "true", "yes"});
    if (one_of(name, {"do_train", "train"}) && on) return false;
    if (one_of(name, {"eval", "evaluate", "eval_only", "only_eval", "test", "test_only",
                      "only_test", "do_eval", "do_predict", "do_test", "predict", "inference"}))
      evaluates = evaluates || on;
    if (one_of(name, {"mode", "phase"}))
      evaluates = evaluates || one_of(given, {"test", "eval", "evaluate", "predict", "infer",
                                              "inference", "val", "validate"});
  }
  return evaluates;
}

}  // namespace

const Run* python_child(const Run& run, const shell::CommandEvent& event) {
  // Children stand in the order of the commands that start them.
  auto at = std::lower_bound(
      run.children.begin(), run.children.end(), event.index,
      [](const Run* child, int command) { return child->launch_command < command; });
  for (; at != run.children.end() && (*at)->launch_command == event.index; ++at) {
    if ((*at)->python) return *at;
  }
  return nullptr;
}

bool runs_python(const shell::CommandEvent& event) {
  if (event.name == "accelerate") return event.operand() && event.operand()->is("launch");
  if (event.name == "python") return !event.arguments.empty();
  return one_of(event.name, {"torchrun", "deepspeed", "llamafactory-cli", "swift", "xtuner",
                             "composer", "ipython", "yolo"});
}

bool starts_training(const Run& run, const shell::CommandEvent& event) {
  if (const auto verb = verb_of_trl(event))
    return holds_any(*verb,
                     {"sft", "dpo", "grpo", "kto", "ppo", "orpo", "cpo", "rloo", "reward"}) &&
           !holds_any(*verb, {"eval", "serve"});
  if (const Run* child = python_child(run, event)) {
    if (trains(*child->python)) return true;
    if (!hands_on(*child->python)) return false;
  }
  if (!runs_python(event)) return false;
  std::string said;
  if (one_of(event.name, {"llamafactory-cli", "swift", "xtuner", "yolo"})) {
    for (const std::string& word : event.words()) {
      if (one_of(word, {"train", "sft", "pt", "rlhf", "mode=train"})) return true;
    }
    return false;
  }
  for (size_t i = 0; i < event.arguments.size(); ++i) {
    const std::string word = event.arguments[i].value.display();
    if (word == "-c") return false;
    const bool module = word == "-m" && i + 1 < event.arguments.size();
    if (!module && !word.ends_with(".py")) continue;
    said = lower(module ? event.arguments[i + 1].value.display() : paths::basename(word));
    break;
  }
  if (said.empty() || holds_any(said, {"infer", "eval", "predict", "generat", "sampl", "demo",
                                       "serv", "convert", "export", "prepro", "download", "merge",
                                       "prepare", "plot", "visual", "check", "tokenizer"})) {
    return false;
  }
  if (only_evaluates(event)) return false;
  if (holds_any(said, {"test"}) && !holds_any(said, {"train"})) return false;
  return holds_any(said, {"train", "finetune", "fine_tune", "sft", "dpo", "grpo", "lora", "run_clm",
                          "run_mlm", "run_glue", "distill"});
}

namespace {

constexpr long kFewSteps = 50;

/// `smoke_test.sh`, `debug.sh`, `test_train.sh`; `train_and_test.sh` trains.
bool named_for_trying(const std::string& path) {
  std::string name = lower(paths::basename(path));
  name.erase(std::min(name.rfind('.'), name.size()));
  const bool tests = has_token(name, "test") &&
                     (name.starts_with("test") || !holds_any(name, {"train", "tune", "sft"}));
  return tests || has_token(name, "smoke") || has_token(name, "smoketest") ||
         has_token(name, "debug") || has_token(name, "dry") || has_token(name, "dryrun") ||
         has_token(name, "sanity");
}

/// `--trainer.max-epochs` → max_epochs; "" for a word that is no name.
std::string option_name(std::string_view word) {
  while (word.starts_with('-') || word.starts_with('+')) word.remove_prefix(1);
  std::string out = lower(word.substr(word.rfind('.') + 1));
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

}  // namespace

bool only_tries(const Run& run, const shell::CommandEvent& event) {
  for (const Run* at = &run; at; at = at->parent) {
    if (named_for_trying(at->unit->file().path)) return true;
  }
  bool one_epoch = false, few_steps = false, many_steps = false, saves_on_its_way = false;
  for (size_t i = 0; i < event.arguments.size(); ++i) {
    const std::string word = event.arguments[i].value.display();
    const size_t equals = word.find('=');
    const bool option = word.starts_with('-');
    if (one_of(word, {"--help", "-h", "--version"})) return true;
    if (!option && equals == std::string::npos) continue;
    const std::string name = option_name(word.substr(0, equals));
    std::string given;
    if (equals != std::string::npos)
      given = word.substr(equals + 1);
    else if (i + 1 < event.arguments.size())
      given = event.arguments[i + 1].constant().value_or("?");
    if (one_of(name, {"fast_dev_run", "smoke", "smoke_test", "dry_run", "dryrun", "sanity_check"}))
      few_steps = few_steps || !one_of(lower(given), {"0", "false", "no", "off"});
    saves_on_its_way = saves_on_its_way || one_of(name, {"save_steps", "save_every_n_steps",
                                                         "checkpointing_steps", "save_interval"});
    const bool number = !given.empty() && given.size() < 10 &&
                        given.find_first_not_of("0123456789") == std::string::npos;
    if (!number) continue;
    const long n = std::stol(given);
    // Fine-tuning with the trainers that say num_train_epochs or total_epochs is often one epoch.
    if (one_of(name, {"epoch", "epochs", "num_epoch", "num_epochs", "n_epoch", "n_epochs",
                      "nepochs", "max_epoch", "max_epochs"}))
      one_epoch = n <= 1;
    if (one_of(name, {"steps", "num_steps", "n_steps", "max_step", "max_steps", "train_steps",
                      "max_train_steps", "num_train_steps", "total_steps", "iters", "iterations",
                      "max_iter", "max_iters", "num_iters", "num_iterations", "total_iters"}))
      (n <= kFewSteps ? few_steps : many_steps) = true;
  }
  return few_steps || (one_epoch && !many_steps && !saves_on_its_way);
}

}  // namespace preflint::project
