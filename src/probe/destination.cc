#include "probe/destination.h"

#include <algorithm>

namespace preflint::probe {
namespace {

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// A user, an alias or a host: letters, digits and `._-`, not beginning with a dash.
bool name(std::string_view text) {
  return !text.empty() && !text.starts_with('-') &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return letter(c) || c == '.' || c == '_' || c == '-'; });
}

bool address(std::string_view text) {
  const auto hex = [](char c) { return letter(c) || c == ':' || c == '.'; };
  return text.find(':') != std::string_view::npos && std::all_of(text.begin(), text.end(), hex);
}

bool host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) return address(text.substr(1, text.size() - 2));
  return name(text) || address(text);
}

bool port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<Sentence> bad_destination(std::string_view destination) {
  const std::string shown(destination);
  if (destination.empty()) return Sentence{"the host is empty", "主机名为空"};
  if (destination.starts_with('-')) {
    return Sentence{
        "a host does not begin with a dash (ssh would read '" + shown + "' as an option)",
        "主机名不能以连字符开头（ssh 会把 '" + shown + "' 当作选项）"};
  }
  if (destination.size() > 300) return Sentence{"the host is too long", "主机名过长"};
  std::string_view rest = destination;
  const bool url = rest.starts_with("ssh://");
  if (url) rest.remove_prefix(6);
  bool good = true;
  if (const size_t at = rest.rfind('@'); at != std::string_view::npos) {
    good = name(rest.substr(0, at));
    rest.remove_prefix(at + 1);
  }
  if (url) {
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const size_t colon = rest.rfind(':');
    const bool inside =
        rest.find(']', colon == std::string_view::npos ? 0 : colon) != std::string_view::npos;
    if (colon != std::string_view::npos && !inside) {
      good = good && port(rest.substr(colon + 1));
      rest = rest.substr(0, colon);
    }
  }
  if (good && host(rest)) return std::nullopt;
  return Sentence{"'" + shown + "' is no host: write [user@]host or ssh://[user@]host[:port]",
                  "'" + shown + "' 不是主机名：请写成 [user@]host 或 ssh://[user@]host[:port]"};
}

}  // namespace preflint::probe
