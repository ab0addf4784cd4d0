#include "fuzz/promises.h"

/// A training script.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  fuzz::check_project({{"train.py", std::string(fuzz::view(data, size))}});
  return 0;
}
