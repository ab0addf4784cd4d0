#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/landing.h"

namespace preflint::project {

/// A word of a command that deletes, as the command gets it: the globs of the word itself are holes
/// named as they are written ("*"), those that a loop has expanded already are not.
std::vector<Text> written_words(const shell::CommandEvent& event, const shell::Argument& argument);

/// What a word becomes when a variable in it has nothing to say.
struct Emptied {
  std::string name;       // the variable: "OUT", "1"
  Text path;              // what is left of the word
  bool at_start = false;  // `"$OUT"/x`: what is left begins at the root of the disk
};
/// Nothing when no variable of the word can be unset or empty there: it has a value on every path,
/// it was tested, `${x:?}` or `set -u` ends the shell first, or something unseen may have set it.
std::optional<Emptied> when_empty(const Run& run, const shell::CommandEvent& event,
                                  const shell::Argument& argument);

/// A path for messages: globs as they are written, relative to the folder where the command runs.
std::string shown(const Text& path);

/// A path without the globs at its end that match everything below (`/*`, `/.[!.]*`), and whether
/// there were any.
struct Emptying {
  Text folder;
  bool by_glob = false;
};
Emptying emptied_folder(const Text& path);

/// The tier whose own root goes with an absolute path (and everything in it), or with all that is
/// below it.
const catalog::Tier* tier_wiped(const catalog::Profile& profile, const Text& folder);

}  // namespace preflint::project
