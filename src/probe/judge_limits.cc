#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "probe/bench.h"

namespace preflint::probe {
namespace {

constexpr long long kGib = 1 << 20;  // in KiB

/// "12", "0.5".
std::string cores(long long percent) {
  return percent % 100 == 0 ? std::to_string(percent / 100)
                            : fmt::format("{:.1f}", static_cast<double>(percent) / 100);
}

}  // namespace

void detach_tool(Bench& bench) {
  if (bench.profile.daemon.detach.empty()) return;
  if (!bench.facts.has("tool.asked")) return bench.unknown("tool.asked");
  const auto there = [&](std::string_view name) {
    return bench.facts[fmt::format("tool.{}", name)] == "yes";
  };
  for (const bool fallback : {false, true}) {
    std::string tools, fact;
    for (const char* name : {"tmux", "screen", "nohup", "setsid"}) {
      const bool simple = name[0] == 'n' || name[1] == 'e';  // nohup, setsid
      if (simple != fallback || !there(name)) continue;
      if (fact.empty()) fact = fmt::format("tool.{}", name);
      tools += (tools.empty() ? "" : ", ") + std::string(name);
    }
    if (tools.empty()) continue;
    return bench.go(fact, {{"tools", tools}}, fallback ? "fallback" : "go");
  }
  bench.warn("tool.asked", {});
}

void memory_limit(Bench& bench) {
  if (bench.mounted()) return;
  const auto host = bench.facts.number("memory.host_kib");
  auto limit = bench.facts.number("memory.limit_bytes");
  if (limit) *limit /= 1024;
  if (!limit || (host && *limit > *host)) limit = host;
  if (!limit || *limit <= 0) return bench.unknown("memory.host_kib");
  const std::string fact =
      bench.facts.has("memory.limit_bytes") ? "memory.limit_bytes" : "memory.host_kib";
  Arguments arguments{{"limit", size_text(*limit)}, {"host", size_text(host.value_or(*limit))}};
  // Pages of files are given back when they are wanted.
  const long long used = std::max(bench.facts.number("memory.used_bytes").value_or(0) -
                                      bench.facts.number("memory.cache_bytes").value_or(0),
                                  0LL) /
                         1024;
  arguments["used"] = size_text(used);
  if (*limit < 4 * kGib) {
    bench.warn(fact, arguments);
  } else if (fact == "memory.limit_bytes" && used * 10 > *limit * 9) {
    bench.warn("memory.used_bytes", arguments, "used");
  } else {
    bench.go(fact, arguments);
  }
}

void oom_kills(Bench& bench) {
  if (bench.mounted()) return;
  const auto count = bench.facts.number("memory.oom_kills");
  if (!count) return bench.unknown("memory.oom_kills");
  if (*count > 0) {
    bench.warn("memory.oom_kills", {{"count", std::to_string(*count)}});
  } else {
    bench.go("memory.oom_kills", {});
  }
}

void cpu_limit(Bench& bench) {
  if (bench.mounted()) return;
  const std::string host(bench.facts["cpu.host"]);
  const auto percent = bench.facts.number("cpu.limit_percent");
  if (!percent && host.empty()) return bench.unknown("cpu.host");
  if (!percent) return bench.go("cpu.host", {{"host", host}}, "unlimited");
  const Arguments arguments{{"limit", cores(*percent)}, {"host", host}};
  if (*percent < 100) {
    bench.warn("cpu.limit_percent", arguments);
  } else {
    bench.go("cpu.limit_percent", arguments);
  }
}

void clock(Bench& bench) {
  if (bench.mounted()) return;
  const auto there = bench.facts.number("box.clock");
  if (!there || !bench.here.clock) return bench.unknown("box.clock");
  const long long apart = std::llabs(*there - *bench.here.clock);
  if (apart > 60) {
    bench.warn("box.clock", {{"seconds", std::to_string(apart)}});
  } else {
    bench.go("box.clock", {});
  }
}

void release_clock(Bench& bench) {
  const int days = bench.profile.storage.auto_release_days;
  if (days > 0) bench.go("uptime.seconds", {{"days", std::to_string(days)}});
}

}  // namespace preflint::probe
