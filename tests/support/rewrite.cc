#include "support/rewrite.h"

#include <algorithm>

#include "project/file_kind.h"

namespace preflint::testing {

std::string Changes::apply(std::string_view text) {
  std::stable_sort(list_.begin(), list_.end(),
                   [](const Change& a, const Change& b) { return a.span < b.span; });
  std::string out;
  uint32_t at = 0;
  for (const Change& change : list_) {
    out.append(text.substr(at, change.span.begin - at)).append(change.text);
    at = change.span.end;
  }
  return out.append(text.substr(at));
}

Span Changes::original(Span span) const {
  // Inside of a change there is no way back: a range begins where the change begins and ends where
  // it ends.
  const auto old = [&](uint32_t wanted, bool end) {
    uint32_t before = 0,
             after = 0;  // ends of what has been walked over, in the old text and the new
    for (const Change& change : list_) {
      const uint32_t kept = change.span.begin - before;
      const auto length = static_cast<uint32_t>(change.text.size());
      if (wanted <= after + kept) break;
      if (wanted < after + kept + length) return end ? change.span.end : change.span.begin;
      before = change.span.end;
      after += kept + length;
    }
    return before + (wanted - after);
  };
  return {old(span.begin, false), old(span.end, true)};
}

namespace rewrite {
namespace {

ChangesByPath with_carriage_returns(const Files& files, bool shell) {
  ChangesByPath out;
  for (const auto& [path, text] : files) {
    auto kind = project::kind_by_name(path);
    if (!kind) kind = project::kind_by_shebang(text);
    if (!kind || *kind == FileKind::notebook || (*kind == FileKind::shell) != shell) continue;
    if (text.find('\r') != text.npos) continue;
    for (size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
      out[path].insert(static_cast<uint32_t>(at), "\r");
    }
  }
  return out;
}

}  // namespace

ChangesByPath carriage_returns(const Files& files) { return with_carriage_returns(files, false); }
ChangesByPath shell_carriage_returns(const Files& files) {
  return with_carriage_returns(files, true);
}

}  // namespace rewrite
}  // namespace preflint::testing
