#include "catalog/triggers.h"

#include <algorithm>

namespace preflint::catalog {
namespace {

/// Hands each part of a text between separators to `take`.
template <typename Take>
void split(std::string_view text, std::string_view separator, const Take& take) {
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(separator, at), text.size());
    take(text.substr(at, end - at));
    at = end + separator.size();
  }
}

TriggerText text_of(std::string_view written) {
  TriggerText out;
  out.open_before = written.starts_with('*');
  if (out.open_before) written.remove_prefix(1);
  out.open_after = written.ends_with('*');
  if (out.open_after) written.remove_suffix(1);
  out.text = written;
  return out;
}

}  // namespace

Trigger read_trigger(std::string_view written) {
  Trigger out;
  split(written, " & ", [&](std::string_view group) {
    std::vector<TriggerText>& texts = out.emplace_back();
    split(group, " | ", [&](std::string_view one) { texts.push_back(text_of(one)); });
  });
  return out;
}

}  // namespace preflint::catalog
