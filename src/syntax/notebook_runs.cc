#include "syntax/notebook_runs.h"

#include <string_view>

#include "syntax/json_scan.h"

namespace preflint::notebook {
namespace {

template <typename Member>
void each_member(JsonScan& scan, Member member) {
  bool first = true;
  if (scan.peek() != '{') return scan.skip();
  if (!scan.enter('{')) return;
  while (scan.more('}', first)) {
    const std::string_view key = scan.key();
    if (!scan.failed()) member(key);
  }
}

}  // namespace

std::vector<bool> cells_run(const File& file) {
  JsonScan scan(file.bytes);
  std::vector<bool> out;
  const auto read_cells = [&] {
    bool first = true;
    if (scan.peek() != '[') return scan.skip();
    if (!scan.enter('[')) return;
    while (scan.more(']', first)) {
      bool run = false;
      each_member(scan, [&](std::string_view key) {
        if (key == "execution_count" || key == "prompt_number") run = scan.peek() != 'n';  // null
        scan.skip();
      });
      out.push_back(run);
    }
  };
  each_member(scan, [&](std::string_view key) {
    if (key == "cells")
      read_cells();
    else
      scan.skip();
  });
  if (scan.failed()) out.clear();
  return out;
}

}  // namespace preflint::notebook
