#pragma once

#include "syntax/notebook.h"

namespace preflint::notebook {

/// Takes the magics out of one code cell. `all` is the text of all code cells, `cell` the stretch
/// of this one; what remains is appended to `program` and the magics to `items`. False when the
/// cell is in another language as a whole.
bool cut_magics(const Source& all, Span cell, uint32_t index, SourceBuilder& program,
                std::vector<Item>& items);

}  // namespace preflint::notebook
