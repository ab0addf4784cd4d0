#pragma once

#include "project/context.h"

namespace preflint::project {

/// Is the only rental that a project's code logs into another one, by that one's address
/// (`ssh -p 27672 root@i-1.gpushare.com`, `HostName …`, paramiko)? Then nothing shows that it runs
/// on the platform, though it may keep to the platform's paths: whoever changes rentals keeps their
/// scripts. Not where code or a guide calls the platform by its name, address or hook. For
/// Context::shared.
struct OtherRental {
  explicit OtherRental(const Context& context);
  bool only = false;
};

}  // namespace preflint::project
