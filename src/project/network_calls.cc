#include "project/network_calls.h"

#include <algorithm>
#include <array>

#include "base/one_of.h"
#include "project/pip_options.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

bool is_url(std::string_view text) { return text.find("://") != std::string_view::npos; }

/// Every command that ran before `event` in its run and in the runs that lead to it.
template <typename F>
bool earlier(const Run& run, int before, F matches) {
  const Run* at = &run;
  while (at && at->shell) {
    const auto& commands = at->shell->commands;
    const size_t end = std::min(commands.size(), static_cast<size_t>(std::max(before, 0)));
    for (size_t i = 0; i < end; ++i) {
      if (matches(commands[i])) return true;
    }
    before = at->launch_command;
    at = at->parent;
  }
  return false;
}

/// The worst of two reaches for a call that uses both.
Reach worse(Reach a, Reach b) {
  static constexpr std::array kOrder = {Reach::local, Reach::domestic, Reach::mirrored, Reach::unknown, Reach::foreign};
  const auto rank = [](Reach r) { return std::find(kOrder.begin(), kOrder.end(), r); };
  return rank(a) < rank(b) ? b : a;
}

struct Target {
  Reach reach = Reach::unknown;
  std::string host;
  Span span;
};

Target target_of(const Argument& argument, const catalog::Profile& profile) {
  Target out;
  out.span = argument.span;
  out.reach = reach_of(argument.value, profile, &out.host);
  return out;
}

void take(NetworkCall& call, const Target& target) {
  const Reach both = call.target.empty() && call.reach == Reach::unknown ? target.reach : worse(call.reach, target.reach);
  if (call.target.empty() || (both == target.reach && both != call.reach)) {
    call.target = target.host;
    call.span = target.span;
  }
  call.reach = both;
}

// ---------------------------------------------------------------------------------------------- pip

Reach default_pip_index(const Run& run, const CommandEvent& event, const catalog::Profile& profile, std::string* host) {
  const bool uv = event.via == "uv" || event.name == "uv" || event.name == "uvx";
  for (const char* name : {"PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"}) {
    const bool for_uv = std::string_view(name).starts_with("UV");
    if (for_uv != uv) continue;
    if (const shell::Variable* variable = event.environment.find(name)) return reach_of(variable->value, profile, host);
  }
  if (!uv) {
    Reach configured = Reach::unknown;
    const bool set = earlier(run, event.index, [&](const CommandEvent& before) {
      if (before.name != "pip" || before.arguments.empty() || !before.arguments[0].is("config")) return false;
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

std::optional<NetworkCall> pip_call(const Run& run, const CommandEvent& event, const catalog::Profile& profile) {
  const Argument* sub = event.operand();
  if (!sub) return std::nullopt;
  const auto name = sub->constant();
  if (!name || !one_of(*name, {"install", "download", "wheel", "sync", "compile"})) return std::nullopt;
  NetworkCall call;
  call.tool = NetworkCall::pip;
  call.span = event.command_span;
  bool no_deps = false, no_index = false, needs_index = false, any = false, explicit_index = false;
  bool after = false;
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
        if (index || (option != "--extra-index-url" && option != "--index" && target.reach == Reach::domestic)) explicit_index = true;
        if (index || target.reach == Reach::foreign) take(call, target);
      }
      if (value && one_of(option, {"-r", "--requirement"})) needs_index = any = true;
      if (value && one_of(option, {"-e", "--editable"})) {
        any = true;
        // With its build requirements at hand, a folder of the project needs no index.
        if (!(event.has_option("--no-deps") && event.has_option("--no-build-isolation"))) needs_index = true;
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
      if (at != std::string::npos) inner.value = Value::literal(word.substr(at + 3).starts_with("git+") ? word.substr(at + 7) : word.substr(at + 3));
      take(call, target_of(inner, profile));
      if (!no_deps && !event.has_option("--no-deps")) needs_index = true;
    } else if (word.starts_with(".") || word.starts_with("/") || word.ends_with(".whl") || word.ends_with(".tar.gz")) {
      if (!event.has_option("--no-deps")) needs_index = true;
    } else {
      needs_index = true;
    }
  }
  if (!any) return std::nullopt;
  if (no_index) {
    call.reach = Reach::local;
    return call;
  }
  if (needs_index && !explicit_index) {
    Target index;
    index.span = event.command_span;
    index.reach = default_pip_index(run, event, profile, &index.host);
    if (index.reach == Reach::mirrored) index.host = "PyPI";
    take(call, index);
  } else if (!needs_index && call.reach == Reach::unknown) {
    call.reach = Reach::local;
  }
  return call;
}

// -------------------------------------------------------------------------------------------- conda

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
  call.target = "conda";
  call.reach = profile.network.pip_mirror_preconfigured ? Reach::mirrored : Reach::foreign;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if ((words[i] == "-c" || words[i] == "--channel") && is_url(words[i + 1])) {
      const Target target = target_of(event.arguments[i + 1], profile);
      call.reach = target.reach;
      call.target = target.host;
    }
  }
  return call;
}

// ---------------------------------------------------------------------------------------------- git

std::optional<NetworkCall> git_call(const Run& run, const CommandEvent& event, const catalog::Profile& profile) {
  size_t i = 0;
  const auto& arguments = event.arguments;
  for (; i < arguments.size(); ++i) {
    const std::string word = arguments[i].constant().value_or("");
    if (!word.starts_with("-")) break;
    if (word == "-C" || word == "-c" || word == "--git-dir" || word == "--work-tree") ++i;
  }
  if (i >= arguments.size()) return std::nullopt;
  const std::string sub = arguments[i].constant().value_or("");
  const std::string next = i + 1 < arguments.size() ? arguments[i + 1].constant().value_or("") : "";
  bool talks = one_of(sub, {"clone", "fetch", "pull", "push", "ls-remote"});
  if (sub == "submodule") {
    talks = std::any_of(arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end(), [](const Argument& a) {
      return a.is("update") || a.is("add") || a.is("init") || a.is("--init");
    }) && next != "init" && next != "status";
  }
  if (sub == "lfs") talks = one_of(next, {"pull", "fetch", "clone", "push"});
  if (sub == "remote") talks = next == "update";
  if (!talks) return std::nullopt;
  NetworkCall call;
  call.tool = NetworkCall::git;
  call.span = event.command_span;
  call.bulk = sub == "lfs";
  const Argument* url = nullptr;
  static constexpr std::string_view kValues[] = {"-b", "--branch", "--depth", "-o", "--origin", "-j", "--jobs", "--reference",
                                                 "-c", "--config", "--filter", "--recurse-submodules-jobs"};
  for (size_t j = i + 1; j < arguments.size(); ++j) {
    const std::string word = arguments[j].constant().value_or(std::string(arguments[j].value.known_start()));
    if (std::find(std::begin(kValues), std::end(kValues), word) != std::end(kValues)) {
      ++j;
      continue;
    }
    if (word.starts_with("-")) continue;
    if (sub == "lfs" && j == i + 1) continue;
    if (sub == "submodule") continue;
    url = &arguments[j];
    break;
  }
  const bool named = url && (sub == "clone" || sub == "ls-remote" || (sub == "lfs" && next == "clone") ||
                             is_url(url->value.display()));
  if (named) {
    const Target target = target_of(*url, profile);
    call.reach = target.reach;
    call.target = target.host;
    call.span = target.span;
  } else {
    // The remote of a working copy is not written in the script; it is taken to be where code is hosted.
    call.reach = Reach::foreign;
    call.target = "github.com";
    // Where the script clones at home and nowhere else, that is the remote.
    bool home = false, abroad = false;
    earlier(run, event.index, [&](const CommandEvent& before) {
      if (before.name != "git" || !before.operand() || !before.operand()->is("clone")) return false;
      for (const Argument& argument : before.arguments) {
        const Reach reach = is_url(argument.value.display()) ? reach_of(argument.value, profile) : Reach::unknown;
        home |= reach == Reach::domestic;
        abroad |= reach == Reach::foreign;
      }
      return false;
    });
    if (home && !abroad) {
      call.reach = Reach::domestic;
      call.target.clear();
    }
  }
  if (call.reach == Reach::foreign) {
    const bool rewritten = earlier(run, event.index, [](const CommandEvent& before) {
      if (before.name != "git") return false;
      return std::any_of(before.arguments.begin(), before.arguments.end(), [](const Argument& a) {
        return lower(a.value.display()).ends_with(".insteadof");
      });
    });
    if (rewritten) call.reach = Reach::domestic;
    const bool proxied = earlier(run, event.index, [](const CommandEvent& before) {
      return before.name == "git" && std::any_of(before.arguments.begin(), before.arguments.end(), [](const Argument& a) {
        return a.is("http.proxy") || a.is("https.proxy");
      }) && !before.has_option("--unset");
    });
    if (proxied) call.reach = Reach::domestic;
  }
  return call;
}

// -------------------------------------------------------------------------------------- wget, curl…

std::optional<NetworkCall> download_call(const CommandEvent& event, const catalog::Profile& profile) {
  NetworkCall call;
  call.tool = NetworkCall::download;
  call.span = event.command_span;
  call.bulk = true;
  bool any = false;
  if (event.name == "curl") {
    // A question whether a host answers is no download.
    const bool head = event.has_option("-I") || event.has_option("--head");
    const bool timed = event.has_option("--connect-timeout") || event.has_option("-m") || event.has_option("--max-time");
    const bool thrown_away = event.option_value("-o") && event.option_value("-o")->is("/dev/null");
    call.probe = head || thrown_away || (timed && event.within(shell::FrameKind::if_condition));
    if (event.has_option("-x") || event.has_option("--proxy")) call.probe = true;
  }
  if (event.name == "wget" && event.has_option("--spider")) call.probe = true;
  static constexpr std::string_view kValues[] = {"-o", "-O", "--output", "-H", "--header", "-d", "--data", "-u", "--user", "-P",
                                                 "--output-document", "-A", "-X", "--request", "-e", "--referer", "-b", "-T",
                                                 "--connect-timeout", "--retry", "-m", "--max-time", "--dir", "-U", "-C", "-s"};
  for (size_t i = 0; i < event.arguments.size(); ++i) {
    const Argument& argument = event.arguments[i];
    const std::string word = argument.constant().value_or(std::string(argument.value.known_start()));
    if (word.starts_with("-")) {
      const bool flag = event.name == "curl" && (word == "-s" || word == "-T");
      const bool resumes = event.name != "curl" && (word == "-C" || word == "-s" || word == "-d" || word == "-m");
      if (!flag && !resumes && std::find(std::begin(kValues), std::end(kValues), word) != std::end(kValues)) ++i;
      continue;
    }
    if (!is_url(argument.value.display()) && host_of(word).empty()) continue;
    any = true;
    take(call, target_of(argument, profile));
  }
  if (!any) return std::nullopt;
  return call;
}

std::optional<NetworkCall> simple_call(NetworkCall::Tool tool, const CommandEvent& event, Reach reach, std::string host,
                                       bool bulk = false) {
  NetworkCall call;
  call.tool = tool;
  call.reach = reach;
  call.target = std::move(host);
  call.span = event.command_span;
  call.bulk = bulk;
  return call;
}

/// A transfer with the Hub, which goes where HF_ENDPOINT says.
std::optional<NetworkCall> hub_call(const CommandEvent& event, const catalog::Profile& profile, bool bulk) {
  std::string host = "huggingface.co";
  if (const shell::Variable* endpoint = event.environment.find("HF_ENDPOINT")) reach_of(endpoint->value, profile, &host);
  return simple_call(NetworkCall::hub, event, hub_reach(event.environment, profile), host, bulk);
}

}  // namespace

std::string host_of(std::string_view url) {
  size_t begin = url.find("://");
  if (begin == std::string_view::npos) {
    // git@github.com:acme/x.git
    const size_t at = url.find('@'), colon = url.find(':');
    if (at != std::string_view::npos && colon != std::string_view::npos && at < colon && url.find('/') > at) {
      return lower(std::string(url.substr(at + 1, colon - at - 1)));
    }
    // github.com/acme/x without a scheme
    const size_t slash = url.find('/');
    const std::string_view head = url.substr(0, slash);
    if (slash != std::string_view::npos && head.find('.') != std::string_view::npos && !head.starts_with('.') &&
        head.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:") == std::string_view::npos) {
      return lower(std::string(head.substr(0, head.find(':'))));
    }
    if (url.starts_with("localhost") || url.starts_with("127.")) return std::string(url.substr(0, url.find_first_of(":/")));
    return "";
  }
  if (url.substr(0, begin) == "file") return "localhost";
  begin += 3;
  size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  std::string_view host = url.substr(begin, end - begin);
  if (const size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  if (host.starts_with('[')) return std::string(host.substr(1, host.find(']') - 1));
  return lower(std::string(host.substr(0, host.find(':'))));
}

Reach reach_of_host(const std::string& host, const catalog::Profile& profile) {
  if (host.empty()) return Reach::unknown;
  if (host == "localhost" || host.starts_with("127.") || host == "0.0.0.0" || host == "::1" || host.starts_with("192.168.") ||
      host.starts_with("10.") || host.starts_with("172.") || host.ends_with(".local") || host.ends_with(".internal") ||
      host.find('.') == std::string::npos) {
    return Reach::local;
  }
  const auto& network = profile.network;
  if (catalog::Profile::host_in(host, network.domestic) || catalog::Profile::host_in(host, network.mirrors) ||
      catalog::Profile::host_in(host, network.github_mirrors) || catalog::Profile::host_in(host, network.no_proxy) ||
      host.ends_with(".cn")) {
    return Reach::domestic;
  }
  return Reach::foreign;
}

Reach reach_of(const Value& url, const catalog::Profile& profile, std::string* host) {
  std::optional<Reach> out;
  for (const Text& text : url.alternatives()) {
    Reach reach = Reach::unknown;
    const auto constant = text.constant();
    const std::string known = constant ? *constant : std::string(text.known_prefix());
    std::string name = host_of(known);
    // Without a slash behind it the host's name may go on in what is not known.
    const size_t scheme = known.find("://");
    if (!constant && (scheme == std::string::npos || known.find('/', scheme + 3) == std::string::npos) &&
        !(name.size() && known.find(':') != std::string::npos && scheme == std::string::npos)) {
      name.clear();
    }
    if (!name.empty()) {
      reach = reach_of_host(name, profile);
      // A mirror of the form https://gh-proxy.com/https://github.com/…
      if (host) *host = name;
    } else if (constant && (known.starts_with("/") || known.starts_with(".") || known.starts_with("~"))) {
      reach = Reach::local;
    } else if (text.known_prefix().starts_with("/")) {
      reach = Reach::local;
    }
    out = out ? worse(*out, reach) : reach;
  }
  return out.value_or(Reach::unknown);
}

Reach hub_reach(const shell::Environment& environment, const catalog::Profile& profile) {
  for (const char* name : {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"}) {
    const auto value = environment.constant(name);
    if (value && *value != "0" && !value->empty()) return Reach::local;
  }
  if (const shell::Variable* endpoint = environment.find("HF_ENDPOINT")) {
    if (endpoint->set == Tri::yes) return reach_of(endpoint->value, profile);
    return Reach::unknown;
  }
  return environment.opaque ? Reach::unknown : Reach::foreign;
}

namespace {

bool is_model_id(const std::string& text) {
  return !text.empty() && text[0] != '/' && text[0] != '.' && text[0] != '~' && std::count(text.begin(), text.end(), '/') == 1;
}

/// A tool that loads a model by its Hub id; ModelScope where the environment says so.
std::optional<NetworkCall> model_call(const CommandEvent& event, const std::optional<std::string>& id, const char* modelscope_variable,
                                      const catalog::Profile& profile) {
  if (!id || !is_model_id(*id)) return std::nullopt;
  const auto modelscope = event.environment.constant(modelscope_variable);
  if (modelscope && lower(*modelscope) != "false" && *modelscope != "0") return simple_call(NetworkCall::modelscope, event, Reach::domestic, "modelscope.cn", true);
  return hub_call(event, profile, true);
}

/// uv and its like: what they resolve comes from the default index, which is no preset mirror.
NetworkCall resolver_call(const Run& run, const CommandEvent& event, const catalog::Profile& profile) {
  NetworkCall call;
  call.tool = NetworkCall::package_manager;
  call.span = event.command_span;
  std::string host;
  call.reach = default_pip_index(run, event, profile, &host);
  if (call.reach == Reach::mirrored) {
    call.reach = Reach::foreign;
    host = "pypi.org";
  }
  if (const auto index = event.option_value("--default-index")) call.reach = reach_of(*index, profile, &host);
  if (const auto index = event.option_value("--index-url")) call.reach = reach_of(*index, profile, &host);
  call.target = host;
  if (event.has_option("--offline")) call.reach = Reach::local;
  return call;
}

/// `uv run command` brings the environment up to date first.
std::optional<NetworkCall> uv_run(const Run& run, const CommandEvent& event, const catalog::Profile& profile) {
  for (const shell::Prefix& prefix : event.prefixes) {
    if (prefix.name != "uv") continue;
    for (const Argument& argument : prefix.arguments) {
      if (argument.is("--offline") || argument.is("--no-sync") || argument.is("--no-project")) return std::nullopt;
    }
    CommandEvent uv = event;
    uv.name = "uv";
    uv.arguments.clear();
    NetworkCall call = resolver_call(run, uv, profile);
    call.updates_first = true;
    return call;
  }
  return std::nullopt;
}

std::optional<NetworkCall> command_call(const Run& run, const CommandEvent& event, const catalog::Profile& profile) {
  const std::string& name = event.name;
  const Argument* first = event.operand();
  const std::string sub = first ? first->constant().value_or("") : "";
  const auto tool = NetworkCall::package_manager;
  if (name == "pip") return pip_call(run, event, profile);
  if (name == "conda" || name == "mamba" || name == "micromamba") return conda_call(event, profile);
  if (name == "git") return git_call(run, event, profile);
  if (name == "wget" || name == "curl" || name == "aria2c" || name == "axel") return download_call(event, profile);
  if (name == "hf" || name == "huggingface-cli") {
    const Argument* second = event.operand(1);
    const std::string next = second ? second->constant().value_or("") : "";
    if (!one_of(sub, {"download", "upload", "login", "whoami", "upload-large-folder"}) && !(sub == "auth" && (next == "login" || next == "whoami")) &&
        sub != "repo") {
      return std::nullopt;
    }
    return hub_call(event, profile, sub == "download");
  }
  if (name == "hfd.sh" || name == "hfd") {
    return hub_call(event, profile, true);
  }
  if (name == "wandb") {
    if (!one_of(sub, {"login", "sync", "agent", "sweep", "pull", "artifact", "launch"})) return std::nullopt;
    const auto mode = event.environment.constant("WANDB_MODE");
    const bool off = mode && (*mode == "offline" || *mode == "disabled" || *mode == "dryrun");
    Reach reach = off && sub != "sync" ? Reach::local : Reach::foreign;
    if (const shell::Variable* base = event.environment.find("WANDB_BASE_URL")) reach = reach_of(base->value, profile);
    return simple_call(NetworkCall::wandb, event, reach, "api.wandb.ai");
  }
  if (name == "modelscope" && sub == "download") {
    return simple_call(NetworkCall::modelscope, event, Reach::domestic, "modelscope.cn", true);
  }
  if (name == "gh" && !one_of(sub, {"", "help", "config", "completion", "alias"})) {
    return simple_call(NetworkCall::service, event, Reach::foreign, "github.com");
  }
  if (name == "gdown") return simple_call(NetworkCall::download, event, Reach::foreign, "drive.google.com", true);
  if (name == "kaggle") return simple_call(NetworkCall::download, event, Reach::foreign, "kaggle.com", true);
  if (name == "npm" || name == "pnpm" || name == "yarn") {
    if (!one_of(sub, {"install", "i", "ci", "add", "update"}) && !(name == "yarn" && sub.empty())) return std::nullopt;
    Reach reach = Reach::foreign;
    if (const auto registry = event.option_value("--registry")) reach = reach_of(*registry, profile);
    const bool configured = earlier(run, event.index, [](const CommandEvent& before) {
      return one_of(before.name, {"npm", "yarn", "pnpm"}) && !before.arguments.empty() && before.arguments[0].is("config");
    });
    if (configured || event.environment.find("NPM_CONFIG_REGISTRY") || event.environment.find("npm_config_registry")) return std::nullopt;
    return simple_call(tool, event, reach, "npmjs.org");
  }
  if ((name == "uv" && one_of(sub, {"sync", "add", "tool", "lock"})) || name == "uvx" ||
      (name == "poetry" && one_of(sub, {"install", "add", "update", "lock"})) ||
      (name == "pixi" && one_of(sub, {"install", "add", "update"})) || (name == "pipenv" && one_of(sub, {"install", "sync", "update"}))) {
    return resolver_call(run, event, profile);
  }
  if (name == "vllm" && sub == "serve") {
    const Argument* model = event.operand(1);
    return model_call(event, model ? model->constant() : std::nullopt, "VLLM_USE_MODELSCOPE", profile);
  }
  if (name == "llamafactory-cli" || name == "lmf") {
    const auto model = event.option_value("--model_name_or_path");
    return model_call(event, model ? model->constant() : std::nullopt, "USE_MODELSCOPE_HUB", profile);
  }
  return std::nullopt;
}

}  // namespace

std::optional<NetworkCall> network_call(const Run& run, const CommandEvent& event, const catalog::Profile& profile) {
  if (auto call = command_call(run, event, profile)) return call;
  return uv_run(run, event, profile);
}

}  // namespace preflint::project
