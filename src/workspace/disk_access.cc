#include "workspace/disk_access.h"

#include <sys/stat.h>

#include <climits>
#include <cstdlib>
#include <filesystem>

#include "base/path.h"
#include "model/value.h"
#include "project/read_bytes.h"
#include "workspace/project.h"

namespace preflint::workspace {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxConfigBytes = size_t{4} << 20;

std::string real(const std::string& path) {
  char resolved[PATH_MAX];
  return ::realpath(path.c_str(), resolved) ? std::string(resolved) : path;
}

}  // namespace

Sentence reason_of(project::Trouble trouble) {
  using project::Trouble;
  switch (trouble) {
    case Trouble::missing:
      return {"it is a symlink that leads nowhere", "符号链接指向的文件不存在"};
    case Trouble::denied:
      return {"permission denied", "没有读取权限"};
    case Trouble::not_regular:
      return {"it is not a regular file", "它不是普通文件"};
    case Trouble::too_large:
      return {"it is larger than " + std::to_string(kMaxConfigBytes >> 20) + " MB",
              "超过 " + std::to_string(kMaxConfigBytes >> 20) + " MB"};
    case Trouble::link_loop:
      return {"it is a symlink that leads back to itself", "符号链接形成了循环"};
    case Trouble::scarce:
      return {"the system has no more memory or open files to give",
              "系统的内存或可打开的文件数已用尽"};
    case Trouble::outside:
      return {"it lies outside the project", "它在项目之外"};
    case Trouble::too_deep:
      return {"its path is too long", "路径过长"};
    case Trouble::failed:
    case Trouble::binary:
    case Trouble::utf16:
      break;
  }
  return {"I/O error", "读取出错"};
}

namespace {

std::optional<catalog::ConfigText> read(const std::string& path) {
  project::ReadBytes bytes = project::read_bytes(path, kMaxConfigBytes);
  if (!bytes.trouble) {
    catalog::ConfigText out(std::move(bytes.bytes));
    out.real = real(path);
    return out;
  }
  struct stat status;
  // What is there and cannot be read must not be passed over as if there were no configuration.
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  catalog::ConfigText out("");
  out.trouble = reason_of(*bytes.trouble);
  return out;
}

catalog::ProjectFolder project_of(const std::string& folder, const std::string& ceiling,
                                  const std::vector<std::string>& linted) {
  const std::string here = real(folder);
  std::string root = repository_of(here, ceiling.empty() ? "" : real(ceiling));
  for (size_t i = 0; root.empty() && i < linted.size(); ++i) {
    const std::string around = real(linted[i]);
    if (below(here, around)) root = around;
  }
  if (root.empty()) root = here;
  // The same folder by the path that was taken: the end that both have in common is left out.
  const std::string inner = root == "/" ? here : here.substr(root.size());
  const bool same_end = folder.ends_with(inner) && folder.size() > inner.size();
  return {same_end ? folder.substr(0, folder.size() - inner.size()) : folder, root};
}

}  // namespace

std::string repository_of(const std::string& start, const std::string& ceiling) {
  for (std::string here = start;; here = fs::path(here).parent_path()) {
    if (!ceiling.empty() && !below(here, ceiling)) return "";
    std::error_code error;
    if (fs::exists(here + (here == "/" ? ".git" : "/.git"), error)) return here;
    if (here == "/" || here.empty()) return "";
  }
}

catalog::FileAccess disk_access(const std::string& ceiling, std::vector<std::string> linted) {
  catalog::FileAccess access;
  access.read = [ceiling](const std::string& path) -> std::optional<catalog::ConfigText> {
    const bool looked_for = path.ends_with("/preflint.yaml");
    if (looked_for && !ceiling.empty() && !paths::under(path, ceiling)) return std::nullopt;
    return read(path);
  };
  access.list = [](const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    fs::directory_iterator it(folder, error), end;
    for (; !error && it != end; it.increment(error)) names.push_back(it->path().filename());
    return names;
  };
  access.project = [ceiling, linted = std::move(linted)](const std::string& folder) {
    return project_of(folder, ceiling, linted);
  };
  return access;
}

catalog::FileAccess trusted(catalog::FileAccess access) {
  access.project = nullptr;
  return access;
}

}  // namespace preflint::workspace
