#include "syntax/python/lower.h"

namespace preflint::py {

std::vector<const Stmt*> Lowering::program() {
  std::vector<const Stmt*> out;
  if (!tree_.nodes.empty()) statements(0, out);
  return out;
}

void Lowering::statements(Index block, std::vector<const Stmt*>& out) {
  for (Index i : named(block)) {
    if (const Stmt* made = statement(i)) out.push_back(made);
  }
}

Body Lowering::suite(Index block) {
  if (block == kNone) return {};
  std::vector<const Stmt*> out;
  statements(block, out);
  return arena_.copy(out);
}

std::span<const Expr* const> Lowering::expressions(Index i) {
  std::vector<const Expr*> out;
  for (Index c : named(i)) {
    const Expr* made = expr(c);
    if (made) out.push_back(made);
  }
  return arena_.copy(out);
}

std::span<const Alias> Lowering::names(Index i) {
  std::vector<Alias> out;
  for (Index c : named(i)) out.push_back({span(c), slice(c), {}});
  return arena_.copy(out);
}

const Stmt* Lowering::statement(Index i) {
  Stmt out;
  out.span = span(i);
  if (depth_left_ == 0) {
    too_deep_ = true;
    return arena_.make(out);
  }
  --depth_left_;
  const auto simple = [&](StmtKind k) {
    out.kind = k;
    out.exprs = expressions(i);
  };
  switch (kind(i)) {
    case Kind::expression_statement: {
      const std::vector<Index> parts = named(i);
      if (parts.size() == 1 &&
          (kind(parts[0]) == Kind::assignment || kind(parts[0]) == Kind::augmented_assignment)) {
        assignment(parts[0], out);
      } else if (parts.size() == 1 && !has_token(i, ",")) {
        simple(StmtKind::expression);
      } else {
        out.kind = StmtKind::expression;
        Expr tuple;
        tuple.kind = ExprKind::tuple;
        tuple.span = out.span;
        tuple.children = expressions(i);
        out.exprs = arena_.copy(std::vector<const Expr*>{make(tuple)});
      }
      break;
    }
    case Kind::return_statement:
      simple(StmtKind::return_);
      break;
    case Kind::delete_statement:
      simple(StmtKind::delete_);
      break;
    case Kind::raise_statement:
      simple(StmtKind::raise);
      break;
    case Kind::assert_statement:
      simple(StmtKind::assert_);
      break;
    case Kind::pass_statement:
      out.kind = StmtKind::pass;
      break;
    case Kind::break_statement:
      out.kind = StmtKind::break_;
      break;
    case Kind::continue_statement:
      out.kind = StmtKind::continue_;
      break;
    case Kind::global_statement:
      out.kind = StmtKind::global;
      out.names = names(i);
      break;
    case Kind::nonlocal_statement:
      out.kind = StmtKind::nonlocal;
      out.names = names(i);
      break;
    case Kind::import_statement:
    case Kind::future_import_statement:
      import_statement(i, out);
      break;
    case Kind::import_from_statement:
      import_from(i, out);
      break;
    case Kind::if_statement:
      if_statement(i, out);
      break;
    case Kind::while_statement: {
      out.kind = StmtKind::while_;
      const Expr* test = expr(child(i, Field::condition));
      out.exprs = arena_.copy(std::vector<const Expr*>{test ? test : make(Expr{})});
      out.body = suite(child(i, Field::body));
      const Index orelse = child(i, Field::alternative);
      if (orelse != kNone) out.orelse = suite(child(orelse, Field::body));
      break;
    }
    case Kind::for_statement: {
      out.kind = StmtKind::for_;
      out.async = has_token(i, "async");
      const Expr* target = expr(child(i, Field::left));
      const Expr* iterable = expr(child(i, Field::right));
      out.exprs = arena_.copy(std::vector<const Expr*>{target ? target : make(Expr{}),
                                                       iterable ? iterable : make(Expr{})});
      out.body = suite(child(i, Field::body));
      const Index orelse = child(i, Field::alternative);
      if (orelse != kNone) out.orelse = suite(child(orelse, Field::body));
      break;
    }
    case Kind::try_statement:
      try_statement(i, out);
      break;
    case Kind::with_statement:
      with_statement(i, out);
      break;
    case Kind::function_definition:
      definition(i, out);
      break;
    case Kind::class_definition:
      class_definition(i, out);
      break;
    case Kind::decorated_definition:
      decorated(i, out);
      break;
    case Kind::match_statement:
      match_statement(i, out);
      break;
    case Kind::type_alias_statement:
      out.kind = StmtKind::type_alias;
      break;
    case Kind::comment:
    case Kind::line_continuation:
      ++depth_left_;
      return nullptr;
    default:
      note_partial(i);
      break;
  }
  ++depth_left_;
  return arena_.make(out);
}

void Lowering::assignment(Index i, Stmt& out) {
  if (kind(i) == Kind::augmented_assignment) {
    out.kind = StmtKind::augmented;
    const Expr* target = expr(child(i, Field::left));
    const Expr* value = expr(child(i, Field::right));
    for (Index c = node(i).first_child; c != kNone; c = node(c).next_sibling) {
      std::string_view token = slice(c);
      if (kind(c) != Kind::token || !token.ends_with('=')) continue;
      token.remove_suffix(1);
      out.op = op(token);
    }
    if (target && value)
      out.exprs = arena_.copy(std::vector<const Expr*>{target, value});
    else
      out.kind = StmtKind::unknown;
    return;
  }
  std::vector<const Expr*> parts;
  const Index annotation = child(i, Field::type);
  // a = b = c leans to the right: the chain is read without recursion.
  for (Index at = i; at != kNone;) {
    const Expr* left = expr(child(at, Field::left));
    if (left) parts.push_back(left);
    const Index right = child(at, Field::right);
    if (right != kNone && kind(right) == Kind::assignment) {
      at = right;
      continue;
    }
    const Expr* value = right == kNone ? nullptr : expr(right);
    if (annotation != kNone) {
      out.kind = StmtKind::annotated;
      const Expr* type = expr(annotation);
      parts.resize(1, nullptr);
      parts.push_back(type);
      parts.push_back(value);
      if (!parts[0]) out.kind = StmtKind::unknown;
      break;
    }
    out.kind = value && !parts.empty() ? StmtKind::assign : StmtKind::unknown;
    if (value) parts.push_back(value);
    break;
  }
  out.exprs = arena_.copy(parts);
}

void Lowering::definition(Index i, Stmt& out) {
  out.kind = StmtKind::function;
  out.async = has_token(i, "async");
  const Index name = child(i, Field::name);
  if (name != kNone) {
    out.text = slice(name);
    out.name_span = span(name);
  }
  const Index list = child(i, Field::parameters);
  out.parameters = list == kNone ? arena_.make(Parameters{}) : parameters(list);
  out.returns = expr(child(i, Field::return_type));
  out.body = suite(child(i, Field::body));
}

void Lowering::class_definition(Index i, Stmt& out) {
  out.kind = StmtKind::class_;
  const Index name = child(i, Field::name);
  if (name != kNone) {
    out.text = slice(name);
    out.name_span = span(name);
  }
  const Index bases = child(i, Field::superclasses);
  if (bases != kNone) out.exprs = expressions(bases);
  out.body = suite(child(i, Field::body));
}

void Lowering::decorated(Index i, Stmt& out) {
  std::vector<const Expr*> decorators;
  for (Index c : named(i)) {
    if (kind(c) == Kind::decorator) {
      const Expr* made = expr(first_named(c));
      if (made) decorators.push_back(made);
    } else if (kind(c) == Kind::function_definition) {
      definition(c, out);
    } else if (kind(c) == Kind::class_definition) {
      class_definition(c, out);
    }
  }
  out.decorators = arena_.copy(decorators);
}

void Lowering::if_statement(Index i, Stmt& out) {
  out.kind = StmtKind::if_;
  std::vector<Block> blocks;
  const auto add = [&](Index of) {
    Block block;
    block.span = span(of);
    block.test = expr(child(of, Field::condition));
    if (!block.test) block.test = make(Expr{});
    block.body = suite(child(of, Field::consequence));
    blocks.push_back(block);
  };
  add(i);
  for (Index c : named(i)) {
    if (kind(c) == Kind::elif_clause) add(c);
    if (kind(c) == Kind::else_clause) out.orelse = suite(child(c, Field::body));
  }
  out.blocks = arena_.copy(blocks);
}

void Lowering::try_statement(Index i, Stmt& out) {
  out.kind = StmtKind::try_;
  out.body = suite(child(i, Field::body));
  std::vector<Block> handlers;
  for (Index c : named(i)) {
    if (kind(c) == Kind::else_clause) {
      out.orelse = suite(child(c, Field::body));
    } else if (kind(c) == Kind::finally_clause) {
      for (Index part : named(c)) {
        if (kind(part) == Kind::block) out.final = suite(part);
      }
    } else if (kind(c) == Kind::except_clause) {
      Block handler;
      handler.span = span(c);
      Index type = child(c, Field::value);
      if (type != kNone && kind(type) == Kind::as_pattern) {
        handler.target = expr(child(type, Field::alias));
        type = first_named(type);
      }
      handler.test = expr(type);
      if (child(c, Field::alias) != kNone) handler.target = expr(child(c, Field::alias));
      for (Index part : named(c)) {
        if (kind(part) == Kind::block) handler.body = suite(part);
      }
      handlers.push_back(handler);
    }
  }
  out.blocks = arena_.copy(handlers);
}

void Lowering::with_item(Index value, std::vector<Block>& out) {
  // `with (a as b, c as d):` may come as one parenthesised value.
  if (kind(value) == Kind::tuple || kind(value) == Kind::parenthesized_expression) {
    const std::vector<Index> parts = named(value);
    bool items = false;
    for (Index part : parts) items |= kind(part) == Kind::as_pattern;
    if (items) {
      for (Index part : parts) {
        if (kind(part) == Kind::as_pattern)
          with_item(part, out);
        else
          out.push_back({span(part), expr(part), nullptr, {}});
      }
      return;
    }
  }
  Block item;
  item.span = span(value);
  if (kind(value) == Kind::as_pattern) {
    item.target = expr(child(value, Field::alias));
    value = first_named(value);
  }
  item.test = expr(value);
  if (item.test) out.push_back(item);
}

void Lowering::with_statement(Index i, Stmt& out) {
  out.kind = StmtKind::with;
  out.async = has_token(i, "async");
  std::vector<Block> items;
  for (Index c : named(i)) {
    if (kind(c) != Kind::with_clause) continue;
    for (Index item : named(c)) {
      const Index value = kind(item) == Kind::with_item ? first_named(item) : kNone;
      if (value != kNone) with_item(value, items);
    }
  }
  out.blocks = arena_.copy(items);
  out.body = suite(child(i, Field::body));
}

void Lowering::match_statement(Index i, Stmt& out) {
  out.kind = StmtKind::match;
  std::vector<const Expr*> subjects;
  std::vector<Block> cases;
  for (Index c : named(i)) {
    if (field(c) == Field::subject) {
      const Expr* subject = expr(c);
      if (subject) subjects.push_back(subject);
    }
    if (kind(c) != Kind::block) continue;
    for (Index part : named(c)) {
      if (kind(part) != Kind::case_clause) continue;
      Block made;
      made.span = span(part);
      std::vector<const Expr*> patterns;
      for (Index p : named(part)) {
        if (kind(p) == Kind::case_pattern) patterns.push_back(expr(p));
      }
      if (patterns.size() == 1) {
        made.test = patterns[0];
      } else {
        Expr both;
        both.kind = ExprKind::tuple;
        both.span = made.span;
        both.children = arena_.copy(patterns);
        made.test = make(both);
      }
      const Index guard = child(part, Field::guard);
      if (guard != kNone) made.target = expr(guard);
      made.body = suite(child(part, Field::consequence));
      cases.push_back(made);
    }
  }
  out.exprs = arena_.copy(subjects);
  out.blocks = arena_.copy(cases);
}

/// A dotted name without the blanks that may stand around its dots.
std::string_view Lowering::dotted(Index i) {
  const std::string_view written = slice(i);
  if (written.find_first_of(" \t\\\n\r#") == written.npos) return written;
  std::string joined;
  for (Index part : named(i)) {
    if (!joined.empty()) joined += '.';
    joined += slice(part);
  }
  return arena_.copy(joined);
}

Alias Lowering::alias(Index i) {
  Alias out;
  out.span = span(i);
  if (kind(i) == Kind::aliased_import) {
    const Index name = child(i, Field::name);
    const Index as = child(i, Field::alias);
    if (name != kNone) out.name = dotted(name);
    if (as != kNone) out.alias = slice(as);
  } else {
    out.name = dotted(i);
  }
  return out;
}

void Lowering::import_statement(Index i, Stmt& out) {
  std::vector<Alias> list;
  for (Index c : named(i)) {
    if (field(c) == Field::name) list.push_back(alias(c));
  }
  const bool future = kind(i) == Kind::future_import_statement;
  out.kind = future ? StmtKind::import_from : StmtKind::import;
  if (future) out.text = "__future__";
  out.names = arena_.copy(list);
}

void Lowering::import_from(Index i, Stmt& out) {
  out.kind = StmtKind::import_from;
  std::vector<Alias> list;
  for (Index c : named(i)) {
    if (field(c) == Field::module_name) {
      if (kind(c) == Kind::relative_import) {
        for (Index part : named(c)) {
          if (kind(part) == Kind::import_prefix) {
            for (char dot : slice(part)) out.level += dot == '.';
          } else {
            out.text = dotted(part);
          }
        }
      } else {
        out.text = dotted(c);
      }
      out.name_span = span(c);
    } else if (field(c) == Field::name) {
      list.push_back(alias(c));
    } else if (kind(c) == Kind::wildcard_import) {
      list.push_back({span(c), "*", {}});
    }
  }
  out.names = arena_.copy(list);
}

Parameter Lowering::parameter(Index i, Parameter::Kind how) {
  Parameter out;
  out.kind = how;
  out.span = span(i);
  Index name = i;
  if (kind(i) == Kind::default_parameter || kind(i) == Kind::typed_default_parameter) {
    name = child(i, Field::name);
    out.fallback = expr(child(i, Field::value));
    out.annotation = expr(child(i, Field::type));
  } else if (kind(i) == Kind::typed_parameter) {
    name = first_named(i);
    out.annotation = expr(child(i, Field::type));
  }
  if (name == kNone) return out;
  if (kind(name) == Kind::list_splat_pattern) {
    out.kind = Parameter::variadic;
    name = first_named(name);
  } else if (kind(name) == Kind::dictionary_splat_pattern) {
    out.kind = Parameter::variadic_keyword;
    name = first_named(name);
  }
  if (name != kNone) out.name = slice(name);
  return out;
}

const Parameters* Lowering::parameters(Index i) {
  std::vector<Parameter> list;
  Parameter::Kind how = Parameter::normal;
  for (Index c : named(i)) {
    if (kind(c) == Kind::keyword_separator) {
      how = Parameter::keyword_only;
    } else if (kind(c) == Kind::positional_separator) {
      for (Parameter& earlier : list) earlier.kind = Parameter::positional_only;
    } else {
      list.push_back(parameter(c, how));
      if (list.back().kind == Parameter::variadic) how = Parameter::keyword_only;
    }
  }
  return arena_.make(Parameters{arena_.copy(list)});
}

}  // namespace preflint::py
