#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "lsp/client.h"
#include "lsp/documents.h"
#include "lsp/findings.h"
#include "lsp/view.h"

namespace preflint::lsp {

/// Brings diagnostics to the editor: pushed, or handed out when it asks.
class Feed {
 public:
  Feed(Client& client, Documents& documents, Findings& findings, const View& view)
      : client_(client), documents_(documents), findings_(findings), view_(view) {}

  /// Findings are up to date; those of these paths are not what they were.
  void fresh(const std::vector<std::string>& paths);
  /// How things are shown is different now.
  void show_again();
  void set_enabled(bool enabled, bool unopened);

  void pull_document(const Message& request);
  void pull_workspace(const Message& request);

 private:
  struct Sent {
    size_t hash = 0;
    int64_t version = -1;
    bool empty = true;
  };
  std::map<std::string, Json> painted(const std::string& path);
  void push(const std::string& path);
  void publish(const std::string& path, const std::string& uri, const Json& list);
  bool open(const std::string& path) const;
  Json document_report(const std::string& uri, const Json& list, const std::string& previous);

  Client& client_;
  Documents& documents_;
  Findings& findings_;
  const View& view_;
  bool enabled_ = true, unopened_ = true;
  std::map<std::string, std::map<std::string, Sent>> sent_;  // path → URI → what was pushed
  std::map<std::string, size_t> pulled_;                     // URI → what was handed out
};

}  // namespace preflint::lsp
