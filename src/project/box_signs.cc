#include "project/box_signs.h"

#include <re2/re2.h>

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "catalog/config.h"
#include "model/value.h"
#include "project/guides.h"
#include "project/mentions.h"
#include "project/other_rental.h"
#include "project/sites.h"
#include "project/units.h"
#include "project/upkeep.h"

namespace preflint::project {
namespace {

/// The folders of people's servers that a script has paths below, outside comments: "/data/ce" of
/// `--model /data/ce/llava`. One that is to be filled in ("/data/your/path") says nothing, nor does
/// one that the script makes or asks for.
std::set<std::string> server_folders(std::string_view text) {
  static const re2::RE2 kPath(
      R"((?:^|[\s="':-])(/(?:home|Users|media|mnt|nfs\w*|gpfs\w*|lustre\w*|scratch\w*|ssd\w*|hdd\w*|)"
      R"(raid\w*|disk\w*|data\d*|share[ds]?|public|storage\w*|cephfs)/[\w.-]+))");
  static const re2::RE2 kToFill("(?i)your|path|xxx|user(name)?$|/home/root$|some|<");
  static const re2::RE2 kAsked(R"((?:^|\s)(?:\[\[?|test|mkdir|mount|ln|useradd)\s)");
  std::set<std::string> found, asked;
  while (!text.empty()) {
    std::string_view row = take_line(text);
    row = row.substr(0, std::min(row.size(), size_t{4096}));
    if (const size_t first = row.find_first_not_of(" \t");
        first == std::string_view::npos || row[first] == '#')
      continue;
    std::set<std::string>& into =
        re2::RE2::PartialMatch(re2::StringPiece(row.data(), row.size()), kAsked) ? asked : found;
    std::string folder;
    for (re2::StringPiece rest(row.data(), row.size());
         re2::RE2::FindAndConsume(&rest, kPath, &folder);) {
      if (!re2::RE2::PartialMatch(folder, kToFill)) into.insert(folder);
    }
  }
  for (const std::string& folder : asked) found.erase(folder);
  return found;
}

/// The paths of a Mac's user that a text has: "/Users/alice/widgets/scripts/check.sh". One that is
/// to be filled in says nothing.
void each_path_on_a_mac(std::string_view text, const std::function<void(std::string)>& take) {
  static const re2::RE2 kPath(R"((/Users/[\w.-]+(?:/[\w.-]*\w)+))");
  static const re2::RE2 kToFill("(?i)^/Users/(?:your|user|name|xxx|me/)");
  const size_t first = find_text(text, "/Users/");
  if (first == std::string_view::npos) return;
  text.remove_prefix(first);
  std::string path;
  for (re2::StringPiece rest(text.data(), text.size());
       re2::RE2::FindAndConsume(&rest, kPath, &path);) {
    if (!re2::RE2::PartialMatch(path, kToFill)) take(path);
  }
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
    names_[paths::basename(file->path)].push_back(file->path);
  }
  few_ = files_.size() <= kOwnFiles;
  small_ = few_ || folders.size() <= kOwnFolders;
  if (few_) return;  // nothing below is asked for
  const auto& meant = context.shared<NamingFiles>();
  std::set<std::string> naming_folders;
  const auto keep = [&](std::string path) { on_a_mac_.insert(std::move(path)); };
  for (const auto& [path, file] : files_) {
    if (!meant.hold(*file) && !names_host(file->bytes, context.profile())) {
      each_path_on_a_mac(file->bytes, keep);
      continue;
    }
    naming_.insert(path);
    naming_folders.insert(paths::dirname(path));
    naming_names_[paths::basename(path)].push_back(path);
    take_mentions(*file, true);
  }
  bool guided = false;
  for (const auto& guide : context.shared<Guides>().files) {
    const bool platform = meant_for_platform(guide->bytes, context.profile()) ||
                          names_host(guide->bytes, context.profile());
    guided = guided || platform;
    if (!platform) each_path_on_a_mac(guide->bytes, keep);
    const std::string folder = paths::dirname(guide->path);
    if (platform || folder == program.root || naming_folders.contains(folder))
      take_mentions(*guide, platform);
  }
  everywhere_ = naming_.empty() && !guided;
}

void BoxSigns::take_mentions(const File& text, bool of_platform) {
  each_script_name(text.bytes, [&](std::string tail) {
    const std::string name = paths::basename(tail);
    if (names_.contains(name)) mentioned_[name].push_back({std::move(tail), &text, of_platform});
  });
}

/// Many folders have a `train.py`: the one meant is the only one, lies beside the text or above
/// it, or in a folder that the text speaks of.
bool BoxSigns::named_in(const File& text, std::string_view tail, const std::string& path) const {
  if (tail.find('/') != std::string_view::npos && path.ends_with("/" + std::string(tail)))
    return true;
  const auto same = names_.find(paths::basename(path));
  if (same != names_.end() && same->second.size() == 1) return true;
  const std::string folder = paths::dirname(path);
  if (paths::under(text.path, folder)) return true;

  return folder != context_.program().root &&
         find_text(text.bytes, paths::basename(folder) + "/") != std::string_view::npos;
}

bool BoxSigns::shown(const std::string& path) const {
  if (small_ || everywhere_ || naming_.contains(path)) return true;
  const auto [known, fresh] = shown_.try_emplace(path);
  if (fresh) known->second = looks_placed(path);
  return known->second;
}

bool BoxSigns::mentioned(const std::string& path, bool by_platform) const {
  const auto mentions = mentioned_.find(paths::basename(path));
  return mentions != mentioned_.end() &&
         std::any_of(mentions->second.begin(), mentions->second.end(), [&](const Mention& mention) {
           return (!by_platform || mention.of_platform) &&
                  named_in(*mention.by, mention.tail, path);
         });
}

bool BoxSigns::looks_placed(const std::string& path) const {
  if (matches_any(context_.config().sites.instance, context_.config().folder, path)) return true;
  if (mentioned(path, false)) return true;
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

bool BoxSigns::copied(const Finding& finding) const {
  const auto file = files_.find(finding.place.path);
  const auto same = names_.find(paths::basename(finding.place.path));
  if (few_ || file == files_.end() || same == names_.end()) return false;
  const std::string& path = file->first;
  return std::any_of(same->second.begin(), same->second.end(), [&](const std::string& other) {
    // "/p/old/scripts/train.sh" of "/p/scripts/train.sh"
    return other.size() < path.size() &&
           path.ends_with(other.substr(context_.program().root.size())) &&
           files_.at(other)->bytes == file->second->bytes;
  });
}

bool BoxSigns::elsewhere(const Finding& finding) const {
  return context_.shared<OtherRental>().only || elsewhere(finding.place.path) ||
         std::any_of(finding.chain.begin(), finding.chain.end(),
                     [&](const Note& note) { return elsewhere(note.place.path); });
}

bool BoxSigns::elsewhere(const std::string& path) const {
  if (few_ || everywhere_ || naming_.contains(path)) return false;
  const auto file = files_.find(path);
  if (file == files_.end() || file->second->kind != FileKind::shell) return false;
  const auto [known, fresh] = elsewhere_.try_emplace(path);
  if (fresh)
    known->second =
        !matches_any(context_.config().sites.instance, context_.config().folder, path) &&
        (of_another_machine(*file->second) || called_on_a_mac(path)) && !mentioned(path, true);
  return known->second;
}

/// Does a text that does not speak of the platform call the script, or its folder, by a path of a
/// Mac?
bool BoxSigns::called_on_a_mac(const std::string& path) const {
  const std::string below = path.substr(context_.program().root.size());
  const std::string folder = paths::dirname(below);
  return std::any_of(on_a_mac_.begin(), on_a_mac_.end(), [&](const std::string& called) {
    return called.ends_with(below) || (folder.size() > 1 && called.ends_with(folder));
  });
}

/// A path in code, not in a comment, below a folder that people's servers have and the box has not,
/// unless a file that names the platform has paths of that folder, too.
bool BoxSigns::of_another_machine(const File& script) const {
  for (const std::string& folder : server_folders(script.bytes)) {
    const catalog::Tier* tier = context_.profile().tier_of(folder);
    if (tier && tier->path != "/") continue;
    const auto has = [&](const std::string& path) {
      return find_text(files_.at(path)->bytes, folder) != std::string_view::npos;
    };
    if (std::none_of(naming_.begin(), naming_.end(), has)) return true;
  }
  return false;
}

}  // namespace preflint::project
