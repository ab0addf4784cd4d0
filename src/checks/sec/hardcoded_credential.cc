#include <algorithm>

#include "model/python/trace.h"
#include "project/context.h"
#include "project/parallel.h"
#include "project/upkeep.h"
#include "syntax/secret_context.h"
#include "syntax/secrets.h"

namespace preflint::checks {

namespace {

void tell(Finding& finding, const secrets::Secret& secret, std::string_view value) {
  finding.arguments = {{"service", secret.service},
                       {"name", secret.name},
                       {"secret", secrets::shortened(value, secret.shown)}};
  if (secret.private_key)
    finding.message = "private-key";
  else if (secret.service == "JWT")
    finding.message = "signed";
  else if (secret.service.empty())
    finding.message = "named";
}

/// Whatever the text is: code, comment, dead branch, output. A key that was committed is known.
void report(project::Context& context, const Source& source,
            const std::vector<secrets::Secret>& found, bool output = false) {
  for (const secrets::Secret& secret : found) {
    Finding& finding = context.report(source, secret.span);
    tell(finding, secret, source.slice(secret.span));
    if (output && !secret.private_key) {
      finding.message = "output";
      finding.arguments["name"] = secret.name.empty() ? secret.service : secret.name;
    }
  }
}

/// A value that reaches a login under another name than its own: `K=4f8a…; wandb login $K`.
void in_login(project::Context& context, const project::Run& run,
              const shell::CommandEvent& event) {
  if (!event.operand() || !event.operand()->is("login")) return;
  for (const shell::Argument& argument : event.arguments) {
    const auto value = argument.constant();
    const std::string holder = event.name + "_key";
    if (!value || !argument.word || !secrets::fits(holder, *value)) continue;
    for (const shell::Part& part : argument.word->parts) {
      const shell::Part& inner =
          part.kind == shell::PartKind::double_quoted && part.parts.size() == 1 ? part.parts[0]
                                                                                : part;
      const shell::Variable* variable =
          inner.kind == shell::PartKind::parameter ? event.state.variable(inner.name) : nullptr;
      if (!variable || !variable->unit || variable->span.empty()) continue;
      const size_t at = variable->unit->source.slice(variable->span).find(*value);
      if (at == std::string_view::npos) continue;
      const auto begin = static_cast<uint32_t>(variable->span.begin + at);
      secrets::Secret secret;
      secret.name = inner.name;
      tell(context.report(run, *variable->unit,
                          {begin, static_cast<uint32_t>(begin + value->size())}, event.frame),
           secret, *value);
    }
  }
}

/// Reports a Python string where it is written, when it fits what it is used as.
void in_value(project::Context& context, const project::Run& run, const py::Value& value,
              std::string_view holder, const py::Frame* frame) {
  const auto text = value.constant();
  if (!text || !secrets::fits(holder, *text)) return;
  for (const py::Fragment& fragment : value.written()) {
    if (!fragment.file || !fragment.literal) continue;
    const Source& source = fragment.file->syntax.source;
    const project::Program& program = context.program();
    if (project::upstream_test(source.file(), program.root, *program.reader)) continue;
    const size_t at = source.slice(fragment.span).find(*text);
    if (at == std::string_view::npos) continue;
    const auto begin = static_cast<uint32_t>(fragment.span.begin + at);
    secrets::Secret secret;
    secret.name = holder;
    tell(context.report(run, source, {begin, static_cast<uint32_t>(begin + text->size())}, frame),
         secret, *text);
  }
}

void in_python(project::Context& context, const project::Run& run) {
  for (const py::CallEvent& call : run.python->calls) {
    if (call.is_call_to({"wandb.login", "swanlab.login"})) {
      const std::string holder = call.origin.substr(0, call.origin.find('.')) + "_key";
      if (const py::Argument* key =
              call.argument(call.origin == "wandb.login" ? 1 : 0, {"key", "api_key"})) {
        in_value(context, run, key->value, holder, call.frame);
      }
    }
    for (const py::Argument& argument : call.arguments) {
      if (!argument.keyword.empty() && secrets::names_key(argument.keyword))
        in_value(context, run, argument.value, argument.keyword, call.frame);
    }
  }
  for (const py::EnvironmentWrite& write : run.python->environment_writes) {
    const auto key = write.key.constant();
    if (key && secrets::names_key(*key)) in_value(context, run, write.value, *key, write.frame);
  }
}

}  // namespace

void hardcoded_credential(project::Context& context) {
  const project::Program& program = context.program();
  std::vector<std::vector<secrets::Secret>> found(program.files.size());
  project::for_each_number(program.files.size(), program.threads, [&](size_t i) {
    const File& file = *program.files[i];
    if (file.kind != FileKind::notebook) found[i] = secrets::find(file.bytes);
  });
  for (size_t i = 0; i < program.files.size(); ++i) {
    const File& file = *program.files[i];
    const auto notebook = program.notebooks.find(file.path);
    const bool cells = notebook != program.notebooks.end();
    // What another project publishes for its own tests is nobody's secret.
    if ((!cells && found[i].empty()) || project::upstream_test(file, program.root, *program.reader))
      continue;
    report(context, Source(file), found[i]);
    if (!cells) continue;
    for (const notebook::Cell& cell : notebook->second->cells)
      report(context, cell.text, secrets::find(cell.text.text()));
    for (const Source& output : notebook->second->outputs)
      report(context, output, secrets::find(output.text()), true);
  }
  context.each_command(project::Where::anywhere, {"wandb", "swanlab"},
                       [&](const project::Run& run, const shell::CommandEvent& event) {
                         in_login(context, run, event);
                       });
  context.each_python_run(project::Where::anywhere,
                          [&](const project::Run& run) { in_python(context, run); });
}

}  // namespace preflint::checks
