#include "fuzz/promises.h"

/// pyproject.toml, environment.yml and setup.cfg: the first byte chooses.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  if (size == 0) return 0;
  static constexpr const char* kNames[] = {"pyproject.toml", "environment.yml", "setup.cfg",
                                           "ssh_config"};
  fuzz::check_project({{kNames[data[0] % 4], std::string(fuzz::view(data + 1, size - 1))},
                       {"setup.sh", "pip install -e .\nconda env create -f environment.yml\n"}});
  return 0;
}
