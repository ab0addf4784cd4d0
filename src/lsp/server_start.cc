#include "lsp/server.h"
#include "lsp/uri.h"

namespace preflint::lsp {
namespace {

/// The first encoding of the client's list that is known; UTF-16 when it has none.
output::Encoding encoding_of(const Json& offered) {
  if (offered.is_array()) {
    for (const Json& one : offered) {
      if (one == "utf-8") return output::Encoding::utf8;
      if (one == "utf-16") return output::Encoding::utf16;
      if (one == "utf-32") return output::Encoding::utf32;
    }
  }
  return output::Encoding::utf16;
}

std::string_view name_of(output::Encoding encoding) {
  switch (encoding) {
    case output::Encoding::utf8:
      return "utf-8";
    case output::Encoding::utf32:
      return "utf-32";
    case output::Encoding::utf16:
      break;
  }
  return "utf-16";
}

bool holds(const Json& list, std::string_view wanted) {
  if (!list.is_array()) return false;
  for (const Json& one : list) {
    if (one == wanted) return true;
  }
  return false;
}

std::vector<std::string> folders_of(const Json& params) {
  std::vector<std::string> out;
  for (const Json& folder : member(params, "workspaceFolders")) {
    if (auto path = path_of(string_at(folder, "uri"))) out.push_back(std::move(*path));
  }
  if (!out.empty() || member(params, "workspaceFolders").is_array()) return out;
  if (auto path = path_of(string_at(params, "rootUri"))) {
    out.push_back(std::move(*path));
  } else if (const std::string root = string_at(params, "rootPath"); root.starts_with('/')) {
    out.push_back(root);
  }
  return out;
}

}  // namespace

void Server::read_capabilities(const Json& params) {
  const Json& can = member(params, "capabilities");
  view_.encoding = encoding_of(member_at(can, "general.positionEncodings"));
  documents_.set_encoding(view_.encoding);
  view_.related_information = flag_at(can, "textDocument.publishDiagnostics.relatedInformation") ||
                              flag_at(can, "textDocument.diagnostic.relatedInformation");
  view_.code_description = flag_at(can, "textDocument.publishDiagnostics.codeDescriptionSupport") ||
                           flag_at(can, "textDocument.diagnostic.codeDescriptionSupport");
  view_.versioned_edits = flag_at(can, "workspace.workspaceEdit.documentChanges");
  const Json& formats = member_at(can, "textDocument.hover.contentFormat");
  view_.markdown = !formats.is_array() || holds(formats, "markdown");
  Supports& supports = client_.supports;
  supports.progress = flag_at(can, "window.workDoneProgress");
  supports.show_document = flag_at(can, "window.showDocument.support");
  supports.watched_files = flag_at(can, "workspace.didChangeWatchedFiles.dynamicRegistration");
  supports.configuration = flag_at(can, "workspace.configuration");
  supports.configuration_events =
      flag_at(can, "workspace.didChangeConfiguration.dynamicRegistration");
  supports.pull = member_at(can, "textDocument.diagnostic").is_object();
  supports.refresh = flag_at(can, "workspace.diagnostics.refreshSupport");
  supports.resolve_edit =
      holds(member_at(can, "textDocument.codeAction.resolveSupport.properties"), "edit") &&
      flag_at(can, "textDocument.codeAction.dataSupport");
}

Json Server::capabilities() const {
  Json out = {
      {"positionEncoding", name_of(view_.encoding)},
      {"textDocumentSync",
       {{"openClose", true}, {"change", 2}, {"save", {{"includeText", false}}}}},
      {"notebookDocumentSync",
       {{"notebookSelector",
         Json::array({{{"notebook", {{"notebookType", "jupyter-notebook"}}}}})}}},
      {"codeActionProvider",
       {{"codeActionKinds", Json::array({"quickfix", "source.fixAll.preflint"})},
        {"resolveProvider", client_.supports.resolve_edit}}},
      {"hoverProvider", true},
      {"documentLinkProvider", {{"resolveProvider", false}}},
      {"workspace", {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}}}}};
  if (client_.supports.pulls()) {
    out["diagnosticProvider"] = {{"identifier", "preflint"},
                                 {"interFileDependencies", true},
                                 {"workspaceDiagnostics", true}};
  }
  Json commands = Json::array({kMap});
  if (client_.supports.show_document) commands.push_back(kOpenRulePage);
  out["executeCommandProvider"] = {{"commands", std::move(commands)}};
  return out;
}

void Server::initialize(const Message& message) {
  if (stage_ != Stage::fresh) {
    return client_.fail(message, Code::invalid_request, "initialize comes once");
  }
  stage_ = Stage::running;
  read_capabilities(message.params);
  locale_ = string_at(message.params, "locale").starts_with("zh") ? Language::zh : Language::en;
  findings_.set_folders(folders_of(message.params));
  const Json& options = member(message.params, "initializationOptions");
  use_settings(member(options, "settings").is_object() ? member(options, "settings") : options);
  client_.reply(message, {{"capabilities", capabilities()},
                          {"serverInfo", {{"name", "preflint"}, {"version", wire_.version}}}});
}

void Server::initialized() {
  register_events();
  if (client_.supports.configuration) configuration_changed(nullptr);
}

void Server::register_events() {
  Json list = Json::array();
  if (client_.supports.watched_files) {
    list.push_back({{"id", "preflint-files"},
                    {"method", "workspace/didChangeWatchedFiles"},
                    {"registerOptions", {{"watchers", Json::array({{{"globPattern", "**/*"}}})}}}});
  }
  if (client_.supports.configuration_events) {
    list.push_back({{"id", "preflint-settings"},
                    {"method", "workspace/didChangeConfiguration"},
                    {"registerOptions", {{"section", "preflint"}}}});
  }
  if (!list.empty()) client_.ask("client/registerCapability", {{"registrations", list}});
}

}  // namespace preflint::lsp
