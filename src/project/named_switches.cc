#include "project/named_switches.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/one_of.h"
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

class Switches {
 public:
  Switches(const Context& context, const Run& run)
      : context_(context), run_(run), calls_(run.python->calls) {}

  Tri around(const CallEvent& call) const {
    Tri all = Tri::yes;
    bool some = false;
    for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
      const bool decides =
          frame->kind == py::FrameKind::condition || frame->kind == py::FrameKind::after_exit;
      if (!decides || !frame->file) continue;
      const Expr* condition = expression_at(frame->file->syntax, frame->span);
      const Tri truth = condition ? truth_of(*condition, *frame->file, call.order) : Tri::maybe;
      const Tri here = frame->taken ? truth : !truth;
      if (here == Tri::no) return Tri::no;
      some = true;
      if (here != Tri::yes) all = Tri::maybe;
    }
    return some ? all : Tri::maybe;
  }

 private:
  Tri truth_of(const Expr& expr, const py::ProgramFile& file, int order) const {
    if (expr.kind == ExprKind::unary && expr.op == py::Op::not_)
      return !truth_of(*expr.children[0], file, order);
    if (expr.kind == ExprKind::boolean && !expr.ops.empty()) {
      const bool conjunction = expr.ops[0] == py::Op::and_;
      Tri out = tri(conjunction);
      for (const Expr* child : expr.children) {
        const Tri one = truth_of(*child, file, order);
        out = conjunction ? out & one : out | one;
      }
      return out;
    }
    const Document* value = value_of(expr, file, order);
    if (!value) return Tri::maybe;
    switch (value->kind) {
      case Document::Kind::null:
        return Tri::no;
      case Document::Kind::boolean:
        return tri(value->boolean);
      case Document::Kind::integer:
        return tri(value->integer != 0);
      case Document::Kind::string:
        return tri(!value->text.empty());
      default:
        return Tri::maybe;
    }
  }

  /// `cfg["a"]["b"]`, `cfg.a.b`, `cfg.get("a")`; null where it is not there or not known.
  const Document* value_of(const Expr& expr, const py::ProgramFile& file, int order) const {
    if (expr.kind == ExprKind::name) return root(expr.text, file, order);
    const auto asked = lookup(expr);
    if (!asked) return nullptr;
    const Document* within = value_of(*asked->base, file, order);
    return within && within->is_map() ? within->find(asked->key) : nullptr;
  }

  /// What a variable was given last, when that is a file that nothing in the program changes.
  const Document* root(std::string_view name, const py::ProgramFile& file, int order) const {
    const py::AssignEvent* last = nullptr;
    for (const py::AssignEvent& event : run_.python->assignments) {
      if (event.file != &file || event.order > order) continue;
      if (event.target == name) last = &event;
      if (event.target.starts_with(std::string(name) + ".")) return nullptr;
    }
    const std::string_view text = file.syntax.source.text();
    for (const char* change : {".update(", ".setdefault(", ".pop(", ".merge_", "[\"", "['"}) {
      const std::string begin = std::string(name) + change;
      for (size_t at = text.find(begin); at != std::string_view::npos;
           at = text.find(begin, at + 1)) {
        if (change[0] != '[') return nullptr;
        const size_t close = text.find(']', at);
        const size_t next = text.find_first_not_of(" ]", std::min(close, text.size()));
        if (next != std::string_view::npos && text[next] == '=' &&
            !text.substr(next).starts_with("=="))
          return nullptr;
      }
    }
    return last ? loaded(last->value) : nullptr;
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
