#include "project/existence_tests.h"

#include <algorithm>

#include "model/value.h"

namespace preflint::project {

bool tested_before(const shell::CommandEvent& event, const std::string& file) {
  using shell::FrameKind;
  const std::string name = paths::basename(file);
  const std::string_view text = event.unit->source.text();
  for (const shell::Frame* frame = event.frame; frame; frame = frame->parent) {
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
    if (frame->kind == FrameKind::function || frame->kind == FrameKind::sourced)
      break;  // another text
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
