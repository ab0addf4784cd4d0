#pragma once

#include <vector>

#include "lsp/client.h"
#include "lsp/documents.h"
#include "lsp/findings.h"
#include "lsp/pages.h"
#include "lsp/view.h"

namespace preflint::lsp {

/// Answers what only has to be looked up: hover and document links.
class Lookups {
 public:
  Lookups(Client& client, Documents& documents, Findings& findings, const View& view)
      : client_(client), documents_(documents), findings_(findings), view_(view) {}

  void hover(const Message& request);
  void document_link(const Message& request);

 private:
  void answer_hover(const Message& request);
  std::vector<Mention> mentions(const Document& document) const;
  const catalog::Rule* rule(const std::string& path, std::string_view id) const;

  Client& client_;
  Documents& documents_;
  Findings& findings_;
  const View& view_;
};

}  // namespace preflint::lsp
