#pragma once

#include <map>
#include <memory>
#include <string>

#include "model/shell/interpreter.h"
#include "syntax/shell/ast.h"

namespace preflint::shell {

/// A box with the hook /etc/network_turbo and a few files that can be sourced.
class TestHost : public Host {
 public:
  Sourced resolve_source(const Value& path, const State&, const Unit&, const Unit** unit) override {
    if (path.alternatives().size() == 1 && is_hook(path.alternatives()[0])) return Sourced::hook;
    const auto constant = path.constant();
    if (!constant) return Sourced::unknown;
    const auto at = files.find(paths::basename(*constant));
    if (at == files.end()) return Sourced::unknown;
    *unit = &at->second->unit;
    return Sourced::unit;
  }
  bool is_hook(const Text& path) const override { return path.constant() == "/etc/network_turbo"; }
  bool mentions_hook(std::string_view text) const override {
    return text.find("/etc/network_turbo") != std::string_view::npos;
  }
  Tri exists(const Text& path) const override { return is_hook(path) ? Tri::yes : Tri::maybe; }
  std::vector<std::string> hook_variables() const override {
    return {"http_proxy", "https_proxy", "no_proxy"};
  }
  Value hook_no_proxy() const override { return Value::literal("localhost"); }
  Value path_value(const std::string& path) const override { return Value::literal(path); }
  bool path_has_interpreter(const Value& path) const override {
    return path.display().find("miniconda3/bin") != std::string::npos;
  }
  std::shared_ptr<const Program> parse(std::string_view text, Dialect dialect) override {
    return std::make_shared<const Program>(shell::parse(text, dialect));
  }

  /// A script kept with its unit.
  struct Script {
    File file;
    Unit unit;
  };
  std::unique_ptr<Script> script(const std::string& path, std::string text,
                                 Dialect dialect = Dialect::bash) {
    auto out = std::make_unique<Script>();
    out->file = {path, FileKind::shell, std::move(text)};
    out->unit.source = Source(out->file);
    out->unit.dialect = dialect;
    out->unit.shell = parse(out->file.bytes, dialect);
    return out;
  }
  void add(const std::string& name, std::string text) {
    files[name] = script("/p/" + name, std::move(text));
  }

  Trace trace(std::string text, Dialect dialect = Dialect::bash) {
    main = script("/p/main.sh", std::move(text), dialect);
    return run(main->unit, fresh_state(main->unit, Value::literal("/p/main.sh")), *this);
  }

  std::map<std::string, std::unique_ptr<Script>> files;
  std::unique_ptr<Script> main;
};

inline const CommandEvent* find(const Trace& trace, std::string_view name, size_t n = 0) {
  for (const CommandEvent& event : trace.commands) {
    if (event.name == name && n-- == 0) return &event;
  }
  return nullptr;
}

}  // namespace preflint::shell
