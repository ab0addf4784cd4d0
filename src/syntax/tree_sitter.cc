#include "syntax/tree_sitter.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#include "syntax/tree_sitter_raw.h"

extern "C" {
const TSLanguage* tree_sitter_python(void);
const TSLanguage* tree_sitter_bash(void);
const TSLanguage* tree_sitter_requirements(void);
}

namespace preflint::tree_sitter {
namespace {

constexpr uint32_t kChunk = 32 * 1024;
constexpr uint64_t kAllocation = 64 << 20;  // bytes that any text may cost

/// Bytes that the library has asked for on this thread. One step can copy all that is on its stack,
/// so steps alone do not tell what a parse costs.
thread_local uint64_t allocated = 0;

/// The library uses what it gets without a look: where there is no memory, it ends as it does for
/// `new`.
void* granted(void* memory, size_t size) {
  if (memory != nullptr || size == 0) return memory;
  if (const std::new_handler handler = std::get_new_handler()) handler();
  throw std::bad_alloc();
}

void* counted_malloc(size_t size) {
  allocated += size;
  return granted(std::malloc(size), size);
}
void* counted_calloc(size_t count, size_t size) {
  allocated += count * size;
  return granted(std::calloc(count, size), count * size);
}
void* counted_realloc(void* old, size_t size) {
  allocated += size;
  return granted(std::realloc(old, size), size);
}

// Before any thread can use the library.
[[maybe_unused]] const bool kCounting = [] {
  ts_set_allocator(counted_malloc, counted_calloc, counted_realloc, std::free);
  return true;
}();

/// Counts the work of one parse. Progress alone does not see a lexer that reads the same bytes
/// again and again, so reading is counted as well.
struct Meter {
  std::string_view text;
  const Budget* budget;
  uint64_t steps_left;
  uint64_t reads_left;
  uint64_t allocation_end;  // what `allocated` may grow to
  bool stopped = false;

  bool spend(uint64_t& left) {
    if (left == 0 || allocated > allocation_end || (budget->cancelled && budget->cancelled()))
      stopped = true;
    else
      --left;
    return stopped;
  }
};

const char* read_chunk(void* payload, uint32_t at, TSPoint, uint32_t* length) {
  auto& meter = *static_cast<Meter*>(payload);
  *length = 0;
  if (at >= meter.text.size() || meter.spend(meter.reads_left)) return "";
  *length = static_cast<uint32_t>(std::min<size_t>(kChunk, meter.text.size() - at));
  return meter.text.data() + at;
}

bool on_progress(TSParseState* state) {
  auto& meter = *static_cast<Meter*>(state->payload);
  return meter.spend(meter.steps_left);
}

Node convert(TSNode node, uint16_t field) {
  Node out;
  out.symbol = ts_node_symbol(node);
  out.field = field;
  out.named = ts_node_is_named(node);
  out.error = ts_node_is_error(node);
  out.missing = ts_node_is_missing(node);
  out.span = {ts_node_start_byte(node), ts_node_end_byte(node)};
  return out;
}

/// Copies a tree into an array with one walk that does not recurse.
std::vector<Node> flatten(TSNode root) {
  std::vector<Node> nodes;
  nodes.reserve(ts_node_descendant_count(root));
  std::vector<uint32_t> path;  // the open ancestors, root first
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  uint32_t previous = kNoNode;  // sibling before the node that comes next
  bool done = false;
  while (!done) {
    const auto index = static_cast<uint32_t>(nodes.size());
    nodes.push_back(
        convert(ts_tree_cursor_current_node(&cursor), ts_tree_cursor_current_field_id(&cursor)));
    if (previous != kNoNode)
      nodes[previous].next_sibling = index;
    else if (!path.empty())
      nodes[path.back()].first_child = index;
    if (ts_tree_cursor_goto_first_child(&cursor)) {
      path.push_back(index);
      previous = kNoNode;
      continue;
    }
    previous = index;
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      if (path.empty() || !ts_tree_cursor_goto_parent(&cursor)) {
        done = true;
        break;
      }
      previous = path.back();
      path.pop_back();
    }
  }
  ts_tree_cursor_delete(&cursor);
  return nodes;
}

}  // namespace

const TSLanguage* language(Grammar grammar) {
  switch (grammar) {
    case Grammar::python:
      return tree_sitter_python();
    case Grammar::bash:
      return tree_sitter_bash();
    case Grammar::requirements:
      return tree_sitter_requirements();
  }
  return nullptr;
}

RawTree parse_raw(Grammar grammar, std::string_view text, const Budget& budget) {
  RawTree none(nullptr, &ts_tree_delete);
  const std::unique_ptr<TSParser, decltype(&ts_parser_delete)> parser(ts_parser_new(),
                                                                      &ts_parser_delete);
  if (!ts_parser_set_language(parser.get(), language(grammar))) return none;
  // The library reports progress once per 100 operations.
  Meter meter{text, &budget, 2000 + text.size() * budget.steps_per_byte / 100,
              400 + 60 * (text.size() / kChunk + 1),
              allocated + kAllocation + text.size() * budget.allocation_per_byte};
  const TSInput input{&meter, read_chunk, TSInputEncodingUTF8, nullptr};
  const TSParseOptions options{&meter, on_progress};
  RawTree tree(ts_parser_parse_with_options(parser.get(), nullptr, input, options),
               &ts_tree_delete);
  if (meter.stopped) return none;
  return tree;
}

Tree parse(Grammar grammar, std::string_view text, const Budget& budget) {
  Tree out;
  const RawTree tree = parse_raw(grammar, text, budget);
  if (!tree) return out;
  const TSNode root = ts_tree_root_node(tree.get());
  out.has_error = ts_node_has_error(root);
  out.nodes = flatten(root);
  return out;
}

std::vector<std::string_view> symbol_names(Grammar grammar) {
  std::vector<std::string_view> out;
  const TSLanguage* of = language(grammar);
  for (uint32_t i = 0; i < ts_language_symbol_count(of); ++i) {
    out.emplace_back(ts_language_symbol_name(of, static_cast<TSSymbol>(i)));
  }
  return out;
}

std::vector<std::string_view> field_names(Grammar grammar) {
  std::vector<std::string_view> out{""};
  const TSLanguage* of = language(grammar);
  for (uint32_t i = 1; i <= ts_language_field_count(of); ++i) {
    out.emplace_back(ts_language_field_name_for_id(of, static_cast<TSFieldId>(i)));
  }
  return out;
}

}  // namespace preflint::tree_sitter
