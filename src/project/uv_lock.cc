#include "project/uv_lock.h"

#include <map>
#include <utility>
#include <vector>

#include "base/one_of.h"
#include "model/requirements/file.h"
#include "syntax/document.h"

namespace preflint::project {
namespace {

/// A package as it stands in the lock; one name may stand there in several versions.
class Lock {
 public:
  explicit Lock(const Document& top) {
    const Document* list = top.find("package");
    if (!list || !list->is_list()) return;
    for (const Document& package : list->items) {
      const Document* name = package.find("name");
      if (!name) continue;
      packages_.emplace(name->text, &package);
      const Document* source = package.find("source");
      for (const char* kind : {"virtual", "editable", "directory"}) {
        const Document* folder = source ? source->find(kind) : nullptr;
        if (folder && folder->text == ".") root_ = name->text;
      }
    }
    if (top.at({"manifest", "members"})) root_.clear();
  }

  std::set<std::string> packages(const UvChoice& choice) {
    if (choice.everything || root_.empty()) {
      for (const auto& [name, package] : packages_) out_.insert(name);
      return std::move(out_);
    }
    take(root_, "");
    for (const std::string& name : choice.optional) take(root_, name);
    while (!waiting_.empty()) {
      const auto [name, extra] = waiting_.back();
      waiting_.pop_back();
      const auto [first, last] = packages_.equal_range(name);
      for (auto at = first; at != last; ++at) needs(*at->second, name, extra);
    }
    return std::move(out_);
  }

 private:
  /// `extra`: "" the package itself, else one of its extras (of the root also a group).
  void take(const std::string& name, const std::string& extra) {
    if (!seen_.emplace(name, extra).second) return;
    out_.insert(name);
    waiting_.emplace_back(name, extra);
  }

  void needs(const Document& package, const std::string& name, const std::string& extra) {
    if (extra.empty()) {
      take_all(package.find("dependencies"));
      return;
    }
    take_all(package.at({"optional-dependencies", extra}));
    if (name == root_) take_all(package.at({"dev-dependencies", extra}));
  }

  void take_all(const Document* list) {
    if (!list || !list->is_list()) return;
    for (const Document& one : list->items) {
      const Document* name = one.find("name");
      if (!name) continue;
      take(name->text, "");
      const Document* extras = one.find("extra");
      if (!extras || !extras->is_list()) continue;
      for (const Document& extra : extras->items) take(name->text, extra.text);
    }
  }

  std::multimap<std::string, const Document*> packages_;
  std::string root_;  // "" not known
  std::set<std::pair<std::string, std::string>> seen_;
  std::vector<std::pair<std::string, std::string>> waiting_;
  std::set<std::string> out_;
};

}  // namespace

UvChoice UvChoice::of(const shell::CommandEvent& sync) {
  UvChoice out;
  for (size_t i = 0; i < sync.arguments.size(); ++i) {
    const auto word = sync.arguments[i].constant();
    if (!word) {
      out.everything = true;
      continue;
    }
    const size_t equals = word->find('=');
    const std::string option = word->substr(0, equals);
    if (one_of(option, {"--all-extras", "--all-groups", "--package", "--all-packages", "--project",
                        "--directory", "--script"}))
      out.everything = true;
    if (one_of(option, {"--no-dev", "--no-default-groups"})) out.default_groups = false;
    if (option == "--dev") out.optional.insert("dev");
    if (!one_of(option, {"--extra", "--group", "--only-group"})) continue;
    const auto name = equals != std::string::npos     ? std::optional(word->substr(equals + 1))
                      : i + 1 < sync.arguments.size() ? sync.arguments[++i].constant()
                                                      : std::nullopt;
    if (name)
      out.optional.insert(req::normalised_name(*name));
    else
      out.everything = true;
  }
  return out;
}

UvChoice UvChoice::resolved(std::string_view pyproject) const {
  UvChoice out = *this;
  const auto document = parse_toml(pyproject);
  const Document* named = document ? document->at({"tool", "uv", "default-groups"}) : nullptr;
  if (default_groups && !named) {
    out.optional.insert("dev");
  } else if (default_groups && named->is_list()) {
    for (const Document& group : named->items)
      out.optional.insert(req::normalised_name(group.text));
  } else if (default_groups) {
    out.everything = true;  // "all"
  }
  if (document) out.add_included(*document);
  return out;
}

/// `{ include-group = "train" }` in a group, `name[gpu]` of the project itself in an extra.
void UvChoice::add_included(const Document& pyproject) {
  const Document* own = pyproject.at({"project", "name"});
  const std::string name = own ? req::normalised_name(own->text) : "";
  const auto add_from = [&](const Document* table) {
    if (!table || !table->is_map()) return;
    for (const auto& member : table->members) {
      if (!optional.contains(req::normalised_name(member.key))) continue;
      for (const Document& item : member.value.items) {
        if (const Document* group = item.find("include-group"))
          optional.insert(req::normalised_name(group->text));
        if (!item.is_string() || name.empty()) continue;
        const auto requirement = req::Requirement::parse(item.text);
        if (!requirement || requirement->project != name) continue;
        for (const std::string& extra : requirement->extras)
          optional.insert(req::normalised_name(extra));
      }
    }
  };
  for (size_t before = 0; before != optional.size();) {
    before = optional.size();
    add_from(pyproject.find("dependency-groups"));
    add_from(pyproject.at({"project", "optional-dependencies"}));
  }
}

std::set<std::string> locked_packages(std::string_view lock, const UvChoice& choice) {
  const auto document = parse_toml(lock);
  return document ? Lock(*document).packages(choice) : std::set<std::string>();
}

}  // namespace preflint::project
