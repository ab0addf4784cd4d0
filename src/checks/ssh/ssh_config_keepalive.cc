#include <algorithm>

#include "catalog/profile.h"
#include "project/context.h"
#include "project/ssh_config.h"

namespace preflint::checks {

void ssh_config_keepalive(project::Context& context) {
  const auto& hosts = context.profile().launch.ssh_hosts;
  if (hosts.empty()) return;
  for (const auto& file : context.program().files) {
    if (file->kind != FileKind::ssh_config) continue;
    const auto blocks = project::ssh_blocks(*file);
    for (const project::SshBlock& block : blocks) {
      if (block.patterns.empty()) continue;
      const std::string host = block.value("hostname").value_or(block.patterns.front());
      if (!catalog::Profile::host_in(host, hosts)) continue;
      // Every block that also applies to this host may set it.
      const bool alive =
          std::any_of(blocks.begin(), blocks.end(), [&](const project::SshBlock& other) {
            return (&other == &block || other.covers(block)) &&
                   other.value("serveraliveinterval") && *other.value("serveraliveinterval") != "0";
          });
      if (alive) continue;
      Finding& finding = context.report(*file, block.head);
      finding.arguments = {{"host", block.patterns.front()}, {"address", host}};
      const Source source(*file);
      const std::string lines =
          "\n" + block.indent + "ServerAliveInterval 30\n" + block.indent + "ServerAliveCountMax 4";
      context.edit(finding, source, {block.end, block.end}, lines);
    }
  }
}

}  // namespace preflint::checks
