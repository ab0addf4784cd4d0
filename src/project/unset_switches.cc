#include "project/unset_switches.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "project/python_statements.h"

namespace preflint::project {
namespace {

using py::Expr;
using py::ExprKind;
using py::Op;

/// Variables that scripts of the project hand to what they start.
struct HandedOn {
  explicit HandedOn(const Context& context) {
    context.each_assignment(Where::anywhere, [&](const Run&, const shell::AssignmentEvent& event) {
      if (event.exported != Tri::no) names.insert(event.name);
    });
    context.each_command(Where::anywhere, [&](const Run&, const shell::CommandEvent& event) {
      for (const auto& [name, value] : event.assignments) names.insert(name);
    });
  }
  std::set<std::string, std::less<>> names;
};

/// The question for a variable: `os.environ.get("A", "0")`, `os.getenv("A")`.
struct Question {
  std::string_view name;
  const Expr* fallback = nullptr;
};

std::optional<Question> question(const Expr& expr) {
  if (expr.kind != ExprKind::call || expr.children.size() < 2 || expr.children.size() > 3)
    return std::nullopt;
  const Expr& callee = *expr.children[0];
  const auto attribute = [](const Expr& of, std::string_view name) {
    return of.kind == ExprKind::attribute && of.text == name;
  };
  const auto name = [](const Expr& of, std::string_view is) {
    return of.kind == ExprKind::name && of.text == is;
  };
  const bool environ_get = attribute(callee, "get") && (attribute(*callee.children[0], "environ") ||
                                                        name(*callee.children[0], "environ"));
  if (!environ_get && !attribute(callee, "getenv") && !name(callee, "getenv")) return std::nullopt;
  const Expr& key = *expr.children[1];
  if (key.kind != ExprKind::string) return std::nullopt;
  const Expr* fallback = expr.children.size() > 2 ? expr.children[2] : nullptr;
  if (fallback && fallback->kind == ExprKind::keyword) fallback = fallback->children[0];
  return Question{key.text, fallback};
}

/// Conditions as they turn out while the variables that they ask for are not set.
struct Unset {
  const Run& run;
  const HandedOn& handed_on;

  Tri truth_of(const Expr& expr) const {
    if (expr.kind == ExprKind::unary && expr.op == Op::not_) return !truth_of(*expr.children[0]);
    if (expr.kind == ExprKind::boolean && !expr.ops.empty()) {
      Tri out = tri(expr.ops[0] == Op::and_);
      for (const Expr* child : expr.children) {
        const Tri one = truth_of(*child);
        out = expr.ops[0] == Op::and_ ? out & one : out | one;
      }
      return out;
    }
    if (expr.kind == ExprKind::compare && expr.ops.size() == 1) return compared(expr);
    const auto asked = unset(expr);
    return asked ? tri(*asked && !(*asked)->empty()) : Tri::maybe;
  }

 private:
  /// What a question gives: its fallback, or None; nothing when it is another expression.
  std::optional<std::optional<std::string>> unset(const Expr& expr) const {
    const auto asked = question(expr);
    if (!asked || run.environment.opaque || run.environment.find(std::string(asked->name)) ||
        !handed_on.names.contains(asked->name))
      return std::nullopt;
    const bool written =
        std::any_of(run.python->environment_writes.begin(), run.python->environment_writes.end(),
                    [&](const py::EnvironmentWrite& write) {
                      const auto key = write.key.constant();
                      return !key || *key == asked->name;
                    });
    if (written) return std::nullopt;
    if (!asked->fallback || asked->fallback->kind == ExprKind::none)
      return std::optional<std::string>();
    if (asked->fallback->kind != ExprKind::string) return std::nullopt;
    return std::optional(std::string(asked->fallback->text));
  }

  Tri compared(const Expr& expr) const {
    const auto left = unset(*expr.children[0]);
    if (!left) return Tri::maybe;
    const Expr& right = *expr.children[1];
    const auto same = [&](const Expr& literal) {
      return literal.kind == ExprKind::none     ? tri(!*left)
             : literal.kind == ExprKind::string ? tri(*left && **left == literal.text)
                                                : Tri::maybe;
    };
    if (expr.ops[0] == Op::eq || expr.ops[0] == Op::is) return same(right);
    if (expr.ops[0] == Op::ne || expr.ops[0] == Op::is_not) return !same(right);
    const bool among = right.kind == ExprKind::list || right.kind == ExprKind::tuple ||
                       right.kind == ExprKind::set;
    if (!among || (expr.ops[0] != Op::in && expr.ops[0] != Op::not_in)) return Tri::maybe;
    Tri out = Tri::no;
    for (const Expr* one : right.children) out = out | same(*one);
    return expr.ops[0] == Op::in ? out : !out;
  }
};

}  // namespace

bool behind_unset_switch(const Context& context, const Run& run, const py::CallEvent& call) {
  if (run.entry()) return false;  // how it is launched nobody says
  const Unset unset{run, context.shared<HandedOn>()};
  for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
    const Expr* condition = frame->conditional() && frame->file
                                ? expression_at(frame->file->syntax, frame->span)
                                : nullptr;
    if (condition && unset.truth_of(*condition) == (frame->taken ? Tri::no : Tri::yes)) return true;
  }
  return false;
}

}  // namespace preflint::project
