#include "output/fingerprint.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <unordered_map>

#include "output/width.h"

namespace preflint::output {
namespace {

constexpr size_t kBlock = 100;
constexpr uint64_t kBase = 37;

constexpr uint64_t base_to_block() {
  uint64_t power = 1;
  for (size_t i = 0; i < kBlock; ++i) power *= kBase;
  return power;
}

/// The window that slides over the text.
class Roller {
 public:
  explicit Roller(std::vector<std::string>& lines) : lines_(lines) { starts_.fill(0); }

  void add(uint32_t unit) {
    if (unit == ' ' || unit == '\t' || (after_cr_ && unit == '\n')) {
      after_cr_ = false;
      return;
    }
    after_cr_ = unit == '\r';
    if (after_cr_) unit = '\n';
    emit();
    if (line_start_) starts_[at_] = ++line_;
    line_start_ = unit == '\n';
    update(unit);
  }

  void finish() {
    add(0xFFFF);
    for (size_t i = 0; i < kBlock; ++i) {
      emit();
      update(0);
    }
  }

 private:
  void emit() {
    if (starts_[at_] == 0) return;
    std::string& line = lines_.emplace_back(fmt::format("{:x}", hash_));
    line += fmt::format(":{}", ++seen_[line]);
    starts_[at_] = 0;
  }

  void update(uint32_t unit) {
    hash_ = hash_ * kBase + unit - base_to_block() * window_[at_];
    window_[at_] = unit;
    at_ = (at_ + 1) % kBlock;
  }

  std::vector<std::string>& lines_;
  std::array<uint32_t, kBlock> window_{};
  std::array<uint32_t, kBlock> starts_{};  // the line that starts at this place of the window, or 0
  std::unordered_map<std::string, int> seen_;
  uint64_t hash_ = 0;
  size_t at_ = 0;
  uint32_t line_ = 0;
  bool line_start_ = true;
  bool after_cr_ = false;
};

}  // namespace

std::vector<std::string> line_hashes(std::string_view text) {
  std::vector<std::string> lines;
  Roller roller(lines);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (size_t at = 0; at < text.size();) {
    const char32_t point = next_code_point(text, at);
    if (point < 0x10000) {
      roller.add(point);
    } else {
      roller.add(0xD800 + ((point - 0x10000) >> 10));
      roller.add(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  roller.finish();
  return lines;
}

std::string stable_hash(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("{:016x}", hash);
}

}  // namespace preflint::output
