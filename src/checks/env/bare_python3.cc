#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/one_of.h"
#include "base/text.h"
#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/asked_before.h"
#include "project/context.h"
#include "project/guide_steps.h"
#include "project/remote_calls.h"
#include "project/standard_library.h"
#include "project/uncalled.h"
#include "project/upkeep.h"

namespace preflint::checks {

namespace {

bool versioned(std::string_view word) {
  for (const std::string_view tool : {"python3", "pip3"}) {
    if (!word.starts_with(tool)) continue;
    const std::string_view rest = word.substr(tool.size());
    return rest.empty() ||
           (rest[0] == '.' && rest.find_first_not_of("0123456789", 1) == std::string_view::npos);
  }
  return false;
}

/// `python3 -m json.tool x || cat x`: where the name is missing something else does the work. A
/// message, an exit or nothing does not.
bool has_fallback(const project::Run& run, const shell::CommandEvent& event) {
  const bool remote = run.over_ssh || run.unit->embedding == Embedding::ssh;
  return std::any_of(run.shell->commands.begin(), run.shell->commands.end(),
                     [&](const shell::CommandEvent& other) {
                       // What has no python3 on its PATH has no conda there either.
                       const bool as_bare =
                           remote && one_of(other.name, {"python", "pip"}) &&
                           other.word.value.display().find('/') == std::string::npos;
                       return project::alternative_to(event, other) && !other.name.empty() &&
                              !as_bare && !(other.word.value == event.word.value) &&
                              !one_of(other.name, {"echo", "printf", "exit", "return", "true", ":",
                                                   "false", "logger", "break", "continue"});
                     });
}

/// `python3 -c … 2>/dev/null || true`: the script says itself that it does not miss it.
bool not_missed(const project::Run& run, const shell::CommandEvent& event) {
  static const RE2 kSilent(R"((?:2|&)>{1,2}\s*/dev/null)");
  const shell::Frame* left = event.enclosing(shell::FrameKind::and_or_left);
  if (!left || !left->and_or || left->text != event.unit) return false;
  return RE2::PartialMatch(event.unit->source.slice(left->and_or->span), kSilent) &&
         std::any_of(
             run.shell->commands.begin(), run.shell->commands.end(),
             [&](const shell::CommandEvent& other) {
               return one_of(other.name, {"true", ":"}) && project::alternative_to(event, other);
             });
}

/// Another interpreter: `python`, `.venv/bin/python`, `pip`.
bool another(const Value& value, std::string_view word) {
  const auto name = value.constant();
  if (!name || *name == word) return false;
  const std::string base = paths::basename(*name);
  return versioned(base) || one_of(base, {"python", "pip", "conda"});
}

/// `$PY -c 'import torch' || PY=python`, `if python3 -c …; then PY=python3; else PY=python; fi`: it
/// is tried whether the name is there, and another is taken where it is not.
bool tried_first(const project::Run& run, const shell::CommandEvent& event,
                 const std::string& word) {
  return std::any_of(run.shell->assignments.begin(), run.shell->assignments.end(),
                     [&](const shell::AssignmentEvent& other) {
                       return another(other.value, word) && project::decided_by(event, other.frame);
                     }) ||
         std::any_of(run.shell->commands.begin(), run.shell->commands.end(),
                     [&](const shell::CommandEvent& other) {
                       return one_of(other.name, {"python", "pip"}) &&
                              another(other.word.value, word) &&
                              project::decided_by(event, other.frame);
                     });
}

/// `# Run it in the "widgets" environment: conda activate widgets`: it holds a `python3`. A command
/// that is commented out says nothing, and `# in the AutoDL environment` names no such thing.
bool wants_environment(const File& file, const std::string& platform) {
  static const RE2 kActivates(R"(#+\s*[^#\s].*(?:conda|mamba)\s+activate\s+([\w.-]+))");
  static const RE2 kChinese(
      R"(在\s*[“「'"`]?([A-Za-z][\w.-]*)[”」'"`]?\s*(?:conda\s*)?(?:虚拟)?环境(?:中|下|里|内))");
  static const RE2 kEnglish(
      R"re((?i)\b(?:in|inside|within) (?:the |an activated )?['"`]?([a-z][\w.-]*)['"`]? (?:conda |virtual )env)re");
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string row(trimmed(take_line(rest)));
    if (!row.starts_with("#")) continue;
    for (const RE2* form : {&kActivates, &kChinese, &kEnglish}) {
      std::string name;
      if (!RE2::PartialMatch(row, *form, &name)) continue;
      const std::string plain = lower(name);
      if (plain != platform &&
          !one_of(plain, {"base", "conda", "linux", "ubuntu", "gpu", "cuda", "python", "docker"}))
        return true;
    }
  }
  return false;
}

/// Environments that scripts of the project make. Each of them holds a `python3`, and what the
/// project starts by hand is meant to be started in it.
struct OwnEnvironments {
  explicit OwnEnvironments(const project::Context& context) {
    context.each_command(project::Where::instance, {"conda", "mamba", "micromamba"},
                         [&](const project::Run& run, const shell::CommandEvent& event) {
                           const shell::Argument* sub = event.operand();
                           const bool creates =
                               sub && !event.has_option("--clone") &&
                               (sub->is("create") || (sub->is("env") && event.operand(1) &&
                                                      event.operand(1)->is("create")));
                           if (creates) makers.insert(&run.root());
                         });
  }
  /// One that is made by another start than the run's.
  bool before(const project::Run& run) const {
    return std::any_of(makers.begin(), makers.end(),
                       [&](const project::Run* root) { return root != &run.root(); });
  }
  std::set<const project::Run*> makers;
};

/// What a Python program runs, and the text of `bash -c`, finds on its PATH what was there where it
/// was started: the start that counts is that of the program or script around it.
const project::Run& started(const project::Run& run) {
  const auto inherits = [](const project::Run& inner) {
    const Embedding how = inner.unit->embedding;
    return how == Embedding::os_call || how == Embedding::dash_c || how == Embedding::heredoc;
  };
  const project::Run* at = &run;
  while (inherits(*at) && at->parent && !at->over_ssh) at = at->parent;
  return *at;
}

/// Is it started by hand in an environment that the guides have people make, as a part of what they
/// start?
bool started_apart(const project::GuideSteps& guides, const project::Run& run) {
  for (const project::Run* at = &run; at && !at->over_ssh; at = at->parent) {
    if (guides.started_apart(at->unit->file().path)) return true;
  }
  return false;
}

/// Is the command the first item of a list of arguments, `["pip3", "list"]`, and no shell's text?
bool item_of_list(const shell::CommandEvent& event) {
  const Source& source = event.unit->source;
  const uint32_t end = event.word.span.end;
  if (event.unit->embedding != Embedding::os_call || end >= source.text().size()) return false;
  const Span between = source.outer({end, end + 1});
  return std::string_view(event.unit->file().bytes).substr(between.begin, between.size()) !=
         source.slice({end, end + 1});
}

/// Writes the interpreter into a list of arguments of a Python file, where it is best the one that
/// runs the program. Does nothing where the item is more than a plain literal.
void edit_item(project::Context& context, Finding& finding, const project::Run& run,
               const shell::CommandEvent& event, bool pip) {
  static const RE2 kImportsSys(R"((?m)^import\s+(?:[\w.]+\s*,\s*)*sys[ \t]*(?:,|#|\r?$))");
  if (!run.launch_file || run.launch_file->syntax.source.embedded()) return;
  const Source& source = run.launch_file->syntax.source;
  const std::string_view text = source.text();
  const Span word = event.unit->source.outer(event.word.span);
  if (word.begin < 2 || word.end >= text.size()) return;
  const char quote = text[word.begin - 1], before = text[word.begin - 2];
  const bool literal = (quote == '"' || quote == '\'') && text[word.end] == quote &&
                       before != quote && !std::isalnum(static_cast<unsigned char>(before));
  if (!literal) return;
  std::string better = RE2::PartialMatch(text, kImportsSys)
                           ? "sys.executable"
                           : quote + context.profile().python.interpreter + quote;
  if (pip) {
    for (const std::string_view item : {"-m", "pip"}) {
      better += ", ";
      better += quote + std::string(item) + quote;
    }
  }
  context.edit(finding, source, {word.begin - 1, word.end + 1}, better);
}

/// What a run says about names before it uses them.
struct Names {
  std::vector<const shell::CommandEvent*> asked;    // command -v, which, type, hash
  std::vector<const shell::CommandEvent*> aliases;  // alias python3=…
  std::vector<const shell::CommandEvent*> installs;
  std::vector<const shell::CommandEvent*> links;

  explicit Names(const project::Run& run) : run_(run) {
    for (const shell::CommandEvent& event : run.shell->commands) {
      const std::string& name = event.name;
      if (name == "command" || name == "which" || name == "type" || name == "hash")
        asked.push_back(&event);
      if (name == "apt" || name == "apt-get") installs.push_back(&event);
      if (name == "ln") links.push_back(&event);
      if (name == "alias" && !event.arguments.empty()) aliases.push_back(&event);
    }
  }

  /// `apt install python3 python3-pip`: then the name is there.
  bool installed(const shell::CommandEvent& event, const std::string& word) const {
    return std::any_of(installs.begin(), installs.end(), [&](const shell::CommandEvent* install) {
      return install->index < event.index &&
             std::any_of(install->arguments.begin(), install->arguments.end(),
                         [&](const shell::Argument& argument) {
                           return argument.is(word.starts_with("pip") ? "python3-pip" : "python3");
                         });
    });
  }

  /// `ln -s /root/miniconda3/bin/python /usr/local/bin/python3`
  bool linked(const shell::CommandEvent& event, const std::string& word) const {
    return std::any_of(links.begin(), links.end(), [&](const shell::CommandEvent* link) {
      const shell::Argument* name = link->operand(1);
      return link->index < event.index && name && paths::basename(name->value.display()) == word;
    });
  }

  bool aliased(const shell::CommandEvent& event, const std::string& word) const {
    return std::any_of(aliases.begin(), aliases.end(), [&](const shell::CommandEvent* alias) {
      return alias->index < event.index &&
             alias->arguments.back().value.display().starts_with(word + "=");
    });
  }

  /// Does the command stand in a branch that was taken because the name was found: of an `if` whose
  /// condition asked for it, or behind an `&&` or `||`?
  bool looked_for(const shell::CommandEvent& event, const std::string& word) const {
    return std::any_of(asked.begin(), asked.end(), [&](const shell::CommandEvent* asking) {
      const bool about =
          std::any_of(asking->arguments.begin(), asking->arguments.end(),
                      [&](const shell::Argument& argument) { return argument.value.may_be(word); });
      return about && asking->index < event.index &&
             (leads_to(asking->frame, event.frame) || kept_in_variable(*asking, event));
    });
  }

 private:
  /// `if command -v python3; then HAVE=1; else HAVE=0; fi`, `P3=$(command -v python3)`: does the
  /// command stand in a branch that the answer decides?
  bool kept_in_variable(const shell::CommandEvent& asking, const shell::CommandEvent& event) const {
    return std::any_of(
        run_.shell->assignments.begin(), run_.shell->assignments.end(),
        [&](const shell::AssignmentEvent& kept) {
          const bool answer = (kept.unit == asking.unit && kept.span.contains(asking.span)) ||
                              leads_to(asking.frame, kept.frame);
          return answer && kept.next_command <= event.index && asks_for(kept.name, event);
        });
  }

  /// Does a condition around the command ask for a variable?
  static bool asks_for(const std::string& name, const shell::CommandEvent& event) {
    const auto mentions = [&](std::string_view text) {
      for (size_t at = text.find(name); at != std::string_view::npos;
           at = text.find(name, at + 1)) {
        const size_t end = at + name.size();
        const bool whole =
            end == text.size() ||
            !(std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_');
        if (whole && at > 0 && (text[at - 1] == '$' || text[at - 1] == '{')) return true;
      }
      return false;
    };
    for (const shell::Frame* at = event.frame; at; at = at->parent) {
      if (at->kind == shell::FrameKind::if_body && at->command) {
        const auto& clauses = at->command->clauses;
        for (size_t i = 0; i < clauses.size() && i <= at->index; ++i) {
          if (mentions(at->text->source.slice(clauses[i].condition.span))) return true;
        }
      }
      if (at->kind == shell::FrameKind::and_or_right && at->and_or && at->text == event.unit &&
          at->and_or->span.contains(event.span) &&
          mentions(event.unit->source.slice({at->and_or->span.begin, event.span.begin})))
        return true;
    }
    return false;
  }

  const project::Run& run_;

  static bool leads_to(const shell::Frame* test, const shell::Frame* inner) {
    using shell::FrameKind;
    for (; inner; inner = inner->parent) {
      if (inner->kind != FrameKind::if_body && inner->kind != FrameKind::and_or_right) continue;
      for (const shell::Frame* at = test; at; at = at->parent) {
        const bool same_if = at->kind == FrameKind::if_condition &&
                             inner->kind == FrameKind::if_body && at->command == inner->command;
        const bool same_list =
            inner->kind == FrameKind::and_or_right && at->and_or && at->and_or == inner->and_or;
        if (same_if || same_list) return true;
      }
    }
    return false;
  }
};

}  // namespace

void bare_python3(project::Context& context) {
  const auto& python = context.profile().python;
  if (python.interpreter.empty()) return;
  std::map<const project::Run*, Names> names;
  std::map<const File*, bool> wanting;  // an environment, as the file's comments say
  // A variable that holds the name is one thing to mend, however many commands it stands for.
  std::map<std::pair<const Unit*, Span>, Finding*> told;
  context.each_command(
      project::Where::instance, {"python", "pip"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        const auto word = event.word.constant();
        if (!word || !versioned(*word) || event.environment.activated != Tri::no) return;
        const Names& known = names.try_emplace(&run, run).first->second;
        if (known.looked_for(event, *word) || known.aliased(event, *word) ||
            known.linked(event, *word) || known.installed(event, *word) ||
            has_fallback(run, event) || tried_first(run, event, *word) ||
            project::asks_version(run, event) ||
            context.shared<project::UnnamedShellFunctions>().hold(run, event))
          return;
        const project::Run& start = started(run);
        const Embedding how = start.unit->embedding;
        // A script that was written for the box runs in what the box has.
        const bool own_start =
            how == Embedding::file && !start.over_ssh &&
            !project::meant_for_platform(event.unit->file().bytes, context.profile());
        if (own_start && context.shared<OwnEnvironments>().before(run)) return;
        if (how == Embedding::file && !start.over_ssh) {
          const auto [at, fresh] = wanting.try_emplace(&event.unit->file());
          if (fresh) at->second = wants_environment(*at->first, context.profile().name);
          if (at->second || started_apart(context.shared<project::GuideSteps>(), start)) return;
        }
        const project::WrittenWord place = project::written_at(run, event, event.word);
        const bool held = place.unit != event.unit || !(place.span == event.word.span);
        Finding*& first = told[{place.unit, place.span}];
        if (held && first) {
          Note note = context.note(*event.unit, event.word.span, "also-here");
          const bool said =
              note.place == first->place ||
              std::any_of(first->related.begin(), first->related.end(),
                          [&](const Note& other) { return other.place == note.place; });
          if (!said) first->related.push_back(std::move(note));
          return;
        }
        Finding& finding = context.report(run, event, event.word.span);
        if (held) {
          finding.related.push_back(context.note(*place.unit, place.span, "value-from-here"));
          first = &finding;
        }
        const bool pip = word->starts_with("pip");
        const std::string interpreter = pip ? python.interpreter + " -m pip" : python.interpreter;
        finding.arguments = {{"command", *word}, {"interpreter", interpreter}};
        // A wrapper started from a login shell inherits a PATH that often holds it, and so does a
        // notebook from the image's Jupyter.
        const bool notebook = how == Embedding::notebook_line || how == Embedding::notebook_cell;
        if ((how == Embedding::file || how == Embedding::session || notebook) && !start.over_ssh)
          finding.severity = Severity::warning;
        else if (how == Embedding::ssh || start.over_ssh)
          finding.message = "non-interactive";
        // Which Python 3 it is makes no difference, or what people start by hand they start in the
        // environment that the guides have them make.
        const bool by_hand = own_start && how == Embedding::file && !start.over_ssh &&
                             context.shared<project::GuideSteps>().makes_environment();
        if (finding.severity == Severity::warning &&
            (by_hand || event.has_option("--version") || not_missed(run, event) ||
             project::standard_library_only(run, event)))
          finding.severity = Severity::info;
        if (item_of_list(event))
          edit_item(context, finding, run, event, pip);
        else if (event.unit->source.slice(event.word.span) == *word)
          context.edit(finding, *event.unit, event.word.span, interpreter);
      });
}

}  // namespace preflint::checks
