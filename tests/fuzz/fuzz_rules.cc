#include "catalog/rule_loader.h"
#include "engine/matchers.h"
#include "fuzz/promises.h"
#include "syntax/document.h"

/// A rule of the user's own, run over a project.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  const std::string text(fuzz::view(data, size));
  const Result<Document> document = parse_yaml(text);
  if (!document) {
    if (document.error().where)
      fuzz::check_span(*document.error().where, text, document.error().message);
    return 0;
  }
  const catalog::LoadedRule rule = catalog::load_rule(*document, catalog::RuleOrigin::user, "");
  for (const Error& error : rule.errors) {
    if (error.where) fuzz::check_span(*error.where, text, error.message);
  }
  if (!rule.errors.empty()) return 0;
  fuzz::check_project(
      {{"own.yaml", text},
       {"run.sh", "conda create -n a\naws s3 cp a s3://b\n"},
       {"train.py",
        "from torch.utils.tensorboard import SummaryWriter\nSummaryWriter('runs')\nexec('a')\n"}},
      "rules: [./own.yaml]\n");
  return 0;
}
