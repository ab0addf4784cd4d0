#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "catalog/profile.h"
#include "model/python/trace.h"
#include "model/shell/interpreter.h"
#include "project/artefacts.h"
#include "project/deletions.h"
#include "project/resumption.h"
#include "project/stopping.h"
#include "project/training.h"

namespace preflint::checks {

using project::Artefact;
using project::Run;
using shell::CommandEvent;
using shell::FrameKind;

namespace {

/// Words by which somebody asks for a deletion: `--overwrite`, `case $1 in clean)`.
bool asked_for(std::string_view condition) {
  return holds_any(lower(condition), {"overwrite", "clean", "force", "fresh", "reset", "purge",
                                      "wipe", "confirm", "delete", "remove"});
}

bool asked_for(const CommandEvent& event) {
  const std::string_view text = event.unit->source.text();
  for (const shell::Frame* frame = event.frame; frame; frame = frame->parent) {
    if (frame->text != event.unit) break;
    const bool inside = frame->kind == FrameKind::if_body || frame->kind == FrameKind::case_body;
    uint32_t begin = event.span.begin;
    if (inside && frame->command) begin = frame->command->span.begin;
    if (frame->kind == FrameKind::and_or_right && frame->and_or) begin = frame->and_or->span.begin;
    if (begin < event.span.begin && asked_for(text.substr(begin, event.span.begin - begin)))
      return true;
  }
  return false;
}

/// Checkpoints or a cache of the Hub, as a whole.
enum class Kept : uint8_t { nothing, checkpoints, cache };

Kept what(const Text& folder, const shell::Environment& environment) {
  const std::string shown = project::shown(paths::normalise(folder)),
                    name = lower(paths::basename(shown));
  for (const std::string_view end : {"/huggingface", "/huggingface/hub", "/huggingface/datasets"}) {
    if (shown.ends_with(end)) return Kept::cache;
  }
  if (name == "hf_cache" || name == "hf-cache" || name == "hf_home" || name == "models--*")
    return Kept::cache;
  std::string tool;
  for (const auto& cache : {project::hub_cache, project::datasets_cache}) {
    const Value place = cache(environment, tool);
    if (!tool.empty() && place.constant() &&
        (place.is(shown) || paths::dirname(*place.constant()) == shown) &&
        paths::basename(shown) != "root" && shown.size() > 1)
      return Kept::cache;
  }
  // One of many is thinned out by hand; what is fetched can be fetched again.
  const bool single = !name.empty() && name.back() >= '0' && name.back() <= '9';
  const bool wanted = project::is_checkpoint_folder(shown) && !single &&
                      !project::is_fetched(shown) && name.find("ipynb") == std::string::npos &&
                      !holds_any(lower(shown), {"/tmp/", "temp/", "mktemp", "/dev/shm/"});
  return wanted ? Kept::checkpoints : Kept::nothing;
}

/// Was the folder made, unpacked or copied away by the run itself, before?
bool made_or_copied(const std::vector<Artefact>& artefacts, int command, int order,
                    const Value& path) {
  return std::any_of(artefacts.begin(), artefacts.end(), [&](const Artefact& other) {
    if (other.command ? other.command->index >= command : !other.call || other.call->order >= order)
      return false;
    if (other.kind == Artefact::folder || other.kind == Artefact::unpacked)
      return other.landing.path == path;
    if (other.kind != Artefact::copy) return false;
    return std::any_of(other.sources.begin(), other.sources.end(), [&](const Value& source) {
      return std::any_of(
          source.alternatives().begin(), source.alternatives().end(), [&](const Text& from) {
            return std::any_of(path.alternatives().begin(), path.alternatives().end(),
                               [&](const Text& gone) {
                                 return from == gone || project::below(from, gone) ||
                                        (other.recursive && project::below(gone, from));
                               });
          });
    });
  });
}

struct Search {
  std::vector<const shell::Argument*> starts;
  bool deletes = false, filters = false, asks = false, empty_only = false;
  bool leavings_only = false;  // `-name __pycache__`: nothing that anybody would miss
};

Search search_of(const Run& run, const CommandEvent& event) {
  Search out;
  const auto words = event.words();
  bool named = false;
  size_t at = 0;
  while (at < words.size() && (words[at] == "-L" || words[at] == "-H" || words[at] == "-P")) ++at;
  for (; at < words.size(); ++at) {
    if (words[at].starts_with('-') || words[at] == "(" || words[at] == "!") break;
    out.starts.push_back(&event.arguments[at]);
  }
  for (; at < words.size(); ++at) {
    const std::string& word = words[at];
    const bool runs = word == "-exec" || word == "-execdir" || word == "-ok" || word == "-okdir";
    out.asks = out.asks || word.starts_with("-ok");
    out.empty_only = out.empty_only || word == "-empty";
    if ((word == "-name" || word == "-iname") && at + 1 < words.size()) {
      const bool leaving =
          one_of(words[at + 1], {"__pycache__", "*.pyc", "*.pyo", ".pytest_cache", ".mypy_cache",
                                 ".ipynb_checkpoints", ".DS_Store"});
      out.leavings_only = leaving && (out.leavings_only || !named);
      named = true;
    }
    if (word == "-delete" ||
        (runs && at + 1 < words.size() && paths::basename(words[at + 1]) == "rm"))
      out.deletes = true;
    if (runs) break;
    if (word == "-maxdepth" || word == "-mindepth")
      ++at;
    else if (word != "-delete" && word != "-depth" && word != "-xdev" && word != "-print")
      out.filters = true;
  }
  // find … | xargs rm
  const size_t next = static_cast<size_t>(event.index) + 1;
  if (event.stdout_piped && next < run.shell->commands.size()) {
    const CommandEvent& after = run.shell->commands[next];
    out.deletes =
        out.deletes || (after.name == "rm" && after.has_prefix("xargs") && after.stdin_piped);
  }
  return out;
}

/// The command as it stands in its file where the outer program has put something into it.
std::string command_text(const CommandEvent& event) {
  const Source& source = event.unit->source;
  const std::string_view text = source.slice(event.command_span);
  if (text.find(shell::kOutsideHole) == std::string_view::npos) return std::string(text);
  const Span outer = source.outer(event.command_span);
  return source.file().bytes.substr(outer.begin, outer.size());
}

class Deletions {
 public:
  Deletions(project::Context& context, const Run& run, const CommandEvent& event)
      : context_(context), run_(run), event_(event), command_(command_text(event)) {}

  void removed() {
    if (!event_.has_option("-r") && !event_.has_option("-R") && !event_.has_option("--recursive"))
      return;
    if (event_.has_option("-i") || event_.has_option("-I") || event_.has_option("--interactive"))
      return;
    std::vector<const shell::Argument*> operands;
    for (size_t n = 0; const shell::Argument* operand = event_.operand(n); ++n)
      operands.push_back(operand);
    for (const shell::Argument* operand : operands) {
      if (unset(*operand)) return;
    }
    if (project::confirmed(run_, event_)) return;
    for (const shell::Argument* operand : operands) {
      for (const Text& word : project::written_words(event_, *operand)) {
        const Text folder = project::emptied_folder(absolute(word)).folder;
        if (const catalog::Tier* tier = project::tier_wiped(context_.profile(), folder))
          return wiped(folder, *tier);
      }
    }
    if (asked_for(event_)) return;
    for (const shell::Argument* operand : operands) {
      for (const Text& word : project::written_words(event_, *operand)) {
        if (kept(absolute(word))) return;
      }
    }
  }

  void found() {
    const Search search = search_of(run_, event_);
    if (!search.deletes || search.asks || search.empty_only || search.leavings_only ||
        project::confirmed(run_, event_))
      return;
    for (const shell::Argument* start : search.starts) {
      for (const Text& word : project::written_words(event_, *start)) {
        const Text folder = project::emptied_folder(absolute(word)).folder;
        const catalog::Tier* tier = project::tier_wiped(context_.profile(), folder);
        if (!tier || (search.filters && !tier->durable)) continue;
        if (!search.filters) return wiped(folder, *tier);
        say("found", {{"path", project::shown(folder)}, {"command", command_}, {"name", ""}});
        return;
      }
    }
  }

 private:
  /// From the folder where the command runs.
  Text absolute(const Text& word) const {
    Text path = word;
    if (!path.pieces().empty() && !path.pieces()[0].known &&
        path.pieces()[0].text.find_first_of("*?[") == 0) {
      path = Text::literal("./");
      path.append(word);
    }
    return paths::join(event_.state.here(), path);
  }

  bool unset(const shell::Argument& operand) {
    const auto left = project::when_empty(run_, event_, operand);
    if (!left) return false;
    const Text path = absolute(left->path);
    const bool root = path.known_prefix().starts_with('/') &&
                      project::tier_wiped(context_.profile(), project::emptied_folder(path).folder);
    if (!left->at_start && !root) return false;
    const auto landing = context_.lander().land(operand.value, event_.state.cwd);
    if (made_or_copied(context_.artefacts(run_), event_.index, 0, landing.path)) return false;
    say("unset",
        {{"name", "$" + left->name}, {"path", project::shown(left->path)}, {"command", command_}});
    return true;
  }

  /// A folder on the disks for data in which the next run would find what the last one left, had it
  /// been stopped. (A sweep clears the folders of its runs one by one.)
  bool of_the_next_run(const project::Landing& landing) const {
    return landing.tier && landing.tier != context_.profile().system_tier() &&
           landing.path.constant() && !event_.within(FrameKind::loop_body) &&
           project::resumed_from(context_, run_, event_.index, landing.path);
  }

  /// Somebody has started a script that is named for it and does nothing else:
  /// `clean_checkpoints.sh`.
  bool named_for_it() const {
    return run_.entry() && run_.children.empty() &&
           asked_for(paths::basename(run_.unit->file().path));
  }

  static bool fetches(const CommandEvent& event) {
    const std::string first = event.arguments.empty() ? "" : event.words().front();
    if (event.name == "tar") return first.find('x') != std::string::npos;
    if (event.name == "git") return first == "clone";
    if (one_of(event.name, {"hf", "huggingface-cli", "modelscope"})) return first == "download";
    return one_of(event.name, {"unzip", "wget", "aria2c", "gdown"});
  }

  /// Is the folder filled from archives or downloads afterwards? Then that is what it held.
  bool fetched_again(const Value& folder) const {
    const auto within = [&](const Value& path) {
      return std::any_of(
          path.alternatives().begin(), path.alternatives().end(), [&](const Text& one) {
            return std::any_of(
                folder.alternatives().begin(), folder.alternatives().end(),
                [&](const Text& gone) { return one == gone || project::below(one, gone); });
          });
    };
    const auto& commands = run_.shell->commands;
    return std::any_of(commands.begin(), commands.end(), [&](const CommandEvent& after) {
      if (after.index <= event_.index || !fetches(after)) return false;
      const project::Lander& lander = context_.lander();
      return within(lander.land(Value(Text::literal(".")), after.state.cwd).path) ||
             std::any_of(after.arguments.begin(), after.arguments.end(),
                         [&](const shell::Argument& argument) {
                           return !argument.value.known_start().starts_with("-") &&
                                  within(lander.land(argument.value, after.state.cwd).path);
                         });
    });
  }

  void wiped(const Text& folder, const catalog::Tier& tier) {
    say("", {{"command", command_}, {"path", project::shown(folder)}, {"tier", tier.path}});
  }

  bool kept(const Text& path) {
    const project::Emptying emptying = project::emptied_folder(path);
    Kept kind = what(emptying.folder, event_.environment);
    const project::Landing landing =
        context_.lander().land(Value(emptying.folder), event_.state.cwd);
    const Value& landed = landing.path;
    if (kind == Kept::nothing && of_the_next_run(landing)) kind = Kept::checkpoints;
    if (kind == Kept::nothing) return false;
    if (made_or_copied(context_.artefacts(run_), event_.index, 0, landed)) return false;
    const bool foreseen = named_for_it() || (kind == Kept::checkpoints && fetched_again(landed));
    say(kind == Kept::cache ? "cache" : "checkpoints", {{"path", project::shown(path)}}).severity =
        foreseen ? Severity::info : Severity::warning;
    return true;
  }

  Finding& say(std::string message, Arguments arguments) {
    Finding& finding = context_.report(run_, event_);
    finding.message = std::move(message);
    finding.arguments = std::move(arguments);
    return finding;
  }

  project::Context& context_;
  const Run& run_;
  const CommandEvent& event_;
  std::string command_;
};

/// shutil.rmtree.
void removed_trees(project::Context& context, const Run& run) {
  const auto& artefacts = context.artefacts(run);
  for (const Artefact& gone : artefacts) {
    if (gone.kind != Artefact::removal || !gone.recursive || !gone.call || gone.call->uncalled())
      continue;
    const py::CallEvent& call = *gone.call;
    const Source& source = call.file->syntax.source;
    if (project::asks(source.text().substr(0, call.span.begin))) continue;
    for (const Text& folder : gone.landing.path.alternatives()) {
      const catalog::Tier* tier = project::tier_wiped(context.profile(), folder);
      const Kept kind = tier ? Kept::nothing : what(folder, run.environment);
      if (!tier) {
        bool asked = false;
        for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
          for (const std::string& name : frame->mentions) asked = asked || asked_for(name);
        }
        if (kind == Kept::nothing || asked || call.loop_depth() > 0 ||
            made_or_copied(artefacts, -1, call.order, gone.landing.path))
          continue;
      }
      Finding& finding = context.report(run, source, call.span, call.frame);
      finding.arguments = {{"command", std::string(source.slice(call.span))},
                           {"path", project::shown(folder)}};
      if (tier) finding.arguments["tier"] = tier->path;
      if (!tier) finding.message = kind == Kept::cache ? "cache" : "checkpoints";
      if (!tier) finding.severity = Severity::warning;
      break;
    }
  }
}

}  // namespace

void unguarded_rm_rf(project::Context& context) {
  context.each_command(project::Where::instance, {"rm", "find"},
                       [&](const Run& run, const CommandEvent& event) {
                         if (event.uncalled() || event.function_call) return;
                         Deletions deletions(context, run, event);
                         if (event.name == "rm")
                           deletions.removed();
                         else
                           deletions.found();
                       });
  context.each_python_run(project::Where::instance,
                          [&](const Run& run) { removed_trees(context, run); });
}

}  // namespace preflint::checks
