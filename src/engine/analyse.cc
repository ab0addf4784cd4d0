#include <algorithm>
#include <utility>

#include "catalog/builtin.h"
#include "catalog/config.h"
#include "catalog/facts.h"
#include "catalog/profile.h"
#include "engine/engine.h"
#include "engine/matchers.h"
#include "engine/meta.h"
#include "project/build.h"
#include "project/context.h"

namespace preflint::engine {
namespace {

bool in_request(const Request& request, const std::string& path) {
  const auto at = std::lower_bound(request.files.begin(), request.files.end(), path,
                                   [](const auto& file, const std::string& wanted) { return file->path < wanted; });
  return at != request.files.end() && (*at)->path == path;
}

}  // namespace

std::vector<Finding> analyse(const Request& request) {
  project::BuildRequest build;
  build.root = request.root;
  build.files = request.files;
  build.reader = request.reader;
  build.profile = request.profile;
  build.config = request.config;
  build.cancelled = request.cancelled;
  const std::unique_ptr<project::Program> program = project::build(build);
  project::Context context(*program, *request.profile, *request.config);

  std::vector<Finding> findings;
  const auto take = [&] {
    for (Finding& finding : context.take_findings()) {
      if (in_request(request, finding.place.path)) findings.push_back(std::move(finding));
    }
  };
  const auto asleep = [&](const catalog::Rule& rule) {
    return !catalog::missing_facts(rule, *request.profile).empty();
  };
  for (const catalog::BuiltinRule& builtin : catalog::builtin_rules()) {
    if (request.cancelled && request.cancelled()) break;
    if (!request.selected(builtin.rule) || asleep(builtin.rule)) continue;
    context.begin(builtin.rule);
    if (builtin.check) builtin.check(context);
    else if (builtin.rule.matcher) match(*builtin.rule.matcher, context);
    take();
  }
  for (const catalog::Rule* rule : request.user_rules) {
    if (!rule->matcher || !request.selected(*rule) || asleep(*rule)) continue;
    context.begin(*rule);
    match(*rule->matcher, context);
    take();
  }
  meta_findings(request, *program, findings);
  std::sort(findings.begin(), findings.end(), before);
  return findings;
}

}  // namespace preflint::engine
