#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace preflint::secrets {

/// The name under which a value that starts at `at` is kept or handed over: `NAME=value`, `"name":
/// "value"`, `name="value"` of a call, `${NAME:-value}`, `setdefault("NAME", "value")`, `--name
/// value`, the option of `add_argument("--name", default="value")`, "wandb_key" in `wandb login
/// value`; "" when there is none.
std::string name_before(std::string_view text, size_t at);

/// The literals of a text that stand where passwords stand. Placeholders too.
std::vector<Span> passwords(std::string_view text);

}  // namespace preflint::secrets
