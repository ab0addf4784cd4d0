#include "base/one_of.h"
#include "project/shell_files.h"

namespace preflint::project {

using shell::Argument;
using shell::CommandEvent;

void ShellFiles::git() {
  const auto words = operands({"-b", "--branch", "--depth", "-o", "--origin", "-C", "-c",
                               "--config", "-j", "--jobs", "--filter", "--reference"});
  if (words.empty()) return;
  if (words[0]->is("push")) {
    bring_away();
  } else if (words[0]->is("clone") && words.size() >= 2) {
    if (words.size() >= 3) {
      add(Artefact::unpacked, words[2]->span, words[2]->value).tool = "git clone";
    } else {
      std::string repository = paths::basename(words[1]->value.display());
      if (repository.ends_with(".git")) repository.resize(repository.size() - 4);
      add(Artefact::unpacked, words[1]->span, Value::literal("./" + repository)).tool = "git clone";
    }
  }
}

void ShellFiles::pip() {
  if (!event_->operand() || !event_->operand()->is("install")) return;
  if (const auto target = option({"-t", "--target", "--prefix"}))
    add(Artefact::unpacked, target->span, target->value).tool = "pip install --target";
}

void ShellFiles::conda() {
  const Argument* first = event_->operand();
  if (!first || (!first->is("create") && !first->is("env"))) return;
  if (const auto prefix = option({"-p", "--prefix"}))
    add(Artefact::unpacked, prefix->span, prefix->value).tool = "conda create --prefix";
}

void ShellFiles::venv() {
  const auto words = operands({"-p", "--python", "--prompt"});
  size_t at = 0;
  if (event_->name == "uv") {
    if (words.empty() || !words[0]->is("venv")) return;
    at = 1;
  }
  if (at < words.size()) add(Artefact::unpacked, words[at]->span, words[at]->value).tool = "venv";
}

DownloadSize ShellFiles::downloaded() const {
  const auto type = option({"--repo-type", "--repo_type"});
  if (const auto data = option({"--dataset"}))
    return dataset_size(data->value.constant().value_or(""));
  const auto model = option({"--model"});
  const auto words = operands({"--repo-type", "--repo_type", "--revision", "--token", "--include",
                               "--exclude", "--cache-dir", "--local-dir"});
  const std::string id = model              ? model->value.constant().value_or("")
                         : words.size() > 1 ? words[1]->constant().value_or("")
                                            : "";
  return type && type->value.is("dataset") ? dataset_size(id) : model_size(id);
}

void ShellFiles::hub() {
  const Argument* first = event_->operand();
  if (!first) return;
  if (first->is("upload") || first->is("upload-large-folder")) {
    bring_away();
    return;
  }
  if (!first->is("download")) return;
  std::string tool;
  Value path;
  Span span = event_->command_span;
  if (const auto folder = option({"--local-dir", "--local_dir"})) {
    path = folder->value;
    span = folder->span;
    tool = "--local-dir";
  } else if (const auto cache = option({"--cache-dir", "--cache_dir"})) {
    path = cache->value;
    span = cache->span;
    tool = "--cache-dir";
  } else {
    path = event_->name == "modelscope" ? modelscope_cache(event_->environment, tool)
                                        : hub_cache(event_->environment, tool);
  }
  Artefact& out = add(Artefact::cache, span, path);
  out.defaulted = tool.empty();
  out.size = downloaded();
  if (const shell::Variable* set = tool.starts_with("-") ? nullptr : event_->environment.find(tool);
      set && set->unit) {
    out.said = &set->unit->source;
    out.said_span = set->span;
  }
  out.tool = tool.empty() ? event_->name : tool;
}

bool ShellFiles::uploads(const CommandEvent& event) {
  const Argument* first = event.operand();
  if (one_of(event.name,
             {"rclone", "bypy",    "BaiduPCS-Go", "aliyunpan", "azcopy", "coscmd", "coscli",
              "gsutil", "obsutil", "ossutil",     "ossutil64", "s3cmd",  "sftp",   "lftp",
              "dvc",    "oss",     "mc",          "croc",      "oc",     "s5cmd"})) {
    return first && !one_of(first->constant().value_or(""),
                            {"download", "d", "ls", "list", "login", "config", "down", "downdir",
                             "pull", "lsf", "about", "version"});
  }
  if (event.name == "aws")
    return first && first->is("s3") && event.operand(1) &&
           one_of(event.operand(1)->constant().value_or(""), {"cp", "sync", "mv"});
  if (event.name == "curl")
    return event.has_option("-T") || event.has_option("--upload-file") || event.has_option("-F") ||
           event.has_option("--form");
  if (event.name == "wandb") return first && (first->is("artifact") || first->is("sync"));
  return false;
}

}  // namespace preflint::project
