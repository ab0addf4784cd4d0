#include <algorithm>
#include <vector>

#include "base/one_of.h"
#include "base/text.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/python_statements.h"
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

bool counts_rounds(std::string_view text) {
  const std::string low = lower(text);
  for (const std::string_view word : {"epoch", "step", "iter", "round"}) {
    if (low.find(word) != std::string::npos) return true;
  }
  return false;
}

/// Does the file's name say the epoch or step, so that each round writes a file of its own? What is
/// computed from a number has no name; then the call says it, or one that leads to it.
bool numbered(const Artefact& saved) {
  const std::vector<Text>& paths = saved.landing.path.alternatives();
  // (Of a loop over numbers that are known the last round is one more.)
  return std::any_of(paths.begin(), paths.end(), [&](const Text& path) {
    bool computed = false;
    for (auto piece = path.pieces().rbegin(); piece != path.pieces().rend(); ++piece) {
      if (piece->known && piece->text.find('/') != std::string::npos) break;
      if (!piece->known && counts_rounds(piece->text)) return true;
      computed |= !piece->known && (piece->text.empty() || piece->text == "?");
    }
    const py::CallEvent& call = *saved.call;
    if (!computed) return false;
    if (counts_rounds(call.file->syntax.slice(call.span))) return true;
    for (const py::Frame* at = call.frame; at && at->kind != py::FrameKind::loop; at = at->parent) {
      if (at->kind == py::FrameKind::function && counts_rounds(at->file->syntax.slice(at->span)))
        return true;
    }
    return false;
  });
}

/// Is `a` made whenever `b` is?
bool as_often(const py::CallEvent& a, const py::CallEvent& b) {
  for (const py::Frame* one = a.frame; one; one = one->parent) {
    if (!one->conditional() && one->kind != py::FrameKind::handler) continue;
    bool shared = false;
    for (const py::Frame* other = b.frame; other && !shared; other = other->parent)
      shared = other->kind == one->kind && other->file == one->file && other->span == one->span &&
               other->taken == one->taken;
    if (!shared) return false;
  }
  return true;
}

/// A save in place, and where a relaunch reads it.
struct Overwritten {
  const Artefact* saved = nullptr;
  const py::CallEvent* load = nullptr;
  std::vector<const py::CallEvent*> others;  // the same file in the other branch of a condition
};

/// Is it written to what a context manager gives: `with atomic_directory(target) as tmp:`? What
/// that is and what becomes of it afterwards is the manager's business; only one that opens a file
/// gives the file itself.
bool within_manager(const Artefact& saved) {
  const py::CallEvent& call = *saved.call;
  const py::Argument* path = call.argument(1, {"f"});
  for (const py::Frame* at = call.frame; at && at->kind != py::FrameKind::function;
       at = at->parent) {
    if (at->kind != py::FrameKind::with || at->file != call.file || !path) continue;
    const std::string_view entered = at->file->syntax.slice(at->span);
    const size_t open = entered.find('(');
    if (open == std::string_view::npos ||
        lower(entered.substr(0, open)).find("open") != std::string::npos)
      continue;
    bool named = false;
    project::each_statement(at->file->syntax, [&](const py::Stmt& statement) {
      if (statement.kind != py::StmtKind::with) return;
      for (const py::Block& block : statement.blocks) {
        named |= block.test && block.test->span == at->span && block.target &&
                 project::mentions(path->expr, block.target->text);
      }
    });
    if (named) return true;
  }
  return false;
}

/// Is it made only where an option asks for an evaluation: `if args.do_eval:`, `if cfg.test_only:`?
bool for_evaluation(const py::CallEvent& load) {
  for (const py::Frame* frame = load.frame; frame; frame = frame->parent) {
    if (!frame->conditional() || !frame->taken) continue;
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
    const std::vector<Artefact>& artefacts = context.artefacts(run);
    std::vector<Overwritten> all;
    for (const Artefact& saved : artefacts) {
      if (saved.kind != Artefact::checkpoint || !saved.in_loop || saved.replaced ||
          saved.tool != "torch.save")
        continue;
      if (!project::saved_each_epoch(*run.python, *saved.call) || within_manager(saved)) continue;
      // What is read before the loop saves again is what a relaunch resumes from; what is read
      // after it is the finished model.
      for (const py::CallEvent& load : run.python->calls) {
        if (load.order >= saved.call->order) break;
        if (load.origin != "torch.load" || load.uncalled()) continue;
        // Below the loop of the same function: the finished model of an earlier call of it.
        if (load.file == saved.call->file && load.span.begin > saved.call->span.begin &&
            load.function() == saved.call->function())
          continue;
        if (in_one_loop(load, *saved.call) || load.branch_apart(*saved.call) ||
            for_evaluation(load))
          continue;
        const py::Argument* path = load.argument(0, {"f"});
        if (!path || !path->value.is_string()) continue;
        if (!same_file(saved.landing.path,
                       context.lander().land(path->value.text(), run.environment.cwd).path))
          continue;
        // `if ema: save(a, PATH) else: save(b, PATH)`: one file that is written in one of two ways,
        // the plain one of which is the other branch.
        const auto other = std::find_if(all.begin(), all.end(), [&](const Overwritten& one) {
          return one.saved->call->branch_apart(*saved.call) &&
                 same_file(one.saved->landing.path, saved.landing.path);
        });
        if (other == all.end()) {
          all.push_back({&saved, &load, {}});
        } else if (saved.call->branch_apart(*other->saved->call)->taken) {
          other->others.push_back(saved.call);
        } else {
          other->others.push_back(other->saved->call);
          other->saved = &saved;
        }
        break;
      }
    }
    for (const Overwritten& one : all) {
      const py::CallEvent& call = *one.saved->call;
      Finding& finding = report(context, *one.saved, call.span);
      finding.arguments = {{"path", one.saved->path()}};
      finding.related.push_back(
          context.note(one.load->file->syntax.source, one.load->span, "resumes"));
      for (const py::CallEvent* other : one.others)
        finding.related.push_back(
            context.note(other->file->syntax.source, other->span, "other-branch"));
      // The same round has written the state under a name of its own as well.
      const bool kept =
          std::any_of(artefacts.begin(), artefacts.end(), [&](const Artefact& beside) {
            return beside.kind == Artefact::checkpoint && beside.tool == "torch.save" &&
                   beside.call && numbered(beside) && in_one_loop(*beside.call, call) &&
                   as_often(*beside.call, call);
          });
      if (kept) {
        finding.severity = Severity::info;
        finding.message = "kept";
      }
    }
  });
}

}  // namespace preflint::checks
