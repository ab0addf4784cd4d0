#include "project/panel.h"

#include <algorithm>
#include <optional>

#include "base/one_of.h"
#include "base/text.h"
#include "catalog/profile.h"
#include "project/context.h"
#include "project/guides.h"

namespace preflint::project {
namespace {

/// Components of a path, for a comparison in which a leading hole may stand for several of them.
struct Components {
  bool floating = false;  // begins with a hole: where it lies is not known
  std::vector<Text> list;
};

Components components(const Text& path) {
  Components out;
  Text part;
  const auto push = [&] {
    if (!part.pieces().empty()) out.list.push_back(std::move(part));
    part = Text();
  };
  out.floating = !path.pieces().empty() && !path.pieces().front().known;
  for (const Piece& piece : path.pieces()) {
    if (!piece.known) {
      part.append(Text::hole(piece.text, piece.empty));
      continue;
    }
    size_t begin = 0;
    for (size_t slash = piece.text.find('/'); slash != std::string::npos;
         slash = piece.text.find('/', begin)) {
      part.append(std::string_view(piece.text).substr(begin, slash - begin));
      push();
      begin = slash + 1;
    }
    part.append(std::string_view(piece.text).substr(begin));
  }
  push();
  return out;
}

Tri same(const Text& a, const Text& b) {
  if (a == b) return Tri::yes;
  return a.known() && b.known() ? Tri::no : Tri::maybe;
}

/// Is `path` in `folder` or the folder itself, when the folder's components from `skip` on are
/// compared?
Tri prefix(const Components& folder, size_t skip, const Components& path, size_t from) {
  Tri out = Tri::yes;
  for (size_t i = skip; i < folder.list.size(); ++i) {
    const size_t at = from + i - skip;
    if (at >= path.list.size()) return Tri::no;
    out = out & same(folder.list[i], path.list[at]);
  }
  return out;
}

Tri lies_in(const Text& path_text, const Text& folder_text) {
  const Components path = components(path_text), folder = components(folder_text);
  if (path.floating == folder.floating) {
    const Tri direct = prefix(folder, 0, path, 0);
    // Two different holes may stand for anything; the same one at the start decides.
    if (direct != Tri::no || !path.floating || path.list[0] == folder.list[0]) return direct;
  }
  // The hole at the start of one stands for some components of the other.
  if (path.floating) {
    for (size_t skip = 1; skip <= folder.list.size(); ++skip) {
      // The project may lie in the folder as a whole only when the folder is a disk, not a run's
      // directory.
      if (skip == folder.list.size()) return folder.list.size() <= 2 ? Tri::maybe : Tri::no;
      if (prefix(folder, skip, path, 1) != Tri::no) return Tri::maybe;
    }
    return Tri::no;
  }
  for (size_t from = 1; from < path.list.size(); ++from) {
    if (prefix(folder, 1, path, from) != Tri::no) return Tri::maybe;
  }
  return Tri::no;
}

/// Holes that stand for where the project lies or the program is started: never the panel's
/// directory.
bool is_place_hole(const Text& path) {
  if (path.pieces().empty() || path.pieces().front().known) return false;
  const std::string& name = path.pieces().front().text;
  return name == kCwdHole || name == kRootHole || name == "__file__";
}

/// The path without its last component.
Text parent(const Text& path) {
  Text out;
  const Components parts = components(path);
  for (size_t i = 0; i + 1 < parts.list.size(); ++i) {
    if (i > 0 || !parts.floating) out.append("/");
    out.append(parts.list[i]);
  }
  return out;
}

Text cwd_of(const shell::CommandEvent& event) { return event.state.here(); }

/// Does somebody see from outside what listens on this port: one that is passed on, or the panel's?
bool seen_outside(std::string_view port, const catalog::Profile& profile) {
  const auto& exposed = profile.network.exposed_ports;
  return (profile.panel.port > 0 && port == std::to_string(profile.panel.port)) ||
         std::any_of(exposed.begin(), exposed.end(),
                     [&](int one) { return port == std::to_string(one); });
}

/// `tensorboard`, `python -m tensorboard.main`.
bool shows_event_files(const shell::CommandEvent& event) {
  if (event.name == "tensorboard") return true;
  for (size_t i = 0; i + 1 < event.arguments.size(); ++i) {
    if (event.arguments[i].is("-m"))
      return event.arguments[i + 1].is("tensorboard") ||
             event.arguments[i + 1].is("tensorboard.main");
  }
  return false;
}

/// `program.TensorBoard().configure(argv=[None, "--logdir", "runs", "--port", "6006"])`: what a
/// Python program shows itself.
struct Served {
  std::optional<Value> folder;
  std::string port = "6006";
};

Served served_by(const py::CallEvent& configure) {
  Served out;
  const auto given = [&](std::string_view option) -> std::optional<Value> {
    if (const py::Argument* named = configure.keyword(option)) return named->value.text();
    const py::Argument* words = configure.argument(0, {"argv"});
    if (!words) return std::nullopt;
    const auto& items = words->value.items();
    for (size_t i = 0; i + 1 < items.size(); ++i) {
      if (items[i].is("--" + std::string(option))) return items[i + 1].text();
    }
    return std::nullopt;
  };
  out.folder = given("logdir");
  if (const auto port = given("port")) out.port = port->constant().value_or("");
  return out;
}

/// `tensorboard --logdir ~/logs --port 6006` in prose, on a port that is reached from outside or is
/// the panel's: the folders. Without a port it is TensorBoard's own, 6006, and meant to be seen
/// from outside where it is told to listen on all addresses.
std::vector<std::string> opened_by_hand(std::string_view text, const catalog::Profile& profile) {
  std::vector<std::string> out;
  const auto word_behind = [](std::string_view line, std::string_view option) {
    const size_t at = line.find(option);
    if (at == std::string_view::npos) return std::string_view();
    line.remove_prefix(at + option.size());
    line.remove_prefix(std::min(line.find_first_not_of(" =\"'"), line.size()));
    return line.substr(0, line.find_first_of(" \"'`\r"));
  };
  for (size_t at = text.find("tensorboard "); at != std::string_view::npos;
       at = text.find("tensorboard ", at + 1)) {
    const std::string_view line = text.substr(at, text.find('\n', at) - at);
    std::string port(word_behind(line, "--port"));
    if (port.empty() && (line.find("--bind_all") != std::string_view::npos ||
                         word_behind(line, "--host") == "0.0.0.0"))
      port = "6006";
    std::string folder(word_behind(line, "--logdir"));
    if (folder.starts_with("~/")) folder = "/root" + folder.substr(1);
    if (!folder.empty() && seen_outside(port, profile)) out.push_back(std::move(folder));
  }
  return out;
}

/// `ln -s TARGET LINK` in prose: both, the link seen from where a `cd` before has led to.
struct WrittenLink {
  std::string target, link;
};

std::vector<WrittenLink> linked_by_hand(std::string_view text) {
  std::vector<WrittenLink> out;
  std::string cwd;
  for (size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
    end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (line.starts_with("```")) cwd.clear();
    if (line.find("ln ") == std::string_view::npos && line.find("cd ") == std::string_view::npos)
      continue;
    const std::vector<std::string_view> words = split(line, " \t\"'`\r");
    for (size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i] == "cd") cwd = words[i + 1];
      if (words[i] != "ln") continue;
      std::vector<std::string> operands;
      bool symbolic = false;
      for (size_t k = i + 1; k < words.size() && operands.size() < 2; ++k) {
        if (words[k].starts_with('-'))
          symbolic |= words[k].find('s') != std::string::npos;
        else
          operands.emplace_back(words[k]);
      }
      if (!symbolic || operands.size() < 2) continue;
      if (!operands[1].starts_with('/') && cwd.starts_with('/'))
        operands[1] = cwd + "/" + operands[1];
      out.push_back({operands[0], operands[1]});
    }
  }
  return out;
}

}  // namespace

Panel::Panel(const Context& context) : directory_(context.profile().panel.directory) {
  const Program& program = context.program();
  const catalog::Profile& profile = context.profile();
  const Text own = Text::literal(directory_);
  const auto in_panel = [&](const Text& path) {
    return paths::under(path, directory_) == Tri::yes;
  };
  const auto each = [](const Value& value, const Text& base, const auto& use) {
    for (const Text& text : value.alternatives()) use(paths::join(base, text));
  };
  for (const auto& file : context.shared<Guides>().files) {
    const Text here = Text::hole(kCwdHole, Tri::no);
    for (const std::string& folder : opened_by_hand(file->bytes, profile))
      shown_.push_back(paths::join(here, Text::literal(folder)));
    for (const WrittenLink& written : linked_by_hand(file->bytes)) {
      // `$PWD/runs`, `$(pwd)/runs`: from the folder that the reader stands in.
      std::string target = written.target;
      if (target.starts_with('$')) target.erase(0, std::min(target.find('/') + 1, target.size()));
      if (in_panel(Text::literal(written.link)) && !target.empty())
        shown_.push_back(paths::join(here, Text::literal(target)));
    }
  }
  for (const Link& link : program.links) {
    Text base = Text::hole(kCwdHole, Tri::no);
    if (link.run && link.run->shell && link.command >= 0)
      base = cwd_of(link.run->shell->commands[static_cast<size_t>(link.command)]);
    each(link.link, base, [&](const Text& at) {
      // A relative target is seen from the link's own folder; `$PWD/x` and the like are not
      // relative.
      for (const Text& target : link.target.alternatives()) {
        if (in_panel(at))
          shown_.push_back(paths::join(base, target));
        else if (in_panel(target))
          shown_.push_back(at);
      }
    });
  }
  for (const Run& run : program.runs) {
    if (!run.python) continue;
    for (const py::ShellEvent& event : run.python->shell) {
      // `%tensorboard --logdir runs`, on TensorBoard's own port when it names none.
      if (!event.item || event.item->kind != notebook::ItemKind::other ||
          event.item->argument != "tensorboard")
        continue;
      const Text here = working_directory(run, event.order).alternatives()[0];
      std::string line = "tensorboard " + std::string(event.item->text.text());
      if (line.find("--port") == std::string::npos) line += " --port 6006";
      for (const std::string& folder : opened_by_hand(line, profile)) {
        // `/content/runs`, `/home/me/runs`: the notebook is for another machine.
        if (!folder.starts_with('/') || paths::under(folder, "/root"))
          shown_.push_back(paths::join(here, Text::literal(folder)));
      }
    }
    for (const py::CallEvent& call : run.python->calls) {
      const Text here = working_directory(run, call.order).alternatives()[0];
      if (call.origin == "tensorboard.program.TensorBoard().configure") {
        const Served served = served_by(call);
        if (served.folder && seen_outside(served.port, profile))
          each(*served.folder, here, [&](const Text& path) { shown_.push_back(path); });
        continue;
      }
      if (!one_of(call.origin, {"shutil.copytree", "shutil.copy", "shutil.copy2", "shutil.move"}))
        continue;
      const py::Argument* from = call.argument(0, {"src"});
      const py::Argument* to = call.argument(1, {"dst"});
      if (!from || !to) continue;
      bool into = false;
      each(to->value.text(), here, [&](const Text& path) { into |= in_panel(path); });
      if (into) each(from->value.text(), here, [&](const Text& path) { shown_.push_back(path); });
    }
  }
  for (const Run& run : program.runs) {
    if (!run.shell) continue;
    for (const shell::CommandEvent& event : run.shell->commands) {
      if (shows_event_files(event)) {
        const auto port = event.option_value("--port");
        const auto folder = event.option_value("--logdir");
        // TensorBoard's own port is 6006.
        const std::string at = port ? port->constant().value_or("") : "6006";
        if (folder && seen_outside(at, profile))
          each(*folder, cwd_of(event), [&](const Text& path) { shown_.push_back(path); });
        continue;
      }
      if (!one_of(event.name, {"cp", "mv", "rsync", "mount"}) || event.arguments.size() < 2)
        continue;
      const Value& to = event.arguments.back().value;
      bool into = false;
      each(to, cwd_of(event), [&](const Text& path) { into |= in_panel(path); });
      if (!into) continue;
      for (size_t i = 0; i + 1 < event.arguments.size(); ++i) {
        const Value& from = event.arguments[i].value;
        if (from.known_start().starts_with('-')) continue;
        each(from, cwd_of(event), [&](Text path) {
          // `runs/*` copies what lies in runs.
          const bool contents = event.unit->source.slice(event.arguments[i].span).ends_with('*');
          shown_.push_back(contents ? parent(path) : std::move(path));
        });
      }
    }
  }
}

Tri Panel::shows(const Text& path, const Text& written) const {
  const bool relative =
      !written.pieces().empty() && written.pieces().front().known && !paths::absolute(written);
  const bool floating = !path.pieces().empty() && !path.pieces().front().known;
  Tri out = paths::under(path, directory_);
  // Wherever the program is started: not in the panel's directory.
  if (out == Tri::maybe && floating && (relative || is_place_hole(path))) out = Tri::no;
  for (const Text& shown : shown_) {
    if (out == Tri::yes) break;
    out = out | lies_in(path, shown);
  }
  return out;
}

Tri Panel::shows(const EventFiles& files) const {
  if (directory_.empty()) return Tri::maybe;
  std::optional<Tri> all;
  const Text first = files.directory.alternatives()[0];
  for (const Text& path : files.resolved.alternatives()) {
    const bool one =
        files.resolved.alternatives().size() == 1 || files.directory.alternatives().size() == 1;
    const Tri shown = shows(path, one ? first : path);
    all = all ? join(*all, shown) : shown;
  }
  return *all;
}

}  // namespace preflint::project
