#include <algorithm>
#include <string_view>

#include "project/context.h"
#include "project/network_calls.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;

/// Is what wget or curl fetches large: weights, archives?
bool large(const CommandEvent& event) {
  static constexpr std::string_view kEnds[] = {
      ".safetensors", ".bin", ".pt",      ".pth",    ".ckpt",   ".gguf", ".onnx",
      ".zip",         ".tar", ".tar.gz",  ".tgz",    ".7z",     ".h5",   ".npz",
      ".parquet",     ".pkl", ".tar.bz2", ".tar.xz", ".msgpack"};
  return std::any_of(
      event.arguments.begin(), event.arguments.end(), [](const shell::Argument& argument) {
        std::string text = argument.value.display();
        if (text.find("://") == std::string::npos) return false;
        text.resize(std::min(text.size(), text.find('?')));
        return std::any_of(std::begin(kEnds), std::end(kEnds),
                           [&](std::string_view end) { return text.ends_with(end); });
      });
}

/// The tool's own flags that go on where it stopped and try again.
bool resumes(const CommandEvent& event) {
  if (event.name == "wget") return event.has_option("-c") || event.has_option("--continue");
  if (event.name == "aria2c")
    return event.has_option("-c") || event.has_option("--continue") || event.has_option("-m");
  if (event.name == "curl")
    return event.has_option("--retry") &&
           (event.has_option("-C") || event.has_option("--continue-at"));
  return false;
}

bool retried(const CommandEvent& event) {
  const bool loop =
      event.within(shell::FrameKind::loop_body) || event.within(shell::FrameKind::loop_condition);
  return loop && event.has_prefix("timeout");
}

}  // namespace

void download_without_retry(project::Context& context) {
  context.each_command(
      project::Where::instance, [&](const project::Run& run, const CommandEvent& event) {
        const auto call = project::network_call(run, event, context.profile());
        if (!call || call->probe || call->reach == project::Reach::local) return;
        const std::string& name = event.name;
        const bool hub = call->tool == project::NetworkCall::hub && call->bulk;
        const bool lfs = call->tool == project::NetworkCall::git && call->bulk;
        const bool fetched = call->tool == project::NetworkCall::download &&
                             (name == "wget" || name == "curl" || name == "aria2c") && large(event);
        if (!hub && !lfs && !fetched && call->tool != project::NetworkCall::modelscope) return;
        if (name == "vllm" || retried(event) || resumes(event)) return;
        context.report(run, event).arguments = {{"command", name}};
      });
}

}  // namespace preflint::checks
