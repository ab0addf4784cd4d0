#include <algorithm>
#include <limits>
#include <set>

#include "base/one_of.h"
#include "catalog/profile.h"
#include "project/dependencies.h"
#include "project/hub_downloads.h"
#include "project/order.h"
#include "project/python_commands.h"
#include "project/python_needs.h"
#include "project/shell_edits.h"

namespace preflint::checks {

namespace {

using project::Run;

constexpr const char* kDisable = "HF_HUB_DISABLE_XET";
constexpr const char* kWithXet = "0.32.0";  // the library brings Xet with it since

bool xet_off(const shell::Environment& environment) {
  if (environment.opaque) return true;  // not known is not on
  const shell::Variable* variable = environment.find(kDisable);
  return variable && !variable->value.is("0") && !variable->value.is("");
}

/// `pip uninstall hf_xet` anywhere in the project.
bool removes_xet(const project::Context& context) {
  bool found = false;
  context.each_command(project::Where::anywhere, {"pip"},
                       [&](const Run&, const shell::CommandEvent& event) {
                         if (!event.operand() || !event.operand()->is("uninstall")) return;
                         for (const shell::Argument& argument : event.arguments)
                           found = found || argument.is("hf_xet") || argument.is("hf-xet");
                       });
  return found;
}

/// Did the program itself install a library before Xet, ahead of this command of a run? The last
/// install that says which one decides.
bool installs_older(const project::Context& context, const Run& run, int command) {
  static const req::Version first = *req::Version::parse(kWithXet),
                            none = *req::Version::parse("1000");
  bool older = false;
  for (const project::Install& install : context.shared<project::Dependencies>().installs().all) {
    if (install.action != project::Install::install ||
        !project::happens_before(*install.run, install.event->index, run, command).value_or(false))
      continue;
    for (const project::InstalledPackage& package : install.packages) {
      const req::Requirement& wanted = package.line.requirement;
      if (wanted.project != "huggingface-hub") continue;
      if (!wanted.specifiers.empty())
        older = !req::admits_between(wanted.specifiers, first, none);
      else if (install.upgrade)
        older = false;
    }
  }
  return older;
}

bool through_mirror(const shell::Environment& environment, const catalog::Profile& profile) {
  const shell::Variable* endpoint = environment.find("HF_ENDPOINT");
  return endpoint && endpoint->set == Tri::yes &&
         project::reach_of(endpoint->value, profile) == project::Reach::domestic;
}

const py::EnvironmentWrite* endpoint_write(const Run& run, int before) {
  const py::EnvironmentWrite* found = nullptr;
  for (const py::EnvironmentWrite& write : run.python->environment_writes) {
    if (write.order < before && write.key.is("HF_ENDPOINT")) found = &write;
  }
  return found;
}

/// A program that chooses the mirror itself: the finding and its cure lie in the program.
void in_python(project::Context& context, const Run& run) {
  for (const project::PythonNeed& need : context.needs(run)) {
    if (need.kind != project::PythonNeed::hub || need.reach != project::Reach::domestic ||
        !need.large)
      continue;
    const py::EnvironmentWrite* write = endpoint_write(run, need.call->order);
    if (!write || !through_mirror(need.environment, context.profile()) ||
        xet_off(need.environment) || installs_older(context, run, std::numeric_limits<int>::max()))
      continue;
    const Source& source = need.call->file->syntax.source;
    Finding& finding = context.report(run, source, need.call->span, need.call->frame);
    finding.arguments = {{"command", need.call->origin}, {"mirror", need.target}};
    const Source& there = write->file->syntax.source;
    const Span whole = project::written_at(*write);
    finding.related.push_back(context.note(there, whole, "set-here", {{"name", "HF_ENDPOINT"}}));
    const std::string_view text = there.text();
    const size_t newline =
        write->span.begin == 0 ? std::string_view::npos : text.rfind('\n', write->span.begin - 1);
    const size_t start = newline == std::string_view::npos ? 0 : newline + 1;
    const size_t end = std::min(text.find('\n', whole.end), text.size());
    const std::string_view indent = text.substr(start, write->span.begin - start);
    const bool alone =
        indent.find_first_not_of(" \t") == std::string_view::npos &&
        text.substr(whole.end, end - whole.end).find_first_not_of(" \t") == std::string_view::npos;
    if (alone && write->how == py::EnvironmentWrite::assign) {
      const auto at = static_cast<uint32_t>(end);
      context.edit(finding, there, {at, at},
                   "\n" + std::string(indent) + "os.environ[\"" + kDisable + "\"] = \"1\"");
    }
    return;  // once for each program
  }
}

}  // namespace

void hf_xet_enabled(project::Context& context) {
  if (removes_xet(context) ||
      context.shared<project::Dependencies>().keep_below("huggingface-hub", kWithXet))
    return;
  std::set<const Unit*> told;
  context.each_shell_run(project::Where::instance, [&](const Run& run) {
    for (const shell::CommandEvent& event : run.shell->commands) {
      // hfd fetches by aria2c or wget, which know nothing of Xet.
      if (one_of(event.name, {"hfd", "hfd.sh"})) continue;
      const auto download = project::hub_download(context, run, event, project::Amount::large);
      if (!download || download->reach != project::Reach::domestic) continue;
      if (download->child && endpoint_write(*download->child, download->need->call->order))
        continue;
      if (!through_mirror(download->environment, context.profile()) ||
          xet_off(download->environment))
        continue;
      if (installs_older(context, run, event.index)) continue;
      if (!told.insert(&project::outermost(*event.unit)).second) continue;
      Finding& finding = context.report(run, event);
      finding.arguments = {{"command", event.name}, {"mirror", download->target}};
      if (const auto place = project::line_before(*event.unit, event.span)) {
        context.edit(finding, *event.unit, {place->at, place->at},
                     place->indent + "export " + kDisable + "=1\n");
      }
    }
  });
  context.each_python_run(project::Where::instance,
                          [&](const Run& run) { in_python(context, run); });
}

}  // namespace preflint::checks
