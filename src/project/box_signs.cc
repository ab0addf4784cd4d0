#include "project/box_signs.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/config.h"
#include "model/value.h"
#include "project/guides.h"
#include "project/mentions.h"
#include "project/sites.h"
#include "project/upkeep.h"

namespace preflint::project {
namespace {

/// Does a text name a host of the platform: "seetacloud.com" of "region-*.seetacloud.com"?
bool names_host(const File& file, const catalog::Profile& profile) {
  return std::any_of(profile.launch.ssh_hosts.begin(), profile.launch.ssh_hosts.end(),
                     [&](const std::string& host) {
                       const std::string fixed = host.substr(host.rfind('*') + 1);
                       return fixed.size() > 3 &&
                              find_text(file.bytes, fixed) != std::string_view::npos;
                     });
}

bool code(const File& file) {
  return file.kind == FileKind::shell || file.kind == FileKind::python ||
         file.kind == FileKind::notebook;
}

}  // namespace

bool box_shown(const Context& context, const Run& run, const File& file) {
  if (run.root().shell || run.over_ssh) return true;
  const File& first = run.root().unit->file();
  const auto named = [&](const File& one) {
    return meant_for_platform(one.bytes, context.profile());
  };
  return named(first) || (&file != &first && named(file)) ||
         matches_any(context.config().sites.instance, context.config().folder, first.path);
}

NamingFiles::NamingFiles(const Context& context) {
  for (const auto& file : context.program().files) {
    if (meant_for_platform(file->bytes, context.profile())) paths_.insert(file->path);
  }
}

FewScripts::FewScripts(const Context& context) {
  const auto& files = context.program().files;
  const auto scripts = std::count_if(files.begin(), files.end(), [](const auto& file) {
    return file->kind == FileKind::shell || file->kind == FileKind::notebook ||
           (file->kind == FileKind::python && file->bytes.find("__main__") != std::string::npos);
  });
  found = static_cast<size_t>(scripts) <= kOwnFiles;
}

BoxSigns::BoxSigns(const Context& context) : context_(context) {
  const Program& program = context.program();
  std::set<std::string> folders;
  for (const auto& file : program.files) {
    if (!code(*file)) continue;
    folders.insert(paths::dirname(file->path));
    files_.emplace(file->path, file);
    ++names_[paths::basename(file->path)];
  }
  everywhere_ = files_.size() <= kOwnFiles || folders.size() <= kOwnFolders;
  if (everywhere_) return;
  const auto& meant = context.shared<NamingFiles>();
  std::set<std::string> naming_folders;
  for (const auto& [path, file] : files_) {
    if (!meant.hold(*file) && !names_host(*file, context.profile())) continue;
    naming_.insert(path);
    naming_folders.insert(paths::dirname(path));
    naming_names_[paths::basename(path)].push_back(path);
    take_mentions(*file);
  }
  bool guided = false;
  for (const auto& guide : context.shared<Guides>().files) {
    const bool platform = meant_for_platform(guide->bytes, context.profile()) ||
                          names_host(*guide, context.profile());
    guided = guided || platform;
    const std::string folder = paths::dirname(guide->path);
    if (platform || folder == program.root || naming_folders.contains(folder))
      take_mentions(*guide);
  }
  everywhere_ = naming_.empty() && !guided;
}

void BoxSigns::take_mentions(const File& text) {
  each_script_name(text.bytes, [&](std::string tail) {
    const std::string name = paths::basename(tail);
    if (names_.contains(name)) mentioned_[name].push_back({std::move(tail), &text});
  });
}

/// Many folders have a `train.py`: the one meant is the only one, lies beside the text or above
/// it, or in a folder that the text speaks of.
bool BoxSigns::named_in(const File& text, std::string_view tail, const std::string& path) const {
  if (tail.find('/') != std::string_view::npos && path.ends_with("/" + std::string(tail)))
    return true;
  const auto same = names_.find(paths::basename(path));
  if (same != names_.end() && same->second == 1) return true;
  const std::string folder = paths::dirname(path);
  if (paths::under(text.path, folder)) return true;

  return folder != context_.program().root &&
         find_text(text.bytes, paths::basename(folder) + "/") != std::string_view::npos;
}

bool BoxSigns::shown(const std::string& path) const {
  if (everywhere_ || naming_.contains(path)) return true;
  const auto [known, fresh] = shown_.try_emplace(path);
  if (fresh) known->second = looks_placed(path);
  return known->second;
}

bool BoxSigns::looks_placed(const std::string& path) const {
  if (matches_any(context_.config().sites.instance, context_.config().folder, path)) return true;
  if (const auto mentions = mentioned_.find(paths::basename(path)); mentions != mentioned_.end()) {
    for (const Mention& mention : mentions->second) {
      if (named_in(*mention.by, mention.tail, path)) return true;
    }
  }
  const auto file = files_.find(path);
  if (file == files_.end()) return false;
  bool names = false;
  each_script_name(file->second->bytes, [&](const std::string& tail) {
    const auto found = names ? naming_names_.end() : naming_names_.find(paths::basename(tail));
    if (found == naming_names_.end()) return;
    names = std::any_of(found->second.begin(), found->second.end(), [&](const std::string& other) {
      return named_in(*file->second, tail, other);
    });
  });
  return names;
}

bool BoxSigns::shown(const Finding& finding) const {
  const auto any = [&](const std::vector<Note>& notes) {
    return std::any_of(notes.begin(), notes.end(),
                       [&](const Note& note) { return shown(note.place.path); });
  };
  return shown(finding.place.path) || any(finding.chain) || any(finding.related);
}

}  // namespace preflint::project
