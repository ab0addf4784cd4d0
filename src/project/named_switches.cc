#include "project/named_switches.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/one_of.h"
#include "base/text.h"
#include "project/call_made.h"
#include "project/python_statements.h"
#include "project/settings_files.h"

namespace preflint::project {
namespace {

using py::CallEvent;
using py::Expr;
using py::ExprKind;

/// What an expression looks up, and under which key: `cfg["a"]`, `cfg.get("a")`, `cfg.a`.
struct Lookup {
  const Expr* base = nullptr;
  std::string_view key;
};

std::optional<Lookup> lookup(const Expr& expr) {
  if (expr.kind == ExprKind::attribute) return Lookup{expr.children[0], expr.text};
  if (expr.kind == ExprKind::subscript && expr.children[1] &&
      expr.children[1]->kind == ExprKind::string)
    return Lookup{expr.children[0], expr.children[1]->text};
  if (expr.kind == ExprKind::call && expr.children.size() > 1 &&
      expr.children[0]->kind == ExprKind::attribute && expr.children[0]->text == "get" &&
      expr.children[1]->kind == ExprKind::string)
    return Lookup{expr.children[0]->children[0], expr.children[1]->text};
  return std::nullopt;
}

/// Functions that give what an open file holds.
bool loads(std::string_view origin) {
  return one_of(origin, {"json.load", "yaml.safe_load", "yaml.load", "yaml.full_load"});
}

/// Classes that give the keys of a dictionary as attributes.
bool wraps(std::string_view origin) {
  return one_of(origin, {"easydict.EasyDict", "munch.Munch", "munch.munchify", "munch.DefaultMunch",
                         "box.Box", "addict.Dict", "dotmap.DotMap", "omegaconf.OmegaConf.create",
                         "ml_collections.ConfigDict", "mmengine.Config", "mmcv.Config"});
}

/// Does the program give the variable what a file holds?
bool is_loaded(const Run& run, std::string_view name) {
  const auto& calls = run.python->calls;
  return std::any_of(run.python->assignments.begin(), run.python->assignments.end(),
                     [&](const py::AssignEvent& event) {
                       return event.target == name && event.value.call >= 0 &&
                              static_cast<size_t>(event.value.call) < calls.size() &&
                              loads(calls[static_cast<size_t>(event.value.call)].origin);
                     });
}

/// Where a condition is asked.
struct Place {
  const py::ProgramFile& file;
  int order;
  const py::Frame* frame;
};

/// The definition of a function around a place of its file; null when there is none.
const py::Stmt* definition_around(const py::ProgramFile& file, std::string_view name, Span place) {
  const py::Stmt* found = nullptr;
  each_statement(file.syntax, [&](const py::Stmt& s) {
    const bool around = s.kind == py::StmtKind::function && s.span.contains(place) &&
                        file.syntax.slice(s.name_span) == name;
    if (around && (!found || found->span.contains(s.span))) found = &s;
  });
  return found;
}

class Switches {
 public:
  Switches(const Context& context, const Run& run)
      : context_(context), run_(run), calls_(run.python->calls) {}

  Tri around(const CallEvent& call) const {
    Tri all = Tri::yes;
    bool some = false;
    for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
      if (!frame->conditional() || !frame->file || asks_which_process(*frame)) continue;
      const Expr* condition = expression_at(frame->file->syntax, frame->span);
      const Tri truth =
          condition ? truth_of(*condition, {*frame->file, call.order, frame}) : Tri::maybe;
      const Tri here = frame->taken ? truth : !truth;
      if (here == Tri::no) return Tri::no;
      some = true;
      if (here != Tri::yes) all = Tri::maybe;
    }
    return some ? all : Tri::maybe;
  }

 private:
  Tri truth_of(const Expr& expr, const Place& at) const {
    if (expr.kind == ExprKind::unary && expr.op == py::Op::not_)
      return !truth_of(*expr.children[0], at);
    if (expr.kind == ExprKind::boolean && !expr.ops.empty()) {
      const bool conjunction = expr.ops[0] == py::Op::and_;
      Tri out = tri(conjunction);
      for (const Expr* child : expr.children) {
        const Tri one = truth_of(*child, at);
        // It holds in one of the processes.
        if (conjunction && at.frame->taken && one == Tri::maybe &&
            names_process(lower(at.file.syntax.slice(child->span))))
          continue;
        out = conjunction ? out & one : out | one;
      }
      return out;
    }
    if (expr.kind == ExprKind::compare && expr.ops.size() == 1) return compared(expr, at);
    const Document* value = value_of(expr, at);
    if (!value) return left_out(expr, at) ? fallback_truth(expr) : Tri::maybe;
    switch (value->kind) {
      case Document::Kind::null:
        return Tri::no;
      case Document::Kind::boolean:
        return tri(value->boolean);
      case Document::Kind::integer:
        return tri(value->integer != 0);
      case Document::Kind::string:
        return tri(boolean_of_yaml11(*value).value_or(!value->text.empty()));
      case Document::Kind::list:
        return tri(!value->items.empty());
      case Document::Kind::map:
        return tri(!value->members.empty());
      default:
        return Tri::maybe;
    }
  }

  /// `cfg["logger"] == "tensorboard"`, `"wandb" in cfg["loggers"]`, `cfg["log_dir"] is not None`.
  Tri compared(const Expr& expr, const Place& at) const {
    const py::Op op = expr.ops[0];
    const bool contains = op == py::Op::in || op == py::Op::not_in;
    const Expr& asked = *expr.children[contains ? 1 : 0];
    const Expr& literal = *expr.children[contains ? 0 : 1];
    const Document* value = value_of(asked, at);
    if (!value) return Tri::maybe;
    Tri out = Tri::maybe;
    if (contains && literal.kind == ExprKind::string) {
      const std::string_view word = literal.text;
      if (value->is_map()) out = tri(value->find(word) != nullptr);
      if (value->is_string()) out = tri(value->text.find(word) != std::string::npos);
      if (value->is_list())
        out = tri(std::any_of(value->items.begin(), value->items.end(), [&](const Document& one) {
          return one.is_string() && one.text == word;
        }));
    } else if (!contains) {
      out = same(*value, literal);
    }
    if (op == py::Op::ne || op == py::Op::is_not || op == py::Op::not_in) return !out;
    return op == py::Op::eq || op == py::Op::is || op == py::Op::in ? out : Tri::maybe;
  }

  static Tri same(const Document& value, const Expr& literal) {
    switch (literal.kind) {
      case ExprKind::none:
        return tri(value.is_null());
      case ExprKind::string:
        return tri(value.is_string() && value.text == literal.text);
      case ExprKind::true_:
      case ExprKind::false_:
        return value.is(Document::Kind::boolean)
                   ? tri(value.boolean == (literal.kind == ExprKind::true_))
                   : Tri::maybe;
      case ExprKind::integer:
        return value.is(Document::Kind::integer) ? tri(value.text == literal.text) : Tri::maybe;
      default:
        return Tri::maybe;
    }
  }

  /// `cfg.get("use_tb", False)` of a file that is known and does not say it.
  bool left_out(const Expr& expr, const Place& at) const {
    const auto asked = expr.kind == ExprKind::call ? lookup(expr) : std::nullopt;
    const Document* within = asked ? value_of(*asked->base, at) : nullptr;
    return within && within->is_map() && !within->find(asked->key);
  }

  static Tri fallback_truth(const Expr& get) {
    if (get.children.size() < 3) return Tri::no;
    switch (get.children[2]->kind) {
      case ExprKind::none:
      case ExprKind::false_:
        return Tri::no;
      case ExprKind::true_:
        return Tri::yes;
      case ExprKind::string:
        return tri(!get.children[2]->text.empty());
      default:
        return Tri::maybe;
    }
  }

  /// `cfg["a"]["b"]`, `cfg.a.b`, `cfg.get("a")`; null where it is not there or not known.
  const Document* value_of(const Expr& expr, const Place& at) const {
    if (expr.kind == ExprKind::name) return root(expr.text, at);
    if (expr.kind == ExprKind::attribute && expr.children[0]->kind == ExprKind::name &&
        expr.children[0]->text == "self")
      return root("self." + std::string(expr.text), at);
    const auto asked = lookup(expr);
    if (!asked) return nullptr;
    // `cfg["logger"].lower()` compares as it is written.
    if (expr.kind == ExprKind::attribute && one_of(expr.text, {"lower", "upper", "strip", "split"}))
      return nullptr;
    const Document* within = value_of(*asked->base, at);
    return within && within->is_map() ? within->find(asked->key) : nullptr;
  }

  /// What a variable was given last, when that is a file that nothing in the program changes.
  const Document* root(std::string_view name, const Place& at) const {
    const py::AssignEvent* last = nullptr;
    for (const py::AssignEvent& event : run_.python->assignments) {
      if (event.file != &at.file || event.order > at.order) continue;
      if (event.target == name) last = &event;
      if (event.target.starts_with(std::string(name) + ".")) return nullptr;
    }
    const std::string_view text = at.file.syntax.source.text();
    for (const char* change : {".update(", ".setdefault(", ".pop(", ".merge_", "[\"", "['"}) {
      const std::string begin = std::string(name) + change;
      for (size_t i = text.find(begin); i != std::string_view::npos; i = text.find(begin, i + 1)) {
        if (change[0] != '[') return nullptr;
        const size_t close = text.find(']', i);
        const size_t next = text.find_first_not_of(" ]", std::min(close, text.size()));
        if (next != std::string_view::npos && text[next] == '=' &&
            !text.substr(next).starts_with("=="))
          return nullptr;
      }
    }
    return last ? loaded(last->value) : passed(name, at);
  }

  /// What a parameter of the function around was given, when that is such a file.
  const Document* passed(std::string_view name, const Place& at) const {
    const py::Frame* function = py::enclosing(at.frame, py::FrameKind::function);
    const py::Stmt* definition =
        function ? definition_around(at.file, function->name, at.frame->span) : nullptr;
    if (!definition || !definition->parameters) return nullptr;
    int position = function->class_name.empty() ? 0 : -1;
    bool known = false;
    for (const py::Parameter& parameter : definition->parameters->list) {
      known = parameter.name == name;
      if (known) break;
      ++position;
    }
    if (!known || position < 0) return nullptr;
    for (const CallEvent& call : calls_) {
      if (call.file != function->file || call.span != function->span || call.order > at.order)
        continue;
      const py::Argument* given = call.argument(position, {name});
      return given ? loaded(given->value) : nullptr;
    }
    return nullptr;
  }

  const CallEvent* call_of(const py::Value& value) const {
    return value.call >= 0 && static_cast<size_t>(value.call) < calls_.size()
               ? &calls_[static_cast<size_t>(value.call)]
               : nullptr;
  }

  /// The file that a value was read from as a whole.
  const Document* loaded(const py::Value& value) const {
    const CallEvent* load = call_of(value);
    if (!load) return nullptr;
    const py::Argument* from = load->argument(0, {"fp", "stream", "file_"});
    if (!from) return nullptr;
    if (load->origin == "omegaconf.OmegaConf.load") return read(from->value);
    if (wraps(load->origin)) return loaded(from->value);
    if (!loads(load->origin)) return nullptr;
    const CallEvent* open = call_of(from->value);
    if (!open || !one_of(open->origin, {"builtins.open", "io.open", "codecs.open"})) return nullptr;
    const py::Argument* path = open->argument(0, {"file", "filename"});
    return path ? read(path->value) : nullptr;
  }

  /// A path seen from the project's root or the program's folder, where one of them has it.
  const Document* read(const py::Value& path) const {
    const Program& program = context_.program();
    const Value name = path.text();
    std::optional<std::string> written = name.constant();
    for (const Text& text : name.alternatives()) {
      const auto& pieces = text.pieces();
      if (name.alternatives().size() == 1 && pieces.size() == 2 && !pieces[0].known &&
          one_of(pieces[0].text, {kRootHole, kCwdHole}) && pieces[1].text.starts_with('/'))
        written = pieces[1].text.substr(1);
    }
    if (!written || written->empty() || written->front() == '/') return nullptr;
    std::optional<std::string> found;
    for (const std::string& folder : {program.root, paths::dirname(run_.unit->file().path)}) {
      const std::string place = paths::normalise(paths::join(folder, *written));
      if (!program.reader->exists(place) || place == found) continue;
      if (found) return nullptr;
      found = place;
    }
    return found ? context_.shared<SettingsFiles>().read(*found) : nullptr;
  }

  const Context& context_;
  const Run& run_;
  const std::vector<CallEvent>& calls_;
};

}  // namespace

std::vector<std::string> keys_asked(const Run& run, const py::Frame& condition) {
  std::vector<std::string> out;
  std::vector<const Expr*> open;
  if (condition.file) open.push_back(expression_at(condition.file->syntax, condition.span));
  while (!open.empty()) {
    const Expr* at = open.back();
    open.pop_back();
    if (!at) continue;
    open.insert(open.end(), at->children.begin(), at->children.end());
    std::string path;
    const Expr* base = at;
    for (auto asked = lookup(*base); asked; asked = lookup(*base)) {
      path.insert(0, "." + std::string(asked->key));
      base = asked->base;
    }
    const bool key = at->kind != ExprKind::attribute && !path.empty();
    if (key && base->kind == ExprKind::name && is_loaded(run, base->text))
      out.push_back(std::string(base->text) + path);
  }
  return out;
}

Tri switched_on(const Context& context, const Run& run, const py::CallEvent& call) {
  return Switches(context, run).around(call);
}

}  // namespace preflint::project
