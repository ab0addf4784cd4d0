#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/python_statements.h"
#include "project/uncalled.h"

namespace preflint::checks {

namespace {

using py::CallEvent;
using py::Frame;
using py::FrameKind;

/// Is one of the words of `val_epoch`, `run_evaluation` what a validation is called?
bool validates(std::string_view name) {
  std::string word;
  for (const char c : lower(name) + "_") {
    if (c != '_') {
      word += c;
      continue;
    }
    if (one_of(word, {"val", "valid", "validate", "validation", "eval", "evaluate", "evaluation",
                      "test", "testing"}))
      return true;
    word.clear();
  }
  return false;
}

bool metric_network(std::string_view origin) {
  const std::string text = lower(origin);
  for (const std::string_view part : {"lpips", "inception", "fid", "vgg", "clip"}) {
    if (text.find(part) != std::string::npos) return true;
  }
  return false;
}

/// What stands before the parenthesis of the call that made the value: `self.model`, `metric`.
std::string_view callee(const CallEvent& call) { return call.file->syntax.slice(call.callee_span); }

bool model_like(const CallEvent& call) {
  const std::string text = lower(callee(call));
  const std::string last = text.substr(text.rfind('.') + 1);
  return one_of(last, {"model", "net", "network", "self", "forward", "generator", "module", "unet",
                       "backbone", "criterion"}) ||
         last.ends_with("_model") || last.ends_with("_net") || last.starts_with("model_") ||
         last.starts_with("net_");
}

/// Nothing computed here keeps its graph.
bool without_graph(const CallEvent& call) {
  for (const Frame* at = call.frame; at; at = at->parent) {
    // `with torch.no_grad():` or @torch.no_grad()
    if (at->kind != FrameKind::with && at->kind != FrameKind::function &&
        at->kind != FrameKind::uncalled)
      continue;
    for (const std::string& name : at->mentions) {
      if (name.find("no_grad") != std::string::npos ||
          name.find("inference_mode") != std::string::npos)
        return true;
    }
  }
  return false;
}

/// Some condition or `break` limits how often the loop comes here.
bool capped(const CallEvent& call) {
  for (const Frame* at = call.frame; at; at = at->parent) {
    if (at->conditional()) return true;
    if (at->kind == FrameKind::function || at->kind == FrameKind::uncalled) return false;
    if (at->kind != FrameKind::loop || !at->file) continue;
    for (const std::string& name : at->mentions) {
      if (name.find("islice") != std::string::npos || name == "range" ||
          name.find("builtins.range") != std::string::npos)
        return true;
    }
    const py::Stmt* loop =
        project::statement_at(at->file->syntax, at->span.begin, py::StmtKind::for_);
    // `for x in loader[:cap]`
    const bool sliced = loop && loop->exprs[1]->kind == py::ExprKind::subscript &&
                        loop->exprs[1]->children[1]->kind == py::ExprKind::slice;
    return !loop || sliced || project::breaks(*loop);
  }
  return false;
}

/// Is the list made anew in a loop around the call, `scores = []` for every sample? Then it holds
/// what one round gives.
bool made_anew(const py::Trace& trace, const CallEvent& call) {
  const std::string_view method = callee(call);
  const std::string_view list = method.substr(0, method.rfind('.'));
  return std::any_of(trace.assignments.begin(), trace.assignments.end(),
                     [&](const py::AssignEvent& event) {
                       const Frame* loop = event.file == call.file && event.target == list
                                               ? py::enclosing(event.frame, FrameKind::loop)
                                               : nullptr;
                       for (const Frame* at = call.frame; loop && at; at = at->parent) {
                         if (at == loop || (at->kind == FrameKind::loop && at->span == loop->span))
                           return true;
                       }
                       return false;
                     });
}

}  // namespace

void validation_accumulates_samples(project::Context& context) {
  context.each_python_run(project::Where::instance, [&](const project::Run& run) {
    const py::Trace& trace = *run.python;
    for (const CallEvent& call : trace.calls) {
      if (call.origin != "list.append" || call.arguments.size() != 1 ||
          !call.enclosing(FrameKind::loop))
        continue;
      if (!validates(call.function()) || capped(call) || made_anew(trace, call)) continue;
      const py::Value& value = call.arguments[0].value;
      if (value.call < 0 || static_cast<size_t>(value.call) >= trace.calls.size() ||
          value.is_number())
        continue;
      const CallEvent& made = trace.calls[static_cast<size_t>(value.call)];
      const int receiver = made.receiver_call;
      const bool known = receiver >= 0 && static_cast<size_t>(receiver) < trace.calls.size();
      const bool metric =
          metric_network(made.origin) ||
          (known && metric_network(trace.calls[static_cast<size_t>(receiver)].origin));
      const bool direct = made.method.empty() || made.method == "forward" || model_like(made);
      const bool graph = direct && model_like(made) && !without_graph(call);
      if (!(metric && direct) && !graph) continue;
      if (context.shared<project::UnnamedFunctions>().hold(run, call.frame)) continue;
      Finding& finding = context.report(run, call.file->syntax.source, call.span, call.frame);
      if (metric) finding.message = "metric";
      finding.arguments = {{"value", std::string(callee(made)) + "(…)"}};
    }
  });
}

}  // namespace preflint::checks
