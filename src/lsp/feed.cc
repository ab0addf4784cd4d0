#include "lsp/feed.h"

#include <functional>

#include "lsp/uri.h"

namespace preflint::lsp {
namespace {

size_t hash_of(const Json& list) { return std::hash<std::string>()(text_of(list)); }

}  // namespace

bool Feed::open(const std::string& path) const {
  return documents_.at_path(path) || documents_.notebook_at_path(path);
}

std::map<std::string, Json> Feed::painted(const std::string& path) {
  const auto* report = findings_.report_of(path);
  Painter painter(view_, documents_);
  static const Report kNothing;
  const bool show = report && enabled_ && (unopened_ || open(path));
  return painter.diagnostics(report ? **report : kNothing, path,
                             show ? findings_.at(**report, path) : std::vector<const Finding*>());
}

void Feed::publish(const std::string& path, const std::string& uri, const Json& list) {
  Sent& sent = sent_[path][uri];
  const Document* document = documents_.find(uri);
  const int64_t version = document ? document->version : -1;
  const size_t hash = hash_of(list);
  // A file that nobody looks at and that has nothing to show is not worth a message.
  if (sent.empty && list.empty() && !document) return;
  if (sent.hash == hash && sent.version == version) return;
  sent = {hash, version, list.empty()};
  Json params = {{"uri", uri}, {"diagnostics", list}};
  if (document) params["version"] = version;
  client_.notify("textDocument/publishDiagnostics", std::move(params));
}

void Feed::push(const std::string& path) {
  const std::map<std::string, Json> now = painted(path);
  for (const auto& [uri, list] : now) publish(path, uri, list);
  // Cells that are gone, and names under which an editor no longer knows the file.
  for (auto& [uri, sent] : sent_[path]) {
    if (!now.contains(uri) && !sent.empty) publish(path, uri, Json::array());
  }
  std::erase_if(sent_[path], [&](const auto& entry) { return !now.contains(entry.first); });
  if (sent_[path].empty()) sent_.erase(path);
}

void Feed::fresh(const std::vector<std::string>& paths) {
  if (client_.supports.pulls()) {
    for (const auto& [uri, hash] : pulled_) {
      if (hash_of(enabled_ ? findings_.diagnostics_of(uri) : Json::array()) == hash) continue;
      client_.ask("workspace/diagnostic/refresh", nullptr);
      return;
    }
    return;
  }
  std::set<std::string> all(paths.begin(), paths.end());
  for (const auto& [path, file] : *documents_.overlay()) all.insert(path);
  // Closed buffers: their URI may have been the editor's own.
  for (const auto& [path, uris] : sent_) {
    for (const auto& [uri, sent] : uris) {
      if (sent.version >= 0 && !documents_.find(uri)) all.insert(path);
    }
  }
  for (const std::string& path : all) push(path);
}

void Feed::show_again() {
  std::vector<std::string> paths;
  for (const std::string& path : findings_.paths()) paths.push_back(path);
  for (const auto& [path, sent] : sent_) paths.push_back(path);
  fresh(paths);
}

void Feed::set_enabled(bool enabled, bool unopened) {
  enabled_ = enabled;
  unopened_ = unopened;
}

Json Feed::document_report(const std::string& uri, const Json& list, const std::string& previous) {
  const size_t hash = hash_of(list);
  const std::string id = std::to_string(hash);
  pulled_[uri] = hash;
  if (id == previous) return {{"kind", "unchanged"}, {"resultId", id}};
  return {{"kind", "full"}, {"resultId", id}, {"items", list}};
}

void Feed::pull_document(const Message& request) {
  findings_.when_fresh(request, [this, request] {
    const std::string uri = string_at(request.params, "textDocument.uri");
    client_.reply(request,
                  document_report(uri, enabled_ ? findings_.diagnostics_of(uri) : Json::array(),
                                  string_at(request.params, "previousResultId")));
  });
}

void Feed::pull_workspace(const Message& request) {
  findings_.when_fresh(request, [this, request] {
    std::map<std::string, std::string> previous;
    for (const Json& one : member(request.params, "previousResultIds")) {
      previous[string_at(one, "uri")] = string_at(one, "value");
    }
    std::map<std::string, Json> all;
    for (const auto& [uri, id] : previous) all[uri] = Json::array();
    for (const std::string& path : findings_.paths()) {
      for (auto& [uri, list] : painted(path)) all[uri] = std::move(list);
    }
    Json items = Json::array();
    for (const auto& [uri, list] : all) {
      Json item = document_report(uri, list, previous[uri]);
      const Document* document = documents_.find(uri);
      item["uri"] = uri;
      item["version"] = document ? Json(document->version) : Json(nullptr);
      items.push_back(std::move(item));
    }
    client_.reply(request, {{"items", std::move(items)}});
  });
}

}  // namespace preflint::lsp
