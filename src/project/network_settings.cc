#include "project/network_settings.h"

#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "catalog/profile.h"
#include "project/login_files.h"
#include "project/network_tools.h"
#include "project/order.h"
#include "syntax/document.h"

namespace preflint::project {
namespace {

using shell::CommandEvent;

/// The URLs of a text lead abroad, as far as it names any.
bool leads_abroad(std::string_view text, const catalog::Profile& profile) {
  bool abroad = false;
  for (size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 3)) {
    const std::string_view rest = text.substr(at);
    const std::string host =
        host_of("https" + std::string(rest.substr(0, rest.find_first_of(" \t\r\n\"'"))));
    if (host.empty() || host.find('$') != std::string::npos) return false;
    if (reach_of_host(host, profile) != Reach::foreign) return false;
    abroad = true;
  }
  return abroad;
}

bool leads_home(const Document* url, const catalog::Profile& profile) {
  return url && url->is_string() && !leads_abroad(url->text, profile);
}

/// `[[tool.uv.index]]` and its like: a list of tables with a `url`.
bool some_home(const Document* indexes, const catalog::Profile& profile) {
  return indexes &&
         std::any_of(indexes->items.begin(), indexes->items.end(),
                     [&](const Document& index) { return leads_home(index.find("url"), profile); });
}

/// The settings of uv: the `[tool.uv]` table of pyproject.toml, or all of uv.toml.
bool uv_goes_home(const Document* table, const catalog::Profile& profile) {
  return table && (leads_home(table->find("index-url"), profile) ||
                   leads_home(table->at({"pip", "index-url"}), profile) ||
                   some_home(table->find("index"), profile));
}

/// Of two starts by hand nobody knows which comes first: the set-up is taken to. A notebook sets
/// things up for itself.
bool set_before(const Run& first, int first_command, const Run& second, int second_command) {
  return happens_before(first, first_command, second, second_command)
      .value_or(first.root().unit->file().kind != FileKind::notebook);
}

}  // namespace

NetworkSettings::NetworkSettings(const Context& context) {
  commands(context);
  written_files(context);
  project_files(context);
}

void NetworkSettings::commands(const Context& context) {
  const catalog::Profile& profile = context.profile();
  context.each_command(
      Where::instance,
      {"pip", "git", "conda", "mamba", "micromamba", "npm", "pnpm", "yarn", "poetry", "wandb"},
      [&](const Run& run, const CommandEvent& event) {
        const auto words = event.words();
        const auto is = [&](size_t n, std::initializer_list<std::string_view> names) {
          return words.size() > n && one_of(words[n], names);
        };
        const auto some = [&](auto matches) {
          return std::any_of(event.arguments.begin(), event.arguments.end(), matches);
        };
        const auto home = [&](const shell::Argument& argument) {
          const std::string shown = argument.value.display();
          return shown.find("://") != std::string::npos && !leads_abroad(shown, profile);
        };
        Tool tool = none;
        if (event.name == "pip" && is(0, {"config"}) && some([](const shell::Argument& a) {
              return a.value.display().ends_with("index-url");
            }) &&
            some(home)) {
          tool = event.via == "uv" ? resolver : pip;
        } else if (event.name == "git" && is(0, {"config"}) && !event.has_option("--unset")) {
          const bool rerouted =
              some([](const shell::Argument& a) { return reroutes_git(a.value.display()); });
          if (rerouted && event.has_option("--global")) tool = git;
        } else if (shell::is_conda(event.name) && is(0, {"config"}) && some(home)) {
          tool = conda;
        } else if (one_of(event.name, {"npm", "pnpm", "yarn"}) && is(0, {"config"}) && some(home)) {
          tool = npm;
        } else if (event.name == "poetry" && is(0, {"source", "config"}) && some(home)) {
          tool = resolver;
        } else if (event.name == "wandb" && is(0, {"offline", "disabled", "off"})) {
          tool = tracker;
        }
        if (tool != none) settings_.push_back({tool, &run, event.index});
      });
}

void NetworkSettings::written_files(const Context& context) {
  each_written_text(context, [&](const Run& run, const CommandEvent& event, const Value& file,
                                 std::string_view text) {
    const std::string name = paths::basename(file.display());
    const auto says = [&](std::string_view word) {
      return text.find(word) != std::string_view::npos;
    };
    Tool tool = none;
    if (one_of(name, {"pip.conf", "pip.ini"}) && says("index")) tool = pip;
    if (name == "uv.toml" && says("index")) tool = resolver;
    if (one_of(name, {".condarc", "condarc"}) && says("channel")) tool = conda;
    if (name == ".npmrc" && says("registry")) tool = npm;
    if (name == ".gitconfig" && (says("insteadOf") || says("proxy"))) tool = git;
    if (tool != none && !leads_abroad(text, context.profile()))
      settings_.push_back({tool, &run, event.index});
  });
}

void NetworkSettings::project_files(const Context& context) {
  const catalog::Profile& profile = context.profile();
  const Reader& reader = *context.program().reader;
  const std::string& root = context.program().root;
  const auto toml = [&](const std::string& path, auto&& read) {
    const auto file = reader.open(path);
    if (!file) return;
    if (const auto parsed = parse_toml(file->bytes)) read(*parsed);
  };
  toml(root + "/uv.toml",
       [&](const Document& top) { files_[resolver] |= uv_goes_home(&top, profile); });
  for (const auto& file : context.program().files) {
    if (file->kind != FileKind::pyproject) continue;
    toml(file->path, [&](const Document& top) {
      files_[resolver] |= uv_goes_home(top.at({"tool", "uv"}), profile) ||
                          some_home(top.at({"tool", "poetry", "source"}), profile) ||
                          some_home(top.at({"tool", "pdm", "source"}), profile);
    });
  }
  if (const auto file = reader.open(root + "/.npmrc")) {
    files_[npm] =
        file->bytes.find("registry") != std::string::npos && !leads_abroad(file->bytes, profile);
  }
}

NetworkSettings::Tool NetworkSettings::tool_of(const NetworkCall& call, const CommandEvent& event) {
  switch (call.tool) {
    case NetworkCall::pip:
      return event.via == "uv" ? resolver : pip;
    case NetworkCall::conda:
      return conda;
    case NetworkCall::git:
      return git;
    case NetworkCall::package_manager:
      return one_of(event.name, {"npm", "pnpm", "yarn"}) ? npm : resolver;
    default:
      return none;
  }
}

bool NetworkSettings::set(Tool tool, const Run& run, const CommandEvent& event) const {
  return std::any_of(settings_.begin(), settings_.end(), [&](const Setting& setting) {
    return setting.tool == tool && set_before(*setting.run, setting.command, run, event.index);
  });
}

bool NetworkSettings::change(const NetworkCall& call, const Run& run,
                             const CommandEvent& event) const {
  const Tool tool = tool_of(call, event);
  if (tool == none) return false;
  if (tool != git && !call.by_default) return false;
  return files_[tool] || set(tool, run, event);
}

bool NetworkSettings::tracker_off(const Run& run, const CommandEvent& event) const {
  return set(tracker, run, event);
}

}  // namespace preflint::project
