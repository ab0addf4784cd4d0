#pragma once

#include "catalog/matcher.h"
#include "project/context.h"

namespace preflint::engine {

/// Finds what a data rule describes and reports it as the context's running rule.
void match(const catalog::Matcher& matcher, project::Context& context);
/// The part of it that runs tree-sitter queries.
void match_query(const catalog::Matcher& matcher, project::Context& context);
/// The part of it that looks at what files and commands require.
void match_requirement(const catalog::Matcher& matcher, project::Context& context);

}  // namespace preflint::engine
