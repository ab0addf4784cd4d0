#include "project/credentials.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "base/one_of.h"
#include "base/text.h"
#include "syntax/secret_context.h"
#include "syntax/secrets.h"

namespace preflint::project {
namespace {

using shell::Part;
using shell::PartKind;

/// The name of a variable as its author gave it: `${__py_key}` is Python's `key`.
std::string_view plain(std::string_view name) {
  if (name.starts_with("__py_")) name.remove_prefix(5);
  return name;
}

/// What a command substitution reads: `$(cat /root/.wandb_key)`.
bool reads_credentials(std::string_view text) {
  for (const std::string_view file :
       {"netrc", "wandb_key", "token", "api_key", "apikey", "secret", "password", "credential"}) {
    if (text.find(file) != std::string_view::npos) return true;
  }
  return false;
}

/// Does a name tell a token of access, and not a piece of a text: `hf_token`, `token`?
bool names_access_token(std::string_view stem) {
  constexpr std::string_view kToken = "_token";
  if (!stem.ends_with(kToken)) return false;
  stem.remove_suffix(kToken.size());
  const std::string word = lower(stem.substr(stem.find_last_of("_-") + 1));
  return one_of(word, {"hf",       "hub",     "huggingface", "api",        "access",  "auth",
                       "oauth",    "secret",  "bearer",      "login",      "private", "personal",
                       "refresh",  "session", "user",        "my",         "admin",   "service",
                       "deploy",   "bot",     "wandb",       "swanlab",    "comet",   "neptune",
                       "git",      "github",  "gitlab",      "gitee",      "gh",      "modelscope",
                       "ms",       "kaggle",  "openai",      "replicate",  "pypi",    "npm",
                       "docker",   "vault",   "jupyter",     "autodl",     "dev",     "developer",
                       "telegram", "slack",   "feishu",      "dingtalk",   "wechat",  "pushplus",
                       "dropbox",  "gdrive",  "drive",       "cloudflare", "civitai", "zenodo",
                       "clearml",  "write",   "read"});
}

}  // namespace

bool credential_file(std::string_view path, const catalog::Profile& profile) {
  if (!profile.credential_file.empty() && path == profile.credential_file) return true;
  const std::string name = paths::basename(path);
  for (const std::string_view known :
       {".netrc", "netrc", ".wandb_key", "wandb_key", ".git-credentials", "kaggle.json", "id_rsa",
        "id_ed25519", "id_ecdsa", "id_dsa", ".pypirc", ".hf_token", "hf_token", ".wandb_api_key",
        ".swanlab_key", ".ossutilconfig"}) {
    if (name == known) return true;
  }
  if (path.ends_with("/.aws/credentials") || path.ends_with("huggingface/token") ||
      path.ends_with("swanlab/.netrc"))
    return true;
  std::string stem = name.substr(name.starts_with('.') ? 1 : 0);
  const size_t dot = stem.find('.');
  const std::string end = dot == std::string::npos ? "" : stem.substr(dot);
  stem.resize(stem.size() - end.size());
  if (path.starts_with('-')) return false;
  if (end == ".pem") return stem.find("key") != std::string::npos;
  if (!end.empty() && end != ".txt" && end != ".key" && end != ".env") return false;
  return stem.ends_with("api_key") || stem.ends_with("apikey") || names_access_token(stem) ||
         stem.ends_with("wandb_key") || stem == "wandb";
}

bool credential_file(const Value& path, const catalog::Profile& profile) {
  if (path.alternatives().size() != 1) return false;
  const Text& text = path.alternatives()[0];
  // `~/.netrc`, "$HOME/.wandb_key": the name is what counts.
  const std::string_view end = text.known() ? std::string_view() : text.known_suffix();
  if (const auto constant = text.constant()) return credential_file(*constant, profile);
  return end.find('/') != std::string_view::npos && credential_file(end, profile);
}

bool whole_credentials(const Value& path) {
  if (path.alternatives().size() != 1) return false;
  const Text& text = path.alternatives()[0];
  std::string end = text.constant().value_or(std::string(text.known_suffix()));
  while (end.ends_with('/')) end.pop_back();
  const std::string name = paths::basename(end);
  return name == ".netrc" || name == ".git-credentials" || name == ".ssh" ||
         end.ends_with("/.ssh/*") || name == "id_rsa" || name == "id_ed25519" ||
         name == "id_ecdsa" || name == "id_dsa";
}

bool only_when_set(const Part& part) {
  return part.kind == PartKind::parameter && one_of(part.op, {":+", "+"}) && !part.words.empty();
}

std::optional<std::string> secret_in(const shell::Argument& argument,
                                     const shell::CommandEvent& event) {
  if (const auto constant = argument.constant()) {
    const auto secrets = secrets::find(*constant);
    if (!secrets.empty())
      return secrets.front().name.empty() ? secrets.front().service : secrets.front().name;
  }
  if (!argument.word || argument.origin) return std::nullopt;
  const std::string_view text = event.unit->source.text();
  std::vector<const Part*> parts;
  const std::function<void(const std::vector<Part>&)> gather = [&](const std::vector<Part>& these) {
    for (const Part& part : these) {
      parts.push_back(&part);
      if (part.kind == PartKind::double_quoted) gather(part.parts);
      // One that the environment may give is not known to be there.
      const shell::Variable* asked =
          only_when_set(part) ? event.state.variable(part.name) : nullptr;
      if (asked && asked->set != Tri::no) gather(part.words[0].parts);
    }
  };
  gather(argument.word->parts);
  for (const Part* part : parts) {
    const bool command = part->kind == PartKind::command;
    if (!command && (part->kind != PartKind::parameter ||
                     !(part->op.empty() || part->op[0] == ':' || part->op[0] == '-')))
      continue;
    const std::string before = secrets::name_before(text, part->span.begin);
    if (command) {
      if (secrets::names_key(before) || reads_credentials(event.unit->source.slice(part->span)))
        return before.empty() ? "$(…)" : before;
      continue;
    }
    const std::string_view name = plain(part->name);
    if (!secrets::names_secret(name) && !secrets::names_secret(before)) continue;
    const shell::Variable* variable = event.state.variable(part->name);
    if (variable && variable->set == Tri::no) continue;
    // A value that is known has to look like one: not a placeholder, not empty.
    const auto value = variable ? variable->value.constant() : std::nullopt;
    if (value && (secrets::placeholder(*value) ||
                  (secrets::names_key(name) && !secrets::looks_real(*value))))
      continue;
    return std::string(name);
  }
  return std::nullopt;
}

std::string as_written(const Unit& unit, Span span) {
  std::string_view text = unit.source.slice(span);
  if (text.size() > 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front())
    text = text.substr(1, text.size() - 2);
  return std::string(text);
}

const shell::Argument* sshpass_password(const shell::Prefix& prefix) {
  for (size_t i = 0; i < prefix.arguments.size(); ++i) {
    const std::string_view start = prefix.arguments[i].value.known_start();
    if (!start.starts_with("-p")) continue;
    if (!prefix.arguments[i].value.is("-p")) return &prefix.arguments[i];
    return i + 1 < prefix.arguments.size() ? &prefix.arguments[i + 1] : nullptr;
  }
  return nullptr;
}

bool on_durable_tier(const Value& path, const catalog::Profile& profile) {
  const std::string_view start = path.known_start();
  if (!start.starts_with('/')) return false;
  const catalog::Tier* tier = profile.tier_of(start);
  return tier && tier->durable;
}

}  // namespace preflint::project
