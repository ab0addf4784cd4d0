#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/one_of.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/foreign_loads.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;
using project::Run;

namespace {

/// The text of a file with its comments blanked.
std::string code_of(const py::Module& module) {
  std::string out(module.source.text());
  for (const Span comment : module.comments)
    std::fill(out.begin() + comment.begin, out.begin() + comment.end, ' ');
  return out;
}

/// Does a name that begins with `load_model` say that the model is put together, as it came from
/// its makers: `load_model_and_tokenizer`?
bool loads_with_others(std::string_view name) {
  return name.starts_with("load_model_and_") || name.starts_with("load_models");
}

/// Does the program read any state back, or speak of resuming, on whatever path? Code that this
/// launch does not reach counts, comments do not, nor does what is surely the state of another
/// network.
bool reads_back(const py::Trace& trace) {
  const project::ForeignLoads foreign(trace);
  const bool lightning =
      std::any_of(trace.imports.begin(), trace.imports.end(), [](const py::ImportEvent& import) {
        return import.module.find("lightning") != std::string::npos;
      });
  for (const py::ProgramFile& file : trace.files) {
    const std::string text = code_of(file.syntax);
    for (const std::string_view word :
         {"torch.load", "load_state", "load_checkpoint", "load_ckpt", "load_weights", "resume",
          "RESUME", "Resume", "ckpt_path=", "restore", "load_from", "load_file", "from_checkpoint",
          "load_pretrained", "get_last_checkpoint", "load_model"}) {
      for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        if (word == "load_model" && loads_with_others(std::string_view(text).substr(at))) continue;
        // A parameter of that name; only Lightning goes on from one.
        if (word == "ckpt_path=" && foreign.some() && !lightning) continue;
        if (!foreign.explain(file, text, static_cast<uint32_t>(at))) return true;
      }
    }
  }
  return false;
}

/// A path as it is written, without what says only that it is relative.
std::string_view bare(std::string_view path) {
  for (const std::string_view start : {"<project>/", "./"}) {
    if (path.starts_with(start)) path.remove_prefix(start.size());
  }
  return path;
}

bool below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

/// A path or an id that a model is made from.
struct Origin {
  int order;
  std::string name;
};

std::vector<Origin> origins_of(const py::Trace& trace) {
  std::vector<Origin> out;
  for (const py::CallEvent& call : trace.calls) {
    if (call.method != "from_pretrained") continue;
    const py::Argument* from = call.argument(
        0, {"pretrained_model_name_or_path", "model_id", "model_name", "model_name_or_path"});
    if (from) out.push_back({call.order, from->value.text().display()});
  }
  return out;
}

/// Is the model made from what was saved there, before it is saved again?
bool starts_from(const std::vector<Origin>& origins, const Artefact& saved) {
  const std::string path = saved.path();
  return std::any_of(origins.begin(), origins.end(), [&](const Origin& origin) {
    const std::string_view name = bare(origin.name), own = bare(path);
    return origin.order < saved.call->order && !name.empty() &&
           (below(name, own) || below(own, name) || own.ends_with("/" + std::string(name)));
  });
}

/// Is the call made only with a flag (`action="store_true"`) that the launch does not pass?
bool switched_off(const Run& run, const py::CallEvent& call) {
  for (const py::CallEvent& option : run.python->calls) {
    const py::Argument* action =
        option.method == "add_argument" ? option.keyword("action") : nullptr;
    if (!action || action->value.text().constant().value_or("") != "store_true") continue;
    for (const py::Argument& argument : option.arguments) {
      const std::string name = argument.value.text().constant().value_or("");
      if (!name.starts_with("--")) continue;
      std::string attribute = "." + name.substr(2);
      std::replace(attribute.begin(), attribute.end(), '-', '_');
      const bool passed = std::any_of(
          run.arguments.begin(), run.arguments.end(), [&](const shell::Argument& given) {
            return given.may_split || given.value.unknown_whole() || given.is(name);
          });
      if (passed) continue;
      for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
        if (frame->kind != py::FrameKind::condition) continue;
        for (const std::string& mention : frame->mentions) {
          if (mention.ends_with(attribute)) return true;
        }
      }
    }
  }
  return false;
}

/// A number that the setup gives, as text or as number.
std::optional<double> number(const py::CallEvent& call, std::string_view name) {
  const py::Argument* given = call.keyword(name);
  if (!given) return std::nullopt;
  if (given->value.type == py::Type::integer) return static_cast<double>(given->value.number);
  if (given->value.type == py::Type::real) return given->value.real;
  return std::nullopt;
}

/// Do the arguments of a trainer say that it saves again and again while it trains? Only what is
/// written there counts: a run that is shorter than the default interval saves nothing on its way.
bool saves_on_its_way(const py::CallEvent& setup) {
  if (setup.more_keywords) return false;
  if (setup.origin.ends_with(".ModelCheckpoint"))
    return number(setup, "save_top_k").value_or(setup.keyword("save_top_k") ? 0 : 1) != 0;
  const py::Argument* strategy = setup.keyword("save_strategy");
  const std::string how = strategy ? strategy->value.constant().value_or("?") : "steps";
  if (how == "epoch")
    return number(setup, "num_train_epochs").value_or(setup.keyword("num_train_epochs") ? 0 : 3) >
           1;
  if (how != "steps") return false;
  const auto steps = number(setup, "save_steps");
  if (!steps || *steps <= 0) return false;
  const py::Argument* limit = setup.keyword("max_steps");
  const double last = limit ? number(setup, "max_steps").value_or(0) : -1;
  return last < 0 || last > *steps;
}

/// One pass over the data, in which a model answers nothing by itself: as a rule that is over before
/// anything happens to the box.
bool one_epoch(const py::CallEvent& setup) {
  if (setup.more_keywords || setup.keyword("max_steps")) return false;
  for (const std::string_view rollouts : {"GRPO", "PPO", "RLOO", "OnlineDPO", "NashMD", "XPO"}) {
    if (setup.origin.find(rollouts) != std::string::npos) return false;
  }
  const auto epochs = number(setup, "num_train_epochs");
  return epochs && *epochs <= 1;
}

/// The argument with which a trainer would go on from a checkpoint, when every training of the
/// program leaves it out; empty otherwise.
std::string_view never_given(const py::Trace& trace, bool lightning) {
  const std::string_view option = lightning ? "ckpt_path" : "resume_from_checkpoint";
  bool found = false;
  for (const py::CallEvent& call : trace.calls) {
    if (one_of(call.method, {"HfArgumentParser", "TrlParser", "LightningCLI"}) ||
        (lightning && call.origin.ends_with(".Trainer") &&
         number(call, "max_epochs").value_or(2) <= 1)) {
      return {};
    }
    if (call.method != (lightning ? "fit" : "train") || call.project || call.uncalled() ||
        call.origin.find("Trainer") == std::string::npos)
      continue;
    if (call.given(lightning ? 4 : 0, {option}) != Tri::no) return {};
    found = true;
  }
  return found ? option : std::string_view();
}

}  // namespace

void no_resume(project::Context& context) {
  context.each_python_run(project::Where::instance, [&](const Run& run) {
    if (run.python->incomplete || run.unit->embedding != Embedding::file ||
        run.unit->file().kind == FileKind::notebook)
      return;
    if (reads_back(*run.python)) return;
    const std::vector<Origin> origins = origins_of(*run.python);
    for (const Artefact& saved : context.artefacts(run)) {
      if (saved.kind != Artefact::checkpoint || !saved.call || starts_from(origins, saved))
        continue;
      if (saved.live && !saved.in_loop && saves_on_its_way(*saved.call)) {
        const bool lightning = saved.call->origin.ends_with(".ModelCheckpoint");
        const std::string_view option = never_given(*run.python, lightning);
        if (option.empty()) continue;
        Finding& finding = report(context, saved, saved.call->span);
        finding.message = "trainer";
        finding.arguments = {{"call", saved.tool},
                             {"method", lightning ? "fit" : "train"},
                             {"option", std::string(option)}};
        if (one_epoch(*saved.call)) finding.severity = Severity::info;
        return;
      }
      if (!saved.in_loop || !project::saved_each_epoch(*run.python, *saved.call) ||
          switched_off(run, *saved.call))
        continue;
      Finding& finding = report(context, saved, saved.call->span);
      finding.arguments = {{"call", saved.tool}};
      return;
    }
  });
}

}  // namespace preflint::checks
