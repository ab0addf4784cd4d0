#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/judge.h"

namespace preflint::probe {

/// What a probe's function sees and says.
class Bench {
 public:
  Bench(const Facts& of_box, const catalog::Profile& by, const Here& seen_from,
        std::vector<Answer>& answers)
      : facts(of_box), profile(by), here(seen_from), answers_(answers) {}

  const Facts& facts;
  const catalog::Profile& profile;
  const Here& here;
  std::string_view rule;  // whose function is called

  /// A box that is a mounted folder: there are no processes, no cards and no limits to be seen.
  bool mounted() const { return facts.has("box.root"); }

  void go(std::string_view fact, Arguments arguments, std::string_view message = "go") {
    say(Verdict::go, fact, std::move(arguments), message, false);
  }
  void warn(std::string_view fact, Arguments arguments, std::string_view message = "") {
    say(Verdict::warn, fact, std::move(arguments), message, false);
  }
  void no_go(std::string_view fact, Arguments arguments, std::string_view message = "") {
    say(Verdict::no_go, fact, std::move(arguments), message, false);
  }
  void unknown(std::string_view fact, Arguments arguments = {}, bool essential = false) {
    say(Verdict::unknown, fact, std::move(arguments), "unknown", essential);
  }

 private:
  void say(Verdict verdict, std::string_view fact, Arguments arguments, std::string_view message,
           bool essential) {
    answers_.push_back({std::string(rule), verdict, std::string(message), std::move(arguments),
                        std::string(fact), facts.span(fact), essential});
  }
  std::vector<Answer>& answers_;
};

/// 1536 → "1.5 MiB", from KiB.
std::string size_text(long long kib);
std::vector<std::string> split(std::string_view text, char separator);
/// The card as people call it: "NVIDIA GeForce RTX 5090" → "RTX 5090"; of several the first, ""
/// none.
std::string gpu_name(const Facts& facts, const catalog::Profile& profile);

// One function a rule, grouped by what they look at.
void hook_file(Bench& bench);
void proxy(Bench& bench);
void names(Bench& bench);
void exposed_ports(Bench& bench);
void panel(Bench& bench);

void interpreter(Bench& bench);
void torch(Bench& bench);
void kernels(Bench& bench);
void gpu(Bench& bench);
void gpu_memory(Bench& bench);
void gpu_faults(Bench& bench);

void mounts(Bench& bench);
void space(Bench& bench);
void inodes(Bench& bench);
void read_only(Bench& bench);
void cache(Bench& bench);
void credential_file(Bench& bench);
void shared_credentials(Bench& bench);

void detach_tool(Bench& bench);
void memory_limit(Bench& bench);
void oom_kills(Bench& bench);
void cpu_limit(Bench& bench);
void clock(Bench& bench);
void release_clock(Bench& bench);

}  // namespace preflint::probe
