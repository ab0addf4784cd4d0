#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "probe/bench.h"

namespace preflint::probe {
namespace {

/// A compute capability or the architecture of a kernel: 8.6 and sm_86.
struct Capability {
  int major = 0, minor = 0;
  bool exact = false;     // sm_90a runs on nothing but 9.0
  bool portable = false;  // PTX: a later card compiles it
};

std::optional<int> whole(std::string_view text) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Capability> capability_of(std::string_view text) {
  const size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto major = whole(text.substr(0, dot)), minor = whole(text.substr(dot + 1));
  if (!major || !minor) return std::nullopt;
  return Capability{*major, *minor};
}

/// "sm_86", "sm_90a", "compute_90".
std::optional<Capability> architecture_of(std::string_view text) {
  Capability out;
  if (text.starts_with("sm_")) {
    text.remove_prefix(3);
  } else if (text.starts_with("compute_")) {
    text.remove_prefix(8);
    out.portable = true;
  } else {
    return std::nullopt;
  }
  if (!text.empty() && (text.back() < '0' || text.back() > '9')) {
    out.exact = true;
    text.remove_suffix(1);
  }
  const auto number = whole(text);
  if (!number || *number < 10) return std::nullopt;
  out.major = *number / 10;
  out.minor = *number % 10;
  return out;
}

bool serves(const Capability& built, const Capability& card) {
  if (built.exact) return built.major == card.major && built.minor == card.minor;
  if (built.portable) {
    return built.major < card.major || (built.major == card.major && built.minor <= card.minor);
  }
  return built.major == card.major && built.minor <= card.minor;
}

std::string torch_version(const Facts& facts) {
  for (const char* key : {"torch.version", "package.torch", "installed.torch"}) {
    if (!facts[key].empty()) return std::string(facts[key]);
  }
  return "";
}

bool has_card(const Facts& facts) { return facts.number("gpu.count").value_or(0) > 0; }

std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '-' || c == '_') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

std::string gpu_name(const Facts& facts, const catalog::Profile& profile) {
  const std::string_view full = facts["gpu.0.name"];
  if (full.empty()) return "";
  const std::string text = squeezed(full);
  std::string_view best;
  for (const std::string& known : profile.gpus) {
    if (known.size() > best.size() && text.find(squeezed(known)) != std::string::npos) best = known;
  }
  if (!best.empty()) return std::string(best);
  std::string_view rest = full;
  for (const std::string_view maker : {"NVIDIA ", "GeForce ", "Tesla "}) {
    if (rest.starts_with(maker)) rest.remove_prefix(maker.size());
  }
  return std::string(rest);
}

void interpreter(Bench& bench) {
  const std::string& path = bench.profile.python.interpreter;
  if (path.empty()) return;
  Arguments arguments{{"interpreter", path}};
  const std::string_view state = bench.facts["python.interpreter"];
  if (state == "absent") {
    bench.no_go("python.interpreter", arguments);
  } else if (state == "not-executable") {
    bench.no_go("python.interpreter", arguments, "not-executable");
  } else if (state != "present") {
    bench.unknown("python.interpreter", arguments, true);
  } else if (bench.facts.has("python.fault")) {
    arguments["detail"] = bench.facts["python.fault"];
    bench.no_go("python.fault", arguments, "broken");
  } else if (const auto version = bench.facts["python.version"]; version.empty()) {
    bench.go("python.interpreter", arguments, "present");
  } else {
    arguments["version"] = version;
    bench.go("python.version", arguments);
  }
}

void torch(Bench& bench) {
  const std::string& path = bench.profile.python.interpreter;
  if (path.empty() || bench.facts["python.interpreter"] != "present") return;
  const Facts& facts = bench.facts;
  if (facts.has("python.fault")) return;
  const std::string_view state = facts["torch.import"];
  const std::string version = torch_version(facts);
  std::string cuda(facts[facts.has("torch.cuda") ? "torch.cuda" : "installed.cuda"]);
  Arguments arguments{{"interpreter", path}, {"version", version}, {"cuda", cuda}};
  arguments["gpu"] = gpu_name(facts, bench.profile);
  if (bench.mounted()) {
    if (version.empty()) return bench.warn("python.interpreter", arguments, "absent");
    if (cuda.empty()) arguments["cuda"] = "?";
    return bench.go("installed.torch", arguments);
  }
  if (state == "absent") {
    // An image of another framework is no fault.
    if (facts.has("package.tensorflow") || facts.has("installed.tensorflow")) return;
    bench.warn("torch.import", arguments, "absent");
  } else if (state == "failed") {
    arguments["detail"] = facts.has("torch.fault")
                              ? std::string(facts["torch.fault"])
                              : fmt::format("status {}", facts["torch.status"]);
    bench.no_go("torch.import", arguments);
  } else if (state != "ok") {
    bench.unknown("torch.import", arguments, true);
  } else if (cuda == "none" && has_card(facts)) {
    bench.no_go("torch.cuda", arguments, "cpu-build");
  } else if (facts["torch.cuda_available"] == "no" && has_card(facts)) {
    bench.no_go("torch.cuda_available", arguments, "no-cuda");
  } else {
    bench.go("torch.version", arguments);
  }
}

void kernels(Bench& bench) {
  const Facts& facts = bench.facts;
  // Without a card, or without a torch that is built for one, other rules have spoken.
  if (bench.mounted() || !has_card(facts) || facts["torch.import"] != "ok") return;
  if (facts["torch.cuda"] == "none") return;
  const std::string list(facts["torch.arch_list"]);
  Arguments arguments{{"version", torch_version(facts)}, {"architectures", list}};
  std::vector<Capability> built;
  for (const std::string& word : split(list, ' ')) {
    if (const auto one = architecture_of(word)) built.push_back(*one);
  }
  arguments["gpu"] = gpu_name(facts, bench.profile);
  bool asked = false;
  for (int card = 0; card < 16; ++card) {
    std::string key = fmt::format("torch.{}.capability", card);
    if (!facts.has(key)) key = fmt::format("gpu.{}.capability", card);
    const auto capability = capability_of(facts[key]);
    if (!capability || built.empty()) continue;
    asked = true;
    arguments["capability"] = fmt::format("sm_{}{}", capability->major, capability->minor);
    const bool served = std::any_of(built.begin(), built.end(), [&](const Capability& one) {
      return serves(one, *capability);
    });
    if (!served) return bench.no_go("torch.arch_list", arguments);
  }
  if (asked) {
    bench.go("torch.arch_list", arguments);
  } else {
    bench.unknown("torch.arch_list", arguments, true);
  }
}

void gpu(Bench& bench) {
  if (bench.mounted()) return;
  const Facts& facts = bench.facts;
  const std::string_view tool = facts["gpu.tool"];
  Arguments arguments{{"status", std::string(facts["gpu.status"])}};
  if (tool == "absent") {
    bench.no_go("gpu.tool", arguments);
  } else if (tool == "slow") {
    bench.no_go("gpu.tool", arguments, "slow");
  } else if (tool == "failed") {
    bench.no_go("gpu.tool", arguments, "failed");
  } else if (has_card(facts)) {
    arguments["count"] = facts["gpu.count"];
    arguments["gpu"] = gpu_name(facts, bench.profile);
    bench.go("gpu.0.name", arguments);
  } else {
    bench.unknown("gpu.tool", arguments, true);
  }
}

void gpu_memory(Bench& bench) {
  if (bench.mounted() || !has_card(bench.facts)) return;
  std::optional<long long> least;
  bool busy = false;
  for (int card = 0; card < 16; ++card) {
    const std::string key = fmt::format("gpu.{}.used_mib", card);
    const auto used = bench.facts.number(key);
    const auto total = bench.facts.number(fmt::format("gpu.{}.memory_mib", card));
    if (!used || !total) continue;
    least = std::min(least.value_or(*total), *total - *used);
    // A driver and a display take some hundred MiB themselves.
    if (*used < 1024 || *used * 20 < *total) continue;
    busy = true;
    bench.warn(key, {{"index", std::to_string(card)},
                     {"used", std::to_string(*used)},
                     {"total", std::to_string(*total)}});
  }
  if (busy) return;
  if (!least) return bench.unknown("gpu.count");
  bench.go("gpu.0.used_mib", {{"free", std::to_string(*least)}});
}

void gpu_faults(Bench& bench) {
  if (bench.mounted() || !has_card(bench.facts)) return;
  bool counted = false, faulty = false;
  for (int card = 0; card < 16; ++card) {
    const std::string key = fmt::format("gpu.{}.ecc_errors", card);
    const auto errors = bench.facts.number(key);
    if (!errors) continue;
    counted = true;
    if (*errors == 0) continue;
    faulty = true;
    bench.no_go(key, {{"index", std::to_string(card)}, {"errors", std::to_string(*errors)}});
  }
  if (const auto xid = bench.facts.number("gpu.xid"); xid && *xid > 0) {
    faulty = true;
    bench.warn("gpu.xid", {{"count", std::to_string(*xid)}}, "xid");
  }
  if (faulty) return;
  if (counted) {
    bench.go("gpu.0.ecc_errors", {});
  } else {
    bench.unknown("gpu.count");
  }
}

}  // namespace preflint::probe
