#include "project/existence_tests.h"

#include <algorithm>

#include "base/one_of.h"
#include "model/value.h"
#include "syntax/shell/ast.h"

namespace preflint::project {

namespace {

/// Looks through a program for what `[[ … ]]` asks before a command.
class Brackets {
 public:
  Brackets(const shell::CommandEvent& event, const std::string& file)
      : event_(event), file_(file) {}

  bool ask(const shell::List& list) const {
    for (const shell::AndOr& item : list.items) {
      for (const shell::Pipeline& pipeline : item.pipelines) {
        for (const shell::CommandPtr& command : pipeline.commands) {
          if (command && command->span.begin < event_.span.begin && ask(*command)) return true;
        }
      }
    }
    return false;
  }

 private:
  bool ask(const shell::Command& command) const {
    if (command.kind == shell::CommandKind::test) return ask(command.test);
    if (command.definition && ask(*command.definition)) return true;
    return ask(command.condition) || ask(command.body) ||
           (command.else_body && ask(*command.else_body)) ||
           std::any_of(command.clauses.begin(), command.clauses.end(),
                       [&](const shell::IfClause& clause) {
                         return ask(clause.condition) || ask(clause.body);
                       }) ||
           std::any_of(command.items.begin(), command.items.end(),
                       [&](const shell::CaseItem& item) { return ask(item.body); });
  }

  bool ask(const shell::Condition& test) const {
    if (test.kind == shell::Condition::unary)
      return one_of(test.op, {"-f", "-e", "-s", "-r"}) && !test.words.empty() &&
             means_file(test.words[0]);
    return std::any_of(test.operands.begin(), test.operands.end(),
                       [&](const shell::Condition& operand) { return ask(operand); });
  }

  bool means_file(const shell::Word& word) const {
    if (const auto text = word.literal()) return *text == file_;
    const shell::Variable* variable = variable_in(word, event_.state);
    return variable && variable->value.is(file_);
  }

  const shell::CommandEvent& event_;
  const std::string& file_;
};

}  // namespace

const shell::Variable* variable_in(const shell::Word& word, const shell::State& state) {
  if (word.parts.size() != 1) return nullptr;
  const shell::Part* part = &word.parts[0];
  if (part->kind == shell::PartKind::double_quoted && part->parts.size() == 1)
    part = &part->parts[0];
  return part->kind == shell::PartKind::parameter ? state.variable(part->name) : nullptr;
}

bool asked_in_brackets(const shell::CommandEvent& event, const std::string& file) {
  return event.unit->shell && Brackets(event, file).ask(event.unit->shell->list);
}

bool tested_before(const shell::CommandEvent& event, const std::string& file) {
  using shell::FrameKind;
  const std::string name = paths::basename(file);
  const std::string_view text = event.unit->source.text();
  for (const shell::Frame* frame = event.frame; frame; frame = frame->parent) {
    if (frame->text != event.unit) break;
    uint32_t begin = event.span.begin;
    if ((frame->kind == FrameKind::if_body || frame->kind == FrameKind::case_body ||
         frame->kind == FrameKind::loop_body) &&
        frame->command) {
      begin = frame->command->span.begin;
    } else if (frame->kind == FrameKind::and_or_right && frame->and_or) {
      begin = frame->and_or->span.begin;
    }
    if (begin < event.span.begin &&
        text.substr(begin, event.span.begin - begin).find(name) != std::string_view::npos)
      return true;
  }
  return false;
}

bool written_in_text(const shell::CommandEvent& event, const std::string& file) {
  const std::string name = paths::basename(file);
  const std::string_view before = event.unit->source.text().substr(0, event.span.begin);
  for (size_t at = before.find(name); at != std::string_view::npos;
       at = before.find(name, at + 1)) {
    size_t begin = at;
    while (begin > 0 && before[begin - 1] != ' ' && before[begin - 1] != '\t' &&
           before[begin - 1] != '\n' && before[begin - 1] != '>')
      --begin;
    while (begin > 0 && (before[begin - 1] == ' ' || before[begin - 1] == '\t')) --begin;
    if (begin > 0 && before[begin - 1] == '>') return true;
  }
  return false;
}

}  // namespace preflint::project
