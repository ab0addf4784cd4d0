#include "project/upkeep.h"

#include <re2/re2.h>

#include <algorithm>
#include <string_view>

#include "base/one_of.h"
#include "base/text.h"
#include "model/value.h"
#include "project/context.h"

namespace preflint::project {
namespace {

constexpr char kJoints[] = {'_', '-'};

bool ci_folder(std::string_view name) {
  return one_of(name, {".github", ".gitlab", ".circleci", ".ci", "ci", ".buildkite"});
}

bool upkeep_folder(std::string_view name) {
  if (ci_folder(name)) return true;
  for (const std::string_view folder :
       {".devcontainer", ".dev_scripts", ".claude", ".codex", ".cursor", ".agents", "docs", "doc",
        "docker", "tests", "external_modules", "thirdparty", "3rdparty",
        // What the author has put away.
        "useless", "unused", "deprecated", "obsolete", "legacy", "old", "archive", "archived",
        "archives", "trash", "废弃"}) {
    if (name == folder) return true;
  }
  return name.ends_with("_legacy") || name.ends_with("_old") || name.ends_with("_deprecated") ||
         name.find("作废") != std::string_view::npos;
}

}  // namespace

std::vector<std::string_view> places_elsewhere(const catalog::Profile& profile) {
  std::vector<std::string_view> out;
  for (const std::string_view place :
       {"/hy-tmp", "/root/gpufree-", "/openbayes/", "/gemini/code", "/marimo/"}) {
    const catalog::Tier* tier = profile.tier_of(place);
    if (!tier || tier == profile.system_tier()) out.push_back(place);
  }
  return out;
}

bool names_platform(std::string_view text, const catalog::Profile& profile) {
  const auto holds = [&](const std::string& mark) {
    return mark.size() > 1 && find_text(text, mark) != std::string_view::npos;
  };
  if (holds(profile.network.hook_file) || holds(profile.panel.directory)) return true;
  return std::any_of(
      profile.storage.tiers.begin(), profile.storage.tiers.end(), [&](const catalog::Tier& tier) {
        return holds(tier.path) || std::any_of(tier.aliases.begin(), tier.aliases.end(), holds);
      });
}

namespace {

bool has_any(const std::string& folder, const Reader& reader,
             std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const char* name) { return reader.exists(folder + "/" + name); });
}

bool licensed(const std::string& folder, const Reader& reader) {
  return has_any(folder, reader, {"LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING"});
}

/// A folder that is published by itself.
bool own_project(const std::string& folder, const Reader& reader) {
  return licensed(folder, reader) &&
         (packaged(folder, reader) || reader.exists(folder + "/package.json"));
}

/// Or was, before it was copied into another project: those who copy leave the licence out more
/// often than what tells contributors how to send a patch.
bool copied_project(const std::string& folder, const Reader& reader) {
  return own_project(folder, reader) ||
         (packaged(folder, reader) && reader.exists(folder + "/CONTRIBUTING.md"));
}

/// Limits that nothing installs, and the list of code with a licence of its own that was copied
/// into a project which has a list itself.
bool spare_requirements(const File& file, const std::string& root, const Reader& reader) {
  if (file.kind != FileKind::requirements) return false;
  if (paths::basename(file.path).starts_with("constraints")) return true;
  const std::string folder = paths::dirname(file.path);
  return folder.size() > root.size() && licensed(folder, reader) &&
         has_any(root, reader, {"requirements.txt", "pyproject.toml", "environment.yml"});
}

/// `"""Sets up the local development environment."""`
bool for_development(const File& file) {
  const std::string head = lower(head_comment(file.bytes));
  for (const std::string_view place : {"local development environment", "本地开发环境"}) {
    if (head.find(place) != std::string::npos) return true;
  }
  return false;
}

/// Is one of the words of a file's name among these?
bool has_word(const std::string& name, std::initializer_list<std::string_view> words) {
  const std::vector<std::string_view> all = split(name, "-_.");
  return std::any_of(all.begin(), all.end(),
                     [&](std::string_view word) { return one_of(word, words); });
}

/// Requirements for a machine of another kind, or for work on the code.
bool other_requirements(const File& file) {
  return file.kind == FileKind::requirements &&
         has_word(lower(paths::basename(file.path)),
                  {"cpu",  "windows",  "win",     "mac",  "macos", "osx",    "mps",
                   "arm",  "arm64",    "aarch64", "rocm", "npu",   "ascend", "tpu",
                   "docs", "test",     "tests",   "ci",   "colab", "kaggle", "docker",
                   "wsl",  "directml", "xpu",     "musa"});
}

/// Who else rents machines, as a comment calls them.
constexpr std::string_view kProviders[] = {"vultr",   "runpod",      "vast.ai", "paperspace",
                                           "pai-dsw", "lambda labs", "ec2 ",    "digitalocean"};

/// `wsl_setup.sh`, `train_slurm.sh`: a script that is named for another machine.
bool other_machine(const File& file) {
  return file.kind == FileKind::shell &&
         has_word(lower(paths::basename(file.path)),
                  {"wsl",    "wsl2",      "mac",        "macos",  "colab", "runpod", "vastai",
                   "slurm",  "sagemaker", "paperspace", "ec2",    "gcp",   "azure",  "vultr",
                   "kaggle", "molab",     "npu",        "ascend", "rocm",  "tpu"});
}

/// A script that works in its author's home on a Mac, and trains on no GPU or is named for it.
bool on_a_mac(const File& file, const catalog::Profile& profile) {
  static const RE2 kHome(R"((?m)^\s*(?:export\s+)?(?:\w+=|cd\s+)["']?/Users/\w)");
  static const RE2 kDevice(R"(--device[ =](?:cpu|mps)\b)");
  return file.kind == FileKind::shell && !names_platform(file.bytes, profile) &&
         RE2::PartialMatch(file.bytes, kHome) &&
         (has_word(lower(paths::basename(file.path)), {"local"}) ||
          RE2::PartialMatch(file.bytes, kDevice));
}

/// `mac/`, `scripts/m4_max_36gb/`: a folder for what runs on a Mac.
bool mac_folder(std::string_view folder) {
  static const RE2 kMac(
      R"((?:^|[-_.])(?:mac|macos|osx|mps|apple_silicon|m\d[-_]?(?:max|pro|ultra))(?:$|[-_.]))");
  return RE2::PartialMatch(folder, kMac);
}

/// A script whose head says at whose machines it is meant for.
bool other_provider(const File& file, const catalog::Profile& profile) {
  if (file.kind != FileKind::shell || meant_for_platform(file.bytes, profile)) return false;
  const std::string head = lower(head_comment(file.bytes));
  return std::any_of(std::begin(kProviders), std::end(kProviders),
                     [&](std::string_view name) { return head.find(name) != std::string::npos; });
}

/// A program whose docstring says where it is run: `Run on AWS`.
bool run_elsewhere(const File& file, const catalog::Profile& profile) {
  if (file.kind != FileKind::python || meant_for_platform(file.bytes, profile)) return false;
  static const RE2 kRun(
      R"(\brun(?:s|ning)? (?:it )?on (?:an? |the |your )?)"
      R"((?:aws|ec2|gcp|azure|runpod|vast\.ai|vultr|paperspace|lambda labs|colab|kaggle|mac|macbook)\b)");
  return RE2::PartialMatch(lower(head_comment(file.bytes)), kRun);
}

/// Does a path of a text begin like this one, and not within another?
bool holds_path(std::string_view text, std::string_view path) {
  for (size_t at = text.find(path); at != std::string_view::npos; at = text.find(path, at + 1)) {
    const char before = at > 0 ? text[at - 1] : ' ';
    const bool within = (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') ||
                        (before >= '0' && before <= '9') || before == '_' || before == '-' ||
                        before == '.' || before == '/' || before == '}';
    if (!within) return true;
  }
  return false;
}

/// A program that works in another rental's folders. (Of a script its commands tell.)
bool on_another_rental(const File& file, const catalog::Profile& profile) {
  if (file.kind == FileKind::shell) return false;
  auto places = places_elsewhere(profile);
  // ModelScope's and DSW's; a script may have the folder from anywhere.
  if (file.kind == FileKind::notebook) places.emplace_back("/mnt/workspace");
  return std::any_of(places.begin(), places.end(),
                     [&](std::string_view place) { return holds_path(file.bytes, place); });
}

/// A notebook of a published library that shows how to use it.
bool example_notebook(const File& file, const std::string& root, const Reader& reader) {
  return file.kind == FileKind::notebook && library_example(file, root, reader);
}

/// A shell script deep inside a Python package: what the package's authors keep there for
/// themselves.
bool inside_package(const File& file, const std::string& root, const Reader& reader) {
  if (file.kind != FileKind::shell) return false;
  int between = 0;
  for (std::string folder = paths::dirname(file.path); folder.size() > root.size();
       folder = paths::dirname(folder), ++between) {
    if (between >= 2 && reader.exists(folder + "/__init__.py")) return true;
  }
  return false;
}

/// A Space of the Hugging Face Hub: its README, or the text itself, says what runs it.
bool hub_space(const File& file, const Reader& reader) {
  const std::string head = lower(head_comment(file.bytes));
  for (const std::string_view name :
       {"huggingface space", "hugging face space", "huggingface.co/spaces"}) {
    if (head.find(name) != std::string::npos) return true;
  }
  const std::string folder = paths::dirname(file.path);
  const auto readme = reader.open(folder + "/README.md");
  return readme && readme->bytes.starts_with("---") &&
         readme->bytes.find("\nsdk: ") != std::string::npos;
}

/// `20231214_053434/`: how mmengine calls the folder of a run.
bool named_for_a_start(std::string_view name) {
  return name.size() == 16 && name[8] == '_' &&
         name.find_first_not_of("0123456789_/") == std::string_view::npos;
}

/// The configuration of a run as mmengine writes it down beside its events, resolved and so without
/// an import. No run reads it.
bool dumped_config(const File& file, const Reader& reader) {
  if (file.kind != FileKind::python ||
      find_text(file.bytes, "work_dir") == std::string_view::npos ||
      find_text(file.bytes, "import ") != std::string_view::npos)
    return false;
  const std::string folder = paths::dirname(file.path);
  if (paths::basename(folder) == "vis_data") return true;
  const std::vector<std::string> beside = reader.names(folder);
  return std::any_of(beside.begin(), beside.end(), named_for_a_start);
}

/// What a container starts with, or a kernel that is pushed to Kaggle.
bool own_start(const std::string& path, const std::string& root, const Reader& reader) {
  const std::string folder = paths::dirname(path), name = paths::basename(path);
  if (reader.exists(folder + "/kernel-metadata.json")) return true;
  const bool named = name.starts_with("docker-") || name.find("entrypoint") != std::string::npos ||
                     name.find("entry_point") != std::string::npos;
  return named && name.ends_with(".sh") &&
         (reader.exists(folder + "/Dockerfile") || reader.exists(root + "/Dockerfile"));
}

/// `run.sh` beside `run_autodl.sh`, `requirements.txt` beside `requirements-autodl.txt`: the one
/// that is named for the platform is the box's.
bool for_another_kind(const File& file, const catalog::Profile& profile, const Reader& reader) {
  if (file.kind != FileKind::shell && file.kind != FileKind::requirements) return false;
  const std::string folder = paths::dirname(file.path), name = paths::basename(file.path);
  const size_t dot = name.rfind('.');
  if (dot == std::string::npos || profile.name.empty()) return false;
  if (lower(name).find(profile.name) != std::string::npos) return false;
  std::string stem = name.substr(0, dot);
  const std::string ending = name.substr(dot);
  // All other lists of requirements stand back behind the platform's own.
  if (file.kind == FileKind::requirements) stem = "requirements";
  return std::any_of(std::begin(kJoints), std::end(kJoints), [&](const char joint) {
    const auto beside = [&](const std::string& words) {
      return reader.exists(folder + "/" + words + ending);
    };
    if (beside(stem + joint + profile.name) || beside(profile.name + joint + stem)) return true;
    // `lambda_setup.sh` beside `autodl_setup.sh`; alone the word may mean anything.
    return lower(stem).starts_with(std::string("lambda") + joint) &&
           beside(profile.name + stem.substr(6));
  });
}

/// `os.getenv("AUTODL_BASE_URL")`: a program at home that talks to what the box serves.
bool client_of_the_box(const File& file, const catalog::Profile& profile) {
  if (file.kind != FileKind::python || profile.name.empty()) return false;
  std::string prefix = profile.name + "_";
  for (char& c : prefix) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const std::string_view text = file.bytes;
  for (size_t at = text.find(prefix); at != std::string_view::npos;
       at = text.find(prefix, at + 1)) {
    size_t end = at;
    while (end < text.size() && (text[end] == '_' || (text[end] >= 'A' && text[end] <= 'Z'))) ++end;
    const std::string_view word = text.substr(at, end - at);
    const bool quoted = at > 0 && (text[at - 1] == '"' || text[at - 1] == '\'');
    if (quoted && (word.ends_with("_URL") || word.ends_with("_ENDPOINT"))) return true;
  }
  return false;
}

/// A test, by its folder and its own name: a folder of this name alone may hold evaluations.
bool test_file(std::string_view folder, std::string_view name) {
  return folder == "test" &&
         (name.starts_with("test_") || name.find("_test.") != std::string::npos);
}

}  // namespace

std::string_view head_comment(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && (text[end] == '#' || text[end] == '\n' || text[end] == '\r'))
    end = std::min(text.find('\n', end), text.size() - 1) + 1;
  if (text.substr(end).starts_with("\"\"\""))
    end = std::min(text.find("\"\"\"", end + 3), text.size());
  return text.substr(0, end);
}

bool meant_for_platform(std::string_view text, const catalog::Profile& profile) {
  const auto says = [&](const std::string& name) {
    return !name.empty() && text.find(name) != std::string_view::npos;
  };
  return names_platform(text, profile) || says(profile.name) || says(profile.title);
}

bool in_platform_folder(const std::string& path, const std::string& root,
                        const catalog::Profile& profile) {
  return !profile.name.empty() && paths::under(path, root) &&
         lower(path.substr(root.size())).find("/" + profile.name + "/") != std::string::npos;
}

bool packaged(const std::string& folder, const Reader& reader) {
  return has_any(folder, reader, {"setup.py", "pyproject.toml", "setup.cfg"});
}

bool among_examples(const std::string& path, const std::string& root) {
  if (!paths::under(path, root)) return false;
  const std::string_view inner = std::string_view(path).substr(root.size());
  return inner.find("/examples/") != std::string_view::npos ||
         inner.find("/tutorials/") != std::string_view::npos;
}

bool library_example(const File& file, const std::string& root, const Reader& reader) {
  return among_examples(file.path, root) && own_project(root, reader);
}

bool in_ci_folder(const std::string& path, const std::string& root) {
  for (std::string folder = paths::dirname(path); folder.size() > root.size();
       folder = paths::dirname(folder)) {
    if (ci_folder(lower(paths::basename(folder)))) return true;
  }
  return false;
}

bool upstream_test(const File& file, const std::string& root, const Reader& reader) {
  const std::string& path = file.path;
  bool upstream = false;
  for (size_t at = path.find('/', root.size() + 1);
       paths::under(path, root) && at != std::string::npos; at = path.find('/', at + 1)) {
    const size_t begin = path.rfind('/', at - 1) + 1;
    const std::string_view folder = std::string_view(path).substr(begin, at - begin);
    if (upstream && (folder == "tests" || folder == "test")) return true;
    upstream = upstream || own_project(path.substr(0, at), reader);
  }
  return false;
}

OwnFolders::OwnFolders(const std::vector<std::shared_ptr<const File>>& files,
                       const std::string& root, const catalog::Profile& profile) {
  for (const auto& file : files) {
    if (file->kind != FileKind::shell || !paths::under(file->path, root)) continue;
    const bool named = names_platform(file->bytes, profile);
    for (std::string folder = paths::dirname(file->path); folder.size() > root.size();
         folder = paths::dirname(folder)) {
      Scripts& scripts = folders_[folder];
      ++scripts.all;
      if (named) ++scripts.named;
    }
  }
}

OwnFolders::OwnFolders(const Context& context)
    : OwnFolders(context.program().files, context.program().root, context.profile()) {}

bool OwnFolders::holds(const std::string& folder) const {
  const auto at = folders_.find(folder);
  return at != folders_.end() && 2 * at->second.named >= at->second.all && at->second.named > 0;
}

bool kept_for_others(const File& file, const std::string& root, const catalog::Profile& profile,
                     const Reader& reader, const OwnFolders& own) {
  const std::string& path = file.path;
  if (!paths::under(path, root) || path.size() <= root.size()) return false;
  // Whatever places it names.
  if (dumped_config(file, reader)) return true;
  bool others = own_start(path, root, reader) || example_notebook(file, root, reader) ||
                other_requirements(file) || other_machine(file) || on_a_mac(file, profile) ||
                other_provider(file, profile) || on_another_rental(file, profile) ||
                run_elsewhere(file, profile) || spare_requirements(file, root, reader) ||
                inside_package(file, root, reader) || for_development(file) ||
                client_of_the_box(file, profile) || hub_space(file, reader) ||
                for_another_kind(file, profile, reader);
  for (size_t at = path.find('/', root.size() + 1); at != std::string::npos && !others;
       at = path.find('/', at + 1)) {
    const size_t begin = path.rfind('/', at - 1) + 1;
    const std::string_view folder = std::string_view(path).substr(begin, at - begin);
    const std::string whole = path.substr(0, at);
    // A skill of a coding agent runs where the agent does.
    others = upkeep_folder(lower(folder)) || mac_folder(lower(folder)) ||
             test_file(folder, paths::basename(path)) || reader.exists(whole + "/SKILL.md") ||
             (copied_project(whole, reader) && !own.holds(whole));
  }
  return others && !names_platform(file.bytes, profile);
}

}  // namespace preflint::project
