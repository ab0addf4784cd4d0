#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "project/context.h"

namespace preflint::project {

/// How a project tells people to start its scripts: in a script's own comments (`# Usage:
/// HF_HUB_OFFLINE=1 bash run.sh`) and in its guides. Whether they do nobody knows: what is told
/// makes a finding less certain, never none. For Context::shared.
class ToldStarts {
 public:
  enum What : uint8_t { hub, tracker };

  explicit ToldStarts(const Context& context) : context_(context) {}

  /// Is the script of the run, or one that starts it, to be started with the Hub's libraries
  /// offline, or with the tracker off?
  bool offline(const Run& run, What what) const;

  /// Stands an id of the Hub in the text around a command only as the default of variables,
  /// `${MODEL:-acme/widget}`, one of which a guide or another script sets to a path?
  bool path_instead(const shell::CommandEvent& event, std::string_view id) const;

 private:
  bool sets_path(std::string_view variable, const File& asking) const;

  const Context& context_;
};

}  // namespace preflint::project
