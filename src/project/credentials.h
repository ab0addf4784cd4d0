#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/profile.h"
#include "model/shell/event.h"

namespace preflint::project {

/// Is this the name of a file that holds credentials: `.netrc`, `.wandb_key`, `id_ed25519`,
/// `hf_token.txt`?
bool credential_file(std::string_view path, const catalog::Profile& profile);
bool credential_file(const Value& path, const catalog::Profile& profile);
/// One that holds several credentials, or one that opens other machines: `.netrc`, a private key.
bool whole_credentials(const Value& path);

/// A secret that a word puts into a command line: the name of the variable or parameter that holds
/// it. Only what the shell that runs the command expands itself counts, and literals.
std::optional<std::string> secret_in(const shell::Argument& argument,
                                     const shell::CommandEvent& event);

/// `${TOKEN:+…}`: what follows stands there only when the variable has a value.
bool only_when_set(const shell::Part& part);

/// A path as its author wrote it, without quotes.
std::string as_written(const Unit& unit, Span span);

/// The argument of `sshpass -p`: null without that option.
const shell::Argument* sshpass_password(const shell::Prefix& prefix);

/// Does a path surely lie on a tier that several instances share?
bool on_durable_tier(const Value& path, const catalog::Profile& profile);

}  // namespace preflint::project
