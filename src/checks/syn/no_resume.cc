#include <algorithm>

#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;
using project::Run;

namespace {

/// Does the program read any state back, or speak of resuming, on whatever path?
bool reads_back(const py::Trace& trace) {
  for (const py::ProgramFile& file : trace.files) {
    const std::string_view text = file.syntax.source.text();
    for (const std::string_view word :
         {"torch.load", "load_state", "load_checkpoint", "load_ckpt", "load_model", "load_weights",
          "resume", "RESUME", "Resume", "ckpt_path=", "restore", "load_from", "load_file",
          "from_checkpoint", "load_pretrained", "get_last_checkpoint"}) {
      if (text.find(word) != std::string_view::npos) return true;
    }
  }
  return false;
}

/// Is the call made only with a flag (`action="store_true"`) that the launch does not pass?
bool switched_off(const Run& run, const py::CallEvent& call) {
  for (const py::CallEvent& option : run.python->calls) {
    const py::Argument* action = option.method == "add_argument" ? option.keyword("action") : nullptr;
    if (!action || action->value.text().constant().value_or("") != "store_true") continue;
    for (const py::Argument& argument : option.arguments) {
      const std::string name = argument.value.text().constant().value_or("");
      if (!name.starts_with("--")) continue;
      std::string attribute = "." + name.substr(2);
      std::replace(attribute.begin(), attribute.end(), '-', '_');
      const bool passed = std::any_of(run.arguments.begin(), run.arguments.end(), [&](const shell::Argument& given) {
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

}  // namespace

void no_resume(project::Context& context) {
  context.each_python_run(project::Where::instance, [&](const Run& run) {
    if (run.python->incomplete || run.unit->embedding != Embedding::file ||
        run.unit->file().kind == FileKind::notebook)
      return;
    if (reads_back(*run.python)) return;
    for (const Artefact& saved : context.artefacts(run)) {
      if (saved.kind != Artefact::checkpoint || !saved.in_loop || !saved.call ||
          !project::saved_each_epoch(*run.python, *saved.call) || switched_off(run, *saved.call))
        continue;
      Finding& finding = report(context, saved, saved.call->span);
      finding.arguments = {{"call", saved.tool}};
      return;
    }
  });
}

}  // namespace preflint::checks
