#include "catalog/config_loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/fields.h"
#include "catalog/image.h"
#include "catalog/selection.h"
#include "catalog/suggest.h"

namespace preflint::catalog {
namespace {

using Errors = std::vector<Error>;

std::string folder_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return "";
  return std::string(slash == 0 ? "/" : path.substr(0, slash));
}

/// A path as written in a file of `folder`, absolute and without `.` and `..`.
std::string resolve(std::string_view folder, std::string_view written) {
  const std::string whole =
      written.starts_with('/') ? std::string(written) : fmt::format("{}/{}", folder, written);
  std::vector<std::string_view> parts;
  for (std::string_view rest = whole; !rest.empty();) {
    const size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  }
  return "/" + fmt::format("{}", fmt::join(parts, "/"));
}

bool is_path(std::string_view name) {
  return name.find('/') != std::string_view::npos || name.ends_with(".yaml") ||
         name.ends_with(".yml");
}

class Loader {
 public:
  Loader(const Document& document, const std::string& path, const ConfigLinks& links)
      : document_(document),
        links_(links),
        folder_(folder_of(path)),
        top_(document, verbatim("preflint.yaml"), out_.errors) {
    out_.config.path = path;
    out_.config.folder = folder_;
  }

  LoadedConfig load() && {
    extends();
    profile();
    hardware();
    patterns();
    project();
    selectors();
    top_.finish();
    return std::move(out_);
  }

 private:
  void extends() {
    const Document* value = top_.get("extends");
    if (!value) return;
    if (!is_text(*value)) {
      top_.fail(value->span, {"'extends' must be the path of another preflint.yaml",
                              "'extends' 应为另一个 preflint.yaml 的路径"});
      return;
    }
    if (!links_.base) return;
    Result<Config> base = links_.base(resolve(folder_, value->text));
    if (!base) {
      top_.fail(value->span, base.error());
      return;
    }
    const std::string path = out_.config.path;
    out_.config = *std::move(base);
    out_.config.path = path;
    out_.config.folder = folder_;
  }

  void profile() {
    Config& config = out_.config;
    const Document* value = top_.get("profile");
    if (auto name = top_.text("profile")) {
      config.profile = is_path(*name) ? resolve(folder_, *name) : *name;
    }
    if (!links_.profile) return;
    const Result<const Profile*> found = links_.profile(config.profile);
    if (found) {
      out_.profile = *found;
    } else {
      top_.fail(value ? value->span : document_.span, found.error());
    }
  }

  void hardware() {
    Config& config = out_.config;
    if (auto gpu = top_.text("gpu")) config.gpu = *gpu;
    if (auto count = top_.integer("gpus", 1, 1024)) config.gpus = static_cast<int>(*count);
    const Document* value = top_.get("image");
    if (!value) return;
    if (value->is_map()) {
      config.image = load_image(*value, out_.errors);
    } else if (!is_text(*value)) {
      top_.fail(value->span, {"'image' must be a name or a mapping of fields",
                              "'image' 应为镜像名，或由各字段组成的映射"});
    } else if (value->text.ends_with(".yaml") || value->text.ends_with(".yml")) {
      image_file(*value);
    } else if (auto image = image_named(value->text, out_.profile ? *out_.profile : Profile())) {
      config.image = *std::move(image);
    } else {
      unknown_image(*value);
    }
  }

  /// What `preflint preflight --save` writes: an image's fields, perhaps below `image:`, and a GPU.
  void image_file(const Document& value) {
    if (!links_.image) return;
    const Result<ImageFile> file = links_.image(resolve(folder_, value.text));
    if (!file) {
      top_.fail(value.span, file.error());
      return;
    }
    Errors errors;
    Fields fields(file->document, verbatim(fmt::format("'{}'", value.text)), errors);
    if (const Document* inner = fields.get("image")) {
      out_.config.image = load_image(*inner, errors);
      if (auto gpu = fields.text("gpu"); gpu && !document_.find("gpu")) out_.config.gpu = *gpu;
      if (auto count = fields.integer("gpus", 1, 1024); count && !document_.find("gpus")) {
        out_.config.gpus = static_cast<int>(*count);
      }
      fields.finish();
    } else {
      out_.config.image = load_image(file->document, errors);
    }
    if (errors.empty()) return;
    // The places lie in the other file: the first mistake is told here.
    const Error& first = errors.front();
    top_.fail(value.span,
              file->elsewhere
                  ? Sentence{fmt::format("'{}' has no fields of an image", value.text),
                             fmt::format("'{}' 中没有镜像的字段", value.text)}
                  : Sentence{fmt::format("{}: {}", value.text, first.message),
                             fmt::format("{}：{}", value.text, first.in(Language::zh))});
  }

  void unknown_image(const Document& value) {
    std::vector<std::string_view> names;
    if (out_.profile) {
      for (const Image& image : out_.profile->images) names.push_back(image.name);
    }
    const Sentence near = suggestion(value.text, names);
    top_.fail(value.span, {fmt::format("no image is called '{}'{}", value.text, near.en),
                           fmt::format("没有名为 '{}' 的镜像{}", value.text, near.zh)});
  }

  void patterns() {
    Config& config = out_.config;
    if (top_.get("exclude")) config.exclude = top_.texts("exclude");
    if (const Document* map = top_.get("per-file-ignores")) {
      Fields fields(*map, verbatim("'per-file-ignores'"), out_.errors);
      for (const Document::Member& member : map->members) {
        const auto same = [&](const Config::PerFile& p) { return p.pattern == member.key; };
        std::erase_if(config.per_file_ignores, same);
        config.per_file_ignores.push_back({member.key, fields.texts(member.key)});
      }
    }
    if (const Document* map = top_.get("sites")) {
      Fields fields(*map, verbatim("'sites'"), out_.errors);
      if (fields.get("local")) config.sites.local = fields.texts("local");
      if (fields.get("instance")) config.sites.instance = fields.texts("instance");
      fields.finish();
    }
    if (top_.get("rules")) {
      config.rules.clear();
      for (const std::string& pattern : top_.texts("rules")) {
        config.rules.push_back(resolve(folder_, pattern));
      }
    }
  }

  void project() {
    Config& config = out_.config;
    if (const Document* map = top_.get("network")) {
      Fields fields(*map, verbatim("'network'"), out_.errors);
      if (fields.get("hook_files")) config.network.hook_files = fields.texts("hook_files");
      fields.finish();
    }
    if (const Document* map = top_.get("durable")) {
      Fields fields(*map, verbatim("'durable'"), out_.errors);
      if (fields.get("extra")) config.durable.extra = fields.texts("extra");
      for (const Document* path : fields.scalars("extra")) {
        if (!path->text.starts_with('/')) {
          fields.fail(path->span, {"a durable path is absolute", "持久路径必须是绝对路径"});
        }
      }
      fields.finish();
    }
    if (const Document* map = top_.get("launch")) {
      Fields fields(*map, verbatim("'launch'"), out_.errors);
      if (fields.get("required_overrides")) config.required_overrides.clear();
      for (const Document* item : fields.items("required_overrides")) {
        Fields one(*item, {"a required override", "必需的覆盖项"}, out_.errors);
        config.required_overrides.push_back({one.need_text("entry"), one.need_text("option")});
        one.finish();
      }
      fields.finish();
    }
  }

  void selectors() {
    Config& config = out_.config;
    if (top_.get("select")) config.select = top_.texts("select");
    if (top_.get("extend-select")) config.extend_select = top_.texts("extend-select");
    if (top_.get("ignore")) config.ignore = top_.texts("ignore");
    const Document* severities = top_.get("severity");
    if (severities) {
      Fields fields(*severities, verbatim("'severity'"), out_.errors);
      for (const Document::Member& member : severities->members) {
        const std::string level = fields.choice(member.key, {"error", "warning", "info"});
        if (level.empty()) continue;
        config.severity[member.key] = level == "error"  ? Severity::error
                                      : level == "info" ? Severity::info
                                                        : Severity::warning;
      }
    }
    if (!links_.rules) return;
    const std::vector<const Rule*> rules = links_.rules(config.rules);
    for (const char* key : {"select", "extend-select", "ignore"}) {
      for (const Document* item : top_.scalars(key)) check(item->text, item->span, rules);
    }
    if (severities) {
      for (const Document::Member& member : severities->members) {
        check(member.key, member.key_span, rules);
      }
    }
    if (const Document* map = document_.find("per-file-ignores")) {
      for (const Document::Member& member : map->members) {
        if (is_text(member.value)) check(member.value.text, member.value.span, rules);
        for (const Document& item : member.value.items) check(item.text, item.span, rules);
      }
    }
  }

  void check(std::string_view selector, Span span, const std::vector<const Rule*>& rules) {
    if (auto wrong = unknown_selector(selector, rules)) top_.fail(span, *std::move(wrong));
  }

  const Document& document_;
  const ConfigLinks& links_;
  std::string folder_;
  LoadedConfig out_;
  Fields top_;
};

}  // namespace

Severity Config::severity_of(const Rule& rule) const {
  int closest = 0;
  Severity found = rule.severity;
  for (const auto& [selector, level] : severity) {
    if (const int close = closeness(selector, rule); close > closest) {
      closest = close;
      found = level;
    }
  }
  return found;
}

bool Config::ignored_in(const Rule& rule, std::string_view relative_path) const {
  return std::any_of(per_file_ignores.begin(), per_file_ignores.end(), [&](const PerFile& entry) {
    return glob_matches(entry.pattern, relative_path) &&
           std::any_of(entry.ignore.begin(), entry.ignore.end(),
                       [&](const std::string& selector) { return closeness(selector, rule) > 0; });
  });
}

LoadedConfig load_config(const Document& document, const std::string& path,
                         const ConfigLinks& links) {
  return Loader(document, path, links).load();
}

}  // namespace preflint::catalog
