#include "project/host.h"

#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "project/other_platforms.h"
#include "project/upkeep.h"

namespace preflint::project {
namespace {

constexpr uint64_t kSteps =
    200'000;  // of all calls of one function, in all runs together: half of what one run may take

/// The letters of a file's name: `network-turbo.sh` and `network_turbo` have the same.
std::string letters_of(std::string_view name) {
  if (name.ends_with(".sh")) name.remove_suffix(3);
  std::string out;
  for (const char c : lower(name)) {
    if (c >= 'a' && c <= 'z') out += c;
  }
  return out;
}

/// `/etc/network-turbo`: beside the hook there is no other file of its name.
bool misspelt(const Text& path, const std::string& hook) {
  const auto constant = path.constant();
  return constant && !hook.empty() &&
         paths::dirname(paths::normalise(*constant)) == paths::dirname(hook) &&
         letters_of(paths::basename(*constant)) == letters_of(paths::basename(hook));
}

}  // namespace

bool ShellHost::is_hook(const Text& path) const {
  if (profile_.network.hook_file.empty()) return false;
  const auto constant = path.constant();
  return constant && paths::normalise(*constant) == profile_.network.hook_file;
}

Value ShellHost::hook_no_proxy() const {
  std::string out;
  for (const std::string& host : profile_.network.no_proxy) out += (out.empty() ? "" : ",") + host;
  return Value::literal(out);
}

Tri ShellHost::exists(const Text& path) const {
  if (is_hook(path)) return Tri::yes;
  const auto constant = path.constant();
  if (!constant) return Tri::maybe;
  // The platform's own folders are there; a shared disk has to be rented first.
  if (const catalog::Tier* tier = profile_.tier_of(*constant);
      tier && tier->path == paths::normalise(*constant) && !tier->durable)
    return Tri::yes;
  if (!profile_.python.prefix.empty() && paths::normalise(*constant) == profile_.python.prefix)
    return Tri::yes;
  if (folder_of_other_platform(paths::normalise(*constant), profile_)) return Tri::no;
  return Tri::maybe;
}

bool ShellHost::elsewhere(const Text& path, const Unit& unit) {
  const auto constant = path.constant();
  if (!constant || !constant->starts_with('/')) return false;
  const std::string place = paths::normalise(*constant);
  const std::string top = place.substr(1, place.find('/', 1) - 1);
  // Of these every Linux has some.
  if (one_of(top, {"", "bin", "boot", "dev", "etc", "lib", "lib64", "opt", "proc", "run", "root",
                   "sbin", "srv", "sys", "tmp", "usr", "var", "lib32"}))
    return false;
  if (const catalog::Tier* tier = profile_.tier_of(place); tier && tier->path != "/") return false;
  const auto& more = config_.durable.extra;
  if (std::any_of(more.begin(), more.end(), [&](const std::string& folder) {
        return paths::under(place, folder) || paths::under(folder, place);
      }))
    return false;
  // In a script for the platform it is a mistake, which does not hide the others.
  const auto [at, fresh] = for_platform_.try_emplace(unit.file().path);
  if (fresh) at->second = meant_for_platform(unit.file().bytes, profile_);
  return !at->second;
}

Tri ShellHost::has_program(std::string_view name) const {
  const bool of_image = name == "conda" || name == "python" || name == "pip";
  return of_image && !profile_.python.prefix.empty() ? Tri::yes : Tri::maybe;
}

bool ShellHost::path_has_interpreter(const Value& path) const {
  const std::string& bin = profile_.python.bin;
  for (const Text& text : path.alternatives()) {
    const std::string shown = text.display();
    if ((!bin.empty() && shown.find(bin) != std::string::npos) ||
        holds_any(shown, {"conda3/bin", "conda/bin", "anaconda/bin", "venv/bin", "miniforge3/bin",
                          "/envs/"})) {
      return true;
    }
  }
  return false;
}

bool ShellHost::look(const shell::Command& function) {
  if (looked_.emplace(&function, run_).first->second == run_) return true;
  passed_over_.push_back({&function, false});
  return false;
}

bool ShellHost::follow(const shell::Command& function) {
  if (steps_[&function] <= kSteps) return true;
  passed_over_.push_back({&function, true});
  return false;
}

void ShellHost::followed(const shell::Command& function, uint64_t steps) {
  steps_[&function] += steps;
  steps_of_runs_[run_][&function] += steps;
}

bool ShellHost::passes_over(const PassedOver& one) const {
  if (!one.call) return looked_.contains(one.function);
  const auto steps = steps_.find(one.function);
  return steps != steps_.end() && steps->second > kSteps;
}

void ShellHost::forget(int run) {
  std::erase_if(looked_, [run](const auto& one) { return one.second == run; });
  const auto own = steps_of_runs_.find(run);
  if (own == steps_of_runs_.end()) return;
  for (const auto& [function, steps] : own->second) steps_[function] -= steps;
  steps_of_runs_.erase(own);
}

shell::Host::Sourced ShellHost::resolve_source(const Value& path, const shell::State& state,
                                               const Unit& from, const Unit** unit) {
  const auto& alternatives = path.alternatives();
  if (std::all_of(alternatives.begin(), alternatives.end(),
                  [&](const Text& text) { return is_hook(text); })) {
    return Sourced::hook;
  }
  const std::string folder = paths::dirname(from.file().path);
  const Text cwd = state.here();
  const std::string found = resolver_.file(path, cwd, folder);
  if (!found.empty()) {
    for (const std::string& pattern : config_.network.hook_files) {
      const std::string relative =
          paths::under(found, config_.folder) && found.size() > config_.folder.size()
              ? found.substr(config_.folder.size() + 1)
              : found;
      if (catalog::glob_matches(pattern, relative)) return Sourced::hook;
    }
    if (const auto file = reader_.open(found)) {
      sourced_.insert(found);
      *unit = units_.script(file, from.dialect, false);
      return Sourced::unit;
    }
  }
  if (std::all_of(alternatives.begin(), alternatives.end(),
                  [&](const Text& text) { return misspelt(text, profile_.network.hook_file); }))
    return Sourced::inert;
  const std::string shown = path.display();
  const std::string name = paths::basename(shown);
  // One of several candidates, or none (`conda_sh=""`).
  const auto activates = [](const Text& text) {
    const std::string script = paths::basename(text.display());
    return text.empty() == Tri::yes || script == "activate" || script == "conda.sh" ||
           script == "mamba.sh" || script == "activate.sh";
  };
  if (path.empty() != Tri::yes && std::all_of(alternatives.begin(), alternatives.end(), activates))
    return Sourced::activation;
  // Profile files set up the interpreter's PATH; whether they also run the hook is not ours to
  // know.
  if (name == "profile" || shown == "/etc/environment" ||
      holds_any(shown, {"setvars.sh", "nvm.sh", "cargo/env", "bash_completion", "/etc/os-release",
                        "cuda.sh", "/opt/ros", "git-completion"})) {
    return shown.ends_with("/etc/profile") ? Sourced::activation : Sourced::inert;
  }
  return Sourced::unknown;
}

}  // namespace preflint::project
