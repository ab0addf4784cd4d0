#pragma once

#include <cstdint>

#include "project/context.h"

namespace preflint::project {

/// Where the remotes of the working copy are, when the commands do not say: as its `.git/config`
/// has them, or as the project's guides write its URL. Made once (`context.shared`).
struct GitRemotes {
  explicit GitRemotes(const Context& context);
  enum Way : uint8_t {
    unsaid,
    home,    // in the country, or on the box
    ssh,     // over ssh, which goes past a proxy for HTTP
    abroad,  // by https to a foreign host
  };
  Way own = unsaid;
  Way modules = unsaid;  // of its submodules
};

/// `git@HOST:PATH`, `ssh://HOST/PATH`
bool over_ssh(std::string_view url);

}  // namespace preflint::project
