#include "project/resolve.h"

#include <algorithm>

namespace preflint::project {
namespace {

/// The literal bytes after a leading hole named `name`; nothing when the text is not of that form.
std::optional<std::string> after_hole(const Text& path, std::string_view name) {
  const auto& pieces = path.pieces();
  if (pieces.empty() || pieces[0].known || pieces[0].text != name) return std::nullopt;
  if (pieces.size() == 1) return "";
  if (pieces.size() > 2 || !pieces[1].known) return std::nullopt;
  return pieces[1].text;
}

/// Is the last unknown part what a pattern found: `plugins/{*}/install.sh`? Such a folder is one
/// below, never the project's own.
bool found_by_pattern(const Text& path) {
  const auto& pieces = path.pieces();
  const auto last =
      std::find_if(pieces.rbegin(), pieces.rend(), [](const Piece& piece) { return !piece.known; });
  return last != pieces.rend() && last->text.starts_with('*');
}

}  // namespace

std::string Resolver::existing(const std::string& path) const {
  const std::string normal = paths::normalise(path);
  return paths::under(normal, root_) && reader_.exists(normal) ? normal : "";
}

std::string Resolver::by_ending(const std::string& path) const {
  // /root/autodl-tmp/demo/scripts/train.sh: the project is some folder on the way.
  size_t at = 0;
  for (int steps = 0; steps < 16; ++steps) {
    at = path.find_first_not_of('/', at);
    if (at == std::string::npos) return "";
    if (std::string found = existing(root_ + "/" + path.substr(at)); !found.empty()) return found;
    at = path.find('/', at);
    if (at == std::string::npos) return "";
  }
  return "";
}

std::string Resolver::file(const Text& path, const Text& cwd,
                           const std::string& script_folder) const {
  if (const auto rest = after_hole(path, kRootHole)) return existing(root_ + "/" + *rest);
  if (const auto known = path.constant()) {
    if (known->empty()) return "";
    if ((*known)[0] == '/') {
      if (std::string found = existing(*known); !found.empty()) return found;
      return by_ending(*known);
    }
    if (const auto base = after_hole(cwd, kRootHole)) {
      if (std::string found = existing(root_ + *base + "/" + *known); !found.empty()) return found;
    } else if (const auto here = cwd.constant()) {
      if (std::string found = by_ending(paths::join(*here, *known)); !found.empty()) return found;
    }
    if (std::string found = existing(script_folder + "/" + *known); !found.empty()) return found;
    if (std::string found = existing(root_ + "/" + *known); !found.empty()) return found;
    // A project within the project: its scripts are started in its own folder.
    const bool told = after_hole(cwd, kRootHole).has_value();
    for (std::string folder = paths::dirname(script_folder); !told && folder.size() > root_.size();
         folder = paths::dirname(folder)) {
      if (std::string found = existing(folder + "/" + *known); !found.empty()) return found;
    }
    return "";
  }
  // `$PROJECT/scripts/train.sh`: what follows the unknown folder may still name a file of ours.
  if (found_by_pattern(path)) return "";
  const std::string_view ending = path.known_suffix();
  const size_t slash = ending.find('/');
  if (slash == std::string_view::npos || slash + 1 == ending.size() || slash != 0) return "";
  const std::string tail(ending.substr(slash + 1));
  if (std::string found = existing(root_ + "/" + tail); !found.empty()) return found;
  return existing(script_folder + "/" + tail);
}

std::string Resolver::file(const Value& path, const Text& cwd,
                           const std::string& script_folder) const {
  for (const Text& text : path.alternatives()) {
    if (std::string found = file(text, cwd, script_folder); !found.empty()) return found;
  }
  return "";
}

std::string Resolver::module(const std::string& name, const Text& cwd,
                             const std::string& script_folder) const {
  std::string relative = name;
  std::replace(relative.begin(), relative.end(), '.', '/');
  for (const std::string& candidate :
       {relative + ".py", relative + "/__main__.py", "src/" + relative + ".py"}) {
    if (std::string found = file(Text::literal(candidate), cwd, script_folder); !found.empty())
      return found;
  }
  return "";
}

Text Resolver::on_box(const std::string& path) const {
  Text out = Text::hole(kRootHole, Tri::no);
  if (paths::under(path, root_))
    out.append(path.substr(root_ == "/" ? 0 : root_.size()));
  else
    return Text::literal(path);
  return out;
}

}  // namespace preflint::project
