#pragma once

#include <set>
#include <string>
#include <string_view>

#include "project/context.h"

namespace preflint::project {

/// The variables that a script of the project adds to a shell's start-up files (`echo "export A=b" >>
/// ~/.bashrc`): whoever logs in after the set-up has them, and so has all that is started from there.
struct LoginFiles {
  explicit LoginFiles(const Context& context);
  bool exports(std::string_view name) const { return exported_.count(name) > 0; }

 private:
  void lines(std::string_view text);
  std::set<std::string, std::less<>> exported_;
};

}  // namespace preflint::project
