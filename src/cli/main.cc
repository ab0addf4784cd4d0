#include <exception>
#include <string>

#include "cli/app.h"
#include "cli/emit.h"

int main(int argc, char** argv) {
  try {
    return preflint::cli::run(argc, argv);
  } catch (const std::exception& error) {
    // Such as a thread that the system does not give: the tool could not do its job.
    const std::string reason = error.what();
    preflint::cli::complain({"internal fault: " + reason, "内部故障：" + reason});
    return 2;
  }
}
