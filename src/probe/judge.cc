#include "probe/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/path.h"
#include "probe/bench.h"

namespace preflint::probe {
namespace {

struct Entry {
  std::string_view rule;
  void (*function)(Bench&);
};

/// PRB001 speaks of boxes that could not be asked; whoever asked reports it.
constexpr Entry kProbes[] = {
    {"PRB002", hook_file},    {"PRB003", proxy},           {"PRB004", interpreter},
    {"PRB005", torch},        {"PRB006", kernels},         {"PRB007", gpu},
    {"PRB008", gpu_memory},   {"PRB009", gpu_faults},      {"PRB010", mounts},
    {"PRB011", space},        {"PRB012", inodes},          {"PRB013", read_only},
    {"PRB014", cache},        {"PRB015", panel},           {"PRB016", exposed_ports},
    {"PRB017", detach_tool},  {"PRB018", credential_file}, {"PRB019", shared_credentials},
    {"PRB020", memory_limit}, {"PRB021", oom_kills},       {"PRB022", cpu_limit},
    {"PRB023", clock},        {"PRB024", names},           {"PRB025", release_clock},
};

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::go:
      return "GO";
    case Verdict::warn:
      return "WARN";
    case Verdict::no_go:
      return "NO-GO";
    case Verdict::unknown:
      break;
  }
  return "UNKNOWN";
}

std::vector<Answer> judge(const Facts& facts, const catalog::Profile& profile, const Here& here) {
  std::vector<Answer> answers;
  Bench bench(facts, profile, here, answers);
  for (const Entry& probe : kProbes) {
    bench.rule = probe.rule;
    probe.function(bench);
  }
  return answers;
}

Verdict overall(const std::vector<Answer>& answers) {
  Verdict worst = Verdict::go;
  bool blind = false;
  for (const Answer& answer : answers) {
    if (answer.verdict == Verdict::unknown) {
      blind |= answer.essential;
    } else {
      worst = std::max(worst, answer.verdict);
    }
  }
  return blind && worst != Verdict::no_go ? Verdict::unknown : worst;
}

std::vector<Finding> findings(const std::vector<Answer>& answers, const std::string& path) {
  std::vector<Finding> out;
  for (const Answer& answer : answers) {
    if (answer.verdict == Verdict::go) continue;
    Finding finding;
    finding.rule = answer.rule;
    finding.severity = answer.verdict == Verdict::no_go  ? Severity::error
                       : answer.verdict == Verdict::warn ? Severity::warning
                                                         : Severity::info;
    finding.place = {path, answer.span};
    finding.message = answer.message;
    finding.arguments = answer.arguments;
    out.push_back(std::move(finding));
  }
  std::sort(out.begin(), out.end(), before);
  return out;
}

std::string size_text(long long kib) {
  if (kib < 1024) return fmt::format("{} KiB", kib);
  double value = static_cast<double>(kib) / 1024;
  const char* unit = "MiB";
  for (const char* larger : {"GiB", "TiB"}) {
    if (value < 1024) break;
    value /= 1024;
    unit = larger;
  }
  return value < 10 ? fmt::format("{:.1f} {}", value, unit) : fmt::format("{:.0f} {}", value, unit);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace preflint::probe
