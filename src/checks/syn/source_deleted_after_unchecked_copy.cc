#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/one_of.h"
#include "project/artefacts.h"
#include "project/asked_before.h"

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
    // An archive may lie in the folder into which it is unpacked.
    const bool archive = copy.kind == Artefact::unpacked && &other == &removal;
    return !archive && other.kind == Artefact::removal && other.command == removal.command &&
           takes(other.landing.path, copy.landing.path);
  });
}

/// Was what is removed fetched or unpacked by the script itself, so that it can be had again?
bool fetched(const std::vector<Artefact>& artefacts, size_t removal) {
  const Value& gone = artefacts[removal].landing.path;
  return std::any_of(artefacts.begin(), artefacts.begin() + static_cast<std::ptrdiff_t>(removal),
                     [&](const Artefact& other) {
                       // Its own archive lies there by chance.
                       return other.kind == Artefact::unpacked && takes(gone, other.landing.path) &&
                              std::none_of(other.sources.begin(), other.sources.end(),
                                           [&](const Value& archive) { return archive == gone; });
                     });
}

/// `unzip a.zip || echo failed`: it may fail, the author knows it, and the script goes on.
bool foreseen(const shell::CommandEvent& event) {
  for (const shell::Frame* at = event.frame; at; at = at->parent) {
    if (at->kind == shell::FrameKind::function) return false;
    if (at->kind == shell::FrameKind::and_or_left) return at->or_operator;
  }
  return false;
}

/// Is what is removed the archive itself, known by its name? A folder of downloads can be fetched
/// again, and archives that a search finds may have lain in another one.
bool is_archive(const Artefact& removal, const Artefact& unpacked) {
  const auto& texts = removal.landing.path.alternatives();
  return std::all_of(texts.begin(), texts.end(),
                     [](const Text& text) {
                       const std::string_view end = text.known_suffix();
                       return text.known() || end.find('/') != std::string_view::npos;
                     }) &&
         std::any_of(unpacked.sources.begin(), unpacked.sources.end(),
                     [&](const Value& source) { return source == removal.landing.path; });
}

/// `tar xzf a.tgz || gtar xzf a.tgz`: behind the failure another command does the same work.
bool tried_again(const Run& run, const Artefact& copy, int removal) {
  const auto same_source = [&](const shell::Argument& argument) {
    return std::any_of(copy.sources.begin(), copy.sources.end(), [&](const Value& source) {
      return paths::basename(source.display()) == paths::basename(argument.value.display());
    });
  };
  const auto& commands = run.shell->commands;
  return std::any_of(commands.begin() + copy.command->index + 1, commands.begin() + removal,
                     [&](const shell::CommandEvent& event) {
                       return !one_of(event.name, {"echo", "printf", "rm", "ls"}) &&
                              project::alternative_to(*copy.command, event) &&
                              std::any_of(event.arguments.begin(), event.arguments.end(),
                                          same_source);
                     });
}

/// Was the same copied again in between, and is that copy known to have succeeded? A function that
/// restores a file runs once more as the EXIT trap after it failed.
bool copied_again(const std::vector<Artefact>& artefacts, const Artefact& copy,
                  const shell::CommandEvent& removal) {
  return std::any_of(artefacts.begin(), artefacts.end(), [&](const Artefact& other) {
    const shell::CommandEvent& again = *other.command;
    return other.kind == copy.kind && again.index > copy.command->index &&
           again.index < removal.index && again.tracked && !removal.state.failed(again.index) &&
           other.landing.path == copy.landing.path && other.sources == copy.sources &&
           project::encloses(again.frame, removal.frame);
  });
}

/// Did something before fetch the archive, or may have? Then it can be fetched again.
bool downloaded(const Run& run, const shell::CommandEvent& removal, const std::string& archive) {
  const std::string name = paths::basename(archive);
  const auto& commands = run.shell->commands;
  return std::any_of(
      commands.begin(), commands.begin() + removal.index, [&](const shell::CommandEvent& event) {
        if (one_of(event.name,
                   {"gdown", "kaggle", "hf", "huggingface-cli", "modelscope", "python"}))
          return true;
        if (!one_of(event.name, {"wget", "curl", "aria2c", "axel"})) return false;
        return std::any_of(event.arguments.begin(), event.arguments.end(),
                           [&](const shell::Argument& argument) {
                             return argument.value.display().find(name) != std::string::npos;
                           });
      });
}

}  // namespace

void source_deleted_after_unchecked_copy(project::Context& context) {
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    const auto& artefacts = context.artefacts(run);
    std::map<int, std::vector<const Artefact*>> copies;  // by the command that makes them
    for (const Artefact& one : artefacts) {
      const bool copies_files = one.kind == Artefact::copy && !one.pulled && !one.moves;
      if (copies_files || one.kind == Artefact::unpacked)
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
        const bool unpacked = copy->kind == Artefact::unpacked;
        if (unpacked && !foreseen(*copy->command) && !is_archive(removal, *copy)) continue;
        if (clears_up(artefacts, removal, *copy) ||
            tried_again(run, *copy, removal.command->index) ||
            copied_again(artefacts, *copy, *removal.command) ||
            (unpacked && downloaded(run, *removal.command, removal.path())))
          continue;
        Finding& finding = context.report(run, *removal.command);
        finding.arguments = {{"path", removal.path()}, {"copy", copy->tool}};
        if (unpacked) finding.message = "unpacked";
        finding.related.push_back(note(context, *copy, unpacked ? "unpacked-here" : "copied-here"));
        break;
      }
    }
  });
}

}  // namespace preflint::checks
