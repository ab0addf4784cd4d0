#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/profile.h"
#include "probe/facts.h"
#include "probe/image.h"
#include "probe/judge.h"
#include "syntax/source.h"

namespace preflint::cli {

/// Which box is looked at: the one that ssh reaches, a captured output, a mounted root; this one
/// when all are empty.
struct BoxOptions {
  std::string host, from, root;
  int port = 0;
  double timeout = 30;
  std::string capture;  // where the box's own words are kept
};

/// A box, looked at and judged.
struct Box {
  std::string target;  // as it is shown
  const catalog::Profile* profile = nullptr;
  std::shared_ptr<const File> output;  // what it told; findings are places in it
  probe::Facts facts;
  probe::Image image;
  std::vector<probe::Answer> answers;
  probe::Verdict verdict = probe::Verdict::unknown;
  /// A mistake in the options or a file that cannot be read or written, in a sentence.
  std::optional<Sentence> complaint;
};

Box look_at(const BoxOptions& options, const catalog::Profile& profile);

}  // namespace preflint::cli
