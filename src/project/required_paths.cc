#include "project/required_paths.h"

#include <algorithm>

#include "base/one_of.h"
#include "project/python_statements.h"

namespace preflint::project {
namespace {

using py::CallEvent;
using py::Frame;
using py::FrameKind;
using py::Stmt;
using py::StmtKind;

bool asks_for_path(const CallEvent& call) {
  return one_of(call.origin, {"os.path.exists", "os.path.isfile", "os.path.isdir"}) ||
         one_of(call.method, {"exists", "is_file", "is_dir"});
}

bool same_condition(const Frame& frame, const CallEvent& question, const py::Expr& test) {
  return frame.file == question.file && frame.span == test.span;
}

/// Looks at one place where the program asks for the path, or fails without it.
class Question {
 public:
  Question(const CallEvent& question, const CallEvent& load) : question_(question), load_(load) {}

  bool decides() const {
    const Stmt* statement = statement_around(question_.file->syntax, question_.span);
    if (!statement) return false;
    if (!asks_for_path(question_)) return always_asked({});
    if (statement->kind == StmtKind::assert_ && !statement->exprs.empty())
      return holds(*statement->exprs[0], true) && always_asked(statement->exprs[0]->span);
    if (statement->kind != StmtKind::if_ || statement->blocks.empty()) return false;
    const py::Block& first = statement->blocks[0];
    if (!first.test || !first.test->span.contains(question_.span)) return false;
    for (const Frame* frame = load_.frame; frame; frame = frame->parent) {
      const bool behind = frame->kind == FrameKind::condition ||
                          (frame->kind == FrameKind::after_exit && leaves(first.body));
      if (behind && same_condition(*frame, question_, *first.test) &&
          holds(*first.test, frame->taken))
        return true;
    }
    const bool missing_ends = ends_program(first.body) && holds(*first.test, false);
    const bool otherwise_ends = statement->blocks.size() == 1 && ends_program(statement->orelse) &&
                                holds(*first.test, true);
    return (missing_ends || otherwise_ends) && always_asked(first.test->span);
  }

 private:
  /// Does a condition that came out as `taken` mean that the path is there?
  bool holds(const py::Expr& condition, bool taken) const {
    if (condition.kind == py::ExprKind::unary && condition.op == py::Op::not_)
      return holds(*condition.children[0], !taken);
    const auto means = [&](const py::Expr* one) { return holds(*one, taken); };
    if (condition.kind == py::ExprKind::boolean && !condition.ops.empty()) {
      const auto& parts = condition.children;
      return taken == (condition.ops[0] == py::Op::and_)
                 ? std::any_of(parts.begin(), parts.end(), means)
                 : std::all_of(parts.begin(), parts.end(), means);
    }
    return taken && &condition == question_.expr;
  }

  static bool leaves(py::Body body) {
    return !body.empty() && (body.back()->kind == StmtKind::return_ || ends_program(body));
  }

  /// Is there no way to the load that leaves the question out, or goes on after a failure?
  /// `test` is the condition that the question is part of.
  bool always_asked(Span test) const {
    for (const Frame* at = question_.frame; at; at = at->parent) {
      if (within(load_.frame, at)) break;
      switch (at->kind) {
        case FrameKind::condition:
          if (at->file != question_.file || !test.contains(at->span)) return false;
          break;
        case FrameKind::after_exit: {
          const Stmt* before = at->file ? statement_around(at->file->syntax, at->span) : nullptr;
          if (!before || before->blocks.empty() || !ends_program(before->blocks[0].body))
            return false;
          break;
        }
        case FrameKind::try_body:
          if (at->swallows) return false;
          break;
        case FrameKind::handler:
        case FrameKind::uncalled:
          return false;
        default:
          break;
      }
    }
    return true;
  }

  const CallEvent& question_;
  const CallEvent& load_;
};

}  // namespace

bool path_required(const py::Trace& trace, const CallEvent& call, const std::string& path) {
  return std::any_of(trace.calls.begin(), trace.calls.end(), [&](const CallEvent& question) {
    if (question.order >= call.order || !question.file) return false;
    const bool opens = one_of(question.origin, {"os.listdir", "os.scandir"});
    if (!opens && !asks_for_path(question)) return false;
    const py::Argument* asked = question.argument(0, {"path", "s"});
    const py::Value& value = asked ? asked->value : question.receiver;
    const Value text = value.text();
    // Of a folder a file in it may be asked for.
    const auto& texts = text.alternatives();
    const bool about =
        text.is(path) || std::all_of(texts.begin(), texts.end(), [&](const Text& one) {
          return one.known_prefix().starts_with(path + "/");
        });
    return about && Question(question, call).decides();
  });
}

}  // namespace preflint::project
