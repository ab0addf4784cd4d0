#include <algorithm>
#include <set>

#include "catalog/profile.h"
#include "project/context.h"
#include "project/deletions.h"
#include "project/resolve.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;

Text absolute(const Text& path, const CommandEvent& event) {
  return paths::join(event.state.here(), path);
}

bool relative(const Text& text) {
  return !text.pieces().empty() && text.pieces().front().known && !paths::absolute(text) &&
         !text.known_prefix().starts_with('~');
}

/// The option word that holds the letters of `ln -sf`.
const shell::Argument* letters(const CommandEvent& event) {
  for (const shell::Argument& argument : event.arguments) {
    const std::string word = argument.constant().value_or("");
    if (word.size() > 1 && word[0] == '-' && word[1] != '-') return &argument;
  }
  return nullptr;
}

/// Has an earlier command of the run made this path a directory?
bool made(const project::Run& run, const CommandEvent& event, const Text& path) {
  return std::any_of(run.shell->commands.begin(), run.shell->commands.begin() + event.index,
                     [&](const CommandEvent& before) {
                       if (before.name != "mkdir") return false;
                       return std::any_of(before.arguments.begin(), before.arguments.end(),
                                          [&](const shell::Argument& argument) {
                                            return absolute(argument.value.alternatives()[0],
                                                            before) == path;
                                          });
                     });
}

/// Has an earlier command of the run removed what is at this path, or all that is beside it? Then
/// the link is made anew.
bool removed(const project::Run& run, const CommandEvent& event, const Text& path) {
  const auto removes = [&](const CommandEvent& before) {
    if (before.name != "rm" && before.name != "unlink") return false;
    const bool folders =
        before.has_option("-r") || before.has_option("-R") || before.has_option("--recursive");
    for (const shell::Argument& argument : before.arguments) {
      for (const Text& word : project::written_words(before, argument)) {
        const Text gone = absolute(word, before);
        if (gone == path) return true;
        const auto [folder, by_glob] = project::emptied_folder(gone);
        const auto around = paths::normalise(folder).constant();
        if ((by_glob || folders) && around && paths::under(path, *around) == Tri::yes) return true;
      }
    }
    return false;
  };
  return std::any_of(run.shell->commands.begin(), run.shell->commands.begin() + event.index,
                     removes);
}

}  // namespace

void panel_link_broken(project::Context& context) {
  const std::string& panel = context.profile().panel.directory;
  if (panel.empty()) return;
  std::set<std::pair<const project::Run*, std::string>>
      linked;  // by a program: paths that are links by now
  context.each_command(
      project::Where::instance, {"ln"}, [&](const project::Run& run, const CommandEvent& event) {
        if (!(event.has_option("-s") || event.has_option("--symbolic")) || event.has_option("-r") ||
            event.has_option("--relative"))
          return;
        const shell::Argument* target = event.operand(0);
        const shell::Argument* link = event.operand(1);
        if (!target || !link || event.operand(2) || event.has_option("-t")) return;
        const auto single = [](const shell::Argument& argument) {
          return argument.value.alternatives().size() == 1;
        };
        if (!single(*target) || !single(*link)) return;
        const Text to = target->value.alternatives()[0], written = link->value.alternatives()[0];
        const Text at = absolute(written, event);
        const bool below = paths::under(at, panel) == Tri::yes;
        Arguments arguments = {
            {"target", to.display()}, {"link", at.display()}, {"panel", panel}, {"means", ""}};
        if (below && relative(to)) {
          // Into the directory itself the link gets the target's name.
          const bool into = at.constant() == panel || written.known_suffix().ends_with('/');
          Text folder = into ? at : Text::literal(paths::dirname(at.display()));
          const Text means = paths::join(folder, to);
          if (made(run, event, means)) return;
          // `../autodl-tmp/tb`: it was written for where the link lies.
          const auto on = [&](const catalog::Tier* tier) {
            return tier && paths::under(means, tier->path) == Tri::yes;
          };
          if (on(context.profile().data_tier()) || on(context.profile().durable_tier())) return;
          Finding& finding = context.report(run, event);
          arguments["means"] = means.display();
          finding.arguments = std::move(arguments);
          const uint32_t begin = target->span.begin;
          if (event.unit->source.slice({begin, begin + 2}) == "./")
            context.edit(finding, *event.unit, {begin, begin + 2}, "\"$PWD\"/");
          else if (to.known())
            context.edit(finding, *event.unit, {begin, begin}, "\"$PWD\"/");
          return;
        }
        const bool from_panel = paths::under(to, panel) == Tri::yes && to.constant() != panel &&
                                paths::normalise(to) != Text::literal(panel);
        if (from_panel && paths::under(at, panel) == Tri::no) {
          if (made(run, event, paths::normalise(to)) ||
              linked.contains({&run.root(), to.display()}))
            return;
          Finding& finding = context.report(run, event);
          finding.message = "swapped";
          finding.arguments = std::move(arguments);
          return;
        }
        if (!below || at.constant() == panel || written.known_suffix().ends_with('/')) return;
        const bool again = !linked.emplace(&run.root(), at.display()).second;
        const bool safe = event.has_option("-n") || event.has_option("-T") ||
                          event.has_option("--no-dereference") ||
                          event.has_option("--no-target-directory");
        const bool forced = event.has_option("-f") || event.has_option("--force");
        if (safe || !(forced || again)) return;
        if (removed(run, event, at)) return;
        Finding& finding = context.report(run, event);
        finding.message = "nests";
        finding.arguments = std::move(arguments);
        if (const shell::Argument* option = letters(event)) {
          context.edit(finding, *event.unit, {option->span.end, option->span.end}, "n");
        }
      });
}

}  // namespace preflint::checks
