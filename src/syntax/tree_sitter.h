#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/span.h"

/// A thin, copying face of the tree-sitter library: nobody else sees its types.
namespace preflint::tree_sitter {

inline constexpr uint32_t kNoNode = UINT32_MAX;

/// One node of a finished tree, in preorder. Children are linked by index.
struct Node {
  uint16_t symbol = 0;
  uint16_t field = 0;  // the field under which the parent holds it, 0 for none
  bool named = false;
  bool error = false;    // an ERROR node
  bool missing = false;  // inserted by the parser's recovery
  Span span;
  uint32_t first_child = kNoNode;
  uint32_t next_sibling = kNoNode;
};

/// A whole tree in one array; node 0 is the root. Empty when parsing was stopped by the budget.
struct Tree {
  std::vector<Node> nodes;
  bool has_error = false;
};

enum class Grammar : uint8_t { python, bash, requirements };

/// What a parse may cost. The library is fast on what people write and can be made to take minutes
/// by what they do not; the counters are a small multiple of what real files of the size need.
struct Budget {
  uint64_t steps_per_byte = 40;
  uint64_t allocation_per_byte = 500;
  std::function<bool()> cancelled;  // asked now and then; true stops the parse
};

/// Parses `text`. Offsets are bytes of `text`.
Tree parse(Grammar grammar, std::string_view text, const Budget& budget = {});

/// Names of node kinds and fields of a grammar, indexed by Node::symbol and Node::field.
std::vector<std::string_view> symbol_names(Grammar grammar);
std::vector<std::string_view> field_names(Grammar grammar);

}  // namespace preflint::tree_sitter
