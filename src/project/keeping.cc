#include "project/keeping.h"

#include <algorithm>

#include "base/one_of.h"
#include "base/path.h"
#include "base/text.h"
#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/guides.h"
#include "project/resolve.h"
#include "project/training.h"
#include "project/upkeep.h"

namespace preflint::project {

namespace {

/// A path that is known from the working directory or the project's root on.
bool relative(const Value& path) {
  return std::all_of(path.alternatives().begin(), path.alternatives().end(), [](const Text& one) {
    const auto& pieces = one.pieces();
    return pieces.size() > 1 && !pieces[0].known &&
           (pieces[0].text == kCwdHole || pieces[0].text == kRootHole);
  });
}

/// `if training_args.push_to_hub: trainer.push_to_hub()` in a program whose options transformers
/// parses, and the launch does not ask for it: its default is not to.
bool not_asked_for(const Artefact& artefact) {
  if (!artefact.call || !artefact.off_box || artefact.command) return false;
  const Run& run = *artefact.run;
  const auto& calls = run.python->calls;
  const bool parsed = std::any_of(calls.begin(), calls.end(), [](const py::CallEvent& call) {
    return call.method == "parse_args_into_dataclasses";
  });
  // The only word of a launch may be a file that holds them all.
  if (!run.parent || run.arguments.size() < 2 || !parsed) return false;
  for (const shell::Argument& argument : run.arguments) {
    const std::string_view start = argument.value.known_start();
    if (argument.may_split || start.starts_with("--push") || start.starts_with("--config"))
      return false;
  }
  for (const py::Frame* frame = artefact.call->frame; frame; frame = frame->parent) {
    if (frame->kind != py::FrameKind::condition || !frame->taken) continue;
    for (const std::string& mention : frame->mentions) {
      if (mention.ends_with("training_args.push_to_hub") ||
          (mention.starts_with("transformers.") && mention.ends_with("Arguments().push_to_hub")))
        return true;
    }
  }
  return false;
}

/// A folder that the program has made for a while.
bool temporary(const Value& path) {
  return std::all_of(path.alternatives().begin(), path.alternatives().end(), [](const Text& one) {
    return !one.pieces().empty() && !one.pieces()[0].known &&
           (one.pieces()[0].text == kTemporaryHole || one.pieces()[0].text == "$(mktemp)");
  });
}

Keeping keeping_of(const Context& context, const Run& root) {
  Keeping out;
  each_run_below(root, [&](const Run& run) {
    if (run.python && trains(*run.python)) out.trains = true;
    if (run.shell) {
      for (const shell::CommandEvent& event : run.shell->commands)
        out.trains = out.trains || starts_training(run, event);
    }
    for (const Artefact& artefact : context.artefacts(run)) {
      if (artefact.checkpoints()) {
        if (artefact.kind == Artefact::destination && !artefact.live) continue;
        const Tri kept = artefact.landing.durable;
        if (kept == Tri::yes)
          out.durable = true;
        else if (artefact.landing.perishable() && artefact.tier()->survives_release != true)
          out.saved.push_back(&artefact);
        else if (relative(artefact.landing.path))
          out.beside.push_back(&artefact);
        else
          out.unknown = true;
        continue;
      }
      if (artefact.kind == Artefact::sample && is_checkpoint_file(artefact.path()) &&
          artefact.landing.durable == Tri::yes)
        out.durable = true;
      const Tri kept = keeps(artefact);
      if (kept == Tri::yes) out.kept.push_back(&artefact);
      if (kept == Tri::maybe && artefact.own) {
        out.pushes = true;
        continue;
      }
      // A copy to a place that is not known may be the one that matters; one within the project is
      // not.
      if (kept == Tri::maybe && !relative(artefact.landing.path)) out.unknown = true;
    }
  });
  return out;
}

/// `Dataset.from_dict(…).push_to_hub(…)`, or the card of one: a data set is published, and no
/// result of a run.
bool of_data(const Artefact& artefact) {
  if (!artefact.call) return false;
  const py::Argument* type = artefact.call->keyword("repo_type");
  return artefact.call->origin.starts_with("datasets.") ||
         (type && type->value.constant() == "dataset");
}

/// Does a script or a guide of the project, outside `library`, say how a Python file is started, by
/// its folder and name: `tools/upload.py`, `tools.upload`?
bool named(const Context& context, const std::string& path, const std::string& library) {
  const std::string folder = std::string(paths::basename(paths::dirname(path)));
  const std::string name = std::string(paths::basename(path));
  const std::string module = folder + "." + name.substr(0, name.rfind('.'));
  const auto says = [&](const std::shared_ptr<const File>& file) {
    if (file->path == path || (!library.empty() && paths::under(file->path, library))) return false;
    return file->bytes.find(folder + "/" + name) != std::string::npos ||
           file->bytes.find(module) != std::string::npos;
  };
  const auto& files = context.program().files;
  const auto& guides = context.shared<Guides>().files;
  return std::any_of(guides.begin(), guides.end(), says) ||
         std::any_of(files.begin(), files.end(),
                     [&](const auto& file) { return file->kind == FileKind::shell && says(file); });
}

/// The outermost folder below the project's root that holds a path and is installed as a package of
/// its own; "" when there is none.
std::string library_around(const Program& program, const std::string& path) {
  for (size_t at = path.find('/', program.root.size() + 1);
       paths::under(path, program.root) && at != std::string::npos; at = path.find('/', at + 1)) {
    const std::string folder = path.substr(0, at);
    if (packaged(folder, *program.reader)) return folder;
  }
  return "";
}

/// Learns whether a Python file that does not train, and that nothing starts, is somebody's to
/// start.
void place(const Context& context, EntryKeeping& entry) {
  const Keeping& keeping = entry.keeping;
  if (!entry.root->python || keeping.trains || (keeping.kept.empty() && !keeping.unknown)) return;
  const std::string& path = entry.root->unit->file().path;
  const std::string library = library_around(context.program(), path);
  const bool module = context.program().file(paths::dirname(path) + "/__init__.py") != nullptr;
  if ((library.empty() && !module) || named(context, path, library)) return;
  entry.others = !library.empty();
  entry.module = module;
}

/// `shutil.move(f"{folder}/a.txt", f"{folder}/b.txt")`: another name in the same folder.
bool renames(const Artefact& artefact) {
  if (!artefact.moves || artefact.off_box || artefact.sources.size() != 1) return false;
  const std::string to = paths::dirname(artefact.path());
  return to.find('/') != std::string::npos && to.find("…") == std::string::npos &&
         to == paths::dirname(artefact.sources[0].display());
}

/// `cp -r /root/autodl-tmp/out /root/autodl-fs/`, `scp -r root@box:/root/autodl-tmp/out .` in the
/// prose of a guide: the words of its copies.
std::vector<std::vector<std::string_view>> copies_by_hand(std::string_view text) {
  std::vector<std::vector<std::string_view>> out;
  while (!text.empty()) {
    for (const std::string_view command : split(take_line(text), "`;&|")) {
      std::vector<std::string_view> words = split(command, " \t\"'\r");
      const auto copy = std::find_if(words.begin(), words.end(), [](std::string_view word) {
        return one_of(word, {"cp", "mv", "rsync", "scp"});
      });
      words.erase(words.begin(), copy);
      std::erase_if(words, [](std::string_view word) { return word.starts_with('-'); });
      if (words.size() >= 3) out.push_back(std::move(words));
    }
  }
  return out;
}

/// Does a path speak of what was saved: the same folder, one around it or something in it?
bool speaks_of(std::string_view path, const Artefact& saved) {
  const std::string at = saved.path();
  if (!paths::under(path, saved.tier()->path)) return false;
  while (path.size() > 1 && path.find_last_of("/*") == path.size() - 1) path.remove_suffix(1);
  return paths::under(at, std::string(path)) || paths::under(std::string(path), at);
}

}  // namespace

bool kept_by_hand(const Context& context, const Keeping& keeping) {
  const catalog::Tier* durable = context.profile().durable_tier();
  const auto& guides = context.shared<Guides>().files;
  return std::any_of(guides.begin(), guides.end(), [&](const auto& guide) {
    for (const auto& words : copies_by_hand(guide->bytes)) {
      for (size_t i = 1; i + 1 < words.size(); ++i) {
        const size_t colon = words[i].find(':');
        const bool pulls = colon != std::string_view::npos;
        const bool away =
            pulls || (durable && std::any_of(words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                             words.end(), [&](std::string_view word) {
                                               return word.starts_with(durable->path);
                                             }));
        const std::string_view path = pulls ? words[i].substr(colon + 1) : words[i];
        if (away && std::any_of(keeping.saved.begin(), keeping.saved.end(),
                                [&](const Artefact* saved) { return speaks_of(path, *saved); }))
          return true;
      }
    }
    return false;
  });
}

Tri keeps(const Artefact& artefact) {
  if (artefact.kind != Artefact::copy || of_data(artefact) || renames(artefact) ||
      not_asked_for(artefact))
    return Tri::no;
  if (artefact.off_box || artefact.pulled) return Tri::yes;
  if (temporary(artefact.landing.path)) return Tri::no;
  return artefact.landing.durable;
}

std::vector<const Run*> entries(const Program& program) {
  std::vector<const Run*> out;
  for (const Run& run : program.runs) {
    if (run.entry()) out.push_back(&run);
  }
  return out;
}

std::vector<EntryKeeping> keepings(const Context& context) {
  std::vector<EntryKeeping> out;
  for (const Run* root : entries(context.program())) {
    EntryKeeping& entry = out.emplace_back();
    entry.root = root;
    entry.keeping = keeping_of(context, *root);
    place(context, entry);
  }
  return out;
}

bool kept_by_others(const std::vector<EntryKeeping>& all, const Run& root) {
  return std::any_of(all.begin(), all.end(), [&](const EntryKeeping& other) {
    const Keeping& keeping = other.keeping;
    const bool brings = std::any_of(keeping.kept.begin(), keeping.kept.end(),
                                    [](const Artefact* copy) { return !copy->own; });
    return other.root != &root && !keeping.trains && !other.others &&
           (brings || (keeping.unknown && keeping.saved.empty() && !other.module));
  });
}

}  // namespace preflint::project
