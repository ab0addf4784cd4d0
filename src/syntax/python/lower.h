#pragma once

#include <vector>

#include "syntax/python/arena.h"
#include "syntax/python/ast.h"
#include "syntax/tree_sitter.h"

namespace preflint::py {

/// Node kinds of the grammar that lowering knows by name; all others are `other`, operators and
/// keywords `token`.
enum class Kind : uint8_t {
  other,
  token,
  // expressions
  as_pattern,
  as_pattern_target,
  attribute,
  await,
  binary_operator,
  boolean_operator,
  call,
  comparison_operator,
  concatenated_string,
  conditional_expression,
  dictionary,
  dictionary_comprehension,
  dictionary_splat,
  dictionary_splat_pattern,
  dotted_name,
  ellipsis,
  expression_list,
  false_,
  float_,
  generator_expression,
  identifier,
  integer,
  keyword_argument,
  lambda,
  list,
  list_comprehension,
  list_pattern,
  list_splat,
  list_splat_pattern,
  named_expression,
  none,
  not_operator,
  pair,
  parenthesized_expression,
  parenthesized_list_splat,
  pattern_list,
  set,
  set_comprehension,
  slice,
  string,
  subscript,
  true_,
  tuple,
  tuple_pattern,
  type,
  generic_type,
  type_parameter,
  union_type,
  member_type,
  unary_operator,
  yield,
  case_pattern,
  union_pattern,
  interpolation,
  format_expression,
  format_specifier,
  type_conversion,
  string_start,
  string_end,
  string_content,
  for_in_clause,
  if_clause,
  argument_list,
  // parameters
  default_parameter,
  typed_parameter,
  typed_default_parameter,
  keyword_separator,
  positional_separator,
  // statements
  assert_statement,
  assignment,
  augmented_assignment,
  block,
  break_statement,
  class_definition,
  continue_statement,
  decorated_definition,
  decorator,
  delete_statement,
  elif_clause,
  else_clause,
  except_clause,
  expression_statement,
  finally_clause,
  for_statement,
  function_definition,
  future_import_statement,
  global_statement,
  if_statement,
  import_from_statement,
  import_statement,
  aliased_import,
  relative_import,
  import_prefix,
  wildcard_import,
  match_statement,
  case_clause,
  nonlocal_statement,
  pass_statement,
  raise_statement,
  return_statement,
  try_statement,
  type_alias_statement,
  while_statement,
  with_statement,
  with_clause,
  with_item,
  comment,
  line_continuation,
  module,
};

enum class Field : uint8_t {
  other,
  alias,
  alternative,
  argument,
  arguments,
  attribute,
  body,
  cause,
  condition,
  consequence,
  definition,
  expression,
  format_specifier,
  function,
  guard,
  left,
  module_name,
  name,
  object,
  operators,
  parameters,
  return_type,
  right,
  subject,
  subscript,
  superclasses,
  type,
  type_conversion,
  value,
};

/// Turns the grammar's tree into ours. Recursion is bounded by `depth_limit`: what lies deeper
/// becomes `unknown` and sets `too_deep`.
class Lowering {
 public:
  Lowering(const tree_sitter::Tree& tree, std::string_view text, uint32_t base, Arena& arena,
           uint32_t depth_limit);

  /// The statements of the whole tree.
  std::vector<const Stmt*> program();
  bool too_deep() const { return too_deep_; }
  const std::vector<Span>& partial() const { return partial_; }

 private:
  using Index = uint32_t;
  static constexpr Index kNone = tree_sitter::kNoNode;

  // The tree
  const tree_sitter::Node& node(Index i) const { return tree_.nodes[i]; }
  Kind kind(Index i) const;
  Field field(Index i) const;
  Span span(Index i) const;  // in the whole text
  std::string_view slice(Index i) const;
  Index child(Index of, Field field) const;
  bool has_token(Index of, std::string_view token) const;
  std::vector<Index> named(Index of) const;  // named children but comments
  Index first_named(Index of) const;

  // Statements (lower_statements.cc)
  void statements(Index block, std::vector<const Stmt*>& out);
  Body suite(Index block);
  const Stmt* statement(Index i);
  void assignment(Index i, Stmt& out);
  void definition(Index i, Stmt& out);
  void class_definition(Index i, Stmt& out);
  void decorated(Index i, Stmt& out);
  void if_statement(Index i, Stmt& out);
  void try_statement(Index i, Stmt& out);
  void with_statement(Index i, Stmt& out);
  void with_item(Index value, std::vector<Block>& out);
  void match_statement(Index i, Stmt& out);
  void import_statement(Index i, Stmt& out);
  void import_from(Index i, Stmt& out);
  Alias alias(Index i);
  const Parameters* parameters(Index i);
  Parameter parameter(Index i, Parameter::Kind kind);
  std::span<const Expr* const> expressions(Index i);  // all named children
  std::span<const Alias> names(Index i);

  // Expressions (lower_expressions.cc)
  const Expr* expr(Index i);
  const Expr* make(const Expr& value) { return arena_.make(value); }
  void children(Index i, Expr& out);
  void folded(Index i, Expr& out);
  void comparison(Index i, Expr& out);
  void call(Index i, Expr& out);
  void comprehension(Index i, Expr& out);
  void subscript(Index i, Expr& out);
  void slice_parts(Index i, Expr& out);
  void string(Index i, Expr& out);
  const Expr* literal_part(Span inside, const struct LiteralStyle& style);
  const Expr* interpolation(Index i);
  void string_parts(Index i, Span inside, const struct LiteralStyle& style,
                    std::vector<const Expr*>& out);
  void concatenated(Index i, Expr& out);
  void pattern(Index i, Expr& out);
  void bound_names(Index i, std::vector<const Expr*>& out);
  std::string_view dotted(Index i);
  Op op(std::string_view token) const;

  void note_partial(Index i) { partial_.push_back(span(i)); }

  const tree_sitter::Tree& tree_;
  std::string_view text_;
  uint32_t base_;
  Arena& arena_;
  uint32_t depth_left_;
  bool too_deep_ = false;
  std::vector<Span> partial_;
};

}  // namespace preflint::py
