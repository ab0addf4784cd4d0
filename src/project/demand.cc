#include "project/demand.h"

#include <algorithm>

#include "project/imports.h"
#include "project/literals.h"
#include "project/parallel.h"

namespace preflint::project {
namespace {

/// What makes a Python text run shell commands.
constexpr std::string_view kSpawns[] = {"os.system", "subprocess", "popen",        "Popen",   "check_call",
                                        "check_output", "system",  "exec_command", "getoutput", "sh.",
                                        "os.exec", "execvp",       "spawn"};
/// What a text that spawns has to hold for a rule about shell to find something in it.
constexpr std::string_view kCommands[] = {
    "pip", "conda", "mamba", "git", "wget", "curl", "aria2c", "huggingface", "huggingface-cli", "hf ", "\"hf\"", "'hf'",
    "python3", "network_turbo", "cp ", "\"cp\"", "'cp'", "mv ", "\"mv\"", "'mv'", "rm ", "\"rm\"", "'rm'", "rsync", "scp", "ssh",
    "tar", "unzip", "wandb", "tensorboard", "tmux", "screen", "nohup", "shutdown", "poweroff", "halt", "gdown", "kaggle", "npm",
    "apt", "apt-get", "pkill", "kill", "pgrep", "df ", "ln ", "source", "export", "proxy", "nproc", "jupyter", "sshpass", "expect",
    "gh ", "uv ", "\"uv\"", "'uv'", "modelscope", "torchrun", "accelerate", "deepspeed", "streamlit", "gradio", "vllm", "rclone",
    "ossutil", "aws", "mkdir", "find", ".sh", "bash"};
/// What makes a shell text start something that may have findings.
constexpr std::string_view kStarts[] = {".sh", ".py", "python", "source", "ipynb", "bash", "torchrun",
                                        "accelerate", "deepspeed", "/bin/sh", "eval", "ssh"};
/// What a launched Python program is asked about besides the triggers: its use of the network.
constexpr std::string_view kNetwork[] = {"wandb", "from_pretrained", "snapshot_download", "hf_hub_download", "load_dataset",
                                         "huggingface_hub", "modelscope", "urlopen", "urlretrieve", "requests", "download",
                                         "pretrained", "weights", "hub.load", "gdown", "nltk", "report_to", "http://", "https://"};
/// Where a program's options and paths may come from.
constexpr std::string_view kValueTexts[] = {"add_argument", "/root/", "/home/", "/mnt/", "/data/", "environ", "getenv",
                                            "click.option", "dataclass", "DEFINE_string", "log_dir", "LOG_DIR",
                                            "output_dir", "OUTPUT_DIR", "save_dir", "SAVE_DIR"};

bool speaks(const catalog::Rule& rule, std::string_view language) {
  return std::any_of(rule.languages.begin(), rule.languages.end(),
                     [&](std::string_view one) { return one == language || one == "any"; });
}

/// The texts that a trigger stands for: itself, or for a fact of the profile the paths of a storage tier or
/// what commands are called.
std::vector<std::string> texts_of(std::string_view trigger, const catalog::Profile* profile) {
  constexpr std::string_view kFact = "${profile.";
  if (!profile || !trigger.starts_with(kFact) || !trigger.ends_with('}')) return {std::string(trigger)};
  std::string_view fact = trigger.substr(kFact.size(), trigger.size() - kFact.size() - 1);
  if (fact == "panel.directory") return {profile->panel.directory};
  if (fact.starts_with("storage.")) {
    const catalog::Tier* tier = profile->tier(fact.substr(8));
    if (!tier) return {};
    std::vector<std::string> out = tier->aliases;
    out.push_back(tier->path);
    return out;
  }
  std::vector<std::string> out;
  for (const std::string& command : fact == "billing.stop_commands" ? profile->billing.stop_commands : profile->billing.release_commands) {
    // `curl https://…/release`: a program may put the address together.
    const bool address = command.find("://") != std::string::npos;
    out.push_back(paths::basename(address ? command : command.substr(0, command.find(' '))));
  }
  return out;
}

/// What the hit of a literal means, for each language.
struct Meaning {
  bool python = false;   // some rule about Python looks for it
  bool shell = false;    // some rule about shell does
  bool spawns = false;
  bool command = false;
  bool starts = false;
  bool values = false;
  bool network = false;
  bool main = false;
};

}  // namespace

Demand::Demand(const BuildRequest& request) {
  everything_ = request.rules.empty();
  marks_.assign(request.files.size(), 0);
  size_t bytes = 0;
  for (size_t i = 0; i < request.files.size(); ++i) {
    numbers_.emplace(request.files[i]->path, i);
    if (request.files[i]->kind == FileKind::python) bytes += request.files[i]->bytes.size();
  }
  small_ = bytes <= kSmall;
  scan(request);
  follow_imports(request);
}

void Demand::scan(const BuildRequest& request) {
  LiteralSet literals;
  std::vector<Meaning> meanings;
  const auto meaning = [&](std::string_view literal) -> Meaning& {
    const uint32_t number = literals.add(literal);
    if (number >= meanings.size()) meanings.resize(number + 1);
    return meanings[number];
  };
  bool all_python = false, all_shell = false, own_shell = false;
  for (const catalog::Rule* rule : request.rules) {
    const bool python = speaks(*rule, "python"), shell = speaks(*rule, "shell");
    if (rule->emitted_by.empty() && rule->triggers.empty()) {
      all_python |= python;
      all_shell |= shell;
      own_shell |= shell && rule->category == "user";
    }
    for (const std::string_view trigger : rule->triggers) {
      for (const std::string& text : texts_of(trigger, request.profile)) {
        Meaning& one = meaning(text);
        one.python |= python;
        one.shell |= shell;
      }
    }
  }
  // A comment that excuses a finding is looked at, whether it excuses one or not.
  meaning("preflint:").python = true;
  meaning("preflint:").shell = true;
  for (const std::string_view text : kSpawns) meaning(text).spawns = true;
  for (const std::string_view text : kCommands) meaning(text).command = true;
  for (const std::string_view text : kStarts) meaning(text).starts = true;
  for (const std::string_view text : kNetwork) meaning(text).network = true;
  for (const std::string_view text : kValueTexts) meaning(text).values = true;
  meaning("__main__").main = true;
  literals.prepare();

  for_each_number(request.files.size(), request.threads, [&](size_t i) {
    const File& file = *request.files[i];
    Meaning seen;
    literals.scan(file.bytes, [&](uint32_t number) {
      const Meaning& one = meanings[number];
      seen.python |= one.python;
      seen.shell |= one.shell;
      seen.spawns |= one.spawns;
      seen.command |= one.command;
      seen.starts |= one.starts;
      seen.values |= one.values;
      seen.network |= one.network;
      seen.main |= one.main;
    });
    uint8_t& mark = marks_[i];
    switch (file.kind) {
      case FileKind::python:
        if (all_python || seen.python || (seen.spawns && (seen.command || seen.shell || own_shell))) mark |= kTrigger;
        if (seen.values) mark |= kValues;
        if (seen.network) mark |= kNeeds;
        if (seen.main) mark |= kProgram;
        break;
      case FileKind::notebook:
        mark |= kTrigger | kProgram;  // its lines are shell as much as Python
        break;
      default:
        if (all_shell || seen.shell || seen.starts) mark |= kTrigger;
    }
  });
}

void Demand::follow_imports(const BuildRequest& request) {
  const size_t count = request.files.size();
  ModuleIndex index;
  for (size_t i = 0; i < count; ++i) {
    if (request.files[i]->kind == FileKind::python) index.add(request.files[i]->path, i);
  }
  std::vector<std::vector<size_t>> imports(count), importers(count);
  for_each_number(count, request.threads, [&](size_t i) {
    const File& file = *request.files[i];
    if (file.kind != FileKind::python) return;
    for (const WrittenImport& import : written_imports(file.bytes)) index.find(import, imports[i]);
    std::sort(imports[i].begin(), imports[i].end());
    imports[i].erase(std::unique(imports[i].begin(), imports[i].end()), imports[i].end());
  });
  std::vector<size_t> open;
  for (size_t i = 0; i < count; ++i) {
    for (const size_t target : imports[i]) {
      if (target == i) continue;
      marks_[target] |= kImported;
      importers[target].push_back(i);
    }
    if ((marks_[i] & kTrigger) != 0) open.push_back(i);
  }
  for (const size_t i : open) {
    for (const size_t from : importers[i]) marks_[from] |= kNear;
  }
  while (!open.empty()) {
    const size_t at = open.back();
    open.pop_back();
    for (const size_t from : importers[at]) {
      if ((marks_[from] & kReaches) != 0) continue;
      marks_[from] |= kReaches;
      open.push_back(from);
    }
  }
}

uint8_t Demand::marks_of(const std::string& path) const {
  const auto at = numbers_.find(path);
  return at == numbers_.end() ? uint8_t{kTrigger} : marks_[at->second];
}

bool Demand::wanted(const std::string& path) const {
  if (everything_) return true;
  const uint8_t marks = marks_of(path);
  if ((marks & kTrigger) != 0) return true;
  if (small_) return (marks & kReaches) != 0;
  return (marks & kProgram) != 0 && (marks & kNear) != 0;
}

bool Demand::followed(const std::string& path, bool launched) const {
  if (everything_ || small_) return true;
  return (marks_of(path) & (kTrigger | kValues | (launched ? kNeeds : 0))) != 0;
}

bool Demand::imported(const std::string& path) const { return (marks_of(path) & kImported) != 0; }
bool Demand::program(const std::string& path) const { return (marks_of(path) & kProgram) != 0; }

}  // namespace preflint::project
