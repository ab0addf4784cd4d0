#include "fuzz/promises.h"

/// A requirements file and a script that installs it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  fuzz::check_project({{"requirements.txt", std::string(fuzz::view(data, size))},
                       {"setup.sh", "pip install -r requirements.txt\n"}},
                      "profile: autodl\nimage: pytorch-2.8.0-cu128-py3.12\ngpu: RTX 5090\n");
  return 0;
}
