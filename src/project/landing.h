#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/tri.h"
#include "catalog/config.h"
#include "catalog/profile.h"
#include "model/value.h"
#include "project/program.h"

namespace preflint::project {

/// Where on the box a path lies: its storage tier and whether what is written there is kept for
/// good.
struct Landing {
  Value path;  // absolute where that is known; the project's links are followed
  const catalog::Tier* tier = nullptr;  // that all alternatives lie in; null: not known
  Tri durable = Tri::maybe;             // survives what ends the instance, as far as is known

  bool on(const catalog::Tier* wanted) const { return tier && tier == wanted; }
  /// Surely kept somewhere that a release (or the end of the session) takes away.
  bool perishable() const { return tier && durable == Tri::no; }
};

/// Follows the links that the project itself makes (`ln -s /root/autodl-tmp/ckpt checkpoints`) and
/// finds the tier. A path whose beginning is not known, one that an unknown part may move into
/// another tier and one below folders that other machines use (`/home`, `/data`, `/mnt`) has none.
/// Of a way up that ends at a disk of the platform's own name (`../../autodl-fs/out`) the beginning
/// need not be known.
class Lander {
 public:
  Lander(const Program& program, const catalog::Profile& profile, const catalog::Config& config);
  Landing land(const Value& path, const Text& cwd) const;
  Landing land(const Value& path, const std::shared_ptr<const Text>& cwd) const;
  const catalog::Tier* tier_of(const Text& path) const;

 private:
  struct Known {
    Text link, target;
  };
  Text followed(Text path) const;
  std::optional<Text> arrived(const Text& path) const;
  bool may_be_linked(const Text& path) const;

  const catalog::Profile& profile_;
  const catalog::Config& config_;
  std::vector<Known> links_;
  std::vector<std::string>
      unknown_links_;  // last components of links whose place or target is not known
};

/// What is left of a path after one of its leading folders; nothing when it is not below the
/// folder.
std::optional<Text> below(const Text& path, const Text& folder);

}  // namespace preflint::project
