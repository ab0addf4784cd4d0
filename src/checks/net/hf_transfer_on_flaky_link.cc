#include <algorithm>

#include "model/python/trace.h"
#include "project/context.h"
#include "project/python_commands.h"
#include "project/python_needs.h"

namespace preflint::checks {

namespace {

constexpr std::string_view kName = "HF_HUB_ENABLE_HF_TRANSFER";

bool on(const std::optional<std::string>& text) {
  if (!text) return false;
  std::string upper = *text;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return upper == "1" || upper == "TRUE" || upper == "ON" || upper == "YES";
}

/// The last `1` (or true) of what is written: `1`, `"1"`, `${X:-1}`.
Span digit(std::string_view written, uint32_t base) {
  const size_t at = written.rfind('1');
  if (at == std::string_view::npos) return {};
  return {base + static_cast<uint32_t>(at), base + static_cast<uint32_t>(at) + 1};
}

void dictionary(project::Context& context, const project::Run& run, const py::CallEvent& call) {
  const py::Argument* env = call.keyword("env");
  const py::Value* value =
      env && env->value.type == py::Type::dict ? env->value.entry(kName) : nullptr;
  if (!value || !on(value->str().constant())) return;
  for (const py::EnvironmentWrite& write : run.python->environment_writes) {
    if (write.key.is(kName)) return;  // reported there
  }
  Finding& finding = context.report(run, call.file->syntax.source, env->span, call.frame);
  finding.arguments = {{"name", std::string(kName)}};
}

}  // namespace

void hf_transfer_on_flaky_link(project::Context& context) {
  context.each_assignment(
      project::Where::instance, [&](const project::Run& run, const shell::AssignmentEvent& event) {
        if (event.name != kName || !on(event.value.constant())) return;
        Finding& finding = context.report(run, *event.unit, event.span, event.frame);
        finding.arguments = {{"name", std::string(kName)}};
        const Span one = digit(event.unit->source.slice(event.value_span), event.value_span.begin);
        if (!one.empty()) context.edit(finding, *event.unit, one, "0");
      });
  // env HF_HUB_ENABLE_HF_TRANSFER=1 command
  context.each_command(
      project::Where::instance, [&](const project::Run& run, const shell::CommandEvent& event) {
        for (const shell::Prefix& prefix : event.prefixes) {
          for (const shell::Argument& argument : prefix.arguments) {
            const auto text = argument.constant();
            if (!text || !text->starts_with(std::string(kName) + "=") ||
                !on(text->substr(kName.size() + 1)))
              continue;
            Finding& finding = context.report(run, event, argument.span);
            finding.arguments = {{"name", std::string(kName)}};
            const Span one = digit(event.unit->source.slice(argument.span), argument.span.begin);
            if (!one.empty()) context.edit(finding, *event.unit, one, "0");
          }
        }
      });
  context.each_python_run(project::Where::instance, [&](const project::Run& run) {
    for (const py::EnvironmentWrite& write : run.python->environment_writes) {
      if (!write.key.is(kName) || !on(write.value.str().constant())) continue;
      // Behind the import it switches nothing on: NET012 says so.
      if (project::hub_import_before(*run.python, write)) continue;
      const Source& source = write.file->syntax.source;
      Finding& finding = context.report(run, source, project::written_at(write), write.frame);
      finding.arguments = {{"name", std::string(kName)}};
      const std::string_view written = source.slice(write.value_span);
      if (written.size() > 3) continue;  // a variable or a dictionary: not written here
      const Span one = digit(written, write.value_span.begin);
      if (!one.empty()) context.edit(finding, source, one, "0");
    }
    for (const py::CallEvent& call : run.python->calls) dictionary(context, run, call);
  });
}

}  // namespace preflint::checks
