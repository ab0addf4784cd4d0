#include "project/left_out.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/one_of.h"
#include "project/framework_filters.h"
#include "project/guide_steps.h"

namespace preflint::project {
namespace {

/// `readarray -t packages < <(sed '…' requirements.txt)`: does a command of the run go through the
/// list by its name?
bool read_by_filter(const Run& run, const std::string& name) {
  return run.shell &&
         std::any_of(run.shell->commands.begin(), run.shell->commands.end(),
                     [&](const shell::CommandEvent& event) {
                       return one_of(event.name, {"grep", "egrep", "sed", "awk", "perl", "tail"}) &&
                              std::any_of(event.arguments.begin(), event.arguments.end(),
                                          [&](const shell::Argument& argument) {
                                            return paths::basename(argument.value.display()) ==
                                                   name;
                                          });
                     });
}

/// Does a program choose from the list what it installs, so that it is not known what goes in:
/// `while read -r line; do [[ $line == torch* ]] || pip install "$line"; done < requirements.txt`,
/// a Python program that reads the list and runs pip?
bool taken_apart(const Context& context, const DependencyFile& file) {
  const std::string name = paths::basename(file.file->path);
  const auto& installs = context.shared<Dependencies>().installs().all;
  return std::any_of(installs.begin(), installs.end(), [&](const Install& install) {
    if (install.action != Install::install || install.target == Install::other ||
        !applies(Where::instance, *install.run))
      return false;
    const bool unknown = install.partly_unknown ||
                         (install.packages.empty() && install.files.empty()) ||
                         std::any_of(install.files.begin(), install.files.end(),
                                     [](const InstalledFile& one) { return one.path.empty(); });
    if (!unknown) return false;
    if (const shell::Frame* loop = install.event->enclosing(shell::FrameKind::loop_body)) {
      const Source& source = loop->text->source;
      const auto& redirects = loop->command->redirects;
      return holds_any(source.slice(loop->command->span), {"continue", "case ", "[[ ", "if "}) &&
             std::any_of(redirects.begin(), redirects.end(), [&](const shell::Redirect& one) {
               return one.kind == shell::RedirectKind::input &&
                      source.slice(one.target.span).find(name) != std::string_view::npos;
             });
    }
    const bool local = install.event->has_option("-e") || install.event->has_option("--editable");
    if (install.partly_unknown && !local && read_by_filter(*install.run, name)) return true;
    if (!install.run->parent || !install.run->parent->python) return false;
    const std::string_view program = install.run->parent->unit->source.text();
    return (program.find("\"" + name + "\"") != std::string_view::npos ||
            program.find("'" + name + "'") != std::string_view::npos) &&
           holds_any(program, {"open(", "read_text(", "parse_requirements("});
  });
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) (out += line) += '\n';
  return out;
}

}  // namespace

bool LeftOut::holds(const DependencyFile& file, const Dependency& entry) const {
  const std::string& path = file.file->path;
  if (context_.shared<GuideSteps>().installed_plainly(path)) return false;
  bool some = false;
  for (const Dependencies::Use& use : context_.shared<Dependencies>().uses(path)) {
    if (use.install->target == Install::other || !applies(Where::instance, *use.install->run))
      continue;
    if (!kept_out(use, file, entry)) return false;
    some = true;
  }
  if (some || dropped(file, entry)) return true;
  const auto [at, fresh] = taken_apart_.try_emplace(path, false);
  if (fresh) at->second = taken_apart(context_, file);
  return at->second;
}

bool LeftOut::kept_out(const Dependencies::Use& use, const DependencyFile& file,
                       const Dependency& entry) const {
  const Install& install = *use.install;
  const bool by_pip = install.tool == Install::pip || install.tool == Install::uv_pip;
  if (!by_pip || use.file->how != InstalledFile::requirements || !use.file->content) return false;
  const FileContent& content = *use.file->content;
  if (!content.generated)
    return limited(context_, install, entry.requirement) ||
           there_by_then(context_.shared<Dependencies>().installs(), install, entry.requirement);
  // An included file goes in behind the filter.
  const auto& from = content.from;
  if (std::find(from.begin(), from.end(), file.file->path) == from.end()) return false;
  if (!content.known) return true;
  const auto [at, fresh] = asked_.try_emplace(&content);
  if (fresh) at->second = asked_for(content.text);
  return !at->second.contains({entry.requirement.project, entry.requirement.url});
}

/// `pip install $(grep -v '^torch' requirements.txt)`
bool LeftOut::dropped(const DependencyFile& file, const Dependency& entry) const {
  const auto& filters = context_.shared<Dependencies>().installs().filters;
  return std::any_of(filters.begin(), filters.end(), [&](const LineFilter& filter) {
    if (filter.source != file.file->path || !applies(Where::instance, *filter.run)) return false;
    const auto [at, fresh] = asked_.try_emplace(&filter);
    if (fresh) {
      at->second = asked_for(joined(filter.dropped));
      for (const auto& passed : asked_for(joined(filter.passed))) at->second.erase(passed);
    }
    return at->second.contains({entry.requirement.project, entry.requirement.url});
  });
}

LeftOut::Asked LeftOut::asked_for(const std::string& lines) {
  Asked out;
  for (const req::Line& line : req::read_requirements(lines).lines)
    out.insert({line.requirement.project, line.requirement.url});
  return out;
}

}  // namespace preflint::project
