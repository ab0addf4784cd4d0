#pragma once

#include <string>

#include "catalog/profile.h"
#include "probe/facts.h"

namespace preflint::probe {

/// The software and the cards of a box, as far as they were read: what a configuration states under
/// `image`, `gpu` and `gpus`.
struct Image {
  catalog::Image image;
  std::string gpu;
  int gpus = 0;
  bool known() const { return image.known() || !gpu.empty(); }
};

Image image_of(const Facts& facts, const catalog::Profile& profile);

/// The same as a file that `image:` in preflint.yaml may name. `origin` goes into a comment.
std::string yaml(const Image& image, const std::string& origin);

}  // namespace preflint::probe
