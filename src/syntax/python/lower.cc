#include "syntax/python/lower.h"

#include <unordered_map>

namespace preflint::py {
namespace {

using Names = std::unordered_map<std::string_view, Kind>;

const Names& kinds() {
  using enum Kind;
  static const Names names{
      {"as_pattern", as_pattern},
      {"as_pattern_target", as_pattern_target},
      {"attribute", attribute},
      {"await", await},
      {"binary_operator", binary_operator},
      {"boolean_operator", boolean_operator},
      {"call", call},
      {"comparison_operator", comparison_operator},
      {"concatenated_string", concatenated_string},
      {"conditional_expression", conditional_expression},
      {"dictionary", dictionary},
      {"dictionary_comprehension", dictionary_comprehension},
      {"dictionary_splat", dictionary_splat},
      {"dictionary_splat_pattern", dictionary_splat_pattern},
      {"dotted_name", dotted_name},
      {"ellipsis", ellipsis},
      {"expression_list", expression_list},
      {"false", false_},
      {"float", float_},
      {"generator_expression", generator_expression},
      {"identifier", identifier},
      {"integer", integer},
      {"keyword_argument", keyword_argument},
      {"lambda", lambda},
      {"list", list},
      {"list_comprehension", list_comprehension},
      {"list_pattern", list_pattern},
      {"list_splat", list_splat},
      {"list_splat_pattern", list_splat_pattern},
      {"named_expression", named_expression},
      {"none", none},
      {"not_operator", not_operator},
      {"pair", pair},
      {"parenthesized_expression", parenthesized_expression},
      {"parenthesized_list_splat", parenthesized_list_splat},
      {"pattern_list", pattern_list},
      {"set", set},
      {"set_comprehension", set_comprehension},
      {"slice", slice},
      {"string", string},
      {"subscript", subscript},
      {"true", true_},
      {"tuple", tuple},
      {"tuple_pattern", tuple_pattern},
      {"type", type},
      {"generic_type", generic_type},
      {"type_parameter", type_parameter},
      {"union_type", union_type},
      {"member_type", member_type},
      {"unary_operator", unary_operator},
      {"yield", yield},
      {"case_pattern", case_pattern},
      {"union_pattern", union_pattern},
      {"interpolation", interpolation},
      {"format_expression", format_expression},
      {"format_specifier", format_specifier},
      {"type_conversion", type_conversion},
      {"string_start", string_start},
      {"string_end", string_end},
      {"string_content", string_content},
      {"for_in_clause", for_in_clause},
      {"if_clause", if_clause},
      {"argument_list", argument_list},
      {"default_parameter", default_parameter},
      {"typed_parameter", typed_parameter},
      {"typed_default_parameter", typed_default_parameter},
      {"keyword_separator", keyword_separator},
      {"positional_separator", positional_separator},
      {"assert_statement", assert_statement},
      {"assignment", assignment},
      {"augmented_assignment", augmented_assignment},
      {"block", block},
      {"break_statement", break_statement},
      {"class_definition", class_definition},
      {"continue_statement", continue_statement},
      {"decorated_definition", decorated_definition},
      {"decorator", decorator},
      {"delete_statement", delete_statement},
      {"elif_clause", elif_clause},
      {"else_clause", else_clause},
      {"except_clause", except_clause},
      {"expression_statement", expression_statement},
      {"finally_clause", finally_clause},
      {"for_statement", for_statement},
      {"function_definition", function_definition},
      {"future_import_statement", future_import_statement},
      {"global_statement", global_statement},
      {"if_statement", if_statement},
      {"import_from_statement", import_from_statement},
      {"import_statement", import_statement},
      {"aliased_import", aliased_import},
      {"relative_import", relative_import},
      {"import_prefix", import_prefix},
      {"wildcard_import", wildcard_import},
      {"match_statement", match_statement},
      {"case_clause", case_clause},
      {"nonlocal_statement", nonlocal_statement},
      {"pass_statement", pass_statement},
      {"raise_statement", raise_statement},
      {"return_statement", return_statement},
      {"try_statement", try_statement},
      {"type_alias_statement", type_alias_statement},
      {"while_statement", while_statement},
      {"with_statement", with_statement},
      {"with_clause", with_clause},
      {"with_item", with_item},
      {"comment", comment},
      {"line_continuation", line_continuation},
      {"module", module},
  };
  return names;
}

std::vector<Kind> kind_table() {
  std::vector<Kind> out;
  for (std::string_view name : tree_sitter::symbol_names(tree_sitter::Grammar::python)) {
    const auto found = kinds().find(name);
    out.push_back(found == kinds().end() ? Kind::other : found->second);
  }
  return out;
}

std::vector<Field> field_table() {
  using enum Field;
  static const std::unordered_map<std::string_view, Field> names{
      {"alias", alias},
      {"alternative", alternative},
      {"argument", argument},
      {"arguments", arguments},
      {"attribute", attribute},
      {"body", body},
      {"cause", cause},
      {"condition", condition},
      {"consequence", consequence},
      {"definition", definition},
      {"expression", expression},
      {"format_specifier", format_specifier},
      {"function", function},
      {"guard", guard},
      {"left", left},
      {"module_name", module_name},
      {"name", name},
      {"object", object},
      {"operators", operators},
      {"parameters", parameters},
      {"return_type", return_type},
      {"right", right},
      {"subject", subject},
      {"subscript", subscript},
      {"superclasses", superclasses},
      {"type", type},
      {"type_conversion", type_conversion},
      {"value", value},
  };
  std::vector<Field> out;
  for (std::string_view name : tree_sitter::field_names(tree_sitter::Grammar::python)) {
    const auto found = names.find(name);
    out.push_back(found == names.end() ? other : found->second);
  }
  return out;
}

}  // namespace

Lowering::Lowering(const tree_sitter::Tree& tree, std::string_view text, uint32_t base,
                   Arena& arena, uint32_t depth_limit)
    : tree_(tree), text_(text), base_(base), arena_(arena), depth_left_(depth_limit) {}

Kind Lowering::kind(Index i) const {
  static const std::vector<Kind> table = kind_table();
  const tree_sitter::Node& of = node(i);
  if (of.error || of.missing) return Kind::other;
  if (!of.named) return Kind::token;
  return of.symbol < table.size() ? table[of.symbol] : Kind::other;
}

Field Lowering::field(Index i) const {
  static const std::vector<Field> table = field_table();
  return node(i).field < table.size() ? table[node(i).field] : Field::other;
}

Span Lowering::span(Index i) const {
  const Span local = node(i).span;
  return {local.begin + base_, local.end + base_};
}

std::string_view Lowering::slice(Index i) const {
  return text_.substr(node(i).span.begin, node(i).span.size());
}

Lowering::Index Lowering::child(Index of, Field wanted) const {
  for (Index i = node(of).first_child; i != kNone; i = node(i).next_sibling) {
    if (field(i) == wanted) return i;
  }
  return kNone;
}

bool Lowering::has_token(Index of, std::string_view token) const {
  for (Index i = node(of).first_child; i != kNone; i = node(i).next_sibling) {
    if (!node(i).named && slice(i) == token) return true;
  }
  return false;
}

std::vector<Lowering::Index> Lowering::named(Index of) const {
  std::vector<Index> out;
  for (Index i = node(of).first_child; i != kNone; i = node(i).next_sibling) {
    if (!node(i).named) continue;
    const Kind k = kind(i);
    if (k != Kind::comment && k != Kind::line_continuation) out.push_back(i);
  }
  return out;
}

Lowering::Index Lowering::first_named(Index of) const {
  for (Index i = node(of).first_child; i != kNone; i = node(i).next_sibling) {
    const Kind k = kind(i);
    if (node(i).named && k != Kind::comment && k != Kind::line_continuation) return i;
  }
  return kNone;
}

}  // namespace preflint::py
