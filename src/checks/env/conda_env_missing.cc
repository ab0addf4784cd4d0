#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "base/one_of.h"
#include "catalog/profile.h"
#include "project/asked_before.h"
#include "project/conda_names.h"
#include "project/context.h"
#include "project/guides.h"
#include "project/uncalled.h"

namespace preflint::checks {

namespace {

bool run_from_python(const shell::CommandEvent& event) {
  return event.unit->file().kind == FileKind::python;
}

/// A program that lists the environments takes them as it finds them.
bool asks_for_names(const File& file) {
  for (const std::string_view question :
       {"\"env\", \"list\"", "'env', 'list'", "conda env list", "\"--envs\"", "'--envs'"}) {
    if (file.bytes.find(question) != std::string::npos) return true;
  }
  return false;
}

/// `conda activate x && python y`: does what follows wait for the activation, and nothing run in
/// its place?
bool leads_chain(const shell::CommandEvent& event) {
  const shell::Frame* left = event.enclosing(shell::FrameKind::and_or_left);
  if (!left || left->text != event.unit) return false;
  const auto& operators = left->and_or->operators;
  return left->and_or->pipelines[left->index].span.begin == event.span.begin &&
         left->and_or->pipelines[left->index].span.end == event.span.end &&
         std::all_of(operators.begin() + static_cast<std::ptrdiff_t>(left->index), operators.end(),
                     [](shell::AndOr::Operator op) { return op == shell::AndOr::and_if; });
}

/// `if conda env list | grep -q demo; then`, `[ -d /root/miniconda3/envs/demo ] &&`: it is entered
/// only where it was found.
bool looked_for(const project::Run& run, const shell::CommandEvent& event,
                const std::string& name) {
  const auto asks = [&](const shell::CommandEvent& other) {
    return one_of(other.name, {"grep", "[", "[[", "test", "ls", "awk"}) &&
           std::any_of(other.arguments.begin(), other.arguments.end(),
                       [&](const shell::Argument& argument) {
                         return argument.value.display().find(name) != std::string::npos;
                       });
  };
  if (project::asked_before(run, event, asks)) return true;
  const shell::Frame* right = event.enclosing(shell::FrameKind::and_or_right);
  return right && !right->or_operator &&
         std::any_of(run.shell->commands.begin(), run.shell->commands.end(),
                     [&](const shell::CommandEvent& other) {
                       const shell::Frame* left =
                           other.index < event.index
                               ? other.enclosing(shell::FrameKind::and_or_left)
                               : nullptr;
                       return left && left->and_or == right->and_or && asks(other);
                     });
}

/// Does the project speak of the environment as of one that is there: by the folder that it has on
/// the box (`/root/miniconda3/envs/demo/bin/python`), or in a guide, by its name?
bool spoken_of(const project::Context& context, const std::string& name) {
  const std::string quoted = RE2::QuoteMeta(name);
  const RE2 by_folder("/envs/" + quoted + R"((?:[^\w.-]|$))");
  const RE2 by_name("(?:activate +|-n +|--name[ =]|/envs/)" + quoted + R"((?:[^\w.-]|$)|`)" +
                    quoted + "`");
  const auto some = [&](const auto& files, const RE2& form) {
    return std::any_of(files.begin(), files.end(),
                       [&](const auto& file) { return RE2::PartialMatch(file->bytes, form); });
  };
  return some(context.program().files, by_folder) ||
         some(context.shared<project::Guides>().files, by_name);
}

}  // namespace

void conda_env_missing(project::Context& context) {
  const auto& python = context.profile().python;
  if (python.base_is_environment != Tri::yes) return;
  std::optional<std::set<std::string>> created;
  struct Missing {
    Finding* finding;
    std::string name;
  };
  std::vector<Missing> missing;
  std::map<std::string, std::set<const File*>> used;  // names, and the files that activate them
  context.each_command(
      project::Where::instance, [&](const project::Run& run, const shell::CommandEvent& event) {
        const shell::Argument* argument = project::activated_environment(event);
        const auto name = argument ? argument->constant() : std::nullopt;
        if (!name || name->empty() || *name == "base" || name->starts_with("-") ||
            name->starts_with("."))
          return;
        std::string short_name = *name;
        if (name->find('/') != std::string::npos) {
          // A folder: only one below the image's own conda is surely not there.
          const std::string path = paths::normalise(*name);
          if (path == python.prefix || !paths::under(path, python.prefix + "/envs")) return;
          short_name = paths::basename(path);
        }
        // `conda activate x || true`, `if conda run -n x …`: where it is missing, base will do.
        // Without conda's hook the activation fails wherever x is.
        const shell::Frame* left = event.enclosing(shell::FrameKind::and_or_left);
        const bool hooked = event.name != "conda" || event.state.variable("@conda_hook") ||
                            event.state.opaque || run.unit->login ||
                            run.unit->embedding == Embedding::session;
        if ((left && left->or_operator && hooked) || event.within(shell::FrameKind::if_condition))
          return;
        if (looked_for(run, event, short_name)) return;
        if (run_from_python(event) && asks_for_names(event.unit->file())) return;
        if (project::uncalled(run, event)) return;
        if (!created) created = project::created_environments(context);
        if (created->contains(*name) || created->contains(short_name) || created->contains("*"))
          return;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"environment", *name}, {"prefix", python.prefix}};
        if (event.has_prefix("conda") || event.has_prefix("mamba"))
          finding.message = "run";
        else if (event.errexit)
          finding.message = "ends";
        else if (leads_chain(event))
          finding.message = "chain";
        if (event.unit->source.slice(argument->span) == *name)
          context.edit(finding, *event.unit, argument->span, "base");
        missing.push_back({&finding, *name});
        used[*name].insert(&event.unit->file());
      });
  // What many scripts count on, or what the project speaks of, is there, on the one box where it
  // was made by hand; and so may be what two or one alone do, unless the project makes others and
  // not this one.
  constexpr size_t kMany = 3;
  const bool makes_others = created && !created->empty();
  std::map<std::string, bool> spoken;
  for (const Missing& one : missing) {
    const size_t files = used[one.name].size();
    const auto [known, fresh] = spoken.try_emplace(one.name, files >= kMany);
    if (fresh && !known->second) known->second = spoken_of(context, paths::basename(one.name));
    if (files > 1) one.finding->message = "by-hand";
    if (known->second)
      one.finding->severity = Severity::info;
    else if (files > 1 || !makes_others)
      one.finding->severity = Severity::warning;
  }
}

}  // namespace preflint::checks
