#include <vector>

#include "fuzz/promises.h"
#include "syntax/shell/ast.h"
#include "syntax/shell/words.h"

namespace preflint {
namespace {

/// Checks the spans of a tree, all of them and without recursion.
void check_tree(const shell::Program& program, std::string_view text) {
  std::vector<const shell::List*> lists{&program.list};
  std::vector<const shell::Word*> words;
  std::vector<const shell::Command*> commands;
  const auto parts = [&](const std::vector<shell::Part>& all) {
    std::vector<const shell::Part*> open;
    for (const shell::Part& part : all) open.push_back(&part);
    while (!open.empty()) {
      const shell::Part& part = *open.back();
      open.pop_back();
      fuzz::check_span(part.span, text, "a part of a word");
      for (const shell::Part& inner : part.parts) open.push_back(&inner);
      for (const shell::Word& word : part.words) words.push_back(&word);
      if (part.list) lists.push_back(part.list.get());
    }
  };
  while (!lists.empty() || !words.empty() || !commands.empty()) {
    if (!lists.empty()) {
      const shell::List& list = *lists.back();
      lists.pop_back();
      for (const shell::AndOr& item : list.items) {
        fuzz::check_span(item.span, text, "an and-or list");
        fuzz::require(item.operators.size() + 1 == item.pipelines.size(),
                      "operators stand between pipelines");
        for (const shell::Pipeline& pipeline : item.pipelines) {
          for (const auto& command : pipeline.commands) commands.push_back(command.get());
        }
      }
    } else if (!words.empty()) {
      const shell::Word& word = *words.back();
      words.pop_back();
      fuzz::check_span(word.span, text, "a word");
      parts(word.parts);
    } else {
      const shell::Command& command = *commands.back();
      commands.pop_back();
      fuzz::check_span(command.span, text, "a command");
      for (const shell::Word& word : command.words) words.push_back(&word);
      for (const shell::Assignment& assignment : command.assignments)
        words.push_back(&assignment.value);
      for (const shell::Redirect& redirect : command.redirects) {
        fuzz::check_span(redirect.body, text, "a heredoc");
        words.push_back(&redirect.target);
        parts(redirect.content);
      }
      lists.insert(lists.end(), {&command.condition, &command.body});
      for (const shell::IfClause& clause : command.clauses)
        lists.insert(lists.end(), {&clause.condition, &clause.body});
      for (const shell::CaseItem& item : command.items) lists.push_back(&item.body);
      if (command.definition) commands.push_back(command.definition.get());
    }
  }
  for (const shell::Comment& comment : program.comments)
    fuzz::check_span(comment.span, text, "a comment");
  for (const shell::SyntaxError& error : program.errors)
    fuzz::check_span(error.span, text, "a syntax error");
}

}  // namespace
}  // namespace preflint

/// A wrapper, its tree first.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  const std::string text(fuzz::view(data, size));
  check_tree(shell::parse(text, shell::Dialect::bash), text);
  fuzz::check_project({{"run.sh", text}});
  return 0;
}
