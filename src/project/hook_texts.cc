#include "project/hook_texts.h"

#include <string>

#include "syntax/shell/ast.h"

namespace preflint::project {

bool only_hook(const Unit& unit) {
  if (!unit.shell) return false;
  for (const shell::AndOr& item : unit.shell->list.items) {
    for (const shell::Pipeline& pipeline : item.pipelines) {
      for (const shell::CommandPtr& command : pipeline.commands) {
        if (command->kind != shell::CommandKind::simple || command->words.empty()) return false;
        const std::string name = command->words[0].literal().value_or("");
        if (name != "source" && name != "." && name != "true" && name != ":" && name != "echo")
          return false;
      }
    }
  }
  return true;
}

}  // namespace preflint::project
