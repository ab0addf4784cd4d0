#include "probe/script.h"

#include <fmt/format.h>

#include <set>

namespace preflint::probe {
namespace {

/// One word of the shell, whatever a profile says.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c != '\0') {
      out += c;
    }
  }
  return out += "'";
}

void assign(std::string& out, std::string_view name, std::string_view value) {
  out += fmt::format("{}={}\n", name, in_quotes(value));
}

}  // namespace

std::string script(const catalog::Profile& profile, std::string_view root) {
  std::string out;
  assign(out, "root", root == "/" ? "" : root);
  assign(out, "hook", profile.network.hook_file);
  assign(out, "variables", fmt::format("{}", fmt::join(profile.network.hook_exports, " ")));
  assign(out, "prefix", profile.python.prefix);
  assign(out, "interpreter", profile.python.interpreter);
  std::set<std::string> packages(profile.frameworks.begin(), profile.frameworks.end());
  packages.insert({"torch", "torchvision", "torchaudio", "tensorflow"});
  assign(out, "packages", fmt::format("{}", fmt::join(packages, " ")));
  assign(out, "panel", profile.panel.directory);
  assign(out, "panel_port", profile.panel.port > 0 ? std::to_string(profile.panel.port) : "");
  assign(out, "ports", fmt::format("{}", fmt::join(profile.network.exposed_ports, " ")));
  assign(out, "credential", profile.credential_file);
  const catalog::Tier* durable = profile.durable_tier();
  assign(out, "durable", durable != nullptr ? durable->path : "");
  // A name that the platform's own downloads need; any other would do as well.
  assign(out, "host",
         profile.network.accelerated.empty() ? "pypi.org" : profile.network.accelerated.front());
  out += "tiers() {\n  :\n";
  for (const catalog::Tier& tier : profile.storage.tiers) {
    out += fmt::format("  tier {} {}", in_quotes(tier.name), in_quotes(tier.path));
    for (const std::string& alias : tier.aliases) out += ' ' + in_quotes(alias);
    out += '\n';
  }
  out += "}\n";
  return out += script_body();
}

}  // namespace preflint::probe
