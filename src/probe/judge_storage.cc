#include <fmt/format.h>

#include <functional>

#include "base/path.h"
#include "probe/bench.h"

namespace preflint::probe {
namespace {

using catalog::Tier;

std::string key(const Tier& tier, std::string_view fact) {
  return fmt::format("tier.{}.{}", tier.name, fact);
}

std::string place(const Bench& bench, const Tier& tier) {
  const std::string_view path = bench.facts[key(tier, "path")];
  return path.empty() ? tier.path : std::string(path);
}

/// Calls for every tier of the box that can be written; what is said of the good ones is collected
/// and told as one answer.
class Tiers {
 public:
  explicit Tiers(Bench& bench) : bench_(bench) {}

  /// `look` tells what is good about a tier, or nothing when it has spoken itself.
  void each(const std::function<std::optional<std::string>(const Tier&)>& look) {
    std::string good, fact;
    for (const Tier& tier : bench_.profile.storage.tiers) {
      if (tier.read_only || bench_.facts[key(tier, "state")] != "present") continue;
      const auto words = look(tier);
      if (!words) continue;
      if (!good.empty()) good += ", ";
      good += *words;
      if (fact.empty()) fact = key(tier, "state");
    }
    if (!good.empty()) bench_.go(fact, {{"paths", good}});
  }

 private:
  Bench& bench_;
};

/// Is the tier a plain folder of the system disk (or of the disk that /root is on)?
bool on_system_disk(const Bench& bench, const Tier& tier) {
  const Tier* system = bench.profile.system_tier();
  const std::string_view mount = bench.facts[key(tier, "mount")];
  if (system == nullptr || &tier == system || mount.empty()) return false;
  return mount == bench.facts[key(*system, "mount")] || mount == bench.facts[key(tier, "above")];
}

/// The tier that holds a path on this box, where places are links as often as not.
const Tier* tier_of(const Bench& bench, std::string_view path) {
  const Tier* best = nullptr;
  size_t longest = 0;
  const auto consider = [&](const Tier& tier, std::string_view folder) {
    if (folder.empty() || folder.size() <= longest || !below(path, folder)) return;
    best = &tier;
    longest = folder.size();
  };
  for (const Tier& tier : bench.profile.storage.tiers) {
    consider(tier, tier.path);
    for (const std::string& alias : tier.aliases) consider(tier, alias);
    consider(tier, bench.facts[key(tier, "real")]);
  }
  return best;
}

}  // namespace

void mounts(Bench& bench) {
  std::string good, fact;
  for (const Tier& tier : bench.profile.storage.tiers) {
    if (tier.read_only || &tier == bench.profile.system_tier()) continue;
    const std::string_view state = bench.facts[key(tier, "state")];
    const Arguments arguments{{"path", place(bench, tier)}, {"tier", tier.name}};
    if (state == "absent") {
      // Below a mounted root the other disks are not there: nothing is known about them.
      if (!bench.mounted()) bench.warn(key(tier, "state"), arguments, "absent");
    } else if (state != "present" || !bench.facts.has(key(tier, "mount"))) {
      bench.unknown(key(tier, "state"), arguments);
    } else if (on_system_disk(bench, tier)) {
      if (bench.mounted()) continue;
      if (tier.durable) {
        bench.no_go(key(tier, "mount"), arguments);
      } else {
        bench.warn(key(tier, "mount"), arguments, "data-not-mounted");
      }
    } else {
      if (!good.empty()) good += ", ";
      good += arguments.at("path");
      if (fact.empty()) fact = key(tier, "mount");
    }
  }
  if (!good.empty()) bench.go(fact, {{"paths", good}});
}

void space(Bench& bench) {
  Tiers(bench).each([&](const Tier& tier) -> std::optional<std::string> {
    if (on_system_disk(bench, tier)) return std::nullopt;  // told of the system disk itself
    const auto total = bench.facts.number(key(tier, "kib"));
    const auto free = bench.facts.number(key(tier, "kib_free"));
    Arguments arguments{{"path", place(bench, tier)}};
    if (!total || !free || *total == 0) {
      if (!bench.mounted()) bench.unknown(key(tier, "path"), arguments);
      return std::nullopt;
    }
    arguments["free"] = size_text(*free);
    arguments["total"] = size_text(*total);
    constexpr long long kGib = 1 << 20;
    const std::string fact = key(tier, "kib_free");
    if (*free * 100 <= *total || (*free < kGib && *total >= 10 * kGib)) {
      bench.no_go(fact, arguments);
    } else if (*free * 10 <= *total || (*free < 5 * kGib && *total >= 20 * kGib)) {
      bench.warn(fact, arguments, "low");
    } else {
      return fmt::format("{} {}", arguments["path"], arguments["free"]);
    }
    return std::nullopt;
  });
}

void inodes(Bench& bench) {
  Tiers(bench).each([&](const Tier& tier) -> std::optional<std::string> {
    if (on_system_disk(bench, tier)) return std::nullopt;
    const auto total = bench.facts.number(key(tier, "inodes"));
    const auto free = bench.facts.number(key(tier, "inodes_free"));
    Arguments arguments{{"path", place(bench, tier)}};
    if (!total || !free) {
      if (!bench.mounted()) bench.unknown(key(tier, "path"), arguments);
      return std::nullopt;
    }
    if (*total == 0) return std::nullopt;  // the file system counts none
    arguments["free"] = std::to_string(*free);
    arguments["total"] = std::to_string(*total);
    arguments["space"] = size_text(bench.facts.number(key(tier, "kib_free")).value_or(0));
    const std::string fact = key(tier, "inodes_free");
    if (*free * 100 <= *total) {
      bench.no_go(fact, arguments);
    } else if (*free * 10 <= *total) {
      bench.warn(fact, arguments, "low");
    } else {
      return fmt::format("{} {}", arguments["path"], arguments["free"]);
    }
    return std::nullopt;
  });
}

void read_only(Bench& bench) {
  if (bench.mounted()) return;  // it may well be mounted so for us
  Tiers(bench).each([&](const Tier& tier) -> std::optional<std::string> {
    if (on_system_disk(bench, tier)) return std::nullopt;
    const std::string fact = key(tier, "read_only");
    const Arguments arguments{{"path", place(bench, tier)}};
    const std::string_view state = bench.facts[fact];
    if (state == "yes") {
      bench.no_go(fact, arguments);
    } else if (state != "no") {
      bench.unknown(key(tier, "path"), arguments);
    } else {
      return arguments.at("path");
    }
    return std::nullopt;
  });
}

void cache(Bench& bench) {
  const Tier* data = bench.profile.data_tier();
  if (data == nullptr) return;
  const Facts& facts = bench.facts;
  const std::string path(facts["cache.real"]);
  Arguments arguments{{"path", path}, {"data", place(bench, *data)}};
  if (path.empty()) return bench.unknown("cache.path", arguments);
  const Tier* tier = tier_of(bench, path);
  if (tier == nullptr) return bench.go("cache.real", arguments);
  // A box that has no other disk has no better place.
  const bool choice = facts[key(*data, "state")] == "present";
  if (choice && (tier == bench.profile.system_tier() || on_system_disk(bench, *tier))) {
    return bench.warn("cache.real", arguments);
  }
  const auto size = facts.number("cache.kib"), total = facts.number(key(*tier, "kib"));
  if (size && total && *total > 0 && *size * 10 > *total * 6) {
    arguments["size"] = size_text(*size);
    arguments["total"] = size_text(*total);
    return bench.warn("cache.kib", arguments, "large");
  }
  bench.go("cache.real", arguments);
}

void credential_file(Bench& bench) {
  const std::string& file = bench.profile.credential_file;
  if (file.empty()) return;
  const std::string_view state = bench.facts["credential.state"];
  const std::string mode(bench.facts["credential.mode"]);
  const Arguments arguments{{"file", file}, {"mode", mode}};
  if (state == "absent") {
    bench.warn("credential.state", arguments, "absent");
  } else if (state != "present" || mode.size() < 3) {
    bench.unknown("credential.state", arguments);
  } else if (!mode.ends_with("00")) {
    bench.warn("credential.mode", arguments);
  } else {
    bench.go("credential.mode", arguments);
  }
}

void shared_credentials(Bench& bench) {
  const Tier* durable = bench.profile.durable_tier();
  if (durable == nullptr) return;
  std::string files;
  for (const std::string& file : split(bench.facts["credential.shared"], ' ')) {
    files += (files.empty() ? "" : "`, `") + file;
  }
  std::string_view fact = "credential.shared";
  if (const std::string_view real = bench.facts["credential.real"]; !real.empty()) {
    const Tier* tier = tier_of(bench, real);
    if (tier == durable && files.find(real) == std::string::npos) {
      files += (files.empty() ? "" : "`, `") + std::string(real);
      fact = "credential.real";
    }
  }
  if (!files.empty()) {
    bench.no_go(fact, {{"files", files}});
  } else if (bench.facts.has("credential.shared")) {
    bench.go(fact, {});
  } else if (bench.facts[key(*durable, "state")] == "present") {
    bench.unknown(fact);
  }
}

}  // namespace preflint::probe
