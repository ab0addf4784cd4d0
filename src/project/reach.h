#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/profile.h"
#include "model/shell/state.h"
#include "model/value.h"

namespace preflint::project {

/// Where a network call goes, as far as the platform's profile can tell.
enum class Reach : uint8_t {
  local,     // the box itself, a local path
  domestic,  // a host that needs no acceleration
  mirrored,  // the default index of a tool that the image presets to a domestic mirror
  foreign,   // a host that needs the hook
  unknown,
};

/// The worst of two reaches for a call that uses both.
Reach worse(Reach a, Reach b);

/// The host of a URL, of user@host:path and of host:port forms; "" when there is none.
std::string host_of(std::string_view url);
/// local, domestic, foreign; unknown when `host` is empty.
Reach reach_of_host(const std::string& host, const catalog::Profile& profile);
/// The same for a value: unknown when its host is not known.
Reach reach_of(const Value& url, const catalog::Profile& profile, std::string* host = nullptr);

/// Does the Hub traffic of a process with this environment leave the country? (HF_ENDPOINT,
/// HF_HUB_OFFLINE…) `data`: does the library of data sets ask, which has a variable of its own?
Reach hub_reach(const shell::Environment& environment, const catalog::Profile& profile,
                bool data = false);

/// Where wandb reports to: WANDB_BASE_URL, else its own cloud. Puts the host into `host` where
/// the variable names one.
Reach wandb_reach(const shell::Environment& environment, const catalog::Profile& profile,
                  std::string* host = nullptr);

}  // namespace preflint::project
