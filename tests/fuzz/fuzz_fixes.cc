#include "fuzz/promises.h"

/// Suppressions and fixes in a project of three files, parted by lines `####`: a wrapper, what it
/// sources and the script that it starts.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  const std::string text(fuzz::view(data, size));
  constexpr std::string_view kMark = "\n####\n";
  preflint::testing::Files files;
  size_t at = 0;
  for (const char* name : {"run.sh", "env.sh", "train.py"}) {
    const size_t end = std::min(text.find(kMark, at), text.size());
    files[name] = text.substr(at, end - at);
    at = std::min(end + kMark.size(), text.size());
  }
  fuzz::check_project(files);
  return 0;
}
