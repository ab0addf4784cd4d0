#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;

namespace {

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

bool holds(const std::string& text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return text.find(part) != std::string::npos; });
}

/// One file for each turn of a loop over samples: the name varies, and the loop is not over epochs.
bool per_sample(const Artefact& artefact) {
  if (!artefact.call || artefact.call->loop_depth() == 0) return false;
  const auto& places = artefact.landing.path.alternatives();
  if (places.size() == 1 && places[0].known()) return false;
  const py::Frame* loop = artefact.call->frame;
  while (loop && loop->kind != py::FrameKind::loop && loop->kind != py::FrameKind::comprehension)
    loop = loop->parent;
  if (!loop || !loop->file) return false;
  const std::string head = lower(std::string(loop->file->syntax.source.slice(loop->span)));
  return !holds(head,
                {"epoch", "fold", "seed", "step", "iter(", "split", "model", "metric", "config"});
}

/// A folder of many small files, by its name.
bool many_files(const Value& source) {
  const std::string name = lower(paths::basename(source.display()));
  return holds(name, {"vis", "image", "imgs", "img", "frames", "sample", "dataset", "figures",
                      "plots", "pictures", "patches", "crops"}) ||
         name == "data" || name == "site-packages" || name == "envs";
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
      } else if (artefact.kind == Artefact::cache) {
        if (!artefact.tool.starts_with("HF_") && artefact.tool != "TRANSFORMERS_CACHE")
          continue;  // a few large files
        message = "cache";
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
      finding.arguments = {{"tool", artefact.tool},
                           {"path", artefact.path()},
                           {"shared", shared->path},
                           {"inodes", inodes}};
    }
  }
}

}  // namespace preflint::checks
