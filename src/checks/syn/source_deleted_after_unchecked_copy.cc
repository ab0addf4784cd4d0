#include <map>

#include "project/artefacts.h"

namespace preflint::checks {

using project::Artefact;
using project::Run;

namespace {

/// Is what is removed the copied file or folder, one that holds it, or what lies in it?
bool takes(const Value& removed, const Value& source) {
  for (const Text& gone : removed.alternatives()) {
    // A path of which nothing is known is not the same as another such.
    const auto& pieces = gone.pieces();
    if (pieces.size() == 1 && !pieces[0].known &&
        (pieces[0].text == "?" || pieces[0].text.starts_with("$(")))
      continue;
    for (const Text& from : source.alternatives()) {
      if (gone == from || project::below(from, gone) || project::below(gone, from)) return true;
    }
  }
  return false;
}

/// Does the same command remove the copy, too? Then it clears up, and nothing was meant to be kept.
bool clears_up(const std::vector<Artefact>& artefacts, const Artefact& removal,
               const Artefact& copy) {
  return std::any_of(artefacts.begin(), artefacts.end(), [&](const Artefact& other) {
    return other.kind == Artefact::removal && other.command == removal.command &&
           takes(other.landing.path, copy.landing.path);
  });
}

/// Was what is removed fetched or unpacked by the script itself, so that it can be had again?
bool fetched(const std::vector<Artefact>& artefacts, size_t removal) {
  for (size_t i = 0; i < removal; ++i) {
    if (artefacts[i].kind == Artefact::unpacked &&
        takes(artefacts[removal].landing.path, artefacts[i].landing.path))
      return true;
  }
  return false;
}

}  // namespace

void source_deleted_after_unchecked_copy(project::Context& context) {
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    const auto& artefacts = context.artefacts(run);
    std::map<int, std::vector<const Artefact*>> copies;  // by the command that makes them
    for (const Artefact& one : artefacts) {
      if (one.kind == Artefact::copy && !one.pulled && !one.moves)
        copies[one.command->index].push_back(&one);
    }
    for (size_t i = 0; i < artefacts.size(); ++i) {
      const Artefact& removal = artefacts[i];
      if (removal.kind != Artefact::removal || !removal.command->state.may_have_failed) continue;
      if (paths::under(removal.path(), "/tmp") || fetched(artefacts, i)) continue;
      for (const int site : *removal.command->state.may_have_failed) {
        if (site < 0 || site >= removal.command->index) continue;
        const auto made = copies.find(site);
        if (made == copies.end()) continue;
        const auto lost =
            std::find_if(made->second.begin(), made->second.end(), [&](const Artefact* other) {
              return other < &removal && std::any_of(other->sources.begin(), other->sources.end(),
                                                     [&](const Value& source) {
                                                       return takes(removal.landing.path, source);
                                                     });
            });
        if (lost == made->second.end()) continue;
        const Artefact* copy = *lost;
        if (clears_up(artefacts, removal, *copy)) continue;
        Finding& finding = context.report(run, *removal.command);
        finding.arguments = {{"path", removal.path()}, {"copy", copy->tool}};
        finding.related.push_back(note(context, *copy, "copied-here"));
        break;
      }
    }
  });
}

}  // namespace preflint::checks
