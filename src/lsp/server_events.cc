#include <algorithm>

#include "lsp/server.h"
#include "lsp/uri.h"
#include "project/file_kind.h"

namespace preflint::lsp {

void Server::contents_changed(const Result<std::string>& path, bool on_disk) {
  if (!path) return client_.log(2, "preflint: " + path.error().message);
  if (is_setup(*path)) {
    findings_.reload();
  } else {
    findings_.touch(*path, on_disk);
  }
}

void Server::saved(const Json& params) {
  const auto path = path_of(string_at(params, "textDocument.uri"));
  if (path) contents_changed(*path, true);
}

/// Is the file one that decides what is linted and how?
bool Server::is_setup(const std::string& path) const {
  const std::string name = path.substr(path.rfind('/') + 1);
  if (name == "preflint.yaml" || name == ".gitignore") return true;
  const auto* report = findings_.report_of(path);
  if (!report) return false;
  const auto& setups = (*report)->project->read().setups;
  return std::any_of(setups.begin(), setups.end(), [&](const auto& setup) {
    return std::find(setup->files.begin(), setup->files.end(), path) != setup->files.end();
  });
}

void Server::folders_changed(const Json& params) {
  std::vector<std::string> folders = findings_.folders();
  for (const Json& gone : member_at(params, "event.removed")) {
    if (const auto path = path_of(string_at(gone, "uri"))) std::erase(folders, *path);
  }
  for (const Json& added : member_at(params, "event.added")) {
    const auto path = path_of(string_at(added, "uri"));
    if (path && std::find(folders.begin(), folders.end(), *path) == folders.end()) {
      folders.push_back(*path);
    }
  }
  findings_.set_folders(std::move(folders));
}

void Server::files_changed(const Json& params) {
  constexpr int64_t kChanged = 2;
  for (const Json& change : member(params, "changes")) {
    const auto path = path_of(string_at(change, "uri"));
    if (!path) continue;
    if (path->find("/.git/") != std::string::npos) continue;
    const bool lintable =
        project::kind_by_name(*path) || !project::has_extension(path->substr(path->rfind('/') + 1));
    if (is_setup(*path) || (lintable && number_at(change, "type") != kChanged)) {
      findings_.reload();
    } else {
      findings_.touch(*path, true);
    }
  }
}

void Server::configuration_changed(const Json& params) {
  if (!client_.supports.configuration) {
    const Json& settings = member(params, "settings");
    return use_settings(member(settings, "preflint").is_object() ? member(settings, "preflint")
                                                                 : settings);
  }
  client_.ask("workspace/configuration", {{"items", Json::array({{{"section", "preflint"}}})}},
              [this](const Message& answer) {
                if (answer.failed || !answer.result.is_array() || answer.result.empty()) return;
                if (answer.result[0].is_object()) use_settings(answer.result[0]);
              });
}

void Server::use_settings(const Json& json) {
  const std::vector<std::string>& folders = findings_.folders();
  const Settings settings = read_settings(json, folders.empty() ? "" : folders.front());
  view_.floor = settings.floor;
  view_.language = settings.language.value_or(locale_);
  feed_.set_enabled(settings.enable, settings.workspace);
  findings_.set_choice(settings.choice);
  feed_.show_again();
}

}  // namespace preflint::lsp
