#pragma once

#include <tree_sitter/api.h>

#include <memory>

#include "syntax/tree_sitter.h"

/// The library's own types, for the few files of this folder that speak to it.
namespace preflint::tree_sitter {

using RawTree = std::unique_ptr<TSTree, decltype(&ts_tree_delete)>;

const TSLanguage* language(Grammar grammar);
/// Null when parsing was stopped by the budget.
RawTree parse_raw(Grammar grammar, std::string_view text, const Budget& budget);

}  // namespace preflint::tree_sitter
