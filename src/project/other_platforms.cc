#include "project/other_platforms.h"

#include <re2/re2.h>

#include <algorithm>
#include <iterator>

#include "model/value.h"

namespace preflint::project {
namespace {

/// What a platform has of its own.
struct Own {
  std::string_view name, profile;  // "": no profile is of it
};

constexpr Own kModules[] = {{"spaces", ""},
                            {"google.colab", "colab"},
                            {"kaggle_secrets", "kaggle"},
                            {"kaggle_datasets", "kaggle"}};
constexpr Own kVariables[] = {{"SPACE_ID", ""},          {"SPACE_HOST", ""},
                              {"SPACE_AUTHOR_NAME", ""}, {"COLAB_RELEASE_TAG", "colab"},
                              {"COLAB_GPU", "colab"},    {"KAGGLE_KERNEL_RUN_TYPE", "kaggle"}};
constexpr Own kFolders[] = {{"/content", "colab"}, {"/kaggle", "kaggle"}};

/// Does a list or a script of the project ask pip for the package?
bool asked_for(const std::string& package, const std::vector<std::shared_ptr<const File>>& files) {
  const re2::RE2 asks(R"x((?m)(?:^|[\s"']))x" + package + R"x(\s*(?:$|[=<>~!"',;\[\\]))x");
  return std::any_of(files.begin(), files.end(), [&](const auto& file) {
    const bool code = file->kind == FileKind::python || file->kind == FileKind::other;
    return !code &&
           re2::RE2::PartialMatch(re2::StringPiece(file->bytes.data(), file->bytes.size()), asks);
  });
}

}  // namespace

bool of_other_platform(std::string_view module, const catalog::Profile& profile,
                       const std::vector<std::shared_ptr<const File>>& files) {
  const auto own = std::find_if(std::begin(kModules), std::end(kModules), [&](const Own& one) {
    return module == one.name || (module.starts_with(one.name) && module[one.name.size()] == '.');
  });
  if (own == std::end(kModules) || profile.name == own->profile) return false;
  const std::string package(own->name);
  return package.find('.') != std::string::npos || !asked_for(package, files);
}

bool folder_of_other_platform(std::string_view path, const catalog::Profile& profile) {
  return std::any_of(std::begin(kFolders), std::end(kFolders), [&](const Own& folder) {
    return profile.name != folder.profile && paths::under(path, folder.name);
  });
}

std::vector<std::string> variables_of_other_platforms(const catalog::Profile& profile) {
  std::vector<std::string> out;
  for (const Own& variable : kVariables) {
    if (profile.name != variable.profile) out.emplace_back(variable.name);
  }
  return out;
}

}  // namespace preflint::project
