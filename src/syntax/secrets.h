#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

/// Credentials in texts of any language, known by their own form (`hf_…`) or by what stands before
/// them
/// (`WANDB_API_KEY=…`). Rules report them, and no output shows them.
namespace preflint::secrets {

struct Secret {
  Span span;            // of the value, without quotes; of a private key: its BEGIN line
  std::string service;  // whose key it is, "" when its form does not say
  std::string name;     // the variable, option or parameter that holds it, "" when it is not named
  uint32_t shown = 0;   // bytes of a prefix that is no secret and may be shown (`hf_`)
  bool private_key = false;
  bool address = false;  // a webhook's: its span is the whole URL
};

/// Does a quoted word stand in the text that may be a key, whatever holds it?
bool quoted_key(std::string_view text);

/// Everything in a text that surely is a credential, in order. Placeholders, checksums and commit
/// ids are not.
std::vector<Secret> find(std::string_view text);

/// Could this be a real key? Not one of `your_key_here`, `xxxx`, `1234567890`, `EMPTY`.
bool looks_real(std::string_view value);
/// Is this what a holder of that name would hold: forty hexadecimal digits for wandb, a long random
/// text for others, any known form?
bool fits(std::string_view name, std::string_view value);
/// The secret that a value is as a whole, by its own form; nothing when it has no such form.
std::optional<Secret> of_known_form(std::string_view value);
/// Does the holder of this name hold a credential: HF_TOKEN, wandb_api_key, password?
bool names_secret(std::string_view name);
/// The same without passwords.
bool names_key(std::string_view name);
/// Is this password one that somebody would have to fill in?
bool placeholder(std::string_view password);

/// A value for messages: `hf_****`.
std::string shortened(std::string_view value, uint32_t shown);
/// The text with every credential, and everything that stands where a password stands, starred out.
/// Its length stays the same. `known` are further secret spans of it.
std::string masked(std::string_view text, const std::vector<Span>& known = {});

}  // namespace preflint::secrets
