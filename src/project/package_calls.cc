#include "base/one_of.h"
#include "project/network_tools.h"
#include "project/pip_options.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

/// The index that pip, or uv, asks unless the command names one: the variables' or what an earlier
/// `pip config set` or the platform has configured. `host` is set for messages.
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

}  // namespace

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
  for (const Target& target : targets) take_target(call, target);
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
    take_target(call, index);
  } else if (!needs_index && call.reach == Reach::unknown) {
    call.reach = Reach::local;
  }
  return call;
}

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

std::optional<NetworkCall> npm_call(const Run& run, const CommandEvent& event,
                                    const catalog::Profile& profile) {
  const std::string& name = event.name;
  const Argument* first = event.operand();
  const std::string sub = first ? first->constant().value_or("") : "";
  if (!one_of(sub, {"install", "i", "ci", "add", "update"}) && !(name == "yarn" && sub.empty()))
    return std::nullopt;
  Reach reach = Reach::foreign;
  if (const auto registry = event.option_value("--registry")) reach = reach_of(*registry, profile);
  const bool configured =
      earlier(run, event.index, &shell::Trace::configs, [](const CommandEvent& before) {
        return one_of(before.name, {"npm", "yarn", "pnpm"}) && !before.arguments.empty() &&
               before.arguments[0].is("config");
      });
  if (configured || event.environment.find("NPM_CONFIG_REGISTRY") ||
      event.environment.find("npm_config_registry"))
    return std::nullopt;
  auto call = simple_call(NetworkCall::package_manager, event, reach, "npmjs.org");
  call->by_default = true;
  const auto& helped = profile.network.accelerated;
  call->certain = helped.empty() || catalog::Profile::host_in("registry.npmjs.org", helped);
  return call;
}

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

}  // namespace preflint::project
