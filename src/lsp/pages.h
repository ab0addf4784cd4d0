#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "catalog/rule.h"
#include "lsp/message.h"

namespace preflint::lsp {

/// The mention of a rule in a text: an id or name in `preflint: ignore[…]`, or anywhere in
/// preflint.yaml.
struct Mention {
  Span span;
  const catalog::Rule* rule = nullptr;
};

using FindRule = std::function<const catalog::Rule*(std::string_view id_or_name)>;

std::vector<Mention> mentions_in_comments(std::string_view text, const FindRule& find);
std::vector<Mention> mentions_in_config(std::string_view text, const FindRule& find);

/// A rule's page as hover contents.
Json hover_contents(const std::vector<const catalog::Rule*>& rules, Language language,
                    bool markdown);

}  // namespace preflint::lsp
