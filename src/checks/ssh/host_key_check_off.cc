#include <algorithm>

#include "model/python/trace.h"
#include "project/context.h"
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

}  // namespace

void host_key_check_off(project::Context& context) {
  context.each_command(
      project::Where::anywhere, {"ssh", "scp", "rsync", "sftp"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        const auto call = project::remote_call(event);
        const std::string found = call ? switched_off(*call) : "";
        if (found.empty()) return;
        const shell::Argument* word =
            call->option_word(std::string_view(found).substr(0, found.find('=')));
        const project::WrittenWord place = project::written_at(run, event, *word);
        context.report(run, *place.unit, place.span, event.frame).arguments = {{"setting", found}};
      });
  context.each_assignment(
      project::Where::anywhere, [&](const project::Run& run, const shell::AssignmentEvent& event) {
        if (event.name != "GIT_SSH_COMMAND" && event.name != "RSYNC_RSH") return;
        const std::string text = event.value.constant().value_or("");
        for (const std::string_view off :
             {"StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"}) {
          if (text.find(off) == std::string::npos) continue;
          context.report(run, *event.unit, event.span, event.frame).arguments = {
              {"setting", std::string(off)}};
          return;
        }
      });
  context.each_python_run(project::Where::anywhere, [&](const project::Run& run) {
    for (const py::CallEvent& call : run.python->calls) {
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
