#include "lsp/scan_progress.h"

namespace preflint::lsp {

void ScanProgress::show(const std::string& folder, size_t part, size_t parts) {
  if (!client_.supports.progress || seen_.contains(folder)) return;
  const bool chinese = language_ == Language::zh;
  if (token_.empty()) {
    token_ = "preflint-scan-" + std::to_string(++number_);
    client_.ask("window/workDoneProgress/create", {{"token", token_}});
    report({{"kind", "begin"},
            {"title", chinese ? "preflint：检查工作区" : "preflint: checking the workspace"},
            {"cancellable", true},
            {"percentage", 0}});
  }
  if (folder_ != folder && !folder_.empty()) seen_.insert(folder_);
  folder_ = folder;
  const size_t percentage = parts == 0 ? 0 : part * 100 / parts;
  report({{"kind", "report"}, {"message", folder}, {"percentage", percentage}});
}

void ScanProgress::end() {
  if (token_.empty()) return;
  report({{"kind", "end"}});
  token_.clear();
  if (!folder_.empty()) seen_.insert(folder_);
  folder_.clear();
}

void ScanProgress::report(const Json& value) {
  client_.notify("$/progress", {{"token", token_}, {"value", value}});
}

}  // namespace preflint::lsp
