#include "base/one_of.h"
#include "base/text.h"
#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/training.h"
#include "project/uncalled.h"

namespace preflint::checks {

using project::Artefact;

namespace {

/// One file for each turn of a loop over samples: the name varies, and the loop goes over what a
/// data set holds, by its head, and not over epochs, a list of data sets or attempts at one file. A
/// shard holds many samples.
bool per_sample(const Artefact& artefact) {
  if (!artefact.call || artefact.call->loop_depth() == 0) return false;
  const auto& places = artefact.landing.path.alternatives();
  // Names that are all known are few.
  if (std::all_of(places.begin(), places.end(), [](const Text& one) { return one.known(); }))
    return false;
  if (holds_any(lower(paths::basename(artefact.path())), {"shard"})) return false;
  const py::Frame* loop = artefact.call->frame;
  while (loop && loop->kind != py::FrameKind::loop && loop->kind != py::FrameKind::comprehension)
    loop = loop->parent;
  if (!loop || !loop->file) return false;
  const std::string head = lower(std::string(loop->file->syntax.source.slice(loop->span)));
  return holds_any(head,
                   {"loader",  "sample", "batch",  "image",      "img",     "frame", "example",
                    "record",  "item",   "row",    "clip",       "video",   "audio", "wav",
                    "utt",     "patch",  "crop",   "slice",      "mask",    "scene", "case",
                    "patient", "file",   "path",   "glob",       "listdir", "walk",  "dataset",
                    "data)",   "data:",  "range(", "enumerate(", "lines",   "id"}) &&
         !holds_any(head, {"epoch", "fold", "seed", "step", "iter(", "split", "model", "metric",
                           "config", "datasets", "dataset_name", "data_name", "task", "benchmark",
                           "method", "subset", "attempt", "retry", "retries"});
}

/// A folder of many small files, by its name.
bool many_files(const Value& source) {
  const std::string name = lower(paths::basename(source.display()));
  return holds_any(name, {"vis", "image", "imgs", "img", "frames", "sample", "dataset", "figures",
                          "plots", "pictures", "patches", "crops"}) ||
         name == "data" || name == "site-packages" || name == "envs";
}

bool names_cache(std::string_view variable) {
  return variable == "HF_HOME" || variable == "HF_HUB_CACHE" ||
         variable == "HUGGINGFACE_HUB_CACHE" || variable == "TRANSFORMERS_CACHE" ||
         variable == "HF_DATASETS_CACHE";
}

}  // namespace

void small_files_on_shared_fs(project::Context& context) {
  const catalog::Tier* shared = context.profile().durable_tier();
  if (!shared || !shared->inodes) return;
  const std::string inodes = std::to_string(*shared->inodes);
  for (const project::Run& run : context.program().runs) {
    if (!project::applies(project::Where::instance, run)) continue;
    for (const Artefact& artefact : context.artefacts(run)) {
      if (!artefact.landing.on(shared)) continue;
      std::string message;
      if (artefact.kind == Artefact::sample) {
        if (!per_sample(artefact)) continue;
        message = "samples";
      } else if (artefact.kind == Artefact::unpacked) {
        message = "unpacked";
      } else if (artefact.kind == Artefact::copy) {
        const bool many = artefact.recursive && !artefact.archive && !artefact.off_box &&
                          !artefact.pulled &&
                          std::any_of(artefact.sources.begin(), artefact.sources.end(), many_files);
        if (!many) continue;
        message = "copied";
      } else {
        continue;
      }
      Finding& finding =
          report(context, artefact, artefact.call ? artefact.call->span : artefact.span);
      finding.message = message;
      // How many files a program's archive holds is seldom known, and of videos they are few.
      if (artefact.kind == Artefact::unpacked && artefact.call)
        finding.severity = Severity::warning;
      finding.arguments = {{"tool", artefact.tool},
                           {"path", artefact.path()},
                           {"shared", shared->path},
                           {"inodes", inodes}};
    }
  }
  // The cache of the Hub, wherever it is given its folder.
  const auto cache = [&](Finding& finding, std::string_view name, const Value& path) {
    finding.message = "cache";
    finding.arguments = {{"tool", std::string(name)},
                         {"path", path.display()},
                         {"shared", shared->path},
                         {"inodes", inodes}};
  };
  context.each_assignment(project::Where::instance, [&](const project::Run& run,
                                                        const shell::AssignmentEvent& event) {
    if (!names_cache(event.name)) return;
    const auto landing = context.lander().land(event.value, event.state.cwd);
    if (landing.on(shared))
      cache(context.report(run, *event.unit, event.span, event.frame), event.name, landing.path);
  });
  context.each_python_run(project::Where::instance, [&](const project::Run& run) {
    for (const py::EnvironmentWrite& write : run.python->environment_writes) {
      const auto key = write.key.constant();
      if (!key || !names_cache(*key) || !write.file || !write.value.is_string() ||
          context.shared<project::UnnamedFunctions>().hold(run, write.frame))
        continue;
      const auto landing = context.lander().land(write.value.text(), run.environment.cwd);
      if (landing.on(shared))
        cache(context.report(run, write.file->syntax.source, write.span, write.frame), *key,
              landing.path);
    }
  });
}

}  // namespace preflint::checks
