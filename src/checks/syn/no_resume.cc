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

}  // namespace

void no_resume(project::Context& context) {
  context.each_python_run(project::Where::instance, [&](const Run& run) {
    if (run.python->incomplete || run.unit->embedding != Embedding::file ||
        run.unit->file().kind == FileKind::notebook)
      return;
    if (reads_back(*run.python)) return;
    for (const Artefact& saved : context.artefacts(run)) {
      if (saved.kind != Artefact::checkpoint || !saved.in_loop || !saved.call ||
          !project::saved_each_epoch(*run.python, *saved.call))
        continue;
      Finding& finding = report(context, saved, saved.call->span);
      finding.arguments = {{"call", saved.tool}};
      return;
    }
  });
}

}  // namespace preflint::checks
