#pragma once

namespace preflint::cli {

/// The language server on standard input and output; returns the exit status.
int run_lsp();

}  // namespace preflint::cli
