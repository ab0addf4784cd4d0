#include <algorithm>
#include <iterator>

#include "base/one_of.h"
#include "base/text.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/python_commands.h"
#include "project/remote_calls.h"
#include "project/ssh_config.h"

namespace preflint::checks {

namespace {

std::string setting(std::string_view name, std::string_view value) {
  return std::string(name) + "=" + std::string(value);
}

/// The setting that switches the check off, "" when none does.
std::string switched_off(const project::RemoteCall& call) {
  if (const auto value = call.option("StrictHostKeyChecking"); value == "no" || value == "off")
    return setting("StrictHostKeyChecking", *value);
  if (call.option("UserKnownHostsFile") == "/dev/null")
    return setting("UserKnownHostsFile", "/dev/null");
  return "";
}

/// The same for a command line of ssh.
std::string switched_off(const Value& command) {
  shell::Argument text;
  text.value = command;
  return switched_off(project::ssh_command(text));
}

/// The variables by which git and rsync are told how to call ssh.
constexpr std::string_view kVariables[] = {"GIT_SSH_COMMAND", "RSYNC_RSH"};

bool holds_command(std::string_view variable) {
  return std::find(std::begin(kVariables), std::end(kVariables), variable) != std::end(kVariables);
}

/// `core.sshCommand`, or that with its value: `git -c core.sshCommand="ssh …"`.
bool sets_git_command(const shell::Argument& word) {
  return lower(word.value.display()).starts_with("core.sshcommand");
}

/// `subprocess.run(…, env={**os.environ, "GIT_SSH_COMMAND": "ssh …"})`
std::string in_environment_of(const py::CallEvent& call) {
  const py::Argument* environment =
      call.origin.starts_with("subprocess.") ? call.keyword("env") : nullptr;
  if (!environment || environment->value.type != py::Type::dict) return "";
  for (const std::string_view name : kVariables) {
    const py::Value* command = environment->value.entry(name);
    std::string found = command ? switched_off(command->text()) : "";
    if (!found.empty()) return found;
  }
  return "";
}

}  // namespace

void host_key_check_off(project::Context& context) {
  context.each_command(
      project::Where::anywhere, {"ssh", "scp", "rsync", "sftp"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        const auto call = project::remote_call(event);
        // Nobody else answers there; a tunnel is guarded where it is made.
        if (call && one_of(call->host, {"localhost", "127.0.0.1", "::1"})) return;
        const std::string found = call ? switched_off(*call) : "";
        if (found.empty()) return;
        const shell::Argument* word =
            call->option_word(std::string_view(found).substr(0, found.find('=')));
        const project::WrittenWord place = project::written_at(run, event, *word);
        context.report(run, *place.unit, place.span, event.frame).arguments = {{"setting", found}};
      });
  context.each_assignment(
      project::Where::anywhere, [&](const project::Run& run, const shell::AssignmentEvent& event) {
        if (!holds_command(event.name)) return;
        const std::string found = switched_off(event.value);
        if (found.empty()) return;
        context.report(run, *event.unit, event.span, event.frame).arguments = {{"setting", found}};
      });
  context.each_command(
      project::Where::anywhere, {"git"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        for (size_t i = 0; i < event.arguments.size(); ++i) {
          const shell::Argument& word = event.arguments[i];
          const bool named =
              sets_git_command(word) || (i > 0 && sets_git_command(event.arguments[i - 1]));
          const std::string found = named ? switched_off(word.value) : "";
          if (found.empty()) continue;
          context.report(run, *event.unit, word.span, event.frame).arguments = {{"setting", found}};
          return;
        }
      });
  context.each_python_run(project::Where::anywhere, [&](const project::Run& run) {
    for (const py::EnvironmentWrite& write : run.python->environment_writes) {
      const std::string found = write.file && holds_command(write.key.constant().value_or(""))
                                    ? switched_off(write.value.text())
                                    : "";
      if (found.empty()) continue;
      context.report(run, write.file->syntax.source, project::written_at(write), write.frame)
          .arguments = {{"setting", found}};
    }
    for (const py::CallEvent& call : run.python->calls) {
      const std::string handed = in_environment_of(call);
      if (!handed.empty()) {
        context.report(run, call.file->syntax.source, call.keyword("env")->span, call.frame)
            .arguments = {{"setting", handed}};
      }
      if (call.method == "set_missing_host_key_policy") {
        const py::Argument* policy = call.argument(0, {"policy"});
        if (!policy) continue;
        std::string_view name = policy->value.origin();
        if (name.ends_with("()")) name.remove_suffix(2);
        if (name != "paramiko.AutoAddPolicy" && name != "paramiko.WarningPolicy" &&
            name != "paramiko.client.AutoAddPolicy")
          continue;
        Finding& finding = context.report(run, call.file->syntax.source, policy->span, call.frame);
        finding.arguments = {{"setting", std::string(name)}};
      } else if (call.origin == "asyncssh.connect") {
        const py::Argument* hosts = call.keyword("known_hosts");
        if (!hosts || !hosts->value.is_none()) continue;
        context.report(run, call.file->syntax.source, hosts->span, call.frame).arguments = {
            {"setting", "known_hosts=None"}};
      }
    }
  });
  for (const auto& file : context.program().files) {
    if (file->kind != FileKind::ssh_config) continue;
    for (const project::SshBlock& block : project::ssh_blocks(*file)) {
      for (const project::SshSetting& one : block.settings) {
        const bool strict =
            one.name == "stricthostkeychecking" && (one.value == "no" || one.value == "off");
        if (!strict && !(one.name == "userknownhostsfile" && one.value == "/dev/null")) continue;
        context.report(*file, one.span).arguments = {
            {"setting",
             setting(strict ? "StrictHostKeyChecking" : "UserKnownHostsFile", one.value)}};
        break;
      }
    }
  }
}

}  // namespace preflint::checks
