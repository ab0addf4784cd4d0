#include "project/unwritten.h"

#include <algorithm>

#include "base/one_of.h"

namespace preflint::project {
namespace {

/// `add_scalar`, `add_image`… of a SummaryWriter.
constexpr std::string_view kWrites[] = {
    "add_scalar", "add_scalars",    "add_image",          "add_images",
    "add_video",  "add_figure",     "add_histogram",      "add_histogram_raw",
    "add_text",   "add_graph",      "add_hparams",        "add_embedding",
    "add_audio",  "add_pr_curve",   "add_pr_curve_raw",   "add_mesh",
    "add_tensor", "add_onnx_graph", "add_custom_scalars", "add_image_with_boxes"};

bool writes(std::string_view method) {
  return std::find(std::begin(kWrites), std::end(kWrites), method) != std::end(kWrites);
}

/// Is it the writer, or may it hold it?
bool holds(const py::Value& value, int writer) {
  return value.call == writer ||
         std::any_of(value.items().begin(), value.items().end(),
                     [&](const py::Value& one) { return holds(one, writer); });
}

bool file_writes(const py::ProgramFile& file) {
  return file.syntax.source.text().find(".add_") != std::string_view::npos;
}

}  // namespace

bool nothing_written(const py::Trace& trace, const py::CallEvent& writer) {
  if (trace.incomplete || !writer.origin.ends_with(".SummaryWriter") || writer.uncalled())
    return false;
  const bool could = std::any_of(trace.files.begin(), trace.files.end(), file_writes);
  bool handed = false;
  for (const py::CallEvent& call : trace.calls) {
    if (writes(call.method)) return false;  // with whatever, in whatever function
    if (call.receiver_call == writer.index && !one_of(call.method, {"close", "flush"}))
      return false;
    for (const py::Argument& argument : call.arguments) {
      if (!holds(argument.value, writer.index)) continue;
      if (!call.project) return false;
      handed = true;
    }
  }
  const bool kept = std::any_of(
      trace.assignments.begin(), trace.assignments.end(), [&](const py::AssignEvent& event) {
        return event.target.find('.') != std::string::npos && holds(event.value, writer.index);
      });
  return could && handed && !kept;
}

}  // namespace preflint::project
