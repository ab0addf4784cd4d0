#include "project/module_switches.h"

#include <algorithm>

#include "base/text.h"
#include "project/python_statements.h"
#include "syntax/python/parse.h"

namespace preflint::project {
namespace {

constexpr size_t kMostModules = 1'000;

/// `True`, `False`, `None`; an unknown value for anything else.
py::Value switch_of(const py::Expr& expr) {
  switch (expr.kind) {
    case py::ExprKind::true_:
    case py::ExprKind::false_:
      return py::Value::boolean(expr.kind == py::ExprKind::true_);
    case py::ExprKind::none:
      return py::Value::none();
    default:
      return {};
  }
}

bool same(const py::Value& a, const py::Value& b) {
  return a.type == b.type && a.number == b.number;
}

/// What a module gives the name; unknown where it does anything with it but `NAME = True` on its
/// own level.
std::optional<py::Value> given_in(const File& file, std::string_view name) {
  const py::Module module = py::parse(Source(file));
  if (!module.errors.empty()) return py::Value();
  std::optional<py::Value> out;
  size_t plain = 0, all = 0;
  for (const py::Stmt* s : module.body) {
    if (s->kind != py::StmtKind::assign || s->exprs.size() != 2 ||
        s->exprs[0]->kind != py::ExprKind::name || s->exprs[0]->text != name)
      continue;
    ++plain;
    out = switch_of(*s->exprs[1]);
  }
  each_statement(module, [&](const py::Stmt& s) {
    all += std::any_of(s.exprs.begin(), s.exprs.end(),
                       [&](const py::Expr* expr) { return mentions(expr, name); }) ||
           std::any_of(s.names.begin(), s.names.end(), [&](const py::Alias& alias) {
             return alias.name == name || alias.alias == name;
           });
  });
  if (plain > 1 || plain != all) return py::Value();
  return out;
}

}  // namespace

const ModuleSwitches::Files& ModuleSwitches::modules(const std::string& folder) {
  const auto [at, fresh] = modules_.try_emplace(folder);
  if (!fresh || !reader_.directory(folder)) return at->second;
  for (const std::string& name : reader_.names(folder)) {
    if (!name.ends_with(".py") || name == "__init__.py") continue;
    if (auto file = reader_.open(folder + "/" + name)) at->second.push_back(std::move(file));
  }
  return at->second;
}

bool ModuleSwitches::all_in(const std::string& folder) {
  const auto [at, fresh] = all_in_.try_emplace(folder, true);
  if (!fresh) return at->second;
  const std::string package = paths::basename(folder) + ".";
  for (const auto& file : modules(folder)) {
    for (std::string_view rest = file->bytes; !rest.empty();) {
      const std::string_view line = trimmed(take_line(rest));
      const size_t import = line.find(" import *");
      if (!line.starts_with("from ") || import == std::string_view::npos) continue;
      const std::string_view from = trimmed(line.substr(5, import - 5));
      const std::string last(from.substr(from.rfind('.') + 1));
      const bool own = from.starts_with(package) || from.starts_with('.');
      at->second = at->second && own && reader_.exists(folder + "/" + last + ".py");
    }
  }
  return at->second;
}

std::optional<py::Value> ModuleSwitches::read(const std::string& folder, std::string_view name) {
  std::optional<py::Value> out;
  const Files& files = modules(folder);
  if (files.size() > kMostModules) return py::Value();
  for (const auto& file : files) {
    if (file->bytes.find(name) == std::string::npos) continue;
    const auto given = given_in(*file, name);
    if (!given) continue;
    if (given->is_unknown() || (out && !same(*out, *given))) return py::Value();
    out = given;
  }
  return out && !all_in(folder) ? py::Value() : out;
}

std::optional<py::Value> ModuleSwitches::of(const std::string& folder, std::string_view name) {
  const auto [at, fresh] = known_.try_emplace({folder, std::string(name)});
  if (fresh) at->second = read(folder, name);
  return at->second;
}

}  // namespace preflint::project
