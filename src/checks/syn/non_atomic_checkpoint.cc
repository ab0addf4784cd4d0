#include <algorithm>
#include <utility>
#include <vector>

#include "base/one_of.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;

namespace {

/// Do two paths surely name the same file: the same text, with a file name that is wholly known?
bool same_file(const Value& a, const Value& b) {
  for (const Text& one : a.alternatives()) {
    const std::string_view name = one.known_suffix();
    const size_t slash = name.rfind('/');
    if (slash == std::string_view::npos ? !one.known() || name.empty() : slash + 1 == name.size())
      continue;
    for (const Text& other : b.alternatives()) {
      if (one == other) return true;
    }
  }
  return false;
}

/// Are both made in one round of the same loop? What is read there is compared with, not resumed
/// from.
bool in_one_loop(const py::CallEvent& a, const py::CallEvent& b) {
  for (const py::Frame* one = a.frame; one; one = one->parent) {
    if (one->kind != py::FrameKind::loop) continue;
    for (const py::Frame* other = b.frame; other; other = other->parent) {
      if (other->kind == py::FrameKind::loop && other->file == one->file &&
          other->span == one->span)
        return true;
    }
  }
  return false;
}

bool asks(const py::Frame& frame) {
  return frame.kind == py::FrameKind::condition || frame.kind == py::FrameKind::after_exit;
}

/// Does one condition decide which of the two is made: `if args.do_eval: load(); else: train()`?
bool alternatives(const py::CallEvent& a, const py::CallEvent& b) {
  for (const py::Frame* one = a.frame; one; one = one->parent) {
    if (!asks(*one)) continue;
    for (const py::Frame* other = b.frame; other; other = other->parent) {
      if (asks(*other) && other->file == one->file && other->span == one->span &&
          other->taken != one->taken)
        return true;
    }
  }
  return false;
}

/// Is it made only where an option asks for an evaluation: `if args.do_eval:`, `if cfg.test_only:`?
bool for_evaluation(const py::CallEvent& load) {
  for (const py::Frame* frame = load.frame; frame; frame = frame->parent) {
    if (!asks(*frame) || !frame->taken) continue;
    for (const std::string& mention : frame->mentions) {
      const std::string_view name = std::string_view(mention).substr(mention.rfind('.') + 1);
      if (one_of(name,
                 {"eval", "do_eval", "eval_only", "only_eval", "evaluate", "do_evaluate",
                  "evaluation", "test", "do_test", "test_only", "only_test", "testing", "infer",
                  "inference", "do_inference", "predict", "do_predict", "predict_only"}))
        return true;
    }
  }
  return false;
}

}  // namespace

void non_atomic_checkpoint(project::Context& context) {
  context.each_python_run(project::Where::instance, [&](const project::Run& run) {
    std::vector<std::pair<const Artefact*, Finding*>> told;
    for (const Artefact& saved : context.artefacts(run)) {
      if (saved.kind != Artefact::checkpoint || !saved.in_loop || saved.replaced ||
          saved.tool != "torch.save")
        continue;
      if (!project::saved_each_epoch(*run.python, *saved.call)) continue;
      // What is read before the loop saves again is what a relaunch resumes from; what is read
      // after it is the finished model.
      for (const py::CallEvent& load : run.python->calls) {
        if (load.order >= saved.call->order) break;
        if (load.origin != "torch.load" || load.uncalled()) continue;
        // Below the loop of the same function: the finished model of an earlier call of it.
        if (load.file == saved.call->file && load.span.begin > saved.call->span.begin &&
            load.function() == saved.call->function())
          continue;
        if (in_one_loop(load, *saved.call) || alternatives(load, *saved.call) ||
            for_evaluation(load))
          continue;
        const py::Argument* path = load.argument(0, {"f"});
        if (!path || !path->value.is_string()) continue;
        if (!same_file(saved.landing.path,
                       context.lander().land(path->value.text(), run.environment.cwd).path))
          continue;
        // `if ema: save(a, PATH) else: save(b, PATH)`: one file that is written in one of two ways.
        const auto other = std::find_if(told.begin(), told.end(), [&](const auto& one) {
          return alternatives(*one.first->call, *saved.call) &&
                 same_file(one.first->landing.path, saved.landing.path);
        });
        if (other != told.end()) {
          other->second->related.push_back(
              context.note(saved.call->file->syntax.source, saved.call->span, "other-branch"));
          break;
        }
        Finding& finding = report(context, saved, saved.call->span);
        finding.arguments = {{"path", saved.path()}};
        finding.related.push_back(context.note(load.file->syntax.source, load.span, "resumes"));
        told.emplace_back(&saved, &finding);
        break;
      }
    }
  });
}

}  // namespace preflint::checks
