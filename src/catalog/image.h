#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/profile.h"
#include "syntax/document.h"

namespace preflint::catalog {

/// Reads an image's fields: torch, torchvision, torchaudio, tensorflow, cuda, python, frameworks.
/// The companions of torch are filled in when they are not given and known.
Image load_image(const Document& map, std::vector<Error>& errors);

/// The image that a name stands for: one of the profile's catalogue, `pytorch-2.8.0-cu128-py3.12`,
/// or a registry tag (`cuda12.4-cudnn-devel-ubuntu22.04-py312-torch2.5.1`, with or without what
/// stands before a colon). Nothing when the name tells neither torch nor tensorflow.
std::optional<Image> image_named(std::string_view name, const Profile& profile);

/// torchvision's and torchaudio's release for a torch release; "" when not known.
std::string torchvision_of(std::string_view torch);
std::string torchaudio_of(std::string_view torch);

}  // namespace preflint::catalog
