#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/profile.h"
#include "project/reader.h"

namespace preflint::project {

class Context;

/// The folders of a project whose scripts were mostly written for the platform: they name its
/// places. Where such a folder has a licence and packaging of its own, it is the author's all the
/// same.
class OwnFolders {
 public:
  OwnFolders(const std::vector<std::shared_ptr<const File>>& files, const std::string& root,
             const catalog::Profile& profile);
  explicit OwnFolders(const Context& context);  // for Context::shared
  bool holds(const std::string& folder) const;

 private:
  struct Scripts {
    int all = 0, named = 0;  // that name the platform
  };
  std::map<std::string, Scripts> folders_;
};

/// Does a file that nothing launches serve something else than the runs of this project? That is so
/// in the folders for documentation, tests, coding agents and their skills, images of containers,
/// continuous integration and what is put away, in a whole project that lies in a subfolder with
/// packaging and a licence, or a guide for contributors, of its own and is not among `own`, deep
/// inside a Python package, of the example notebooks of a library, of what starts in a container,
/// on Kaggle or as a Space of the Hub, of what its name, its folder or its head gives to another
/// provider or a Mac, and of what has a variant beside it that is named for the platform. A file
/// that names the platform's own places was written for it wherever it lies.
bool kept_for_others(const File& file, const std::string& root, const catalog::Profile& profile,
                     const Reader& reader, const OwnFolders& own);

/// Does the file lie in a folder below `root` that is named for the platform: `scripts/autodl/`?
bool in_platform_folder(const std::string& path, const std::string& root,
                        const catalog::Profile& profile);

/// Does a file lie in a folder for continuous integration below `root`: `.github/`, `.buildkite/`?
bool in_ci_folder(const std::string& path, const std::string& root);
/// Does a file lie in a folder of examples or tutorials below `root`?
bool among_examples(const std::string& path, const std::string& root);
/// Is a folder installed as a Python package?
bool packaged(const std::string& folder, const Reader& reader);
/// Is it among the examples or tutorials of a library that is published?
bool library_example(const File& file, const std::string& root, const Reader& reader);

/// Is it a test of a whole project that lies in a subfolder with a licence and packaging of its
/// own?
bool upstream_test(const File& file, const std::string& root, const Reader& reader);

/// The comments, and the docstring, at the top of a text.
std::string_view head_comment(std::string_view text);

/// Beginnings of paths that only other rentals have.
std::vector<std::string_view> places_elsewhere(const catalog::Profile& profile);

/// Does the text name the platform's own places: its hook, its disks, its panel?
bool names_platform(std::string_view text, const catalog::Profile& profile);
/// Or the platform itself?
bool meant_for_platform(std::string_view text, const catalog::Profile& profile);

}  // namespace preflint::project
