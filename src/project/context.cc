#include "project/context.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "model/python/trace.h"
#include "project/python_needs.h"

namespace preflint::project {
namespace {

/// The frames that lead from the run's start to a place in another text: calls, sourcing, eval.
void add_frames(const shell::Frame* frame, std::vector<Note>& chain) {
  std::vector<Note> inner;
  for (; frame; frame = frame->parent) {
    if (!frame->unit) continue;
    const char* key = frame->kind == shell::FrameKind::sourced    ? "sourced-here"
                      : frame->kind == shell::FrameKind::function ? "called-here"
                                                                  : nullptr;
    if (key) inner.push_back({frame->unit->source.place(frame->span), key, {}});
  }
  chain.insert(chain.end(), inner.rbegin(), inner.rend());
}

void add_launches(const Run& run, std::vector<Note>& chain) {
  if (!run.parent) return;
  add_launches(*run.parent, chain);
  // An embedded text stands where it is run: there is nothing to add.
  const bool embedded = run.unit->parent != nullptr;
  if (const shell::CommandEvent* launcher = run.launcher(); launcher && !embedded) {
    add_frames(launcher->frame, chain);
  }
  if (!embedded && run.launch_unit) {
    chain.push_back({run.launch_unit->source.place(run.launch_span), "launched-here", {}});
  }
}

}  // namespace

bool applies(Where where, const Run& run) {
  if (where == Where::anywhere) return true;
  return run.site == Site::instance;
}

bool applies(Where where, const Run& run, const shell::State& state) {
  return applies(where, run) && (where == Where::anywhere || !state.elsewhere);
}

void Context::each_shell_run(Where where, const std::function<void(const Run&)>& visit) const {
  for (const Run& run : program_.runs) {
    if (run.shell && applies(where, run)) visit(run);
  }
}

void Context::each_python_run(Where where, const std::function<void(const Run&)>& visit) const {
  for (const Run& run : program_.runs) {
    if (run.python && applies(where, run)) visit(run);
  }
}

void Context::each_command(Where where, const CommandVisitor& visit) const {
  each_shell_run(where, [&](const Run& run) {
    for (const shell::CommandEvent& event : run.shell->commands) {
      if (applies(where, run, event.state)) visit(run, event);
    }
  });
}

void Context::each_command(Where where, std::initializer_list<std::string_view> names,
                           const CommandVisitor& visit) const {
  if (!indexed_) {
    for (const Run& run : program_.runs) {
      if (!run.shell) continue;
      for (const shell::CommandEvent& event : run.shell->commands) {
        by_name_[event.name].emplace_back(&run, &event);
      }
    }
    indexed_ = true;
  }
  std::vector<std::pair<const Run*, const shell::CommandEvent*>> found;
  for (const std::string_view name : names) {
    const auto at = by_name_.find(name);
    if (at != by_name_.end()) found.insert(found.end(), at->second.begin(), at->second.end());
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first->index, a.second->index) < std::pair(b.first->index, b.second->index);
  });
  for (const auto& [run, event] : found) {
    if (applies(where, *run, event->state)) visit(*run, *event);
  }
}

void Context::each_assignment(Where where, const AssignmentVisitor& visit) const {
  each_shell_run(where, [&](const Run& run) {
    for (const shell::AssignmentEvent& event : run.shell->assignments) {
      if (applies(where, run, event.state)) visit(run, event);
    }
  });
}

Finding& Context::report(const Unit& unit, Span span) { return report(unit.source, span); }

Finding& Context::report(const Source& source, Span span) {
  const Place place = source.place(span);
  const auto key = std::tuple(std::string(rule_->id), place.path, place.span.begin, place.span.end);
  const auto [at, fresh] = places_.emplace(key, findings_.size());
  if (!fresh) {
    discarded_ = Finding();
    return discarded_;
  }
  Finding& finding = findings_.emplace_back();
  finding.rule = rule_->id;
  finding.severity = rule_->severity;
  finding.place = place;
  return finding;
}

Finding& Context::report(const File& file, Span span) { return report(Source(file), span); }

Finding& Context::report(const Run& run, const Unit& unit, Span span, const shell::Frame* frame) {
  Finding& finding = report(unit, span);
  if (&finding == &discarded_) return finding;
  add_launches(run, finding.chain);
  add_frames(frame, finding.chain);
  return finding;
}

Finding& Context::report(const Run& run, const Source& source, Span span, const py::Frame* frame) {
  Finding& finding = report(source, span);
  if (&finding == &discarded_) return finding;
  add_launches(run, finding.chain);
  std::vector<Note> inner;
  for (; frame; frame = frame->parent) {
    const char* key = frame->kind == py::FrameKind::function ? "called-here"
                      : frame->kind == py::FrameKind::import ? "imported-here"
                                                             : nullptr;
    if (key && frame->file)
      inner.push_back({frame->file->syntax.source.place(frame->span), key, {}});
  }
  finding.chain.insert(finding.chain.end(), inner.rbegin(), inner.rend());
  return finding;
}

Finding& Context::report(const Run& run, const shell::CommandEvent& event) {
  // `run() { "$@"; }`: the command is written where the function is called.
  for (const shell::Frame* call = event.word.origin ? event.frame : nullptr; call;
       call = call->parent) {
    if (call->kind != shell::FrameKind::function || call->unit != event.word.origin_unit) continue;
    if (!call->span.contains(event.word.origin->span)) continue;
    return report(run, *call->unit, {event.word.origin->span.begin, call->span.end}, call->parent);
  }
  return report(run, *event.unit, event.span, event.frame);
}

Finding& Context::report(const Run& run, const shell::CommandEvent& event, Span span) {
  return report(run, *event.unit, span, event.frame);
}

Note Context::note(const Source& source, Span span, std::string key, Arguments arguments) const {
  return {source.place(span), std::move(key), std::move(arguments)};
}

Note Context::note(const Unit& unit, Span span, std::string key, Arguments arguments) const {
  return note(unit.source, span, std::move(key), std::move(arguments));
}

bool Context::reported(std::string_view rule, const Unit& unit, Span span) const {
  const Place place = unit.source.place(span);
  return std::any_of(findings_.begin(), findings_.end(), [&](const Finding& finding) {
    return finding.rule == rule && finding.place.path == place.path &&
           (finding.place.span.overlaps(place.span) || finding.place.span == place.span);
  });
}

void Context::edit(Finding& finding, const Unit& unit, Span span, std::string text) const {
  edit(finding, unit.source, span, std::move(text));
}

void Context::edit(Finding& finding, const Source& source, Span span, std::string text) const {
  if (&finding == &discarded_) return;
  auto edit = source.edit(span, std::move(text));
  if (!edit) return;
  if (!finding.fix) finding.fix = Fix{rule_->fix, {}};
  finding.fix->edits.push_back(std::move(*edit));
}

std::vector<Finding> Context::take_findings() {
  std::vector<Finding> out(std::make_move_iterator(findings_.begin()),
                           std::make_move_iterator(findings_.end()));
  findings_.clear();
  places_.clear();
  return out;
}

}  // namespace preflint::project
