#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "model/python/trace.h"

namespace preflint::project {

/// Every statement of a file, also within others, in no order.
void each_statement(const py::Module& module, const std::function<void(const py::Stmt&)>& visit);

/// The statement of a kind that begins at an offset of a file; null when there is none.
const py::Stmt* statement_at(const py::Module& module, uint32_t begin, py::StmtKind kind);

/// The innermost simple statement around a span; null when there is none.
const py::Stmt* statement_around(const py::Module& module, Span span);

/// The expression at a span of a statement's own, as of a condition; null when there is none.
const py::Expr* expression_at(const py::Module& module, Span span);

/// Does the expression read this name?
bool mentions(const py::Expr* expr, std::string_view name);

/// How often a loop comes to a place within it.
enum class Rounds : uint8_t {
  many,
  one,   // in one round: the loop ends there by `break`, or a condition holds in one round only
  last,  // in one round, after which the function or the program ends
};
Rounds rounds_at(const py::Module& module, const py::Stmt& loop, Span place);
/// The loop of a frame, by the span of its head; null when there is none.
const py::Stmt* loop_around(const py::Module& module, Span head);

/// Does every way through a body end the program, as far as nothing catches it: `raise`,
/// `sys.exit()`, `parser.error()`?
bool ends_program(py::Body body);

/// Can a `break` end the loop before its time?
bool breaks(const py::Stmt& loop);

}  // namespace preflint::project
