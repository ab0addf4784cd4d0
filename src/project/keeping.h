#pragma once

#include <vector>

#include "project/artefacts.h"

namespace preflint::project {

/// What one program of the project (an entry with everything that it starts) saves, and what of it
/// is brought to where it survives the instance.
struct Keeping {
  std::vector<const Artefact*> saved;  // checkpoints, at places that end with the instance
  std::vector<const Artefact*>
      beside;  // checkpoints in folders of the project, wherever that lies on the box
  std::vector<const Artefact*> kept;  // copies to the durable tier or off the box
  bool unknown = false;               // something is saved or copied to a place that is not known
  bool pushes = false;                // it may bring away itself what it saves
  bool durable = false;               // something is saved where it survives
  bool trains = false;

  /// Nothing that it saves survives, for sure.
  bool loses() const {
    return !saved.empty() && kept.empty() && !unknown && !pushes && !durable && beside.empty();
  }
  /// The same, unless the project itself lies on the durable tier.
  bool keeps_nothing() const {
    return !(saved.empty() && beside.empty()) && kept.empty() && !unknown && !pushes && !durable;
  }
};

/// An entry of the project with everything that it starts.
struct EntryKeeping {
  const Run* root;
  Keeping keeping;
  bool others = false;  // a tool of a library that lies in the project: nobody here names it
  bool module = false;  // a module of a package, which nobody here names
};
std::vector<EntryKeeping> keepings(const Context& context);
/// Does another entry, one that does not train, bring files away (a script that pulls, a nightly
/// sync)? One that nobody starts does not, and neither does a module that copies who knows where.
bool kept_by_others(const std::vector<EntryKeeping>& all, const Run& root);
/// Do the project's guides tell people to copy what is saved to the durable tier, or to fetch it?
bool kept_by_hand(const Context& context, const Keeping& keeping);
/// A copy that brings files to where they survive. maybe: its target is not known.
Tri keeps(const Artefact& artefact);
/// Entries of the project.
std::vector<const Run*> entries(const Program& program);

}  // namespace preflint::project
