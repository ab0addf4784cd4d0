#include "project/network_calls.h"

#include <algorithm>

#include "base/one_of.h"
#include "project/network_tools.h"
#include "project/output_options.h"
#include "project/trackers.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

/// Does the command name a proxy of its own: `curl -x`, `wget -e https_proxy=…`, `pip --proxy`?
bool own_proxy(const CommandEvent& event) {
  if (event.name == "curl" && event.has_option("-x")) return true;
  return std::any_of(event.arguments.begin(), event.arguments.end(), [&](const Argument& argument) {
    const std::string word = argument.value.display();
    if (word.starts_with("--proxy") || word.starts_with("--all-proxy") ||
        word.starts_with("--http-proxy") || word.starts_with("--https-proxy") ||
        word.starts_with("--socks5") || word.starts_with("--preproxy"))
      return true;
    return event.name == "wget" && word.find("_proxy=") != std::string::npos;
  });
}

/// A training by a tool's own command that is told to report to wandb.
std::optional<NetworkCall> reporting_call(const CommandEvent& event,
                                          const catalog::Profile& profile) {
  if (!one_of(event.name, {"llamafactory-cli", "lmf", "swift"})) return std::nullopt;
  const auto trackers = launch_option(event, "--report_to");
  if (!trackers || !trackers->is("wandb") || tracker_off(event.environment)) return std::nullopt;
  auto call = simple_call(NetworkCall::wandb, event, wandb_reach(event.environment, profile),
                          "api.wandb.ai");
  call->by_default = true;
  return call;
}

std::optional<NetworkCall> command_call(const Run& run, const CommandEvent& event,
                                        const catalog::Profile& profile) {
  const std::string& name = event.name;
  const Argument* first = event.operand();
  const std::string sub = first ? first->constant().value_or("") : "";
  if (name == "pip") return pip_call(run, event, profile);
  if (shell::is_conda(name)) return conda_call(event, profile);
  if (name == "git") return git_call(run, event, profile);
  if (name == "wget" || name == "curl" || name == "aria2c" || name == "axel")
    return download_call(event, profile);
  if (name == "hf" || name == "huggingface-cli") {
    const Argument* second = event.operand(1);
    const std::string next = second ? second->constant().value_or("") : "";
    if (!one_of(sub, {"download", "upload", "login", "whoami", "upload-large-folder"}) &&
        !(sub == "auth" && (next == "login" || next == "whoami")) && sub != "repo") {
      return std::nullopt;
    }
    return hub_call(event, profile, sub == "download");
  }
  if (name == "hfd.sh" || name == "hfd") {
    return hub_call(event, profile, true);
  }
  if (name == "wandb") {
    if (!one_of(sub, {"login", "sync", "agent", "sweep", "pull", "artifact", "launch"}))
      return std::nullopt;
    const auto mode = event.environment.constant("WANDB_MODE");
    const bool off = mode && (*mode == "offline" || *mode == "disabled" || *mode == "dryrun");
    const Reach reach =
        off && sub != "sync" ? Reach::local : wandb_reach(event.environment, profile);
    return simple_call(NetworkCall::wandb, event, reach, "api.wandb.ai");
  }
  if (name == "modelscope" && sub == "download") {
    return simple_call(NetworkCall::modelscope, event, Reach::domestic, "modelscope.cn", true);
  }
  if (name == "gh" && !one_of(sub, {"", "help", "config", "completion", "alias"})) {
    return simple_call(NetworkCall::service, event, Reach::foreign, "github.com");
  }
  if (name == "gdown")
    return simple_call(NetworkCall::download, event, Reach::foreign, "drive.google.com", true);
  if (name == "kaggle")
    return simple_call(NetworkCall::download, event, Reach::foreign, "kaggle.com", true);
  if (name == "ollama") return ollama_pull(run, event, profile);
  if (name == "npm" || name == "pnpm" || name == "yarn") return npm_call(run, event, profile);
  if ((name == "uv" && one_of(sub, {"sync", "add", "tool", "lock"})) || name == "uvx" ||
      (name == "poetry" && one_of(sub, {"install", "add", "update", "lock"})) ||
      (name == "pixi" && one_of(sub, {"install", "add", "update"})) ||
      (name == "pipenv" && one_of(sub, {"install", "sync", "update"}))) {
    return resolver_call(run, event, profile);
  }
  return model_call(event, profile);
}

/// The words of a text between its blanks.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (size_t at = text.find_first_not_of(' '); at != std::string_view::npos;) {
    const size_t end = std::min(text.find(' ', at), text.size());
    out.emplace_back(text.substr(at, end - at));
    at = text.find_first_not_of(' ', end);
  }
  return out;
}

/// `${DL} URL` where DL is one of several downloaders: what all of them would do.
std::optional<NetworkCall> alternative_call(const Run& run, const CommandEvent& event,
                                            const catalog::Profile& profile) {
  const std::vector<std::string> texts = event.word.value.constants();
  if (!event.name.empty() || event.function_call || texts.size() < 2) return std::nullopt;
  std::optional<NetworkCall> first;
  for (const std::string& text : texts) {
    const std::vector<std::string> words = words_of(text);
    if (words.empty()) return std::nullopt;
    CommandEvent one = event;
    one.name = paths::basename(words[0]);
    for (size_t i = 1; i < words.size(); ++i) {
      Argument argument = event.word;
      argument.value = Value::literal(words[i]);
      one.arguments.insert(one.arguments.begin() + static_cast<std::ptrdiff_t>(i) - 1, argument);
    }
    const auto call = command_call(run, one, profile);
    if (!call) return std::nullopt;
    if (!first) first = call;
  }
  return first;
}

}  // namespace

void take_target(NetworkCall& call, const Target& target) {
  const Reach both = call.target.empty() && call.reach == Reach::unknown
                         ? target.reach
                         : worse(call.reach, target.reach);
  if (call.target.empty() || (both == target.reach && both != call.reach)) {
    call.target = target.host;
    call.span = target.span;
  }
  call.reach = both;
}

std::optional<NetworkCall> simple_call(NetworkCall::Tool tool, const CommandEvent& event,
                                       Reach reach, std::string host, bool bulk) {
  NetworkCall call;
  call.tool = tool;
  call.reach = reach;
  call.target = std::move(host);
  call.span = event.command_span;
  call.bulk = bulk;
  return call;
}

std::optional<NetworkCall> network_call(const Run& run, const CommandEvent& event,
                                        const catalog::Profile& profile) {
  if (own_proxy(event)) return std::nullopt;
  if (auto call = reporting_call(event, profile)) return call;
  if (auto call = command_call(run, event, profile)) return call;
  if (auto call = alternative_call(run, event, profile)) return call;
  return uv_run(run, event, profile);
}

}  // namespace preflint::project
