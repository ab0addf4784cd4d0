#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/python/trace.h"

/// What functions of libraries do with files, as documented: by the call alone, whatever happened
/// before it.
namespace preflint::project {

/// Where a function takes the path that it writes.
struct PathArgument {
  int position = -1;
  std::vector<std::string_view> keywords;
  bool repeats = false;  // by itself, while a training runs

  /// What a call gives for it; null when it does not say.
  const py::Argument* of(const py::CallEvent& call) const;
  /// It may be among `*x` or `**x`.
  bool hidden(const py::CallEvent& call) const;
};

/// Functions that save a model's state; the path argument of each as documented.
std::optional<PathArgument> saver(const py::CallEvent& call);
/// `torch.save({"questions": …, "answers": …}, cache)`, `torch.save(features, "features.pt")`: what
/// is saved is data, by what the call and the file's name say, and no state of a model.
bool saves_data(const py::CallEvent& call, const Value& path);
/// Functions that write one image or array each.
std::optional<PathArgument> sample_writer(const py::CallEvent& call);
/// Is this a function that copies files: "shutil.copytree"?
bool copies(std::string_view origin);
/// Sends files to another machine or a service.
bool uploads(const py::CallEvent& call);
/// Tokenizers, processors and configurations are small files.
bool loads_small_files(std::string_view origin);

}  // namespace preflint::project
