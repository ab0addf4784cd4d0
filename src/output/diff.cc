#include "output/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "syntax/secrets.h"

namespace preflint::output {
namespace {

constexpr int kMaxDistance = 1500;  // the way back is kept in memory, which grows with its square
constexpr uint32_t kContext = 3;

/// Lines with their ends, so that one that lacks its newline differs.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t newline = text.find('\n', at);
    const size_t end = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

/// Myers' greedy algorithm on numbers that stand for lines.
class Myers {
 public:
  Myers(const std::vector<int>& a, const std::vector<int>& b)
      : a_(a), b_(b), n_(static_cast<int>(a.size())), m_(static_cast<int>(b.size())) {}

  /// Which lines of each side stay; false when the texts are too different.
  bool run(std::vector<bool>& old_stays, std::vector<bool>& new_stays) {
    const int limit = std::min(n_ + m_, kMaxDistance);
    std::vector<int> furthest(2 * static_cast<size_t>(limit) + 3, 0);
    const auto at = [&](int k) -> int& { return furthest[index(k + limit + 1)]; };
    for (int d = 0; d <= limit; ++d) {
      trace_.emplace_back(furthest.begin() + (limit + 1 - d) - 1,
                          furthest.begin() + (limit + 1 + d) + 2);
      for (int k = -d; k <= d; k += 2) {
        int x = k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
        while (x < n_ && x - k < m_ && same(x, x - k)) ++x;
        at(k) = x;
        if (x < n_ || x - k < m_) continue;
        back(d, old_stays, new_stays);
        return true;
      }
    }
    return false;
  }

 private:
  static size_t index(int at) { return static_cast<size_t>(at); }
  bool same(int x, int y) const { return a_[index(x)] == b_[index(y)]; }

  void back(int d, std::vector<bool>& old_stays, std::vector<bool>& new_stays) const {
    int x = n_, y = m_;
    for (; d >= 0; --d) {
      const std::vector<int>& before = trace_[index(d)];
      const auto at = [&](int k) { return before[index(k + d + 1)]; };
      const int k = x - y;
      const int from = k == -d || (k != d && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
      const int begin_x = d == 0 ? 0 : at(from), begin_y = d == 0 ? 0 : begin_x - from;
      while (x > begin_x && y > begin_y && same(x - 1, y - 1)) {
        old_stays[static_cast<size_t>(--x)] = true;
        new_stays[static_cast<size_t>(--y)] = true;
      }
      x = begin_x;
      y = begin_y;
    }
  }

  const std::vector<int>&a_, &b_;
  int n_, m_;
  std::vector<std::vector<int>> trace_;  // what was reached before each distance
};

std::vector<Change> changes_of(const std::vector<std::string_view>& before,
                               const std::vector<std::string_view>& after) {
  size_t head = 0, tail = 0;
  const size_t shorter = std::min(before.size(), after.size());
  while (head < shorter && before[head] == after[head]) ++head;
  while (tail < shorter - head &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
    ++tail;
  std::unordered_map<std::string_view, int> numbers;
  const auto numbered = [&](const std::vector<std::string_view>& lines) {
    std::vector<int> out;
    for (size_t i = head; i + tail < lines.size(); ++i) {
      out.push_back(numbers.emplace(lines[i], static_cast<int>(numbers.size())).first->second);
    }
    return out;
  };
  const std::vector<int> a = numbered(before), b = numbered(after);
  std::vector<bool> old_stays(a.size()), new_stays(b.size());
  Myers(a, b).run(old_stays, new_stays);
  std::vector<Change> out;
  const auto first = static_cast<uint32_t>(head);
  for (uint32_t x = 0, y = 0; x < a.size() || y < b.size();) {
    if (x < a.size() && y < b.size() && old_stays[x] && new_stays[y]) {
      ++x, ++y;
      continue;
    }
    Change change{first + x, first + x, first + y, first + y};
    while (x < a.size() && !old_stays[x]) ++x;
    while (y < b.size() && !new_stays[y]) ++y;
    change.old_end = first + x;
    change.new_end = first + y;
    out.push_back(change);
  }
  return out;
}

/// `begin,count` as a hunk's header has it.
std::string range(uint32_t begin, uint32_t end) {
  if (end - begin == 1) return fmt::format("{}", begin + 1);
  return fmt::format("{},{}", end == begin ? begin : begin + 1, end - begin);
}

/// A line with a secret is starred out: better a patch that does not apply than a key in a log.
void print(std::string& out, char sign, std::string_view line) {
  out += sign;
  out += secrets::masked(line);
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

}  // namespace

std::vector<Change> changes(std::string_view before, std::string_view after) {
  return changes_of(lines_of(before), lines_of(after));
}

std::string unified_diff(std::string_view before, std::string_view after, std::string_view name) {
  const std::vector<std::string_view> old_lines = lines_of(before), new_lines = lines_of(after);
  const std::vector<Change> all = changes_of(old_lines, new_lines);
  if (all.empty()) return "";
  std::string out = fmt::format("--- {}\n+++ {}\n", name, name);
  for (size_t i = 0; i < all.size();) {
    size_t last = i;
    while (last + 1 < all.size() && all[last + 1].old_begin - all[last].old_end <= 2 * kContext)
      ++last;
    const uint32_t above = std::min(kContext, all[i].old_begin);
    const uint32_t below =
        std::min(kContext, static_cast<uint32_t>(old_lines.size()) - all[last].old_end);
    out +=
        fmt::format("@@ -{} +{} @@\n", range(all[i].old_begin - above, all[last].old_end + below),
                    range(all[i].new_begin - above, all[last].new_end + below));
    uint32_t at = all[i].old_begin - above;
    for (; i <= last; ++i) {
      for (; at < all[i].old_begin; ++at) print(out, ' ', old_lines[at]);
      for (; at < all[i].old_end; ++at) print(out, '-', old_lines[at]);
      for (uint32_t line = all[i].new_begin; line < all[i].new_end; ++line)
        print(out, '+', new_lines[line]);
    }
    for (const uint32_t end = at + below; at < end; ++at) print(out, ' ', old_lines[at]);
  }
  return out;
}

}  // namespace preflint::output
