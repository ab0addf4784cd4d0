#include "cli/app.h"

int main(int argc, char** argv) { return preflint::cli::run(argc, argv); }
