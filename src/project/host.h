#pragma once

#include <set>
#include <string>
#include <vector>

#include "catalog/config.h"
#include "catalog/profile.h"
#include "model/shell/interpreter.h"
#include "project/resolve.h"
#include "project/units.h"

namespace preflint::project {

/// The interpreter's view of the platform and the project.
class ShellHost : public shell::Host {
 public:
  ShellHost(const catalog::Profile& profile, const catalog::Config& config, const Resolver& resolver,
            const Reader& reader, Units& units)
      : profile_(profile), config_(config), resolver_(resolver), reader_(reader), units_(units) {}

  Sourced resolve_source(const Value& path, const shell::State& state, const Unit& from,
                         const Unit** unit) override;
  bool is_hook(const Text& path) const override;
  bool mentions_hook(std::string_view text) const override {
    return !profile_.network.hook_file.empty() && text.find(profile_.network.hook_file) != std::string_view::npos;
  }
  Tri exists(const Text& path) const override;
  std::vector<std::string> hook_variables() const override { return profile_.network.hook_exports; }
  Value hook_no_proxy() const override;
  Value path_value(const std::string& path) const override { return resolver_.on_box(path); }
  bool path_has_interpreter(const Value& path) const override;
  std::shared_ptr<const shell::Program> parse(std::string_view text, shell::Dialect dialect) override {
    return units_.parse(text, dialect);
  }

  /// Files that some script sources.
  const std::set<std::string>& sourced() const { return sourced_; }

 private:
  const catalog::Profile& profile_;
  const catalog::Config& config_;
  const Resolver& resolver_;
  const Reader& reader_;
  Units& units_;
  std::set<std::string> sourced_;
};

}  // namespace preflint::project
