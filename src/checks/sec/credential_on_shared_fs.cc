#include <algorithm>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/credentials.h"
#include "project/remote_calls.h"
#include "syntax/secrets.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;
using shell::RedirectKind;

/// Does the command print or pass on a secret: `echo $WANDB_API_KEY`, a heredoc with a key in it?
bool gives_secret(const CommandEvent& event) {
  if (event.name == "echo" || event.name == "printf") {
    return std::any_of(event.arguments.begin(), event.arguments.end(),
                       [&](const shell::Argument& argument) {
                         return project::secret_in(argument, event).has_value();
                       });
  }
  return std::any_of(
      event.redirects.begin(), event.redirects.end(), [&](const shell::RedirectEvent& redirect) {
        if (redirect.redirect->kind != RedirectKind::heredoc) return false;
        if (!secrets::find(event.unit->source.slice(redirect.redirect->body)).empty()) return true;
        return !redirect.redirect->quoted &&
               std::any_of(redirect.redirect->content.begin(), redirect.redirect->content.end(),
                           [](const shell::Part& part) {
                             return part.kind == shell::PartKind::parameter &&
                                    secrets::names_key(part.name);
                           });
      });
}

class Check {
 public:
  explicit Check(project::Context& context) : context_(context), profile_(context.profile()) {}

  void command(const project::Run& run, const CommandEvent& event) {
    for (const shell::RedirectEvent& redirect : event.redirects) {
      const RedirectKind kind = redirect.redirect->kind;
      if (kind != RedirectKind::output && kind != RedirectKind::append) continue;
      if (!shared(redirect.target)) continue;
      if (credential(redirect.target) || gives_secret(event))
        return tell(context_.report(run, event, redirect.redirect->target.span), redirect.target);
    }
    if (event.name == "tee" || event.name == "touch") {
      for (const shell::Argument& argument : event.arguments) {
        if (shared(argument.value) && credential(argument.value))
          return tell(context_.report(run, event, argument.span), argument.value);
      }
    }
    if (event.name == "cp" || event.name == "mv" || event.name == "install" || event.name == "ln")
      local_copy(run, event);
    if (event.name == "scp" || event.name == "rsync") {
      const auto call = project::remote_call(event);
      if (call && call->destination) copied(run, event, call->sources, *call->destination);
    }
    if (event.name == "huggingface-cli" || event.name == "hf") hub_login(run, event);
  }

  void python(const project::Run& run) {
    for (const py::CallEvent& call : run.python->calls) {
      const py::Argument* path = nullptr;
      Value target;
      if (call.is_call_to({"builtins.open", "io.open"})) {
        const py::Argument* mode = call.argument(1, {"mode"});
        const auto how = mode ? mode->value.constant() : std::nullopt;
        path = call.argument(0, {"file"});
        if (!path || !how || how->find_first_of("wax") == std::string::npos) continue;
        target = path->value.text();
        if (!credential(target)) continue;
      } else if (call.origin.starts_with("shutil.copy") || call.origin == "shutil.move") {
        const py::Argument* from = call.argument(0, {"src"});
        path = call.argument(1, {"dst"});
        if (!from || !path) continue;
        target = path->value.text();
        if (!credential(from->value.text()) && !credential(target)) continue;
      }
      if (path && shared(target))
        tell(context_.report(run, call.file->syntax.source, path->span, call.frame), target);
    }
  }

 private:
  bool shared(const Value& path) const { return project::on_durable_tier(path, profile_); }
  bool credential(const Value& path) const { return project::credential_file(path, profile_); }
  void tell(Finding& finding, const Value& path) const {
    finding.arguments = {{"path", path.display()}, {"file", profile_.credential_file}};
  }

  void copied(const project::Run& run, const CommandEvent& event,
              const std::vector<const shell::Argument*>& sources,
              const shell::Argument& destination) {
    const Value target = project::path_of(destination);
    if (!shared(target)) return;
    const bool any =
        std::any_of(sources.begin(), sources.end(),
                    [&](const shell::Argument* source) { return credential(source->value); });
    if (any || credential(target)) tell(context_.report(run, event), target);
  }

  void local_copy(const project::Run& run, const CommandEvent& event) {
    std::vector<const shell::Argument*> operands;
    for (const shell::Argument& argument : event.arguments) {
      if (!argument.value.known_start().starts_with('-')) operands.push_back(&argument);
    }
    if (operands.size() < 2) return;
    // What a link points to is where the file lies.
    if (event.name == "ln") std::swap(operands.front(), operands.back());
    const shell::Argument& destination = *operands.back();
    operands.pop_back();
    if (event.name == "ln" && !credential(destination.value)) return;
    copied(run, event, operands, destination);
  }

  /// The Hub's tools keep the token below HF_HOME.
  void hub_login(const project::Run& run, const CommandEvent& event) {
    const auto words = event.words();
    if (std::find(words.begin(), words.end(), "login") == words.end()) return;
    for (const char* name : {"HF_TOKEN_PATH", "HF_HOME"}) {
      const shell::Variable* home = event.environment.find(name);
      if (!home || home->set != Tri::yes || !shared(home->value)) continue;
      Finding& finding = context_.report(run, event);
      tell(finding, home->value);
      finding.message = "login";
      finding.arguments["name"] = name;
      if (home->unit && !home->span.empty())
        finding.related.push_back(
            context_.note(*home->unit, home->span, "set-here", {{"name", name}}));
      return;
    }
  }

  project::Context& context_;
  const catalog::Profile& profile_;
};

}  // namespace

void credential_on_shared_fs(project::Context& context) {
  Check check(context);
  context.each_command(
      project::Where::anywhere,
      [&](const project::Run& run, const CommandEvent& event) { check.command(run, event); });
  context.each_python_run(project::Where::anywhere,
                          [&](const project::Run& run) { check.python(run); });
}

}  // namespace preflint::checks
