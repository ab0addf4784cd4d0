#include "project/resumption.h"

#include <algorithm>

#include "base/one_of.h"
#include "model/python/trace.h"

namespace preflint::project {
namespace {

bool inside(const Value& path, const Value& folder) {
  const auto& folders = folder.alternatives();
  return std::all_of(path.alternatives().begin(), path.alternatives().end(), [&](const Text& one) {
    return std::any_of(folders.begin(), folders.end(),
                       [&](const Text& other) { return one == other || below(one, other); });
  });
}

/// The path of what a call reads back; null for any other call.
const py::Argument* read_back(const py::CallEvent& call) {
  if (call.project || call.uncalled()) return nullptr;
  if (one_of(call.origin, {"torch.load", "torch.jit.load", "safetensors.torch.load_file",
                           "transformers.trainer_utils.get_last_checkpoint"}))
    return call.argument(0, {"f", "filename", "folder"});
  if (one_of(call.method, {"load_state", "load_checkpoint", "load_from_checkpoint"}))
    return call.argument(0, {"input_dir", "load_dir", "checkpoint_path"});
  if (call.method == "train") return call.argument(0, {"resume_from_checkpoint"});
  return call.method == "fit" ? call.keyword("ckpt_path") : nullptr;
}

bool resumes(const Context& context, const Run& run, const Value& folder) {
  for (const Artefact& saved : context.artefacts(run)) {
    if (saved.kind != Artefact::checkpoint || !saved.live || !saved.call ||
        !inside(saved.landing.path, folder))
      continue;
    for (const py::CallEvent& call : run.python->calls) {
      const bool trainer = call.method == "train" || call.method == "fit";
      if (!trainer && call.order >= saved.call->order) break;
      const py::Argument* path = read_back(call);
      if (!path || !path->value.is_string()) continue;
      const Value place = context.lander().land(path->value.text(), run.environment.here()).path;
      if (inside(place, folder)) return true;
    }
  }
  return false;
}

}  // namespace

bool resumed_from(const Context& context, const Run& run, int command, const Value& folder) {
  bool found = false;
  for (const Run* child : run.children) {
    if (child->launch_command <= command) continue;
    each_run_below(*child, [&](const Run& below) {
      found = found || (below.python && resumes(context, below, folder));
    });
  }
  return found;
}

}  // namespace preflint::project
