#pragma once

#include <set>
#include <string>

#include "base/finding.h"
#include "lsp/client.h"

namespace preflint::lsp {

/// Shows how the first look at a workspace goes on, where the editor can show it.
class ScanProgress {
 public:
  ScanProgress(Client& client, const Language& language) : client_(client), language_(language) {}
  /// `part` of `parts` groups of files of a folder is being looked at.
  void show(const std::string& folder, size_t part, size_t parts);
  void end();
  bool owns(const Json& token) const { return !token_.empty() && token == Json(token_); }

 private:
  void report(const Json& value);
  Client& client_;
  const Language& language_;
  std::set<std::string> seen_;  // folders whose first scan is over
  std::string token_, folder_;
  int number_ = 0;
};

}  // namespace preflint::lsp
