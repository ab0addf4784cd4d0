#include "catalog/builtin.h"
#include "catalog/setup.h"
#include "fuzz/promises.h"

/// A profile of one's own, and a project that is judged by it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  const std::string text(fuzz::view(data, size));
  catalog::FileAccess access;
  access.read = [&](const std::string& path) -> std::optional<std::string> {
    return path == "/project/box.yaml" ? std::optional(text) : std::nullopt;
  };
  access.list = [](const std::string&) { return std::vector<std::string>(); };
  const catalog::ProfileFile read = catalog::read_profile("/project/box.yaml", access);
  fuzz::require(read.profile != nullptr || !read.problems.empty(),
                "neither a profile nor a reason");
  for (const catalog::SetupProblem& problem : read.problems) {
    if (problem.error.where && problem.text)
      fuzz::check_span(*problem.error.where, *problem.text, problem.error.message);
  }
  if (read.profile) {
    fuzz::check_project(
        {{"box.yaml", text},
         {"run.sh", "pip install torch\nsource /etc/network_turbo\nwget https://github.com/a\n"}},
        "profile: ./box.yaml\n");
  }
  return 0;
}
