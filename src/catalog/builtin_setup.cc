#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/path.h"
#include "catalog/config_loader.h"
#include "catalog/fields.h"
#include "catalog/profile_loader.h"
#include "catalog/setup.h"

namespace preflint::catalog {
namespace {

constexpr int kMaxExtends = 16;
constexpr std::string_view kFileName = "preflint.yaml";

std::string parent(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

std::string child(const std::string& folder, std::string_view name) {
  return (folder == "/" ? "" : folder) + "/" + std::string(name);
}

Error cannot_extend(std::string_view base) {
  return {fmt::format("cannot extend '{}'", base), std::nullopt,
          fmt::format("无法继承 '{}'", base)};
}

bool is_path(std::string_view name) { return name.find('/') != std::string_view::npos; }

/// A sentence that quotes a key of a megabyte is read by nobody.
std::string clipped(const std::string& message) {
  constexpr size_t kMost = 1000;
  if (message.size() <= kMost) return message;
  size_t end = kMost;
  while (end > 0 && (static_cast<uint8_t>(message[end]) & 0xC0) == 0x80) --end;
  return message.substr(0, end) + "…";
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<uint8_t>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
  });
}

/// Where a text holds a control character, which "\e[2J" writes: a terminal would obey what a
/// stranger's configuration, rules and profiles say. Null: nowhere.
const Document* with_control_character(const Document& value) {
  if (has_control_character(value.text)) return &value;
  for (const Document& item : value.items) {
    if (const Document* found = with_control_character(item)) return found;
  }
  for (const Document::Member& member : value.members) {
    if (has_control_character(member.key)) return &member.value;
    if (const Document* found = with_control_character(member.value)) return found;
  }
  return nullptr;
}

}  // namespace

/// Reads one preflint.yaml and all that it refers to into a Setup.
class SetupReader {
 public:
  explicit SetupReader(const FileAccess& access) : access_(access) {}

  std::shared_ptr<const Setup> read(const std::string& path) {
    if (access_.project) project_ = access_.project(parent(path));
    LoadedConfig loaded;
    if (const auto document = open(path)) {
      loaded = load_config(*document, path, links(0));
      note(path, loaded.errors);
    }
    setup_->config = std::move(loaded.config);
    setup_->config.path = path;
    setup_->config.folder = parent(path);
    setup_->profile = loaded.profile;
    if (!setup_->profile) {
      if (const auto fallback = builtin_profile("autodl")) setup_->profile = *fallback;
    }
    return setup_;
  }

  std::unique_ptr<const Profile> profile_file(const std::string& path, int depth) {
    const auto document = open(path);
    if (!document) return nullptr;
    LoadedProfile loaded = load_profile(*document, stem(path), [&, depth](std::string_view base) {
      return base_of(path, base, depth);
    });
    note(path, loaded.errors);
    if (!loaded.errors.empty()) return nullptr;
    return std::make_unique<const Profile>(std::move(loaded.profile));
  }
  std::vector<SetupProblem> take_problems() { return std::move(setup_->problems); }

 private:
  static std::string stem(const std::string& path) {
    const std::string name = path.substr(path.rfind('/') + 1);
    return name.substr(0, name.rfind('.'));
  }

  /// A file as a document; a mistake in it becomes a problem and null.
  std::optional<Document> open(const std::string& path) {
    const Result<std::string> text = text_of(path);
    auto kept = std::make_shared<const std::string>(text ? *text : "");
    texts_[path] = kept;
    if (!text) {
      setup_->problems.push_back({path,
                                  kept,
                                  {"this file cannot be read" + text.error().message, std::nullopt,
                                   "无法读取该文件" + text.error().zh}});
      return std::nullopt;
    }
    auto parsed = parse_yaml(*kept);
    const Document* unsafe = parsed ? with_control_character(*parsed) : nullptr;
    if (parsed && !unsafe) return *std::move(parsed);
    note(path, {unsafe ? Error{"a control character is not allowed here", unsafe->span,
                               "此处不允许出现控制字符"}
                       : parsed.error()});
    return std::nullopt;
  }

  /// What a file holds, or why that is not to be had (": …", as an end of the sentence).
  Result<std::string> text_of(const std::string& path) {
    setup_->files.push_back(path);
    std::optional<ConfigText> read = access_.read(path);
    if (!read) return Error{"", std::nullopt};
    if (!read->trouble.en.empty())
      return Error{": " + read->trouble.en, std::nullopt, "：" + read->trouble.zh};
    if (!read->real.empty() && !project_.real.empty() && !below(read->real, project_.real)) {
      if (below(path, project_.path)) {
        return Error{": it is a symlink, or below one, that leads out of the project", std::nullopt,
                     "：它是（或位于）指向项目之外的符号链接"};
      }
      elsewhere_.insert(path);
    }
    return std::move(read->text);
  }

  void note(const std::string& path, const std::vector<Error>& errors) {
    if (!errors.empty() && elsewhere_.contains(path)) {
      const Error hidden{
          "this file lies outside of the project and has mistakes, which are not shown here",
          std::nullopt, "该文件在项目之外，其中的错误不在此显示"};
      setup_->problems.push_back({path, std::make_shared<const std::string>(), hidden});
      return;
    }
    const auto& text = texts_[path];
    for (size_t i = 0; i < std::min(errors.size(), kMostMistakes); ++i) {
      setup_->problems.push_back(
          {path, text, {clipped(errors[i].message), errors[i].where, clipped(errors[i].zh)}});
    }
    if (errors.size() > kMostMistakes) {
      setup_->problems.push_back({path,
                                  text,
                                  {"there are more mistakes in this file",
                                   errors[kMostMistakes].where, "此文件还有更多错误"}});
    }
  }

  Result<Profile> base_of(const std::string& path, std::string_view base, int depth) {
    const bool file = is_path(base) || base.ends_with(".yaml");
    if (!file) {
      const auto found = builtin_profile(base);
      if (!found) return found.error();
      return **found;
    }
    if (depth >= kMaxExtends)
      return Error{"'extends' goes round in a circle", std::nullopt, "'extends' 形成了循环"};
    const std::string target =
        base.starts_with('/') ? std::string(base) : child(parent(path), base);
    auto found = profile_file(target, depth + 1);
    if (!found) return cannot_extend(base);
    return *found;
  }

  ConfigLinks links(int depth) {
    ConfigLinks links;
    links.base = [this, depth](const std::string& path) -> Result<Config> {
      if (depth >= kMaxExtends)
        return Error{"'extends' goes round in a circle", std::nullopt, "'extends' 形成了循环"};
      const auto document = open(path);
      if (!document) return cannot_extend(path);
      // The profile and the rules are looked up once, for the outermost file.
      ConfigLinks inner = this->links(depth + 1);
      inner.rules = nullptr;
      LoadedConfig loaded = load_config(*document, path, inner);
      note(path, loaded.errors);
      if (!loaded.errors.empty() && elsewhere_.contains(path)) {
        return cannot_extend(path);
      }
      return std::move(loaded.config);
    };
    links.profile = [this](const std::string& name) -> Result<const Profile*> {
      if (!is_path(name)) return builtin_profile(name);
      const auto same = [&](const auto& kept) { return kept.first == name; };
      const auto it = std::find_if(profiles_.begin(), profiles_.end(), same);
      if (it != profiles_.end()) return it->second;
      auto found = profile_file(name, 0);
      if (!found)
        return Error{fmt::format("the profile '{}' has mistakes or cannot be read", name),
                     std::nullopt, fmt::format("profile '{}' 有错误或无法读取", name)};
      profiles_.emplace_back(name, found.get());
      setup_->profiles_.push_back(std::move(found));
      return profiles_.back().second;
    };
    links.image = [this](const std::string& path) -> Result<ImageFile> {
      const Result<std::string> text = text_of(path);
      if (!text) {
        return Error{fmt::format("'{}' cannot be read{}", path, text.error().message), std::nullopt,
                     fmt::format("无法读取 '{}'{}", path, text.error().zh)};
      }
      Result<Document> document = parse_yaml(*text);
      const bool elsewhere = elsewhere_.contains(path);
      if (document) return ImageFile{*std::move(document), elsewhere};
      if (!elsewhere) return document.error();
      return Error{fmt::format("'{}' is not YAML", path), std::nullopt,
                   fmt::format("'{}' 不是合法的 YAML", path)};
    };
    links.rules = [this](const std::vector<std::string>& patterns) {
      for (const std::string& pattern : patterns) load_rules(pattern);
      return setup_->rules();
    };
    return links;
  }

  void load_rules(const std::string& pattern) {
    const std::string folder = parent(pattern);
    const std::string wanted = pattern.substr(pattern.rfind('/') + 1);
    std::vector<std::string> names;
    if (wanted.find_first_of("*?[") == std::string::npos) {
      names.push_back(wanted);
    } else if (access_.list) {
      for (std::string& name : access_.list(folder)) {
        if (glob_matches(wanted, name)) names.push_back(std::move(name));
      }
      std::sort(names.begin(), names.end());
    }
    for (const std::string& name : names) load_rule_file(child(folder, name));
  }

  void load_rule_file(const std::string& path) {
    const auto document = open(path);
    if (!document) return;
    LoadedRule loaded = load_rule(*document, RuleOrigin::user, "user");
    for (const Rule* other : setup_->rules()) {
      if (other->id == loaded.rule.id || other->name == loaded.rule.name) {
        loaded.errors.push_back(
            {fmt::format("the rule {} ({}) has this id or name already", other->id, other->name),
             document->span,
             fmt::format("规则 {}（{}）已经用了这个 id 或名称", other->id, other->name)});
      }
    }
    note(path, loaded.errors);
    if (loaded.errors.empty()) setup_->user_rules.push_back(std::move(loaded));
  }

  const FileAccess& access_;
  ProjectFolder project_;  // empty: all is trusted
  std::shared_ptr<Setup> setup_ = std::make_shared<Setup>();
  std::map<std::string, std::shared_ptr<const std::string>> texts_;
  std::set<std::string> elsewhere_;  // files that a configuration names outside of its project
  std::vector<std::pair<std::string, const Profile*>> profiles_;
};

const Rule* Setup::rule(std::string_view id_or_name) const {
  for (const LoadedRule& own : user_rules) {
    if (own.rule.id == id_or_name || own.rule.name == id_or_name) return &own.rule;
  }
  const BuiltinRule* found = find_builtin(id_or_name);
  return found ? &found->rule : nullptr;
}

std::vector<const Rule*> Setup::rules() const {
  std::vector<const Rule*> out;
  for (const BuiltinRule& entry : builtin_rules()) out.push_back(&entry.rule);
  for (const LoadedRule& own : user_rules) out.push_back(&own.rule);
  return out;
}

std::shared_ptr<const Setup> read_setup(const std::string& path, const FileAccess& access) {
  return SetupReader(access).read(path);
}

std::shared_ptr<const Setup> default_setup(const std::string& folder) {
  auto setup = std::make_shared<Setup>();
  setup->config.folder = folder;
  if (const auto profile = builtin_profile(setup->config.profile)) setup->profile = *profile;
  return setup;
}

ProfileFile read_profile(const std::string& name_or_path, const FileAccess& access) {
  ProfileFile out;
  if (!is_path(name_or_path)) {
    const auto found = builtin_profile(name_or_path);
    if (found) {
      out.profile = std::make_unique<const Profile>(**found);
    } else {
      out.problems.push_back({name_or_path, std::make_shared<const std::string>(), found.error()});
    }
    return out;
  }
  SetupReader reader(access);
  out.profile = reader.profile_file(name_or_path, 0);
  out.problems = reader.take_problems();
  return out;
}

std::shared_ptr<const Setup> Setups::for_folder(const std::string& folder) {
  std::vector<std::string> open;
  std::shared_ptr<const Setup> found;
  for (std::string here = folder;; here = parent(here)) {
    if (const auto it = by_folder_.find(here); it != by_folder_.end()) {
      found = it->second;
      break;
    }
    open.push_back(here);
    const std::string path = child(here, kFileName);
    if (access_.read(path)) {
      found = read_setup(path, access_);
      break;
    }
    if (here == "/") {
      found = default_setup(folder);
      break;
    }
  }
  for (const std::string& here : open) by_folder_[here] = found;
  return found;
}

}  // namespace preflint::catalog
