#include <algorithm>
#include <exception>
#include <map>
#include <new>
#include <set>
#include <utility>

#include "catalog/builtin.h"
#include "catalog/config.h"
#include "catalog/facts.h"
#include "catalog/profile.h"
#include "catalog/selection.h"
#include "engine/engine.h"
#include "engine/matchers.h"
#include "engine/meta.h"
#include "engine/suppress.h"
#include "project/box_signs.h"
#include "project/build.h"
#include "project/context.h"
#include "project/dependencies.h"
#include "project/file_kind.h"
#include "project/questions.h"

namespace preflint::engine {
namespace {

bool in_request(const Request& request, const std::string& path) {
  const auto at = std::lower_bound(
      request.files.begin(), request.files.end(), path,
      [](const auto& file, const std::string& wanted) { return file->path < wanted; });
  return at != request.files.end() && (*at)->path == path;
}

std::map<std::string_view, const catalog::Rule*> rules_by_id(const Request& request) {
  std::map<std::string_view, const catalog::Rule*> rules;
  for (const catalog::BuiltinRule& builtin : catalog::builtin_rules()) {
    rules.emplace(builtin.rule.id, &builtin.rule);
  }
  for (const catalog::Rule* rule : request.user_rules) rules.emplace(rule->id, rule);
  return rules;
}

/// Does the configuration say how severe a rule is? A check may grade its findings; the user's word
/// stands above that.
bool configured(const catalog::Config& config, const catalog::Rule& rule) {
  return std::any_of(config.severity.begin(), config.severity.end(),
                     [&](const auto& entry) { return catalog::closeness(entry.first, rule) > 0; });
}

/// The rules that may report.
std::vector<const catalog::Rule*> asking_rules(const Request& request) {
  std::vector<const catalog::Rule*> rules;
  const auto take = [&](const catalog::Rule& rule) {
    if (request.selected(rule) && catalog::missing_facts(rule, *request.profile).empty())
      rules.push_back(&rule);
  };
  for (const catalog::BuiltinRule& builtin : catalog::builtin_rules()) take(builtin.rule);
  for (const catalog::Rule* rule : request.user_rules) take(*rule);
  return rules;
}

project::BuildRequest build_request(const Request& request) {
  project::BuildRequest build;
  build.root = request.root;
  build.files = request.files;
  build.reader = request.reader;
  build.profile = request.profile;
  build.config = request.config;
  build.cancelled = request.cancelled;
  return build;
}

}  // namespace

std::shared_ptr<const project::Questions> questions(const Request& request) {
  return std::make_shared<const project::Questions>(asking_rules(request), request.profile);
}

std::unique_ptr<project::Program> program_of(const Request& request) {
  return project::build(build_request(request));
}

std::vector<Finding> analyse(const Request& request) {
  project::BuildRequest build = build_request(request);
  build.focus = request.focus;
  build.threads = request.threads;
  if (!request.everything) {
    build.rules = asking_rules(request);
    build.questions = request.questions;
  }
  const std::unique_ptr<project::Program> program = project::build(build);
  project::Context context(*program, *request.profile, *request.config);

  std::vector<Finding> findings;
  // What `-r more/base.txt` reaches is a requirements file, whatever it is called.
  const auto included = [&](const std::string& path) {
    return !project::kind_by_name(path) && context.shared<project::Dependencies>().file(path);
  };
  const auto take = [&] {
    for (Finding& finding : context.take_findings()) {
      const std::string& path = finding.place.path;
      if (in_request(request, path) || included(path)) findings.push_back(std::move(finding));
    }
  };
  const auto asleep = [&](const catalog::Rule& rule) {
    return !catalog::missing_facts(rule, *request.profile).empty();
  };
  std::set<std::string_view> broken;  // rules whose findings would be a part of what there is
  const auto guarded = [&](const catalog::Rule& rule, const auto& work) {
    if (!request.fault) return work();
    try {
      work();
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      broken.insert(rule.id);
      request.fault({request.root, std::string(rule.id), error.what()});
    }
  };
  const auto apply = [&](const catalog::Rule& rule, void (*check)(project::Context&)) {
    if (!request.selected(rule) || asleep(rule)) return;
    context.begin(rule);
    if (check)
      check(context);
    else if (rule.matcher)
      match(*rule.matcher, context);
  };
  for (const catalog::BuiltinRule& builtin : catalog::builtin_rules()) {
    if (request.cancelled && request.cancelled()) break;
    guarded(builtin.rule, [&] { apply(builtin.rule, builtin.check); });
  }
  for (const catalog::Rule* rule : request.user_rules)
    guarded(*rule, [&] { apply(*rule, nullptr); });
  take();  // at the end: a rule may ask what another one has reported
  std::erase_if(findings, [&](const Finding& finding) { return broken.contains(finding.rule); });
  const auto said_by_checks = static_cast<std::ptrdiff_t>(findings.size());
  meta_findings(request, *program, findings);
  // Where the analysis did not see everything, a suppression that hid nothing proves nothing.
  std::set<std::string> doubtful;
  for (auto meta = findings.begin() + said_by_checks; meta != findings.end(); ++meta) {
    doubtful.insert(meta->place.path);
  }
  const bool all_seen = broken.empty() && !program->incomplete &&
                        std::none_of(program->runs.begin(), program->runs.end(),
                                     [](const project::Run& run) { return run.cut_off; });
  if (!all_seen) {
    for (const auto& file : request.files) doubtful.insert(file->path);
  }
  const std::map<std::string_view, const catalog::Rule*> rules = rules_by_id(request);
  std::erase_if(findings, [&](const Finding& finding) {
    const auto rule = rules.find(finding.rule);
    return rule != rules.end() && !may_report(request, *rule->second, finding.place.path);
  });
  for (Finding& finding : findings) {
    const auto rule = rules.find(finding.rule);
    if (rule == rules.end()) continue;
    const Severity unplaced = rule->second->unplaced, elsewhere = rule->second->elsewhere;
    if (finding.severity > unplaced && !context.shared<project::BoxSigns>().shown(finding))
      finding.severity = unplaced;
    // A key is a key in a copy, too.
    if (finding.severity > Severity::info && rule->second->category != "sec" &&
        context.shared<project::BoxSigns>().copied(finding))
      finding.severity = Severity::info;
    if (finding.severity > elsewhere && context.shared<project::BoxSigns>().elsewhere(finding))
      finding.severity = elsewhere;
  }
  std::sort(findings.begin(), findings.end(), before);
  if (!(request.cancelled && request.cancelled())) suppress(request, *program, doubtful, findings);
  for (Finding& finding : findings) {
    const auto rule = rules.find(finding.rule);
    if (rule != rules.end() && configured(*request.config, *rule->second)) {
      finding.severity = request.config->severity_of(*rule->second);
    }
  }
  std::sort(findings.begin(), findings.end(), before);
  return findings;
}

}  // namespace preflint::engine
