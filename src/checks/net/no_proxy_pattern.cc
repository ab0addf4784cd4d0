#include <algorithm>
#include <vector>

#include "model/python/trace.h"
#include "project/context.h"
#include "project/python_commands.h"
#include "project/shell_edits.h"

namespace preflint::checks {

namespace {

bool is_list(std::string_view name) { return name == "no_proxy" || name == "NO_PROXY"; }

/// The known text of a value; `whole` tells whether that is all of it.
std::string known_text(const Value& value, bool& whole) {
  std::string out;
  whole = value.alternatives().size() == 1;
  for (const Piece& piece : value.alternatives()[0].pieces()) {
    if (piece.known) out += piece.text;
    whole = whole && piece.known;
  }
  return out;
}

std::vector<std::string> entries(const std::string& list) {
  std::vector<std::string> out;
  size_t at = 0;
  while (at <= list.size()) {
    const size_t end = std::min(list.find_first_of(", ", at), list.size());
    if (end > at) out.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// What is wrong with a list: "wildcard", "localhost", "" nothing.
std::string mistake(const Value& value, std::string& entry) {
  bool whole = false;
  const auto all = entries(known_text(value, whole));
  for (const std::string& one : all) {
    if (one.size() <= 2 || !one.starts_with("*.")) continue;
    entry = one;
    return "wildcard";
  }
  const auto has = [&](std::string_view prefix) {
    return std::any_of(all.begin(), all.end(),
                       [&](const std::string& one) { return one.starts_with(prefix); });
  };
  if (whole && has("localhost") && !has("127.") && !has("0.0.0.0")) {
    entry = "localhost";
    return "localhost";
  }
  return "";
}

/// The written text of the value with the mistake mended; nothing when it is not written there.
std::string mended(std::string text, const std::string& kind) {
  if (kind == "wildcard") {
    for (size_t at = text.find("*."); at != std::string::npos; at = text.find("*.", at))
      text.erase(at, 1);
  } else {
    const size_t at = text.find("localhost");
    if (at != std::string::npos) text.insert(at + 9, ",127.0.0.1");
  }
  return text;
}

void only_one(project::Context& context, const project::Run& run) {
  if (run.unit->embedding != Embedding::file) return;
  for (const auto& [name, other] :
       {std::pair("no_proxy", "NO_PROXY"), std::pair("NO_PROXY", "no_proxy")}) {
    const shell::Variable* variable = run.shell->at_end.variable(name);
    const shell::Variable* twin = run.shell->at_end.variable(other);
    if (!variable || variable->exported != Tri::yes || variable->set != Tri::yes ||
        variable->value.empty() == Tri::yes)
      continue;
    const auto set_here = [](const project::Run& where, const char* which) {
      const shell::AssignmentEvent* found = nullptr;
      for (const shell::AssignmentEvent& event : where.shell->assignments) {
        if (event.name == which) found = &event;
      }
      return found;
    };
    const shell::AssignmentEvent* event = set_here(run, name);
    if (!event || event->span != variable->span || event->unit != variable->unit ||
        set_here(run, other))
      continue;
    if (twin && twin->unit == nullptr && twin->set != Tri::no)
      continue;  // inherited from the caller
    Finding& finding = context.report(run, *event->unit, event->span, event->frame);
    finding.message = "one";
    finding.arguments = {{"name", name}, {"other", other}, {"entry", name}};
    if (const auto place = project::line_after(*event->unit, event->span)) {
      context.edit(finding, *event->unit, {place->at, place->at},
                   "\n" + place->indent + "export " + other + "=\"$" + name + "\"");
    }
  }
}

}  // namespace

void no_proxy_pattern(project::Context& context) {
  context.each_assignment(
      project::Where::instance, [&](const project::Run& run, const shell::AssignmentEvent& event) {
        if (!is_list(event.name)) return;
        std::string entry;
        const std::string kind = mistake(event.value, entry);
        const std::string written(event.unit->source.slice(event.value_span));
        const std::string better = mended(written, kind.empty() ? "localhost" : kind);
        // `NO_PROXY="$no_proxy"` repeats a mistake that is reported where it is written.
        if (kind.empty() || better == written) return;
        Finding& finding = context.report(run, *event.unit, event.span, event.frame);
        finding.message = kind;
        finding.arguments = {{"name", event.name}, {"entry", entry}, {"other", event.name}};
        context.edit(finding, *event.unit, event.value_span, better);
      });
  context.each_shell_run(project::Where::instance,
                         [&](const project::Run& run) { only_one(context, run); });
  context.each_python_run(project::Where::instance, [&](const project::Run& run) {
    for (const py::EnvironmentWrite& write : run.python->environment_writes) {
      const auto key = write.key.constant();
      if (!key || !is_list(*key) || !write.value.is_string()) continue;
      std::string entry;
      const std::string kind = mistake(write.value.text(), entry);
      if (kind.empty()) continue;
      const Source& source = write.file->syntax.source;
      Finding& finding = context.report(run, source, project::written_at(write), write.frame);
      finding.message = kind;
      finding.arguments = {{"name", *key}, {"entry", entry}, {"other", *key}};
      const std::string written(source.slice(write.value_span));
      const std::string better = mended(written, kind);
      if (better != written) context.edit(finding, source, write.value_span, better);
    }
  });
}

}  // namespace preflint::checks
