#include "fuzz/promises.h"
#include "nlohmann/json.hpp"

/// A notebook: its raw JSON, or (after a line `cells`) the sources of its code cells, parted by
/// lines
/// `#%%`, so that the fuzzer need not keep JSON intact to change code.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  std::string text(fuzz::view(data, size));
  constexpr std::string_view kCells = "cells\n", kMark = "#%%\n";
  if (text.starts_with(kCells)) {
    auto cells = nlohmann::json::array();
    for (size_t at = kCells.size(); at <= text.size();) {
      const size_t end = std::min(text.find(kMark, at), text.size());
      cells.push_back({{"cell_type", "code"},
                       {"metadata", nlohmann::json::object()},
                       {"outputs", nlohmann::json::array()},
                       {"execution_count", nullptr},
                       {"source", text.substr(at, end - at)}});
      at = end + kMark.size();
    }
    const nlohmann::json notebook = {{"cells", cells},
                                     {"metadata", nlohmann::json::object()},
                                     {"nbformat", 4},
                                     {"nbformat_minor", 5}};
    text = notebook.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  fuzz::check_project({{"train.ipynb", text}});
  return 0;
}
