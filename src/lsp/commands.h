#pragma once

#include "lsp/client.h"
#include "lsp/documents.h"
#include "lsp/findings.h"
#include "lsp/view.h"
#include "map/job_map.h"

namespace preflint::lsp {

/// `preflint.map`: where the job's files are and what outlives what, as `preflint map` says it.
/// Its argument is an object, or nothing: `uri` of a file or folder (default: all folders of the
/// workspace), `format` (text, json, mermaid, dot, html; default html), `profiles` (names; default:
/// the configuration's). The answer: `{format, content}`.
inline constexpr std::string_view kMap = "preflint.map";

/// Carries out `workspace/executeCommand`.
class Commands {
 public:
  Commands(Client& client, Documents& documents, Findings& findings, const View& view)
      : client_(client), documents_(documents), findings_(findings), view_(view) {}

  void execute(const Message& request);

  /// What a client asks of the map.
  struct Asked {
    std::string uri;
    map::Format format = map::Format::html;
    std::string format_name = "html";
    std::vector<std::string> profiles;
  };

 private:
  void open_rule_page(const Message& request);
  void map(const Message& request);
  void draw(const Message& request, const Asked& asked, const Scope& scope);

  Client& client_;
  Documents& documents_;
  Findings& findings_;
  const View& view_;
};

}  // namespace preflint::lsp
