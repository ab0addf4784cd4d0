#include "project/unset_switches.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "base/one_of.h"
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

/// Conditions as they turn out while the variables and options that they ask for are not set.
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
    if (option_left_out(expr)) return Tri::no;
    const auto asked = unset(expr);
    return asked ? tri(*asked && !(*asked)->empty()) : Tri::maybe;
  }

 private:
  /// `self.strategy.args.use_wandb`: an option that the launch does not give and that is off
  /// without it, asked for through an object that is not followed.
  bool option_left_out(const Expr& expr) const {
    if (expr.kind != ExprKind::attribute) return false;
    const Expr& holder = *expr.children[0];
    if (holder.kind != ExprKind::attribute || !one_of(holder.text, {"args", "opt", "opts"}))
      return false;
    const std::string flag = "--" + dashed(expr.text);
    const bool given = std::any_of(
        run.arguments.begin(), run.arguments.end(), [&](const shell::Argument& argument) {
          if (argument.may_split || argument.value.unknown_whole()) return true;
          std::string word(argument.value.known_start());
          word = dashed(word.substr(0, word.find('=')));
          return word.size() > 2 && flag.starts_with(word);  // options may be cut short
        });
    const std::string ending = "." + std::string(expr.text);
    const bool changed =
        std::any_of(run.python->assignments.begin(), run.python->assignments.end(),
                    [&](const py::AssignEvent& event) { return event.target.ends_with(ending); });
    if (given || changed) return false;
    bool some = false;
    for (const py::CallEvent& call : run.python->calls) {
      if (call.method == "set_defaults") return false;
      if (call.method != "add_argument" || !defines(call, flag)) continue;
      const py::Argument* fallback = call.keyword("default");
      const py::Argument* action = call.keyword("action");
      const bool off = fallback ? fallback->value.truth() == Tri::no
                                : !action || action->value.text().is("store_true");
      if (!off) return false;
      some = true;
    }
    return some;
  }

  static bool defines(const py::CallEvent& call, std::string_view flag) {
    return std::any_of(call.arguments.begin(), call.arguments.end(), [&](const py::Argument& one) {
      return one.keyword.empty() && dashed(one.value.text().constant().value_or("")) == flag;
    });
  }

  static std::string dashed(std::string_view name) {
    std::string out(name);
    std::replace(out.begin(), out.end(), '_', '-');
    return out;
  }

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
