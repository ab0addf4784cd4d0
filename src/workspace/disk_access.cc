#include "workspace/disk_access.h"

#include <filesystem>

#include "model/value.h"
#include "project/read_bytes.h"

namespace preflint::workspace {
namespace {

constexpr size_t kMaxConfigBytes = size_t{4} << 20;

}  // namespace

catalog::FileAccess disk_access(const std::string& ceiling) {
  catalog::FileAccess access;
  access.read = [ceiling](const std::string& path) -> std::optional<std::string> {
    const bool looked_for = path.ends_with("/preflint.yaml");
    if (looked_for && !ceiling.empty() && !paths::under(path, ceiling)) return std::nullopt;
    project::ReadBytes read = project::read_bytes(path, kMaxConfigBytes);
    if (read.trouble) return std::nullopt;
    return std::move(read.bytes);
  };
  access.list = [](const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator it(folder, error), end;
    for (; !error && it != end; it.increment(error)) names.push_back(it->path().filename());
    return names;
  };
  return access;
}

}  // namespace preflint::workspace
