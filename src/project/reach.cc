#include "project/reach.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace preflint::project {
namespace {

bool is_address(std::string_view host) {
  return host.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(host.begin(), host.end(), '.') == 3;
}

/// `https://HOST/https://github.com/acme/x`: the host hands on what it fetches from the other.
bool hands_on(std::string_view url) {
  const size_t scheme = url.find("://");
  const size_t slash = scheme == std::string_view::npos ? scheme : url.find('/', scheme + 3);
  if (slash == std::string_view::npos) return false;
  const std::string_view path = url.substr(slash + 1);
  return path.starts_with("http://") || path.starts_with("https://") ||
         path.starts_with("github.com/") || path.starts_with("raw.githubusercontent.com/");
}

}  // namespace

Reach worse(Reach a, Reach b) {
  static constexpr std::array kOrder = {Reach::local, Reach::domestic, Reach::mirrored,
                                        Reach::unknown, Reach::foreign};
  const auto rank = [](Reach r) { return std::find(kOrder.begin(), kOrder.end(), r); };
  return rank(a) < rank(b) ? b : a;
}

std::string host_of(std::string_view url) {
  size_t begin = url.find("://");
  if (begin == std::string_view::npos) {
    // git@github.com:acme/x.git
    const size_t at = url.find('@'), colon = url.find(':');
    if (at != std::string_view::npos && colon != std::string_view::npos && at < colon &&
        url.find('/') > at) {
      return lower(std::string(url.substr(at + 1, colon - at - 1)));
    }
    // github.com/acme/x without a scheme
    const size_t slash = url.find('/');
    const std::string_view head = url.substr(0, slash);
    if (slash != std::string_view::npos && head.find('.') != std::string_view::npos &&
        !head.starts_with('.') &&
        head.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:") ==
            std::string_view::npos) {
      return lower(std::string(head.substr(0, head.find(':'))));
    }
    if (url.starts_with("localhost") || url.starts_with("127."))
      return std::string(url.substr(0, url.find_first_of(":/")));
    return "";
  }
  if (url.substr(0, begin) == "file") return "localhost";
  begin += 3;
  size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  std::string_view host = url.substr(begin, end - begin);
  if (const size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  if (host.starts_with('[')) return std::string(host.substr(1, host.find(']') - 1));
  return lower(std::string(host.substr(0, host.find(':'))));
}

Reach reach_of_host(const std::string& host, const catalog::Profile& profile) {
  if (host.empty()) return Reach::unknown;
  if (host == "localhost" || host.starts_with("127.") || host == "0.0.0.0" || host == "::1" ||
      host.starts_with("192.168.") || host.starts_with("10.") || host.starts_with("172.") ||
      host.ends_with(".local") || host.ends_with(".internal") ||
      host.find('.') == std::string::npos) {
    return Reach::local;
  }
  const auto& network = profile.network;
  if (catalog::Profile::host_in(host, network.domestic) ||
      catalog::Profile::host_in(host, network.mirrors) ||
      catalog::Profile::host_in(host, network.github_mirrors) ||
      catalog::Profile::host_in(host, network.no_proxy) || host.ends_with(".cn")) {
    return Reach::domestic;
  }
  return is_address(host) ? Reach::unknown : Reach::foreign;
}

Reach reach_of(const Value& url, const catalog::Profile& profile, std::string* host) {
  std::optional<Reach> out;
  for (const Text& text : url.alternatives()) {
    Reach reach = Reach::unknown;
    const auto constant = text.constant();
    const std::string known = constant ? *constant : std::string(text.known_prefix());
    std::string name = host_of(known);
    // Without a slash behind it the host's name may go on in what is not known.
    const size_t scheme = known.find("://");
    if (!constant &&
        (scheme == std::string::npos || known.find('/', scheme + 3) == std::string::npos) &&
        !(!name.empty() && known.find(':') != std::string::npos && scheme == std::string::npos)) {
      name.clear();
    }
    if (!name.empty()) {
      reach = reach_of_host(name, profile);
      if (reach == Reach::foreign && hands_on(known)) reach = Reach::unknown;
      // Of several the one that decides.
      if (host && (!out || worse(*out, reach) != *out)) *host = name;
    } else if (known.starts_with("/") ||
               (constant && (known.starts_with(".") || known.starts_with("~")))) {
      reach = Reach::local;
    }
    out = out ? worse(*out, reach) : reach;
  }
  return out.value_or(Reach::unknown);
}

Reach hub_reach(const shell::Environment& environment, const catalog::Profile& profile, bool data) {
  bool perhaps = false;
  for (const char* name : {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"}) {
    if (!data && std::string_view(name).starts_with("HF_DATASETS")) continue;
    const auto value = environment.constant(name);
    if (value && *value != "0" && !value->empty()) return Reach::local;
    const shell::Variable* variable = environment.find(name);
    const auto& texts = variable ? variable->value.alternatives() : std::vector<Text>();
    perhaps |= std::any_of(texts.begin(), texts.end(), [](const Text& text) {
      return text.constant() != "0" && text.empty() != Tri::yes;
    });
  }
  if (perhaps) return Reach::unknown;
  if (const shell::Variable* endpoint = environment.find("HF_ENDPOINT")) {
    if (endpoint->set == Tri::yes) return reach_of(endpoint->value, profile);
    return Reach::unknown;
  }
  return environment.opaque ? Reach::unknown : Reach::foreign;
}

Reach wandb_reach(const shell::Environment& environment, const catalog::Profile& profile,
                  std::string* host) {
  const shell::Variable* base = environment.find("WANDB_BASE_URL");
  return base ? reach_of(base->value, profile, host) : Reach::foreign;
}

}  // namespace preflint::project
