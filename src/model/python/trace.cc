#include "model/python/trace.h"

#include <algorithm>

namespace preflint::py {
namespace {
const std::string kNothing;
}

const Argument* CallEvent::argument(int position,
                                    std::initializer_list<std::string_view> keywords) const {
  int at = 0;
  for (const Argument& argument : arguments) {
    if (argument.keyword.empty()) {
      if (at++ == position) return &argument;
    } else if (std::find(keywords.begin(), keywords.end(), argument.keyword) != keywords.end()) {
      return &argument;
    }
  }
  return nullptr;
}

const Argument* CallEvent::keyword(std::string_view name) const { return argument(-1, {name}); }

Tri CallEvent::given(int position, std::initializer_list<std::string_view> keywords) const {
  if (argument(position, keywords)) return Tri::yes;
  return (more_positional && position >= 0) || (more_keywords && keywords.size() > 0) ? Tri::maybe
                                                                                      : Tri::no;
}

bool CallEvent::is_call_to(std::initializer_list<std::string_view> names) const {
  return std::find(names.begin(), names.end(), origin) != names.end();
}

const Frame* enclosing(const Frame* frame, FrameKind kind) {
  while (frame && frame->kind != kind) frame = frame->parent;
  return frame;
}

bool within(const Frame* frame, const Frame* outer) {
  while (frame && frame != outer) frame = frame->parent;
  return frame != nullptr;
}

const Frame* CallEvent::branch_apart(const CallEvent& other) const {
  for (const Frame* one = frame; one; one = one->parent) {
    if (!one->conditional()) continue;
    for (const Frame* at = other.frame; at; at = at->parent) {
      if (at->conditional() && at->file == one->file && at->span == one->span &&
          at->taken != one->taken)
        return one;
    }
  }
  return nullptr;
}

int CallEvent::loop_depth() const {
  int depth = 0;
  for (const Frame* at = frame; at; at = at->parent) {
    depth += at->kind == FrameKind::loop || at->kind == FrameKind::comprehension;
  }
  return depth;
}

const std::string& CallEvent::function() const {
  for (const Frame* at = frame; at; at = at->parent) {
    if (at->kind == FrameKind::function || at->kind == FrameKind::uncalled) return at->name;
    if (at->kind == FrameKind::import) break;
  }
  return kNothing;
}

const std::string& CallEvent::class_name() const {
  for (const Frame* at = frame; at; at = at->parent) {
    if (at->kind == FrameKind::function || at->kind == FrameKind::uncalled) return at->class_name;
    if (at->kind == FrameKind::import) break;
  }
  return kNothing;
}

bool CallEvent::failure_swallowed() const {
  for (const Frame* at = frame; at; at = at->parent) {
    if (at->kind == FrameKind::try_body && at->swallows) return true;
  }
  return false;
}

bool CallEvent::guarded_by(std::string_view word) const {
  for (const Frame* at = frame; at; at = at->parent) {
    if (!at->conditional()) continue;
    for (const std::string& name : at->mentions) {
      if (name.find(word) != name.npos) return true;
    }
  }
  return false;
}

bool CallEvent::unexpected() const {
  for (const Frame* at = frame; at; at = at->parent) {
    if (at->unexpected) return true;
  }
  return false;
}

bool CallEvent::conditional() const {
  return enclosing(FrameKind::condition) || enclosing(FrameKind::after_exit);
}

Value Trace::global(std::string_view name) const {
  for (const auto& [key, value] : globals) {
    if (key == name) return value;
  }
  return {};
}

Trace::Trace() = default;
Trace::Trace(Trace&&) noexcept = default;
Trace& Trace::operator=(Trace&&) noexcept = default;
Trace::~Trace() = default;

}  // namespace preflint::py
