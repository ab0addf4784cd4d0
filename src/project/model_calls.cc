#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "project/hub_ids.h"
#include "project/network_tools.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

/// A tool that serves or trains a model: where it takes the model's name, and what leads it to
/// ModelScope.
struct ModelTool {
  std::string_view command;     // the program, or the module behind `python -m`
  std::string_view verb;        // its first operands: "serve", "serve api_server"
  std::string_view option;      // "": the operand behind the verb
  std::string_view modelscope;  // the variable that makes it ask ModelScope
};

constexpr ModelTool kModelTools[] = {
    {"vllm", "serve", "", "VLLM_USE_MODELSCOPE"},
    {"vllm.entrypoints.openai.api_server", "", "--model", "VLLM_USE_MODELSCOPE"},
    {"vllm.entrypoints.api_server", "", "--model", "VLLM_USE_MODELSCOPE"},
    {"sglang.launch_server", "", "--model-path", "SGLANG_USE_MODELSCOPE"},
    {"sglang.launch_server", "", "--model", "SGLANG_USE_MODELSCOPE"},
    {"lmdeploy", "serve api_server", "", "LMDEPLOY_USE_MODELSCOPE"},
    {"lmdeploy", "chat", "", "LMDEPLOY_USE_MODELSCOPE"},
    {"llamafactory-cli", "", "--model_name_or_path", "USE_MODELSCOPE_HUB"},
    {"lmf", "", "--model_name_or_path", "USE_MODELSCOPE_HUB"},
};

bool is_on(const std::optional<std::string>& value) {
  return value && lower(*value) != "false" && *value != "0" && !value->empty();
}

/// `OWNER/MODEL`, and no folder.
bool is_remote_model(const std::optional<std::string>& id) {
  return id && id->find('/') != std::string::npos && is_hub_id(*id);
}

/// The `ollama serve` that ran before in the same script or in one that leads to it.
const CommandEvent* model_server(const Run& run, const CommandEvent& event) {
  int before = event.index;
  for (const Run* at = &run; at && at->shell; before = at->launch_command, at = at->parent) {
    for (int i = before - 1; i >= 0; --i) {
      const CommandEvent& one = at->shell->commands[static_cast<size_t>(i)];
      if (one.name == "ollama" && one.operand() && one.operand()->is("serve")) return &one;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<NetworkCall> hub_call(const CommandEvent& event, const catalog::Profile& profile,
                                    bool bulk) {
  std::string host = "huggingface.co";
  if (const shell::Variable* endpoint = event.environment.find("HF_ENDPOINT"))
    reach_of(endpoint->value, profile, &host);
  return simple_call(NetworkCall::hub, event, hub_reach(event.environment, profile), host, bulk);
}

std::optional<NetworkCall> model_call(const CommandEvent& event, const catalog::Profile& profile) {
  std::string command = event.name;
  if (command == "python" && event.arguments.size() > 1 && event.arguments[0].is("-m"))
    command = event.arguments[1].constant().value_or("");
  for (const ModelTool& tool : kModelTools) {
    if (command != tool.command) continue;
    size_t verbs = 0;
    bool fits = true;
    for (size_t at = 0; at < tool.verb.size() && fits; ++verbs) {
      const size_t end = std::min(tool.verb.find(' ', at), tool.verb.size());
      const Argument* operand = event.operand(verbs);
      fits = operand && operand->is(tool.verb.substr(at, end - at));
      at = end + 1;
    }
    if (!fits) continue;
    std::optional<std::string> id;
    if (tool.option.empty()) {
      const Argument* model = event.operand(verbs);
      if (model) id = model->constant();
    } else if (const auto model = event.option_value(tool.option)) {
      id = model->constant();
    }
    if (!is_remote_model(id)) continue;
    const bool modelscope = is_on(event.environment.constant(tool.modelscope));
    auto call = modelscope ? simple_call(NetworkCall::modelscope, event, Reach::domestic,
                                         "modelscope.cn", true)
                           : hub_call(event, profile, true);
    if (call) call->repository = *id;
    return call;
  }
  // It asks ModelScope unless it is told otherwise.
  if (event.name == "swift" &&
      one_of(event.operand() ? event.operand()->constant().value_or("") : "",
             {"sft", "pt", "rlhf", "infer", "deploy", "export", "app", "eval"})) {
    const auto use = event.option_value("--use_hf");
    const auto model = event.option_value("--model");
    const auto id = model ? model->constant() : std::nullopt;
    const bool hub = use ? is_on(use->constant()) : is_on(event.environment.constant("USE_HF"));
    if (!hub || !is_remote_model(id)) return std::nullopt;
    auto call = hub_call(event, profile, true);
    if (call) call->repository = *id;
    return call;
  }
  return std::nullopt;
}

std::optional<NetworkCall> ollama_pull(const Run& run, const CommandEvent& event,
                                       const catalog::Profile& profile) {
  const Argument* model = event.operand(1);
  if (!event.operand() || !event.operand()->is("pull") || !model) return std::nullopt;
  const CommandEvent* server = model_server(run, event);
  if (!server || !server->environment.proxy.may_be(shell::Proxy::kInactive)) return std::nullopt;
  const std::vector<std::string> names = model->value.constants();
  for (const std::string& name : names) {
    const std::string host = host_of(name);
    if (reach_of_host(host.empty() ? "registry.ollama.ai" : host, profile) != Reach::foreign)
      continue;
    auto call = simple_call(NetworkCall::service, event, Reach::foreign,
                            host.empty() ? "registry.ollama.ai" : host);
    const auto& helped = profile.network.accelerated;
    call->certain = helped.empty() || catalog::Profile::host_in(call->target, helped);
    return call;
  }
  return std::nullopt;
}

}  // namespace preflint::project
