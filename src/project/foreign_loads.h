#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "model/python/trace.h"

namespace preflint::project {

/// The places of a training program that load a state which it surely does not save: a pretrained
/// backbone, a teacher, the network of an earlier stage. A rerun does not go on from those.
///
/// A load is one of them when the file that it reads is known and no save of the program may have
/// written one of that name, or when it fills a part of a network while that is being put together.
/// What an option names that speaks of a checkpoint and of nothing else may be the program's own.
class ForeignLoads {
 public:
  explicit ForeignLoads(const py::Trace& trace);

  bool some() const { return !places_.empty(); }
  /// Is the word that begins there (`text` is the file's, of the same length) part of such a load,
  /// or the name of a function that does nothing else?
  bool explain(const py::ProgramFile& file, std::string_view text, uint32_t at) const;

 private:
  std::set<std::pair<const py::ProgramFile*, Span>> places_;  // of what is called: `torch.load`
  std::set<std::string, std::less<>> functions_;              // that hold them
};

}  // namespace preflint::project
