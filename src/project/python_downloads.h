#pragma once

#include <optional>
#include <string>

#include "project/context.h"
#include "project/download_size.h"
#include "project/python_needs.h"

namespace preflint::project {

/// Where a call keeps what it downloads.
struct DownloadPlace {
  Value path;
  Span span;         // of the argument that says it; of what is called otherwise
  std::string tool;  // that argument, "torch.hub.set_dir" or the variable that decides; "" when the
                     // path is a documented default
};

/// Nothing when it is not known, or when the call fetches small files only or none at all.
std::optional<DownloadPlace> download_place(const Context& context, const py::Trace& trace,
                                            const PythonNeed& need);
/// How much it is, as far as the names in the call say.
DownloadSize size_of_download(const PythonNeed& need);

}  // namespace preflint::project
