#include "project/python_downloads.h"

#include "project/artefacts.h"
#include "project/dependencies.h"
#include "project/python_writers.h"

namespace preflint::project {
namespace {

using py::CallEvent;

/// `torch.hub.set_dir(…)`, the last one before.
const CallEvent* hub_folder(const py::Trace& trace, int before) {
  const CallEvent* found = nullptr;
  for (const CallEvent& call : trace.calls) {
    if (call.order < before && call.origin == "torch.hub.set_dir") found = &call;
  }
  return found;
}

}  // namespace

std::optional<DownloadPlace> download_place(const Context& context, const py::Trace& trace,
                                            const PythonNeed& need) {
  const CallEvent& call = *need.call;
  if (loads_small_files(call.origin) || need.reach == Reach::local) return std::nullopt;
  // Read as it comes, `load_dataset(…, streaming=True)`: nothing is stored.
  if (call.origin.starts_with("datasets.") && !need.large) return std::nullopt;
  DownloadPlace out;
  out.span = call.callee_span;
  const py::Argument* given = call.keyword("local_dir");
  for (const char* name : {"cache_dir", "cache_folder", "model_dir", "root"}) {
    if (!given) given = call.keyword(name);
  }
  const bool named = given && !given->value.is_none();
  if (!named && call.more_keywords) return std::nullopt;  // it may be among them
  if (named) {
    if (call.given(-1, {"local_dir", "cache_dir", "cache_folder", "model_dir", "root"}) != Tri::yes)
      return std::nullopt;
    out.path = given->value.text();
    out.span = given->span;
    out.tool = given->keyword;
  } else if (need.kind == PythonNeed::hub && call.origin.starts_with("datasets.")) {
    out.path = datasets_cache(need.environment, out.tool);
  } else if (need.kind == PythonNeed::hub) {
    // Transformers 3 keeps its files beside torch's.
    if (call.origin.starts_with("transformers.") &&
        context.shared<Dependencies>().keep_below("transformers", "4.0"))
      return std::nullopt;
    out.path = hub_cache(need.environment, out.tool);
  } else if (need.kind == PythonNeed::weights) {
    const CallEvent* chosen = hub_folder(trace, call.order);
    if (chosen && (chosen->arguments.empty() || !chosen->arguments[0].value.text().constant()))
      return std::nullopt;
    if (chosen) {
      out.path = chosen->arguments[0].value.text();
      out.span = chosen->arguments[0].span;
      out.tool = "torch.hub.set_dir";
    } else {
      out.path = torch_cache(need.environment, out.tool);
    }
  } else if (need.kind == PythonNeed::modelscope) {
    out.path = modelscope_cache(need.environment, out.tool);
  } else {
    return std::nullopt;
  }
  return out;
}

DownloadSize size_of_download(const PythonNeed& need) {
  const CallEvent& call = *need.call;
  if (call.origin.starts_with("evaluate.")) return DownloadSize::small;
  if (need.kind == PythonNeed::weights) {
    // One file of weights each; torch.hub has large ones too, and their names say so.
    const py::Argument* model =
        call.argument(call.origin == "torch.hub.load" ? 1 : 0, {"model", "model_name"});
    const bool large =
        model && model_size(model->value.constant().value_or("")) == DownloadSize::large;
    return large ? DownloadSize::large : DownloadSize::small;
  }
  const py::Argument* type = call.keyword("repo_type");
  const bool data = call.origin.starts_with("datasets.") ||
                    call.origin.ends_with("MsDataset.load") || (type && type->value.is("dataset"));
  if (data) return dataset_size(need.repository);
  DownloadSize size = model_size(need.repository);
  const py::Argument* file =
      call.origin.ends_with("hf_hub_download") ? call.argument(1, {"filename"}) : nullptr;
  if (file && size == DownloadSize::unknown) size = file_size(file->value.constant().value_or(""));
  return size == DownloadSize::unknown && call.origin == "timm.create_model" ? DownloadSize::small
                                                                             : size;
}

}  // namespace preflint::project
