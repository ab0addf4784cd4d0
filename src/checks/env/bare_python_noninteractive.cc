#include <re2/re2.h>

#include <set>

#include "catalog/profile.h"
#include "project/asked_before.h"
#include "project/context.h"
#include "project/detached.h"
#include "project/python_commands.h"

namespace preflint::checks {
namespace {

/// `%pip`, and `pip` that IPython takes for it: the kernel's own Python runs it, whatever PATH
/// says.
bool line_magic(const Unit& unit) {
  return unit.embedding == Embedding::notebook_line && unit.parent &&
         !unit.parent->source.slice(unit.parent_span).starts_with('!');
}

/// `ssh HOST "PATH=$PATH python x"`: does the text of an ssh command hand over the PATH of this
/// side before its byte `end`? What the other side finds then is not known.
bool hands_over_path(const Unit& unit, size_t end) {
  const Source& source = unit.source;
  static const RE2 kPath(R"((?:^|[\s;&({])PATH=["']?[^\s;&|]*?(\$\{?PATH\b))");
  const std::string_view before = source.text().substr(0, end);
  re2::StringPiece rest(before.data(), before.size()), path;
  while (RE2::FindAndConsume(&rest, kPath, &path)) {
    const auto begin = static_cast<uint32_t>(path.data() - before.data());
    // A byte of the name stands for itself where the other side expands it (`'$PATH'`, `\$PATH`),
    // and for the whole where this side does.
    const uint32_t name = begin + static_cast<uint32_t>(path.size()) - 1;
    if (source.outer({name, name + 1}).size() > 1) return true;
  }
  return false;
}

}  // namespace

void bare_python_noninteractive(project::Context& context) {
  const auto& python = context.profile().python;
  if (python.interpreter.empty() || python.path_in_noninteractive == Tri::yes) return;
  std::set<const Unit*> told;
  context.each_command(
      project::Where::instance,
      {"python", "pip", "torchrun", "accelerate", "deepspeed", "ipython", "jupyter", "tensorboard",
       "wandb", "huggingface-cli"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        const auto word = event.word.constant();
        if (!word || word->find('/') != std::string::npos || event.environment.activated != Tri::no)
          return;
        if (line_magic(*event.unit) || project::own_interpreter(run, event)) return;
        if (word->starts_with("python3") || word->starts_with("pip3")) return;  // ENV001
        if (project::asks_version(run, event)) return;
        const project::Run* from = &run;
        while (from->parent && from->unit->embedding != Embedding::ssh && !from->over_ssh)
          from = from->parent;
        const project::Run* cron = &run;
        while (cron && !project::started_by_cron(*cron)) cron = cron->parent;
        const bool remote =
            (from->unit->embedding == Embedding::ssh || from->over_ssh) && !from->unit->login;
        const bool same = from->unit == event.unit;
        if (remote && from->unit->embedding == Embedding::ssh &&
            hands_over_path(*from->unit,
                            same ? event.word.span.begin : from->unit->source.text().size()))
          return;
        if (!remote && !cron && !told.insert(event.unit).second) return;
        Finding& finding = context.report(run, event, event.word.span);
        const bool runs_python = event.name == "python";
        const std::string better = runs_python           ? python.interpreter
                                   : event.name == "pip" ? python.interpreter + " -m pip"
                                                         : python.bin + "/" + *word;
        finding.arguments = {{"command", *word}, {"interpreter", better}};
        if (cron && !remote) {
          finding.message = "cron";
        } else if (!remote) {
          finding.severity = Severity::info;
          finding.message = "wrapper";
        }
        if (event.via.empty() && event.unit->source.slice(event.word.span) == *word) {
          context.edit(finding, *event.unit, event.word.span, better);
        }
      });
}

}  // namespace preflint::checks
