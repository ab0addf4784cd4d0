#include <map>
#include <optional>

#include "catalog/profile.h"
#include "project/artefacts.h"
#include "project/context.h"
#include "project/ssh_config.h"

namespace preflint::checks {

using project::Run;

namespace {

/// Aliases of the project's own ssh configuration files.
std::map<std::string, std::string> aliases(const project::Program& program) {
  std::map<std::string, std::string> out;
  for (const auto& file : program.files) {
    if (file->kind != FileKind::ssh_config) continue;
    for (const project::SshBlock& block : project::ssh_blocks(*file)) {
      const auto host = block.value("hostname");
      if (!host) continue;
      for (const std::string& pattern : block.patterns) out.emplace(pattern, *host);
    }
  }
  return out;
}

/// The region in a host name of the platform: `connect.westb.seetacloud.com`,
/// `region-9.autodl.com`; that is what stands where the profile's pattern has its star.
std::string region_of(const std::string& host, const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    const size_t star = pattern.find('*');
    if (star == std::string::npos || star == 0) continue;
    const std::string_view head = std::string_view(pattern).substr(0, star),
                           tail = std::string_view(pattern).substr(star + 1);
    if (host.size() > head.size() + tail.size() && host.starts_with(head) && host.ends_with(tail)) {
      return host.substr(head.size(), host.size() - head.size() - tail.size());
    }
  }
  return "";
}

struct Use {
  const Run* run;
  const shell::CommandEvent* event;
  const shell::Argument* argument;
  std::string region, path;
  bool writes;
};

}  // namespace

void cross_region_shared_fs(project::Context& context) {
  const catalog::Profile& profile = context.profile();
  const catalog::Tier* shared = profile.durable_tier();
  if (!shared || !shared->region_locked || profile.launch.ssh_hosts.empty()) return;
  const auto names = aliases(context.program());
  std::vector<Use> uses;
  for (const Run& run : context.program().runs) {
    if (!run.shell || !run.over_ssh) continue;
    const shell::CommandEvent* ssh = run.launcher();
    if (!ssh || ssh->name != "ssh") continue;
    std::string region;
    for (const shell::Argument& argument : ssh->arguments) {
      std::string host = argument.constant().value_or("");
      host.erase(0, host.find('@') == std::string::npos ? 0 : host.find('@') + 1);
      if (const auto alias = names.find(host); alias != names.end()) host = alias->second;
      region = region_of(host, profile.launch.ssh_hosts);
      if (!region.empty()) break;
    }
    if (region.empty()) continue;
    project::each_run_below(run, [&](const Run& inner) {
      if (!inner.shell) return;
      for (const shell::CommandEvent& event : inner.shell->commands) {
        if (event.name == "df" || event.name == "du" || event.name == "ls" ||
            event.name == "mkdir" || event.name == "rm")
          continue;
        for (const shell::Argument& argument : event.arguments) {
          const auto landing = context.lander().land(argument.value, event.state.cwd);
          if (!landing.on(shared) || !argument.value.known_start().starts_with('/')) continue;
          const bool copies = event.name == "cp" || event.name == "mv" || event.name == "rsync";
          uses.push_back({&inner, &event, &argument, region, landing.path.display(),
                          copies && &argument == &event.arguments.back()});
        }
      }
    });
  }
  for (const Use& read : uses) {
    if (read.writes) continue;
    const auto source = std::find_if(uses.begin(), uses.end(), [&](const Use& write) {
      return write.writes && write.region != read.region &&
             (paths::under(write.path, read.path) || paths::under(read.path, write.path));
    });
    const bool written_here = std::any_of(uses.begin(), uses.end(), [&](const Use& write) {
      return write.writes && write.region == read.region &&
             (paths::under(write.path, read.path) || paths::under(read.path, write.path));
    });
    if (source == uses.end() || written_here) continue;
    Finding& finding = context.report(*read.run, *read.event, read.argument->span);
    finding.arguments = {{"path", read.path}, {"here", read.region}, {"there", source->region}};
    finding.related.push_back(
        context.note(*source->event->unit, source->event->span, "written-here"));
  }
}

}  // namespace preflint::checks
