#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/profile.h"
#include "syntax/source.h"

namespace preflint::project {

/// Is a module one that only another platform's machines have (`google.colab`, `spaces` of Hugging
/// Face's Spaces), and nothing of the project asks pip for it? Programs import such a module to ask
/// where they run.
bool of_other_platform(std::string_view module, const catalog::Profile& profile,
                       const std::vector<std::shared_ptr<const File>>& files);

/// Does an absolute path lie in a folder that only another platform's machines have (`/content`)?
bool folder_of_other_platform(std::string_view path, const catalog::Profile& profile);

/// The variables by which a program asks whether it runs on another platform.
std::vector<std::string> variables_of_other_platforms(const catalog::Profile& profile);

}  // namespace preflint::project
