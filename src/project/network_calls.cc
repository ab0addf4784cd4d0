#include "project/network_calls.h"

#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "project/hub_ids.h"
#include "project/network_tools.h"
#include "project/output_options.h"
#include "project/pip_options.h"
#include "project/trackers.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

void take(NetworkCall& call, const Target& target) {
  const Reach both = call.target.empty() && call.reach == Reach::unknown
                         ? target.reach
                         : worse(call.reach, target.reach);
  if (call.target.empty() || (both == target.reach && both != call.reach)) {
    call.target = target.host;
    call.span = target.span;
  }
  call.reach = both;
}

// ----------------------------------------------------------------------------------------------
// pip

Reach default_pip_index(const Run& run, const CommandEvent& event, const catalog::Profile& profile,
                        std::string* host) {
  const bool uv = event.via == "uv" || event.name == "uv" || event.name == "uvx";
  for (const char* name : {"PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX"}) {
    const bool for_uv = std::string_view(name).starts_with("UV");
    if (for_uv != uv) continue;
    if (const shell::Variable* variable = event.environment.find(name))
      return reach_of(variable->value, profile, host);
  }
  if (!uv) {
    Reach configured = Reach::unknown;
    const bool set =
        earlier(run, event.index, &shell::Trace::configs, [&](const CommandEvent& before) {
          if (before.name != "pip" || before.arguments.empty() || !before.arguments[0].is("config"))
            return false;
          const auto words = before.words();
          if (words.size() < 4 || words[0] != "config") return false;
          for (size_t i = 1; i + 1 < words.size(); ++i) {
            if (words[i].ends_with("index-url")) {
              configured = reach_of(before.arguments[i + 1].value, profile, host);
              return true;
            }
          }
          return false;
        });
    if (set) return configured;
    if (profile.network.pip_mirror_preconfigured) return Reach::mirrored;
  }
  *host = "pypi.org";
  return Reach::foreign;
}

/// A folder below the project, such as `submodules/simple-knn`: with `--no-build-isolation` it is
/// mostly an extension that is compiled against the torch at hand.
bool one_extension(const std::string& word) {
  return word.find('/') != std::string::npos && word != "./" && !is_url(word) &&
         !word.starts_with("git+") && !word.ends_with(".whl") && !word.ends_with(".tar.gz") &&
         word.find(" @ ") == std::string::npos;
}

/// The same of a word that is not known: `"$DIR"` with DIR="${DIR:-$ROOT/submodules/simple-knn}".
bool one_extension(const Value& word) {
  bool some = false;
  for (const Text& one : word.alternatives()) {
    if (one.pieces().size() == 1 && !one.pieces()[0].known) continue;
    if (!one_extension(one.display())) return false;
    some = true;
  }
  return some;
}

std::optional<NetworkCall> pip_call(const Run& run, const CommandEvent& event,
                                    const catalog::Profile& profile) {
  const Argument* sub = event.operand();
  if (!sub) return std::nullopt;
  const auto name = sub->constant();
  if (!name || !one_of(*name, {"install", "download", "wheel", "sync", "compile"}))
    return std::nullopt;
  NetworkCall call;
  call.tool = NetworkCall::pip;
  call.span = event.command_span;
  bool no_deps = false, no_index = false, needs_index = false, any = false, explicit_index = false;
  bool after = false;
  std::vector<Target> targets;
  std::optional<size_t> index_target;  // of `targets`: given twice, the last index is asked
  for (size_t i = 0; i < event.arguments.size(); ++i) {
    const Argument& argument = event.arguments[i];
    if (&argument == sub) {
      after = true;
      continue;
    }
    const auto text = argument.constant();
    const std::string word = text.value_or(std::string(argument.value.known_start()));
    if (word.starts_with("-") && word.size() > 1) {
      const std::string option = word.substr(0, word.find('='));
      if (option == "--no-deps") no_deps = true;
      if (option == "--no-index") no_index = true;
      const bool index = one_of(option, {"-i", "--index-url", "--default-index"});
      const bool extra = one_of(option, {"--extra-index-url", "-f", "--find-links", "--index"});
      const Argument* value = nullptr;
      Argument inline_value;
      if (word.find('=') != std::string::npos && word.starts_with("--")) {
        if (const auto v = event.option_value(option)) {
          inline_value = argument;
          inline_value.value = *v;
          value = &inline_value;
        }
      } else if (pip_option_takes_value(option) && i + 1 < event.arguments.size()) {
        value = &event.arguments[++i];
      }
      if (value && (index || extra)) {
        const Target target = target_of(*value, profile);
        // A domestic page of wheels is where they come from.
        if (index || (option != "--extra-index-url" && option != "--index" &&
                      target.reach == Reach::domestic))
          explicit_index = true;
        if (index && index_target)
          targets.erase(targets.begin() + static_cast<std::ptrdiff_t>(*index_target));
        if (index) index_target = targets.size();
        if (index || target.reach == Reach::foreign) targets.push_back(target);
      }
      if (value && one_of(option, {"-r", "--requirement"})) needs_index = any = true;
      if (value && one_of(option, {"-e", "--editable"})) {
        any = true;
        // With its build requirements at hand, a folder of the project needs no index.
        if (!(event.has_option("--no-deps") && event.has_option("--no-build-isolation")))
          needs_index = true;
      }
      continue;
    }
    if (!after) continue;
    any = true;
    if (!text && argument.value.unknown_whole()) {
      needs_index = true;
      continue;
    }
    const std::string url = word.starts_with("git+") ? word.substr(4) : word;
    const size_t at = word.find(" @ ");
    if (is_url(word) || word.starts_with("git+")) {
      Argument inner = argument;
      if (word.starts_with("git+")) inner.value = Value::literal(url);
      if (at != std::string::npos)
        inner.value = Value::literal(word.substr(at + 3).starts_with("git+") ? word.substr(at + 7)
                                                                             : word.substr(at + 3));
      Target target = target_of(inner, profile);
      // `git+https://…`, where git was told to go by another way.
      if (word.find("git+") != std::string::npos && target.reach == Reach::foreign &&
          git_rerouted(run, event))
        target.reach = Reach::domestic;
      targets.push_back(target);
      if (!no_deps && !event.has_option("--no-deps")) needs_index = true;
    } else if (event.has_option("--no-build-isolation") && one_extension(argument.value)) {
      // It is built with what is there, and seldom asks for anything.
    } else if (word.starts_with(".") || word.starts_with("/") || word.ends_with(".whl") ||
               word.ends_with(".tar.gz")) {
      if (!event.has_option("--no-deps")) needs_index = true;
    } else {
      needs_index = true;
    }
  }
  if (!any) return std::nullopt;
  for (const Target& target : targets) take(call, target);
  if (no_index) {
    call.reach = Reach::local;
    return call;
  }
  if (needs_index && !explicit_index) {
    Target index;
    index.span = event.command_span;
    index.reach = default_pip_index(run, event, profile, &index.host);
    if (index.reach == Reach::mirrored) index.host = "PyPI";
    call.by_default = call.reach != Reach::foreign;
    take(call, index);
  } else if (!needs_index && call.reach == Reach::unknown) {
    call.reach = Reach::local;
  }
  return call;
}

// --------------------------------------------------------------------------------------------
// conda

std::optional<NetworkCall> conda_call(const CommandEvent& event, const catalog::Profile& profile) {
  const auto words = event.words();
  const Argument* first = event.operand();
  const auto sub = first ? first->constant() : std::nullopt;
  if (!sub) return std::nullopt;
  bool fetches = one_of(*sub, {"install", "update", "upgrade", "create"});
  if (*sub == "env") {
    const Argument* second = event.operand(1);
    fetches = second && (second->is("create") || second->is("update"));
  }
  if (!fetches || event.has_option("--offline") || event.has_option("--clone")) return std::nullopt;
  NetworkCall call;
  call.tool = NetworkCall::conda;
  call.span = event.command_span;
  call.target = "repo.anaconda.com";
  call.by_default = true;
  call.reach = profile.network.pip_mirror_preconfigured ? Reach::mirrored : Reach::foreign;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if ((words[i] == "-c" || words[i] == "--channel") && is_url(words[i + 1])) {
      const Target target = target_of(event.arguments[i + 1], profile);
      call.reach = target.reach;
      call.target = target.host;
      call.by_default = false;
    }
  }
  return call;
}

// -------------------------------------------------------------------------------------- wget,
// curl…

/// Is the answer thrown away: `-o /dev/null`, `>/dev/null`?
bool thrown_away(const CommandEvent& event, std::string_view option) {
  const auto file = event.option_value(option);
  if (file && file->is("/dev/null")) return true;
  return std::any_of(
      event.redirects.begin(), event.redirects.end(), [](const shell::RedirectEvent& redirect) {
        const auto kind = redirect.redirect->kind;
        const bool output = kind == shell::RedirectKind::both ||
                            (kind == shell::RedirectKind::output && redirect.redirect->fd != 2);
        return output && redirect.target.is("/dev/null");
      });
}

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

std::optional<NetworkCall> download_call(const CommandEvent& event,
                                         const catalog::Profile& profile) {
  NetworkCall call;
  call.tool = NetworkCall::download;
  call.span = event.command_span;
  call.bulk = true;
  bool any = false;
  if (event.name == "curl") {
    // A question whether a host answers is no download.
    const bool head = event.has_option("-I") || event.has_option("--head");
    const bool timed = event.has_option("--connect-timeout") || event.has_option("-m") ||
                       event.has_option("--max-time");
    const bool asks = event.within(shell::FrameKind::if_condition) ||
                      event.within(shell::FrameKind::loop_condition) ||
                      event.within(shell::FrameKind::and_or_left) ||
                      event.within(shell::FrameKind::command_substitution);
    call.probe =
        head || thrown_away(event, "-o") || ((timed || event.has_prefix("timeout")) && asks);
  }
  if (event.name == "wget" && (event.has_option("--spider") || thrown_away(event, "-O")))
    call.probe = true;
  static constexpr std::string_view kValues[] = {"-o",
                                                 "-O",
                                                 "--output",
                                                 "-H",
                                                 "--header",
                                                 "-d",
                                                 "--data",
                                                 "-u",
                                                 "--user",
                                                 "-P",
                                                 "--output-document",
                                                 "-A",
                                                 "-X",
                                                 "--request",
                                                 "-e",
                                                 "--referer",
                                                 "-b",
                                                 "-T",
                                                 "--connect-timeout",
                                                 "--retry",
                                                 "-m",
                                                 "--max-time",
                                                 "--dir",
                                                 "-U",
                                                 "-C",
                                                 "-s"};
  for (size_t i = 0; i < event.arguments.size(); ++i) {
    const Argument& argument = event.arguments[i];
    const std::string word =
        argument.constant().value_or(std::string(argument.value.known_start()));
    if (word.starts_with("-")) {
      const bool flag = event.name == "curl" && (word == "-s" || word == "-T" || word == "-O");
      const bool resumes =
          event.name != "curl" && one_of(word, {"-C", "-s", "-d", "-m", "-b", "-H"});
      if (!flag && !resumes &&
          std::find(std::begin(kValues), std::end(kValues), word) != std::end(kValues))
        ++i;
      continue;
    }
    if (!is_url(argument.value.display()) && host_of(word).empty()) continue;
    any = true;
    take(call, target_of(argument, profile));
  }
  if (!any) return std::nullopt;
  return call;
}

std::optional<NetworkCall> simple_call(NetworkCall::Tool tool, const CommandEvent& event,
                                       Reach reach, std::string host, bool bulk = false) {
  NetworkCall call;
  call.tool = tool;
  call.reach = reach;
  call.target = std::move(host);
  call.span = event.command_span;
  call.bulk = bulk;
  return call;
}

/// A transfer with the Hub, which goes where HF_ENDPOINT says.
std::optional<NetworkCall> hub_call(const CommandEvent& event, const catalog::Profile& profile,
                                    bool bulk) {
  std::string host = "huggingface.co";
  if (const shell::Variable* endpoint = event.environment.find("HF_ENDPOINT"))
    reach_of(endpoint->value, profile, &host);
  return simple_call(NetworkCall::hub, event, hub_reach(event.environment, profile), host, bulk);
}

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

/// A tool that loads a model by its Hub id; ModelScope where the environment says so.
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

/// uv and its like: what they resolve comes from the default index, which is no preset mirror.
NetworkCall resolver_call(const Run& run, const CommandEvent& event,
                          const catalog::Profile& profile) {
  NetworkCall call;
  call.tool = NetworkCall::package_manager;
  call.span = event.command_span;
  std::string host;
  call.reach = default_pip_index(run, event, profile, &host);
  if (call.reach == Reach::mirrored) {
    call.reach = Reach::foreign;
    host = "pypi.org";
  }
  call.by_default = true;
  for (const std::string_view option :
       {"--default-index", "--index-url", "--index", "--pypi-mirror"}) {
    const auto index = event.option_value(option);
    if (!index) continue;
    call.reach = reach_of(*index, profile, &host);
    call.by_default = false;
  }
  call.target = host;
  if (event.has_option("--offline")) call.reach = Reach::local;
  return call;
}

/// `uv run command` brings the environment up to date first.
std::optional<NetworkCall> uv_run(const Run& run, const CommandEvent& event,
                                  const catalog::Profile& profile) {
  for (const shell::Prefix& prefix : event.prefixes) {
    if (prefix.name != "uv") continue;
    for (const Argument& argument : prefix.arguments) {
      if (argument.is("--offline") || argument.is("--no-sync") || argument.is("--no-project"))
        return std::nullopt;
    }
    CommandEvent uv = event;
    uv.name = "uv";
    uv.arguments.clear();
    NetworkCall call = resolver_call(run, uv, profile);
    call.updates_first = true;
    call.certain = false;
    return call;
  }
  return std::nullopt;
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

/// `ollama pull MODEL`. The server fetches it, with the proxy that it was started with: of one that
/// runs elsewhere nothing is known. (`ollama run` fetches what is not there yet, which is not known
/// either.)
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

std::optional<NetworkCall> command_call(const Run& run, const CommandEvent& event,
                                        const catalog::Profile& profile) {
  const std::string& name = event.name;
  const Argument* first = event.operand();
  const std::string sub = first ? first->constant().value_or("") : "";
  const auto tool = NetworkCall::package_manager;
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
  if (name == "npm" || name == "pnpm" || name == "yarn") {
    if (!one_of(sub, {"install", "i", "ci", "add", "update"}) && !(name == "yarn" && sub.empty()))
      return std::nullopt;
    Reach reach = Reach::foreign;
    if (const auto registry = event.option_value("--registry"))
      reach = reach_of(*registry, profile);
    const bool configured =
        earlier(run, event.index, &shell::Trace::configs, [](const CommandEvent& before) {
          return one_of(before.name, {"npm", "yarn", "pnpm"}) && !before.arguments.empty() &&
                 before.arguments[0].is("config");
        });
    if (configured || event.environment.find("NPM_CONFIG_REGISTRY") ||
        event.environment.find("npm_config_registry"))
      return std::nullopt;
    auto call = simple_call(tool, event, reach, "npmjs.org");
    call->by_default = true;
    const auto& helped = profile.network.accelerated;
    call->certain = helped.empty() || catalog::Profile::host_in("registry.npmjs.org", helped);
    return call;
  }
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

std::optional<NetworkCall> network_call(const Run& run, const CommandEvent& event,
                                        const catalog::Profile& profile) {
  if (own_proxy(event)) return std::nullopt;
  if (auto call = reporting_call(event, profile)) return call;
  if (auto call = command_call(run, event, profile)) return call;
  if (auto call = alternative_call(run, event, profile)) return call;
  return uv_run(run, event, profile);
}

}  // namespace preflint::project
