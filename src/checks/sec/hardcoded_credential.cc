#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>

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
  else if (secret.address)
    finding.message = "address";
  else if (secret.service == "JWT")
    finding.message = "signed";
  else if (secret.service.empty())
    finding.message = "named";
}

/// What was told. A key that a file writes many times is one to revoke: one finding, at the first.
class Told {
 public:
  explicit Told(project::Context& context) : context_(context) {}

  /// The finding of a key that this file has not shown yet; null when it has.
  Finding* tell(const Source& source, Span span, const secrets::Secret& secret,
                const std::function<Finding&()>& report, bool output = false) {
    const std::string_view value = source.slice(span);
    const Place place = source.place(span);
    const auto key = std::tuple(place.path, std::string(value), output);
    if (const auto at = first_.find(key); at != first_.end()) {
      if (!places_.insert(place).second) return nullptr;
      const std::string& shown = at->second->arguments["secret"];
      at->second->related.push_back(context_.note(source, span, "again-here", {{"secret", shown}}));
      return nullptr;
    }
    Finding& finding = report();
    if (finding.rule.empty()) return nullptr;  // thrown away
    checks::tell(finding, secret, value);
    first_[key] = &finding;
    places_.insert(place);
    return &finding;
  }

  project::Context& context() { return context_; }

 private:
  project::Context& context_;
  std::map<std::tuple<std::string, std::string, bool>, Finding*> first_;  // by file and key
  std::set<Place> places_;
};

/// Whatever the text is: code, comment, dead branch, output. A key that was committed is known.
void report(Told& told, const Source& source, const std::vector<secrets::Secret>& found,
            bool output = false) {
  for (const secrets::Secret& secret : found) {
    const auto here = [&]() -> Finding& { return told.context().report(source, secret.span); };
    Finding* finding = told.tell(source, secret.span, secret, here, output);
    if (finding && output && !secret.private_key && !secret.address) {
      finding->message = "output";
      finding->arguments["name"] = secret.name.empty() ? secret.service : secret.name;
    }
  }
}

/// A value that reaches a login under another name than its own: `K=4f8a…; wandb login $K`.
void in_login(Told& told, const project::Run& run, const shell::CommandEvent& event) {
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
      const Span span{begin, static_cast<uint32_t>(begin + value->size())};
      told.tell(variable->unit->source, span, secret, [&]() -> Finding& {
        return told.context().report(run, *variable->unit, span, event.frame);
      });
    }
  }
}

/// Reports a Python string where it is written, when it fits what it is used as.
void in_value(Told& told, const project::Run& run, const py::Value& value, std::string_view holder,
              const py::Frame* frame) {
  const auto text = value.constant();
  if (!text || !secrets::fits(holder, *text)) return;
  for (const py::Fragment& fragment : value.written()) {
    if (!fragment.file || !fragment.literal) continue;
    const Source& source = fragment.file->syntax.source;
    const project::Program& program = told.context().program();
    if (project::upstream_test(source.file(), program.root, *program.reader)) continue;
    const size_t at = source.slice(fragment.span).find(*text);
    if (at == std::string_view::npos) continue;
    const auto begin = static_cast<uint32_t>(fragment.span.begin + at);
    secrets::Secret secret;
    secret.name = holder;
    const Span span{begin, static_cast<uint32_t>(begin + text->size())};
    told.tell(source, span, secret,
              [&]() -> Finding& { return told.context().report(run, source, span, frame); });
  }
}

void in_python(Told& told, const project::Run& run) {
  for (const py::CallEvent& call : run.python->calls) {
    if (call.is_call_to({"wandb.login", "swanlab.login"})) {
      const std::string holder = call.origin.substr(0, call.origin.find('.')) + "_key";
      if (const py::Argument* key =
              call.argument(call.origin == "wandb.login" ? 1 : 0, {"key", "api_key"})) {
        in_value(told, run, key->value, holder, call.frame);
      }
    }
    for (const py::Argument& argument : call.arguments) {
      if (!argument.keyword.empty() && secrets::names_key(argument.keyword))
        in_value(told, run, argument.value, argument.keyword, call.frame);
    }
  }
  for (const py::EnvironmentWrite& write : run.python->environment_writes) {
    const auto key = write.key.constant();
    if (key && secrets::names_key(*key)) in_value(told, run, write.value, *key, write.frame);
  }
}

}  // namespace

void hardcoded_credential(project::Context& context) {
  const project::Program& program = context.program();
  Told told(context);
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
    report(told, Source(file), found[i]);
    if (!cells) continue;
    for (const notebook::Cell& cell : notebook->second->cells)
      report(told, cell.text, secrets::find(cell.text.text()));
    for (const Source& output : notebook->second->outputs)
      report(told, output, secrets::find(output.text()), true);
  }
  context.each_command(project::Where::anywhere, {"wandb", "swanlab"},
                       [&](const project::Run& run, const shell::CommandEvent& event) {
                         in_login(told, run, event);
                       });
  context.each_python_run(project::Where::anywhere,
                          [&](const project::Run& run) { in_python(told, run); });
}

}  // namespace preflint::checks
