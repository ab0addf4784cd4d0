#include "project/checked_files.h"

#include <algorithm>
#include <optional>

#include "base/one_of.h"
#include "project/existence_tests.h"
#include "syntax/shell/ast.h"

namespace preflint::project {
namespace {

using shell::CommandEvent;
using shell::Frame;
using shell::FrameKind;

bool asks_for_file(std::string_view op) { return one_of(op, {"-f", "-e", "-s", "-r", "-d"}); }

/// Looks at one `exit` of a wrapper.
class Gate {
 public:
  Gate(const Run& wrapper, const CommandEvent& end, const std::string& path)
      : wrapper_(wrapper), end_(end), path_(path) {}

  /// Is it reached where the file is missing, whatever else holds on the way to the launch?
  bool stands_before(const CommandEvent& launch) const {
    const Frame* decides = end_.frame;
    while (decides &&
           one_of_kinds(decides->kind, {FrameKind::group, FrameKind::function, FrameKind::sourced}))
      decides = decides->parent;
    if (!decides || !only_where_missing(*decides)) return false;
    for (const Frame* around = decides->parent; around; around = around->parent) {
      if (!one_of_kinds(around->kind,
                        {FrameKind::group, FrameKind::function, FrameKind::sourced}) &&
          !over_words(*around) && !encloses(*around, launch))
        return false;
    }
    return true;
  }

 private:
  static bool one_of_kinds(FrameKind kind, std::initializer_list<FrameKind> kinds) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  }

  /// `for f in "$DATA" "$MODEL"`
  static bool over_words(const Frame& frame) {
    return frame.kind == FrameKind::loop_body && frame.command &&
           frame.command->kind == shell::CommandKind::for_ && !frame.command->words.empty();
  }

  static bool encloses(const Frame& frame, const CommandEvent& launch) {
    for (const Frame* at = launch.frame; at; at = at->parent) {
      if (at->kind == frame.kind && at->command == frame.command && at->and_or == frame.and_or &&
          at->pipeline == frame.pipeline && at->index == frame.index)
        return true;
    }
    return false;
  }

  bool only_where_missing(const Frame& frame) const {
    if (frame.kind == FrameKind::and_or_right && frame.or_operator && frame.index > 0) {
      const shell::Pipeline& asked = frame.and_or->pipelines[frame.index - 1];
      return asked.negated ? false : asks(asked, true);
    }
    if (frame.kind != FrameKind::if_body || !frame.command || frame.index > 0 ||
        frame.command->clauses.empty())
      return false;
    const auto& items = frame.command->clauses[0].condition.items;
    if (items.size() != 1) return false;
    // Any of them leads here.
    const auto& operators = items[0].operators;
    if (std::find(operators.begin(), operators.end(), shell::AndOr::and_if) != operators.end())
      return false;
    return std::any_of(items[0].pipelines.begin(), items[0].pipelines.end(),
                       [&](const shell::Pipeline& one) { return asks(one, one.negated); });
  }

  /// Does the pipeline ask whether the file is there (`there`) or whether it is missing?
  bool asks(const shell::Pipeline& pipeline, bool there) const {
    if (pipeline.commands.size() != 1 || !pipeline.commands[0]) return false;
    const shell::Command& command = *pipeline.commands[0];
    if (command.kind == shell::CommandKind::test) return asks(command.test, there);
    for (int i = end_.index; i-- > 0;) {
      const CommandEvent& event = wrapper_.shell->commands[static_cast<size_t>(i)];
      if (event.command != &command || !one_of(event.name, {"[", "test"})) continue;
      size_t at = 0;
      const auto& words = event.arguments;
      if (!words.empty() && words[0].is("!")) {
        there = !there;
        ++at;
      }
      const size_t end = words.size() - (event.name == "[" && !words.empty() ? 1 : 0);
      return there && at + 2 == end && asks_for_file(words[at].constant().value_or("")) &&
             holds(words[at + 1].value);
    }
    return false;
  }

  bool asks(const shell::Condition& test, bool there) const {
    if (test.kind == shell::Condition::negation && test.operands.size() == 1)
      return asks(test.operands[0], !there);
    // `! -f a || ! -f b` may be answered by either of them.
    if (test.kind == (there ? shell::Condition::conjunction : shell::Condition::disjunction))
      return std::any_of(test.operands.begin(), test.operands.end(),
                         [&](const shell::Condition& operand) { return asks(operand, there); });
    return there && test.kind == shell::Condition::unary && asks_for_file(test.op) &&
           test.words.size() == 1 && means(test.words[0]);
  }

  bool means(const shell::Word& word) const {
    if (const auto text = word.literal()) return *text == path_;
    if (const shell::Variable* variable = variable_in(word, end_.state))
      return holds(variable->value);
    const auto text = known_text(word.parts);
    return text && reaches(*text);
  }

  /// `"$MODEL/config.json"`, where the variable is known.
  std::optional<std::string> known_text(const std::vector<shell::Part>& parts) const {
    std::string out;
    for (const shell::Part& part : parts) {
      std::optional<std::string> one;
      if (part.kind == shell::PartKind::literal || part.kind == shell::PartKind::single_quoted) {
        one = part.text;
      } else if (part.kind == shell::PartKind::double_quoted) {
        one = known_text(part.parts);
      } else if (part.kind == shell::PartKind::parameter && part.op.empty() && !part.index) {
        const shell::Variable* variable = end_.state.variable(part.name);
        if (variable) one = variable->value.constant();
      }
      if (!one) return std::nullopt;
      out += *one;
    }
    return out;
  }

  /// Is it there only where the path is: itself, or something below it?
  bool reaches(const std::string& text) const {
    return paths::under(paths::normalise(text), path_);
  }

  /// A variable of a loop has one of its values after the other.
  bool holds(const Value& value) const {
    const auto& texts = value.alternatives();
    if (texts.size() > 1 && !end_.within(FrameKind::loop_body)) return false;
    return std::any_of(texts.begin(), texts.end(),
                       [&](const Text& text) { return text.known() && reaches(text.display()); });
  }

  const Run& wrapper_;
  const CommandEvent& end_;
  const std::string& path_;
};

}  // namespace

bool checked_by_wrapper(const Run& run, const std::string& path) {
  const Run* wrapper = run.parent;
  const CommandEvent* launch = run.launcher();
  if (!wrapper || !wrapper->shell || !launch) return false;
  const std::string wanted = paths::normalise(path);
  const auto& commands = wrapper->shell->commands;
  for (int i = 0; i < launch->index; ++i) {
    const CommandEvent& end = commands[static_cast<size_t>(i)];
    if (end.name == "exit" && !end.in_subshell && !end.uncalled() &&
        Gate(*wrapper, end, wanted).stands_before(*launch))
      return true;
  }
  return false;
}

}  // namespace preflint::project
