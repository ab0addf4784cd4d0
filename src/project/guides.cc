#include "project/guides.h"

#include <string>
#include <string_view>

#include "base/text.h"

namespace preflint::project {
namespace {

constexpr int kDepth = 5;
constexpr size_t kMost = 200;
constexpr size_t kMostFolders = 2'000;

bool guide(const std::string& name) {
  const std::string low = lower(name);
  for (const std::string_view ending : {".md", ".rst", ".ps1", ".bat", ".cmd"}) {
    if (low.ends_with(ending)) return true;
  }
  return low.starts_with("readme") || low.starts_with("install.");
}

bool passed_over(std::string_view folder) {
  return folder.starts_with('.') || folder == "node_modules/" || folder == "third_party/" ||
         folder == "site-packages/" || folder == "venv/" || folder == "data/";
}

}  // namespace

Guides::Guides(const Context& context) {
  const Program& program = context.program();
  struct Folder {
    std::string path;
    int depth;
  };
  std::vector<Folder> folders{{program.root, 0}};
  for (size_t i = 0; i < folders.size() && i < kMostFolders; ++i) {
    const Folder folder = folders[i];
    for (const std::string& name : program.reader->names(folder.path)) {
      if (name.ends_with('/')) {
        if (folder.depth < kDepth && !passed_over(name))
          folders.push_back(
              {folder.path + "/" + name.substr(0, name.size() - 1), folder.depth + 1});
        continue;
      }
      if (!guide(name)) continue;
      if (files.size() == kMost) return;
      if (auto file = program.reader->open(folder.path + "/" + name))
        files.push_back(std::move(file));
    }
  }
}

bool Guides::tell_to_install(std::string_view name) const {
  for (const auto& guide : files) {
    for (std::string_view rest = guide->bytes; !rest.empty();) {
      const std::string_view line = take_line(rest);
      if (line.find("install") != std::string_view::npos &&
          line.find(name) != std::string_view::npos)
        return true;
    }
  }
  return false;
}

}  // namespace preflint::project
