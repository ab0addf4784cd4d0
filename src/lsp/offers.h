#pragma once

#include <string>
#include <vector>

#include "lsp/actions.h"
#include "lsp/client.h"
#include "lsp/documents.h"
#include "lsp/findings.h"
#include "lsp/view.h"

namespace preflint::lsp {

/// The commands that the server runs.
inline constexpr std::string_view kOpenRulePage = "preflint.openRulePage";

/// Answers requests for code actions: fix, fix all, suppress here, explain.
class Offers {
 public:
  Offers(Client& client, Documents& documents, Findings& findings, const View& view)
      : client_(client), documents_(documents), findings_(findings), view_(view) {}

  void code_action(const Message& request);
  void resolve(const Message& request);

 private:
  /// An action whose edit takes time to make.
  struct Draft {
    Json action;
    std::string path;
    std::function<Rewritten(const std::function<bool()>& cancelled)> make;
  };
  void answer(const Message& request);
  std::vector<Draft> drafts(const Message& request, const std::shared_ptr<const Report>& report,
                            const std::string& path);
  Draft suppress(const std::shared_ptr<const Report>& report, const Finding& finding,
                 const Json& diagnostics) const;
  Draft fix_all(const std::shared_ptr<const Report>& report, const std::string& path) const;
  Json quick_fix(Painter& painter, const Report& report, const Finding& finding,
                 const Json& diagnostics) const;
  /// Fills in the edits of drafts; those that come to nothing are left out.
  void finish(const Message& request, std::vector<Draft> drafts, bool single);

  Client& client_;
  Documents& documents_;
  Findings& findings_;
  const View& view_;
};

}  // namespace preflint::lsp
