#pragma once

namespace preflint::cli {

/// The program: reads the arguments, does what they say, returns the exit status.
int run(int argc, char** argv);

}  // namespace preflint::cli
