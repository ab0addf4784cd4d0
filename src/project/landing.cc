#include "project/landing.h"

#include <algorithm>
#include <optional>

#include "model/python/texts.h"
#include "project/resolve.h"

namespace preflint::project {
namespace {

void append(Text& out, const Piece& piece) {
  if (piece.known)
    out.append(piece.text);
  else
    out.append(Text::hole(piece.text, piece.empty));
}

/// The first component of an absolute path.
std::string_view first_component(std::string_view path) {
  if (!path.starts_with('/')) return {};
  path.remove_prefix(1);
  return path.substr(0, path.find('/'));
}

/// Folders that surely lie on a rented box's own system disk. Others (`/home/x`, `/data`, `/mnt`)
/// are where other machines mount their disks: what a path there means on the box is not known.
bool on_every_box(std::string_view path) {
  const std::string_view first = first_component(path);
  for (const std::string_view folder : {"etc", "opt", "root", "tmp", "usr", "var"}) {
    if (first == folder) return true;
  }
  return false;
}

}  // namespace

std::optional<Text> below(const Text& path, const Text& folder) {
  const auto& whole = path.pieces();
  const auto& head = folder.pieces();
  if (head.empty()) return std::nullopt;
  Text rest;
  for (size_t i = 0; i < head.size(); ++i) {
    if (i >= whole.size()) return std::nullopt;
    const bool last = i + 1 == head.size();
    if (whole[i] == head[i]) continue;
    if (!last || !whole[i].known || !head[i].known || !whole[i].text.starts_with(head[i].text))
      return std::nullopt;
    rest.append(std::string_view(whole[i].text).substr(head[i].text.size()));
  }
  for (size_t i = head.size(); i < whole.size(); ++i) append(rest, whole[i]);
  const std::string_view left = rest.known_prefix();
  if (!rest.pieces().empty() && !left.starts_with('/') && !folder.known_suffix().ends_with('/'))
    return std::nullopt;
  return rest;
}

Lander::Lander(const Program& program, const catalog::Profile& profile,
               const catalog::Config& config)
    : profile_(profile), config_(config) {
  for (const Link& one : program.links) {
    Text cwd = Text::hole(kCwdHole, Tri::no);
    if (one.run && one.run->shell && one.command >= 0) {
      const auto& state = one.run->shell->commands[static_cast<size_t>(one.command)].state;
      if (state.cwd) cwd = *state.cwd;
    }
    for (const Text& link : one.link.alternatives()) {
      const std::string_view name = link.known_suffix();
      const size_t slash = name.rfind('/');
      std::string last(slash == std::string_view::npos ? name : name.substr(slash + 1));
      if (one.target.alternatives().size() != 1 ||
          (!paths::absolute(link) && !cwd.known() && !cwd.pieces().empty() && !link.known())) {
        if (!last.empty()) unknown_links_.push_back(std::move(last));
        continue;
      }
      const Text& target = one.target.alternatives()[0];
      Text place = paths::normalise(paths::join(cwd, link));
      // Into an existing folder: `ln -s /a/b folder/` makes folder/b.
      if (link.known_suffix().ends_with('/') || link.known_suffix() == ".") {
        const std::string_view base = target.known_suffix();
        place = paths::join(
            place, Text::literal(base.substr(
                       base.rfind('/') == std::string_view::npos ? 0 : base.rfind('/') + 1)));
      }
      if (!paths::absolute(target)) {
        if (!last.empty()) unknown_links_.push_back(std::move(last));
        continue;
      }
      links_.push_back({std::move(place), paths::normalise(target)});
    }
  }
}

Text Lander::followed(Text path) const {
  for (int rounds = 0; rounds < 4; ++rounds) {
    bool moved = false;
    for (const Known& known : links_) {
      const auto rest = below(path, known.link);
      if (!rest || below(known.target, known.link)) continue;
      Text next = known.target;
      next.append(*rest);
      path = std::move(next);
      moved = true;
      break;
    }
    if (!moved) break;
  }
  return path;
}

bool Lander::may_be_linked(const Text& path) const {
  const std::string shown = path.display() + "/";
  return std::any_of(unknown_links_.begin(), unknown_links_.end(), [&](const std::string& name) {
    return shown.find("/" + name + "/") != std::string::npos;
  });
}

/// The absolute path of one that climbs out of the project, or of another folder that is not known,
/// and then goes into a disk that only the platform has: wherever it begins, it is meant to arrive
/// there.
std::optional<Text> Lander::arrived(const Text& path) const {
  auto inside = py::climbed(path);
  const auto& pieces = path.pieces();
  if (!inside && pieces.size() > 1 && !pieces[0].known && pieces[0].text == py::kAboveHole &&
      pieces[1].text.starts_with('/'))
    inside = below(path, Text::hole(py::kAboveHole, pieces[0].empty));
  if (!inside) return std::nullopt;
  std::string_view start = inside->known_prefix();
  const size_t slash = start.find_first_not_of('/');
  start.remove_prefix(std::min(slash, start.size()));
  const std::string_view name = start.substr(0, start.find('/'));
  if (name.size() == start.size() && !inside->known()) return std::nullopt;
  const auto leads_to = [&](const std::string& folder) {
    return name == paths::basename(folder) && name.find_first_of("-_") != std::string_view::npos;
  };
  for (const catalog::Tier& tier : profile_.storage.tiers) {
    const std::string* folder = leads_to(tier.path) ? &tier.path : nullptr;
    for (const std::string& alias : tier.aliases) {
      if (!folder && leads_to(alias)) folder = &alias;
    }
    if (!folder) continue;
    Text out = Text::literal(*folder);
    out.append(start.substr(name.size()));
    for (size_t i = 1; i < inside->pieces().size(); ++i) append(out, inside->pieces()[i]);
    return out;
  }
  return std::nullopt;
}

const catalog::Tier* Lander::tier_of(const Text& path) const {
  const std::string_view prefix = path.known_prefix();
  if (!prefix.starts_with('/')) return nullptr;
  const catalog::Tier* tier = profile_.tier_of(prefix);
  if (!tier) return nullptr;
  if (!path.known()) {
    // What is not known may lead into a tier below: /root/{x}.
    const auto reaches = [&](const std::string& root) {
      return root.size() > prefix.size() && root.starts_with(prefix);
    };
    for (const catalog::Tier& other : profile_.storage.tiers) {
      if (&other == tier) continue;
      if (reaches(other.path) || std::any_of(other.aliases.begin(), other.aliases.end(), reaches))
        return nullptr;
    }
    if (first_component(prefix).size() + 1 >= prefix.size() && tier->path == "/") return nullptr;
  }
  if (tier->path == "/" && !on_every_box(prefix)) return nullptr;
  return tier;
}

Landing Lander::land(const Value& path, const std::shared_ptr<const Text>& cwd) const {
  return land(path, cwd ? *cwd : Text::hole(kCwdHole, Tri::no));
}

Landing Lander::land(const Value& path, const Text& cwd) const {
  Landing out;
  std::optional<Value> all;
  bool first = true, mixed = false;
  Tri durable = Tri::maybe;
  for (const Text& one : path.alternatives()) {
    Text place = one;
    if (place.known_prefix().starts_with("~/") || place.constant() == "~") {
      Text home = Text::literal("/root");
      const Text tail = *below(place, Text::literal("~"));
      home.append(tail);
      place = std::move(home);
    }
    // `$DIR/x` may be absolute: only a text that begins with known bytes is relative for sure.
    const bool open = !place.pieces().empty() && !place.pieces()[0].known;
    const Text written = place;
    if (!open) place = paths::join(cwd, place);
    place = paths::normalise(place);
    if (!paths::absolute(place)) {
      if (auto known = arrived(written)) place = std::move(*known);
    }
    place = followed(std::move(place));
    const catalog::Tier* tier = may_be_linked(place) ? nullptr : tier_of(place);
    Tri kept = tier ? tri(tier->durable) : Tri::maybe;
    const std::string_view prefix = place.known_prefix();
    for (const std::string& extra : config_.durable.extra) {
      if (paths::under(prefix, extra)) kept = Tri::yes;
    }
    if (first) {
      out.tier = tier;
      durable = kept;
    } else {
      mixed = mixed || tier != out.tier;
      durable = join(durable, kept);
    }
    first = false;
    all = all ? all->joined(Value(place)) : Value(place);
  }
  out.path = *all;
  out.durable = durable;
  if (mixed) out.tier = nullptr;
  return out;
}

}  // namespace preflint::project
