#include <algorithm>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/network_calls.h"
#include "project/python_needs.h"

namespace preflint::checks {

namespace {

/// The third-party mirror that Hub traffic goes to; "" when it goes elsewhere.
std::string mirror_of(const shell::Environment& environment, const catalog::Profile& profile) {
  const shell::Variable* endpoint = environment.find("HF_ENDPOINT");
  if (!endpoint || endpoint->set != Tri::yes) return "";
  const auto url = endpoint->value.constant();
  const std::string host = url ? project::host_of(*url) : "";
  return !host.empty() && catalog::Profile::host_in(host, profile.network.mirrors) ? host : "";
}

bool sends_token(const shell::CommandEvent& event) {
  const auto words = event.words();
  const auto has = [&](size_t i, std::initializer_list<std::string_view> any) {
    return i < words.size() && std::find(any.begin(), any.end(), words[i]) != any.end();
  };
  return has(0, {"login", "upload", "upload-large-folder"}) ||
         (has(0, {"auth"}) && has(1, {"login"})) || (has(0, {"repo"}) && has(1, {"create"}));
}

bool sends_token(const py::CallEvent& call) {
  if (call.method == "push_to_hub") return true;
  if (!call.origin.starts_with("huggingface_hub.")) return false;
  for (const std::string_view method : {"login", "notebook_login", "upload_file", "upload_folder",
                                        "upload_large_folder", "create_repo", "create_commit"}) {
    if (call.method == method || call.origin.ends_with("." + std::string(method))) return true;
  }
  return false;
}

}  // namespace

void token_through_mirror(project::Context& context) {
  const auto& profile = context.profile();
  if (profile.network.mirrors.empty()) return;
  const auto tell = [&](Finding& finding, const std::string& mirror, std::string command) {
    finding.arguments = {{"mirror", mirror}, {"command", std::move(command)}};
  };
  context.each_command(
      project::Where::anywhere, {"hf", "huggingface-cli"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        if (!sends_token(event)) return;
        const std::string mirror = mirror_of(event.environment, profile);
        if (mirror.empty()) return;
        Finding& finding = context.report(run, event);
        tell(finding, mirror, event.name + " " + event.words().front());
        const shell::Variable* endpoint = event.environment.find("HF_ENDPOINT");
        if (endpoint->unit && !endpoint->span.empty()) {
          finding.related.push_back(
              context.note(*endpoint->unit, endpoint->span, "set-here", {{"name", "HF_ENDPOINT"}}));
        }
      });
  context.each_python_run(project::Where::anywhere, [&](const project::Run& run) {
    Finding* first = nullptr;  // of the program: one endpoint, one finding
    for (const py::CallEvent& call : run.python->calls) {
      if (!sends_token(call) || call.uncalled()) continue;
      const Source& source = call.file->syntax.source;
      if (first) {
        first->related.push_back(context.note(source, call.span, "also-here"));
        continue;
      }
      // What is set after the import is not the address that is asked: NET012.
      const std::string mirror = mirror_of(project::hub_environment(run, call), profile);
      if (mirror.empty()) continue;
      first = &context.report(run, source, call.span, call.frame);
      tell(*first, mirror, call.origin.substr(call.origin.rfind('.') + 1));
    }
  });
}

}  // namespace preflint::checks
