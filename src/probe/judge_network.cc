#include <fmt/format.h>

#include "probe/bench.h"

namespace preflint::probe {

void hook_file(Bench& bench) {
  const std::string& file = bench.profile.network.hook_file;
  if (file.empty()) return;
  const std::string_view state = bench.facts["hook.file"];
  std::string variables = fmt::format("{}", fmt::join(bench.profile.network.hook_exports, ", "));
  if (state == "absent") {
    bench.no_go("hook.file", {{"file", file}, {"platform", bench.profile.title}});
  } else if (state == "unreadable") {
    bench.no_go("hook.file", {{"file", file}, {"platform", bench.profile.title}}, "unreadable");
  } else if (state != "present") {
    bench.unknown("hook.file", {{"file", file}, {"platform", bench.profile.title}});
  } else if (const auto set = split(bench.facts["hook.exports"], ' '); set.empty()) {
    bench.warn("hook.exports",
               {{"file", file}, {"platform", bench.profile.title}, {"variables", variables}},
               "empty");
  } else {
    bench.go("hook.exports",
             {{"file", file}, {"variables", fmt::format("{}", fmt::join(set, ", "))}});
  }
}

void proxy(Bench& bench) {
  const std::string& file = bench.profile.network.hook_file;
  if (file.empty() || bench.facts["hook.file"] != "present" || bench.mounted()) return;
  const std::string address(bench.facts["hook.proxy"]);
  const std::string_view answers = bench.facts["hook.proxy_answers"];
  const Arguments arguments{{"file", file}, {"proxy", address}};
  if (address.empty()) {
    bench.warn("hook.file", arguments, "no-address");
  } else if (answers == "yes") {
    bench.go("hook.proxy_answers", arguments);
  } else if (answers == "no") {
    bench.no_go("hook.proxy_answers", arguments);
  } else {
    bench.unknown("hook.proxy", arguments);
  }
}

void names(Bench& bench) {
  if (bench.mounted()) return;
  const Arguments arguments{{"host", std::string(bench.facts["dns.host"])}};
  const std::string_view answers = bench.facts["dns.answers"];
  if (bench.facts["dns.host"].empty()) {
    bench.unknown("dns.answers");
  } else if (answers == "yes") {
    bench.go("dns.answers", arguments);
  } else if (answers == "no") {
    bench.warn("dns.answers", arguments);
  } else {
    bench.unknown("dns.answers", arguments);
  }
}

void exposed_ports(Bench& bench) {
  if (bench.mounted() || bench.profile.network.exposed_ports.empty()) return;
  std::vector<std::string> free;
  bool taken = false;
  for (const int port : bench.profile.network.exposed_ports) {
    const std::string key = fmt::format("port.{}", port), number = std::to_string(port);
    const std::string_view state = bench.facts[key];
    if (state == "free") free.push_back(number);
    if (state != "taken") continue;
    taken = true;
    bench.warn(key, {{"port", number}});
  }
  if (taken) return;
  if (free.empty()) return bench.unknown("");
  bench.go("port." + free.front(), {{"ports", fmt::format("{}", fmt::join(free, ", "))}});
}

void panel(Bench& bench) {
  const std::string& directory = bench.profile.panel.directory;
  const int port = bench.profile.panel.port;
  if (bench.mounted() || directory.empty() || port == 0) return;
  const Facts& facts = bench.facts;
  const std::string_view answers = facts["panel.answers"], shown = facts["panel.logdir"];
  const std::string_view real = facts["panel.logdir_real"], link = facts["panel.link"];
  const bool events = facts["panel.events"] == "yes";
  const long long runs = facts.number("panel.runs").value_or(0);
  Arguments arguments{{"directory", directory}, {"port", std::to_string(port)}};
  const auto same = [&](std::string_view folder) {
    while (folder.size() > 1 && folder.ends_with('/')) folder.remove_suffix(1);
    return folder == directory || (!link.empty() && folder == link);
  };
  if (!shown.empty() && !same(shown) && !same(real)) {
    arguments["found"] = shown;
    bench.warn("panel.logdir", arguments);
  } else if (answers == "no") {
    const bool runs_there = facts["panel.process"] == "yes";
    bench.warn("panel.answers", arguments, runs_there ? "silent" : "not-running");
  } else if (answers == "other") {
    bench.warn("panel.answers", arguments, "other-service");
  } else if (answers == "yes" && shown.empty() && runs > 0 && !events &&
             facts.has("panel.directory")) {
    arguments["runs"] = std::to_string(runs);
    bench.warn("panel.runs", arguments, "other-runs");
  } else if (answers == "yes" && runs == 0 && events) {
    bench.warn("panel.runs", arguments, "empty");
  } else if (answers == "yes" || !shown.empty()) {
    bench.go(answers == "yes" ? "panel.answers" : "panel.logdir", arguments);
  } else {
    bench.unknown("panel.answers", arguments);
  }
}

}  // namespace preflint::probe
