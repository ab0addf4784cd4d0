#pragma once

#include <string>
#include <utility>
#include <vector>

#include "catalog/rule_loader.h"

namespace preflint::generate {

/// `net-hook-missing` as a C++ name.
std::string snake(std::string_view name);

/// The C++ source that defines builtin_rules(), find_builtin() and common_note(). `rules` are
/// sorted.
std::string emit_rules(const std::vector<catalog::Rule>& rules,
                       std::span<const catalog::NamedWords> notes);

/// The C++ source that defines builtin_document() and builtin_documents(); name and bytes, sorted.
std::string emit_documents(const std::vector<std::pair<std::string, std::string>>& documents);

}  // namespace preflint::generate
