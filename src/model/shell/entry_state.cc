#include <utility>

#include "model/shell/interpreter.h"

namespace preflint::shell {

State fresh_state(const Unit& unit, Value script_path) {
  State out;
  const auto set = [&](const char* name, std::string_view value) {
    Variable variable;
    variable.value = Value::literal(value);
    variable.exported = Tri::yes;
    out.variables.set(name, variable);
  };
  if (unit.site == Site::instance) {
    set("HOME", "/root");
    set("USER", "root");
    set("OSTYPE", "linux-gnu");
  }
  out.script = std::move(script_path);
  out.cwd = std::make_shared<const Text>(
      unit.embedding == Embedding::ssh ? Text::literal("/root") : Text::hole(kCwdHole, Tri::no));
  out.activated = tri(unit.login);
  return out;
}

State child_state(const Environment& environment, const Unit& unit, Value script_path,
                  std::vector<Argument> positional) {
  State out = fresh_state(unit, std::move(script_path));
  PersistentMap<Variable> inherited;
  environment.variables.for_each([&](const std::string& name, const Variable& variable) {
    if (variable.exported == Tri::no || variable.set == Tri::no || name.starts_with('@')) return;
    Variable copy = variable;
    if (copy.exported == Tri::maybe) copy.set = Tri::maybe;
    copy.exported = Tri::yes;
    inherited.set(name, std::move(copy));
  });
  out.variables = std::move(inherited);
  out.proxy = environment.proxy;
  out.opaque = environment.opaque;
  out.activated = unit.login ? Tri::yes : environment.activated;
  out.conda_env = environment.conda_env;
  if (environment.cwd) out.cwd = environment.cwd;
  out.astray = environment.astray;
  out.positional = std::make_shared<const std::vector<Argument>>(std::move(positional));
  return out;
}

}  // namespace preflint::shell
