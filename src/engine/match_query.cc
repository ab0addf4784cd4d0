#include <set>
#include <string>

#include "engine/matchers.h"
#include "model/python/trace.h"
#include "syntax/query.h"

namespace preflint::engine {
namespace {

using catalog::Matcher;
using tree_sitter::Query;

/// Runs a query over texts, each once however many runs it has.
class Search {
 public:
  Search(const Query& query, const Matcher& matcher, project::Context& context)
      : query_(query), matcher_(matcher), context_(context) {}

  bool concerns(const project::Run& run) const {
    return matcher_.site != Matcher::Site::local || run.site == Site::local;
  }

  void run(const Source& source, const project::Run& run, const Unit* unit) {
    if (!seen_.insert(source.text().data()).second) return;
    for (const Query::Match& match : query_.run(source.text())) {
      for (const Query::Capture& capture : match) {
        if (capture.name != "match") continue;
        Finding& finding = unit ? context_.report(run, *unit, capture.span)
                                : context_.report(run, source, capture.span);
        finding.arguments["text"] = source.slice(capture.span);
        for (const Query::Capture& named : match) {
          finding.arguments[std::string(named.name)] = source.slice(named.span);
        }
      }
    }
  }

 private:
  const Query& query_;
  const Matcher& matcher_;
  project::Context& context_;
  std::set<const char*> seen_;
};

}  // namespace

void match_query(const Matcher& matcher, project::Context& context) {
  const bool shell = matcher.query_language == "shell";
  const auto query = Query::compile(
      shell ? tree_sitter::Grammar::bash : tree_sitter::Grammar::python, matcher.query);
  if (!query) return;  // the loader has said why
  Search search(*query, matcher, context);
  const auto where =
      matcher.site == Matcher::Site::instance ? project::Where::instance : project::Where::anywhere;
  if (shell) {
    context.each_shell_run(where, [&](const project::Run& run) {
      if (search.concerns(run)) search.run(run.unit->source, run, run.unit);
    });
    return;
  }
  context.each_python_run(where, [&](const project::Run& run) {
    if (!search.concerns(run) || !run.python) return;
    for (const py::ProgramFile& file : run.python->files) {
      search.run(file.syntax.source, run, nullptr);
    }
  });
}

}  // namespace preflint::engine
