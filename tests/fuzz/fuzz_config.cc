#include "catalog/config.h"
#include "catalog/setup.h"
#include "fuzz/promises.h"

/// A preflint.yaml, which may name any file: only its own text is there. Mistakes have places in
/// it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  const std::string text(fuzz::view(data, size));
  catalog::FileAccess access;
  access.read = [&](const std::string& path) -> std::optional<std::string> {
    return path == "/project/preflint.yaml" ? std::optional(text) : std::nullopt;
  };
  access.list = [](const std::string&) { return std::vector<std::string>(); };
  const auto setup = catalog::read_setup("/project/preflint.yaml", access);
  for (const catalog::SetupProblem& problem : setup->problems) {
    fuzz::require(!problem.error.message.empty(), "a mistake without words");
    if (problem.error.where && problem.text)
      fuzz::check_span(*problem.error.where, *problem.text, problem.error.message);
  }
  if (setup->problems.empty()) {
    fuzz::check_project(
        {{"run.sh", "pip install torch && cp a b; echo saved\n"}, {"train.py", "import torch\n"}},
        text);
  }
  return 0;
}
