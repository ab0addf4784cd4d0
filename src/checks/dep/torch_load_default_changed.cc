#include <algorithm>
#include <charconv>

#include "catalog/config.h"
#include "model/python/trace.h"
#include "project/context.h"

namespace preflint::checks {

namespace {

using py::CallEvent;

/// Is the version ("2.8.0") at least major.minor?
bool at_least(std::string_view version, int major, int minor) {
  int have_major = 0, have_minor = 0;
  const char* end = version.data() + version.size();
  const auto first = std::from_chars(version.data(), end, have_major);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.') return false;
  if (std::from_chars(first.ptr + 1, end, have_minor).ec != std::errc()) return false;
  return have_major > major || (have_major == major && have_minor >= minor);
}

/// Does the program save nothing but a state dict under the very path that is loaded?
bool own_state_dict(const py::Trace& trace, const CallEvent& load) {
  const py::Argument* file = load.argument(0, {"f"});
  const auto path = file ? file->value.text().constant() : std::nullopt;
  if (!path) return false;
  bool found = false;
  for (const CallEvent& save : trace.calls) {
    if (save.origin != "torch.save") continue;
    const py::Argument* object = save.argument(0, {"obj"});
    const py::Argument* target = save.argument(1, {"f"});
    if (!object || !target || target->value.text().constant() != path) continue;
    const int call = object->value.call;
    const bool state = call >= 0 && static_cast<size_t>(call) < trace.calls.size() &&
                       trace.calls[static_cast<size_t>(call)].method == "state_dict";
    if (!state) return false;
    found = true;
  }
  return found;
}

}  // namespace

void torch_load_default_changed(project::Context& context) {
  const std::string& version = context.config().image.torch;
  if (!at_least(version, 2, 6)) return;
  context.each_python_run(project::Where::instance, [&](const project::Run& run) {
    for (const CallEvent& call : run.python->calls) {
      if (call.origin != "torch.load" || call.given(-1, {"weights_only"}) != Tri::no ||
          call.arguments.empty())
        continue;
      const Source& source = call.file->syntax.source;
      Finding& finding = context.report(run, source, call.span, call.frame);
      finding.arguments = {{"version", version}};
      if (!own_state_dict(*run.python, call)) continue;
      const uint32_t end = call.arguments.back().span.end;
      context.edit(finding, source, {end, end}, ", weights_only=True");
    }
  });
}

}  // namespace preflint::checks
