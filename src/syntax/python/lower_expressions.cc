#include <algorithm>

#include "syntax/python/literals.h"
#include "syntax/python/lower.h"

namespace preflint::py {

const Expr* Lowering::expr(Index i) {
  if (i == kNone) return nullptr;
  // Wrappers that mean nothing are peeled without recursion.
  for (;;) {
    const Kind k = kind(i);
    const bool peel = k == Kind::parenthesized_expression || k == Kind::parenthesized_list_splat ||
                      k == Kind::type || k == Kind::as_pattern_target || k == Kind::case_pattern ||
                      k == Kind::if_clause;
    if (!peel) break;
    const Index inner = first_named(i);
    if (inner == kNone) break;
    i = inner;
  }
  Expr out;
  out.span = span(i);
  if (depth_left_ == 0) {
    too_deep_ = true;
    return make(out);
  }
  --depth_left_;
  const auto single = [&](ExprKind k) {
    out.kind = k;
    children(i, out);
  };
  switch (kind(i)) {
    case Kind::identifier:
    case Kind::as_pattern_target:
      out.kind = ExprKind::name;
      out.text = slice(i);
      break;
    case Kind::dotted_name: {
      // In patterns: a.b.c; elsewhere a plain name.
      const std::vector<Index> parts = named(i);
      const Expr* base = nullptr;
      for (Index part : parts) {
        Expr step;
        step.text = slice(part);
        step.kind = base ? ExprKind::attribute : ExprKind::name;
        step.span = {span(i).begin, span(part).end};
        if (base) step.children = arena_.copy(std::vector<const Expr*>{base});
        base = make(step);
      }
      ++depth_left_;
      return base ? base : make(out);
    }
    case Kind::attribute:
    case Kind::member_type: {
      const std::vector<Index> parts = named(i);
      if (parts.size() == 2) {
        out.kind = ExprKind::attribute;
        out.children = arena_.copy(std::vector<const Expr*>{expr(parts[0])});
        out.text = slice(parts[1]);
      }
      break;
    }
    case Kind::call:
      call(i, out);
      break;
    case Kind::subscript:
    case Kind::generic_type:
      subscript(i, out);
      break;
    case Kind::slice:
      slice_parts(i, out);
      break;
    case Kind::string:
      string(i, out);
      break;
    case Kind::concatenated_string:
      concatenated(i, out);
      break;
    case Kind::integer:
    case Kind::float_: {
      out.text = slice(i);
      const char last = out.text.empty() ? '0' : out.text.back();
      out.kind = last == 'j' || last == 'J' ? ExprKind::imaginary
                 : kind(i) == Kind::integer ? ExprKind::integer
                                            : ExprKind::real;
      break;
    }
    case Kind::true_:
      out.kind = ExprKind::true_;
      break;
    case Kind::false_:
      out.kind = ExprKind::false_;
      break;
    case Kind::none:
      out.kind = ExprKind::none;
      break;
    case Kind::ellipsis:
      out.kind = ExprKind::ellipsis;
      break;
    case Kind::list:
    case Kind::list_pattern:
      single(ExprKind::list);
      break;
    case Kind::tuple:
    case Kind::tuple_pattern:
    case Kind::expression_list:
    case Kind::pattern_list:
      single(ExprKind::tuple);
      break;
    case Kind::set:
      single(ExprKind::set);
      break;
    case Kind::dictionary: {
      out.kind = ExprKind::dict;
      std::vector<const Expr*> items;
      for (Index item : named(i)) {
        if (kind(item) == Kind::pair) {
          const auto parts = named(item);
          items.push_back(parts.empty() ? nullptr : expr(parts[0]));
          items.push_back(parts.size() < 2 ? nullptr : expr(parts[1]));
        } else if (kind(item) == Kind::dictionary_splat) {
          items.push_back(nullptr);
          items.push_back(expr(first_named(item)));
        } else {
          note_partial(item);
        }
      }
      out.children = arena_.copy(items);
      break;
    }
    case Kind::unary_operator:
    case Kind::not_operator:
      single(ExprKind::unary);
      out.op = slice(node(i).first_child) == "not" ? Op::not_
               : slice(node(i).first_child) == "-" ? Op::minus
               : slice(node(i).first_child) == "+" ? Op::plus
                                                   : Op::invert;
      break;
    case Kind::binary_operator:
    case Kind::union_type:
      out.kind = ExprKind::binary;
      folded(i, out);
      break;
    case Kind::boolean_operator:
      out.kind = ExprKind::boolean;
      folded(i, out);
      break;
    case Kind::comparison_operator:
      comparison(i, out);
      break;
    case Kind::conditional_expression:
      single(ExprKind::conditional);
      break;
    case Kind::lambda: {
      out.kind = ExprKind::lambda;
      const Index list = child(i, Field::parameters);
      out.parameters = list == kNone ? arena_.make(Parameters{}) : parameters(list);
      out.children = arena_.copy(std::vector<const Expr*>{expr(child(i, Field::body))});
      break;
    }
    case Kind::named_expression: {
      out.kind = ExprKind::walrus;
      const Index name = child(i, Field::name);
      if (name != kNone) out.text = slice(name);
      out.children = arena_.copy(std::vector<const Expr*>{expr(child(i, Field::value))});
      break;
    }
    case Kind::list_comprehension:
      out.kind = ExprKind::list_comp;
      comprehension(i, out);
      break;
    case Kind::set_comprehension:
      out.kind = ExprKind::set_comp;
      comprehension(i, out);
      break;
    case Kind::dictionary_comprehension:
      out.kind = ExprKind::dict_comp;
      comprehension(i, out);
      break;
    case Kind::generator_expression:
      out.kind = ExprKind::generator;
      comprehension(i, out);
      break;
    case Kind::await:
      single(ExprKind::await);
      break;
    case Kind::yield:
      single(has_token(i, "from") ? ExprKind::yield_from : ExprKind::yield);
      break;
    case Kind::list_splat:
    case Kind::list_splat_pattern:
      single(ExprKind::star);
      break;
    case Kind::dictionary_splat:
    case Kind::dictionary_splat_pattern:
      single(ExprKind::double_star);
      break;
    case Kind::keyword_argument: {
      out.kind = ExprKind::keyword;
      const Index name = child(i, Field::name);
      if (name != kNone) out.text = slice(name);
      out.children = arena_.copy(std::vector<const Expr*>{expr(child(i, Field::value))});
      break;
    }
    case Kind::union_pattern: {
      out.kind = ExprKind::boolean;
      std::vector<const Expr*> parts;
      for (Index part : named(i)) parts.push_back(expr(part));
      out.ops = arena_.copy(std::vector<Op>(parts.empty() ? 0 : parts.size() - 1, Op::or_));
      out.children = arena_.copy(parts);
      break;
    }
    default:
      if (node(i).error || node(i).missing) note_partial(i);
      pattern(i, out);
      break;
  }
  ++depth_left_;
  // A tree that was mended by the parser may lack parts; nobody above wants to know.
  const auto absent = [](const Expr* e) { return e == nullptr; };
  if (out.kind != ExprKind::dict && out.kind != ExprKind::slice && out.kind != ExprKind::format &&
      std::any_of(out.children.begin(), out.children.end(), absent)) {
    out.kind = ExprKind::unknown;
    out.children = {};
  }
  const size_t needed = out.kind == ExprKind::conditional ? 3
                        : out.kind == ExprKind::unary || out.kind == ExprKind::star ||
                                out.kind == ExprKind::double_star || out.kind == ExprKind::await
                            ? 1
                            : 0;
  if (out.children.size() < needed) {
    out.kind = ExprKind::unknown;
    out.children = {};
  }
  return make(out);
}

void Lowering::children(Index i, Expr& out) {
  std::vector<const Expr*> list;
  for (Index c : named(i)) {
    if (node(c).error)
      note_partial(c);
    else
      list.push_back(expr(c));
  }
  out.children = arena_.copy(list);
}

Op Lowering::op(std::string_view token) const {
  static constexpr std::pair<std::string_view, Op> kOps[] = {
      {"+", Op::add},          {"-", Op::sub},    {"*", Op::mul},     {"/", Op::div},
      {"//", Op::floor_div},   {"%", Op::mod},    {"**", Op::pow},    {"@", Op::matmul},
      {"&", Op::bit_and},      {"|", Op::bit_or}, {"^", Op::bit_xor}, {"<<", Op::shift_left},
      {">>", Op::shift_right}, {"and", Op::and_}, {"or", Op::or_},    {"==", Op::eq},
      {"!=", Op::ne},          {"<>", Op::ne},    {"<", Op::lt},      {"<=", Op::le},
      {">", Op::gt},           {">=", Op::ge},    {"in", Op::in},     {"is", Op::is}};
  for (const auto& [name, value] : kOps) {
    if (name == token) return value;
  }
  if (token.starts_with("not")) return Op::not_in;
  if (token.starts_with("is")) return Op::is_not;
  return Op::none;
}

/// `a + b + c` leans to the left as deep as it is long: the spine becomes one node.
void Lowering::folded(Index i, Expr& out) {
  const Kind same = kind(i);
  std::vector<const Expr*> operands;
  std::vector<Op> ops;
  for (;;) {
    const std::vector<Index> parts = named(i);
    if (parts.size() < 2) break;
    Op found = Op::none;
    for (Index c = node(i).first_child; c != kNone; c = node(c).next_sibling) {
      if (kind(c) == Kind::token) found = op(slice(c));
    }
    operands.push_back(expr(parts.back()));
    ops.push_back(found);
    i = parts.front();
    if (kind(i) != same) {
      operands.push_back(expr(i));
      break;
    }
  }
  if (operands.size() != ops.size() + 1) {
    out.kind = ExprKind::unknown;
    return;
  }
  std::reverse(operands.begin(), operands.end());
  std::reverse(ops.begin(), ops.end());
  out.children = arena_.copy(operands);
  out.ops = arena_.copy(ops);
}

void Lowering::comparison(Index i, Expr& out) {
  out.kind = ExprKind::compare;
  std::vector<const Expr*> operands;
  std::vector<Op> ops;
  bool joined = false;  // `not in` and `is not` may come as one token or as two
  for (Index c = node(i).first_child; c != kNone; c = node(c).next_sibling) {
    const Kind k = kind(c);
    if (k == Kind::comment || k == Kind::line_continuation) continue;
    if (k == Kind::token) {
      const std::string_view token = slice(c);
      if (joined && token == "in")
        ops.back() = Op::not_in;
      else if (joined && token == "not")
        ops.back() = Op::is_not;
      else
        ops.push_back(token == "not" ? Op::not_in : op(token));
      joined = true;
    } else {
      operands.push_back(expr(c));
      joined = false;
    }
  }
  if (operands.size() != ops.size() + 1) {
    out.kind = ExprKind::unknown;
    return;
  }
  out.children = arena_.copy(operands);
  out.ops = arena_.copy(ops);
}

void Lowering::call(Index i, Expr& out) {
  out.kind = ExprKind::call;
  std::vector<const Expr*> parts{expr(child(i, Field::function))};
  const Index arguments = child(i, Field::arguments);
  if (arguments != kNone && kind(arguments) == Kind::generator_expression) {
    parts.push_back(expr(arguments));
  } else if (arguments != kNone) {
    for (Index argument : named(arguments)) {
      if (node(argument).error)
        note_partial(argument);
      else
        parts.push_back(expr(argument));
    }
  }
  out.children = arena_.copy(parts);
}

void Lowering::comprehension(Index i, Expr& out) {
  std::vector<const Expr*> elements;
  std::vector<Clause> clauses;
  std::vector<const Expr*> conditions;
  const auto close = [&] {
    if (!clauses.empty()) clauses.back().conditions = arena_.copy(conditions);
    conditions.clear();
  };
  for (Index c : named(i)) {
    if (kind(c) == Kind::for_in_clause) {
      close();
      const std::vector<Index> parts = named(c);
      Clause clause;
      clause.target = expr(child(c, Field::left));
      clause.iterable = expr(parts.empty() ? kNone : parts.back());
      if (clause.target && clause.iterable) clauses.push_back(clause);
    } else if (kind(c) == Kind::if_clause) {
      conditions.push_back(expr(c));
    } else if (kind(c) == Kind::pair) {
      for (Index part : named(c)) elements.push_back(expr(part));
    } else {
      elements.push_back(expr(c));
    }
  }
  close();
  const size_t wanted = out.kind == ExprKind::dict_comp ? 2 : 1;
  if (elements.size() != wanted || clauses.empty()) {
    out.kind = ExprKind::unknown;
    return;
  }
  out.children = arena_.copy(elements);
  out.clauses = arena_.copy(clauses);
}

void Lowering::subscript(Index i, Expr& out) {
  out.kind = ExprKind::subscript;
  std::vector<Index> parts = named(i);
  if (parts.size() == 2 && kind(parts[1]) == Kind::type_parameter) {
    const Index parameters = parts[1];
    parts.pop_back();
    for (Index c : named(parameters)) parts.push_back(c);
  }
  if (parts.size() < 2) {
    out.kind = ExprKind::unknown;
    return;
  }
  const Expr* value = expr(parts[0]);
  const Expr* index = nullptr;
  if (parts.size() == 2 && !has_token(i, ",")) {
    index = expr(parts[1]);
  } else {
    Expr tuple;
    tuple.kind = ExprKind::tuple;
    tuple.span = {span(parts[1]).begin, span(parts.back()).end};
    std::vector<const Expr*> items;
    for (size_t k = 1; k < parts.size(); ++k) items.push_back(expr(parts[k]));
    tuple.children = arena_.copy(items);
    index = make(tuple);
  }
  out.children = arena_.copy(std::vector<const Expr*>{value, index});
}

void Lowering::slice_parts(Index i, Expr& out) {
  out.kind = ExprKind::slice;
  std::vector<const Expr*> parts(3, nullptr);
  size_t at = 0;
  for (Index c = node(i).first_child; c != kNone; c = node(c).next_sibling) {
    if (kind(c) == Kind::comment || kind(c) == Kind::line_continuation) continue;
    if (kind(c) == Kind::token)
      at = std::min<size_t>(at + 1, 2);
    else
      parts[at] = expr(c);
  }
  out.children = arena_.copy(parts);
}

/// A part of a match case. Literals and names are expressions; of everything else only the names
/// that it binds are kept.
void Lowering::pattern(Index i, Expr& out) {
  std::vector<const Expr*> names;
  bound_names(i, names);
  if (kind(i) == Kind::other && node(i).error) return;
  out.kind = names.empty() ? ExprKind::unknown : ExprKind::pattern;
  out.children = arena_.copy(names);
}

void Lowering::bound_names(Index i, std::vector<const Expr*>& out) {
  std::vector<Index> open{i};
  while (!open.empty()) {
    const Index at = open.back();
    open.pop_back();
    if (kind(at) == Kind::identifier) {
      Expr name;
      name.kind = ExprKind::name;
      name.span = span(at);
      name.text = slice(at);
      out.push_back(make(name));
    }
    for (Index c = node(at).first_child; c != kNone; c = node(c).next_sibling) open.push_back(c);
  }
}

}  // namespace preflint::py
