#include "project/questions.h"

#include <algorithm>
#include <string>

#include "catalog/triggers.h"
#include "model/shell/python_variables.h"
#include "model/value.h"
#include "syntax/secrets.h"

namespace preflint::project {
namespace {

/// What makes a Python text run shell commands.
constexpr std::string_view kSpawnTexts[] = {
    "subprocess", "os.system",       "system & from os | import os as", "popen",
    "getoutput",  "getstatusoutput", "create_subprocess_shell",         "exec_command",
    "sendline"};
/// What makes a shell text start Python.
constexpr std::string_view kInterpreters[] = {"python",     "pypy3",     "ipython", "torchrun",
                                              "accelerate", "deepspeed", "jupyter", "uv"};
/// Where a program's options may come from, and its paths.
constexpr std::string_view kValueTexts[] = {"add_argument", "environ",   "getenv",
                                            "click.option", "dataclass", "DEFINE_string"};
constexpr std::string_view kPathTexts[] = {"/root/",   "/home/",  "/mnt/",      "/data/",
                                           "log_dir",  "LOG_DIR", "output_dir", "OUTPUT_DIR",
                                           "save_dir", "SAVE_DIR"};

/// A folder by its own name, which a path that is relative to its parent holds too; one with a name
/// of several words on the way by that. (`data` of /autodl-fs/data is in every other file; a text
/// that went to /autodl-fs has named it.)
std::string folder_name(const std::string& path) {
  if (std::count(path.begin(), path.end(), '/') <= 1) return path;
  for (std::string at = path; at.size() > 1; at = paths::dirname(at)) {
    std::string name = paths::basename(at);
    if (name.find_first_of("-_") != std::string::npos) return name;
  }
  return paths::basename(path);
}

/// `saved`, `Saved`, `SAVED`.
std::vector<std::string> in_all_cases(const std::string& word) {
  std::string first = word, all = word;
  const auto raise = [](char& c) { c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
  if (!first.empty()) raise(first[0]);
  std::for_each(all.begin(), all.end(), raise);
  return {word, first, all};
}

/// The texts that a fact of the profile stands for: folders, hosts, words, what commands are
/// called.
std::vector<std::string> texts_of_fact(std::string_view fact, const catalog::Profile& profile) {
  std::vector<std::string> out;
  if (fact == "panel.directory") return {folder_name(profile.panel.directory)};
  if (fact == "network.hook") return {paths::basename(profile.network.hook_file)};
  if (fact == "credential_file") return {paths::basename(profile.credential_file)};
  if (fact == "words.success") {
    for (const std::string& word : profile.success_words) {
      for (std::string& one : in_all_cases(word)) out.push_back(std::move(one));
    }
  } else if (fact == "launch.ssh_hosts") {
    for (const std::string& host : profile.launch.ssh_hosts)
      out.push_back(host.substr(host.rfind('*') + 1));
  } else if (fact == "billing.release_hosts") {
    for (const std::string& command : profile.billing.release_commands) {
      const size_t scheme = command.find("://");
      if (scheme == std::string::npos) continue;
      const size_t host = scheme + 3;
      out.push_back(command.substr(host, command.find('/', host) - host));
    }
  } else if (fact.starts_with("storage.")) {
    if (const catalog::Tier* tier = profile.tier(fact.substr(8))) {
      for (const std::string& alias : tier->aliases) out.push_back(folder_name(alias));
      out.push_back(folder_name(tier->path));
    }
  } else if (fact.starts_with("billing.")) {
    const bool stop = fact == "billing.stop_commands";
    for (const std::string& command :
         stop ? profile.billing.stop_commands : profile.billing.release_commands) {
      // `curl https://…/release`: a program may put the address together.
      const bool address = command.find("://") != std::string::npos;
      out.push_back(paths::basename(address ? command : command.substr(0, command.find(' '))));
    }
  }
  return out;
}

/// What only a project for the platform names: its folders (but for the system disk), its hook, its
/// hosts.
std::vector<std::string> names_of(const catalog::Profile& profile) {
  std::vector<std::string> out = texts_of_fact("launch.ssh_hosts", profile);
  out.push_back(profile.network.hook_file);
  out.push_back(profile.panel.directory);
  for (const catalog::Tier& tier : profile.storage.tiers) {
    if (&tier == profile.system_tier()) continue;
    out.push_back(tier.path);
    out.insert(out.end(), tier.aliases.begin(), tier.aliases.end());
  }
  return out;
}

/// Stands for a quoted word that may be somebody's key.
constexpr std::string_view kKey = "${text.key}";

/// Other spellings of what a command is called in its documentation.
std::vector<std::string> spellings(std::string_view name) {
  if (name == "python") return {"python", "python3", "python2", "sys.executable"};
  if (name == "pip") return {"pip", "pip3", "pip2"};
  if (name == "torchrun") return {"torchrun", "torch.distributed"};
  return {std::string(name)};
}

std::vector<std::string> texts_of(std::string_view trigger, const catalog::Profile* profile) {
  constexpr std::string_view kFact = "${profile.";
  if (trigger == kKey) return {std::string(kKey)};
  if (!trigger.starts_with(kFact) || !trigger.ends_with('}')) return spellings(trigger);
  if (!profile) return {};
  return texts_of_fact(trigger.substr(kFact.size(), trigger.size() - kFact.size() - 1), *profile);
}

}  // namespace

Questions::Questions(const std::vector<const catalog::Rule*>& rules,
                     const catalog::Profile* profile) {
  for (const catalog::Rule* rule : rules) {
    if (!rule->emitted_by.empty()) continue;
    if (!rule->triggers.known) {
      if (rule->speaks("python")) always_ |= kPython;
      if (rule->speaks("shell")) always_ |= kShell;
      continue;
    }
    for (const std::string_view trigger : rule->triggers.shell) ask(trigger, kShell, profile);
    for (const std::string_view trigger : rule->triggers.programs) ask(trigger, kPrograms, profile);
    for (const std::string_view trigger : rule->triggers.launched) ask(trigger, kLaunched, profile);
    for (const std::string_view trigger : rule->triggers.python) ask(trigger, kPython, profile);
    ask_evidence(*rule, profile);
  }
  // A comment that excuses a finding is looked at, whether it excuses one or not.
  ask("preflint:", kShell | kPython, profile);
  for (const std::string_view text : kSpawnTexts) ask(text, kSpawns, profile);
  for (const std::string_view text : kInterpreters) ask(text, kInterprets, profile);
  for (const std::string_view text : shell::kPythonVariables) ask(text, kInterprets, profile);
  for (const std::string_view text : kValueTexts) ask(text, kValues, profile);
  for (const std::string_view text : kPathTexts) ask(text, kPaths, profile);
  ask("__main__", kMain, profile);
  if (profile) {
    for (const std::string_view text : names_of(*profile)) ask(text, kPlatform, profile);
  }
  literals_.prepare();
}

Questions::Question Questions::question(std::string_view trigger, uint16_t answer,
                                        const catalog::Profile* profile) {
  Question out;
  out.answer = answer;
  for (const auto& group : catalog::read_trigger(trigger)) {
    std::vector<uint32_t>& numbers = out.groups.emplace_back();
    for (const catalog::TriggerText& one : group) {
      for (const std::string& text : texts_of(one.text, profile)) {
        if (text.size() < LiteralSet::kMinimum) continue;
        numbers.push_back(literals_.add(text, one.open_before, one.open_after));
        alone_.resize(literals_.size());
        if (text == kKey) key_ = numbers.back();
      }
    }
  }
  return out;
}

void Questions::ask(std::string_view trigger, uint16_t answer, const catalog::Profile* profile) {
  Question asked = question(trigger, answer, profile);
  if (asked.groups.size() > 1) {
    questions_.push_back(std::move(asked));
    return;
  }
  for (const uint32_t number : asked.groups[0]) alone_[number] |= answer;
}

void Questions::ask_evidence(const catalog::Rule& rule, const catalog::Profile* profile) {
  const catalog::Rule::Triggers& triggers = rule.triggers;
  if (triggers.shell_evidence.empty() && triggers.python_evidence.empty()) return;
  Evidence& out = evidence_.emplace_back();
  for (const std::string_view one : triggers.shell)
    out.concern.push_back(question(one, kShell, profile));
  for (const std::string_view one : triggers.python)
    out.concern.push_back(question(one, kPython, profile));
  for (const std::string_view one : triggers.programs)
    out.concern.push_back(question(one, kPrograms, profile));
  for (const std::string_view one : triggers.shell_evidence)
    out.more.push_back(question(one, kShell, profile));
  for (const std::string_view one : triggers.python_evidence)
    out.more.push_back(question(one, kPython, profile));
}

bool Questions::Question::holds(const Hits& hits) const {
  const auto hit = [&](uint32_t number) { return (hits[number / 64] >> (number % 64) & 1) != 0; };
  return std::all_of(groups.begin(), groups.end(), [&](const auto& group) {
    return std::any_of(group.begin(), group.end(), hit);
  });
}

bool Questions::concerns(size_t rule, const Hits& hits, bool shell) const {
  return std::any_of(
      evidence_[rule].concern.begin(), evidence_[rule].concern.end(),
      [&](const Question& one) { return (!shell || one.answer == kShell) && one.holds(hits); });
}

uint16_t Questions::evidence(size_t rule, const Hits& hits) const {
  uint16_t out = 0;
  for (const Question& one : evidence_[rule].more) {
    if ((out & one.answer) == 0 && one.holds(hits)) out |= one.answer;
  }
  return out;
}

Hits Questions::scan(std::string_view text) const {
  Hits hits((literals_.size() + 63) / 64);
  const auto hit = [&](uint32_t number) { hits[number / 64] |= uint64_t{1} << (number % 64); };
  literals_.scan(text, hit);
  if (key_ && secrets::quoted_key(text)) hit(*key_);
  return hits;
}

uint16_t Questions::answers(const Hits& hits) const {
  uint16_t out = always_;
  for (size_t i = 0; i < hits.size(); ++i) {
    for (uint64_t rest = hits[i]; rest != 0; rest &= rest - 1) {
      out |= alone_[i * 64 + static_cast<size_t>(__builtin_ctzll(rest))];
    }
  }
  for (const Question& question : questions_) {
    if (question.holds(hits)) out |= question.answer;
  }
  return out;
}

}  // namespace preflint::project
