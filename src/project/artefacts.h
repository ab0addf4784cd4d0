#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "project/context.h"
#include "project/download_size.h"
#include "project/landing.h"

namespace preflint::py {
struct CallEvent;
}

namespace preflint::project {

/// Something that a run does to files.
struct Artefact {
  enum Kind : uint8_t {
    checkpoint,   // saved by the program
    destination,  // where a launch tells its program to save: `--output_dir X`
    sample,       // an image or array
    copy,         // cp, mv, rsync, shutil.copy: `sources` → `path`
    unpacked,     // many files at once: tar x, unzip, git clone, pip install --target, a venv
    cache,        // of downloads
    log,          // redirect, tee
    event_files,  // TensorBoard's
    folder,       // mkdir
    removal,      // rm, shutil.rmtree
  } kind = checkpoint;
  Landing landing;
  std::vector<Value> sources;  // copies, unpacked archives: absolute where known
  std::string tool;        // "torch.save", "cp", "--output_dir", "HF_HOME": what does or says it
  bool in_loop = false;    // done again and again while the program runs
  bool live = false;       // checkpoint: written each epoch or every so many steps
  bool replaced = false;   // checkpoint: written under another name first, then renamed to this one
  bool moves = false;      // copy: the source is gone afterwards
  bool recursive = false;  // copy, removal: whole folders
  bool archive = false;    // copy: into one file
  bool off_box = false;    // copy: to another machine or a service
  bool pulled = false;     // copy: from another machine
  bool own = false;        // copy: of what the same program saves, by a setting of it
  bool defaulted = false;  // the path is a documented default
  DownloadSize size = DownloadSize::unknown;  // cache: of what is fetched into it
  const Source* said = nullptr;  // cache: the text that sets the variable, when one is known
  Span said_span{};
  const Run* run = nullptr;
  const shell::CommandEvent* command = nullptr;  // that does it; null for Python
  const py::CallEvent* call = nullptr;
  const Source* text = nullptr;  // that the spans are of
  Span span{};                   // of the word or argument that says the path
  const catalog::Tier* tier() const { return landing.tier; }
  std::string path() const { return landing.path.display(); }
  bool checkpoints() const { return kind == checkpoint || kind == destination; }
};

/// What a run itself does to files, in order. Context::artefacts keeps it.
std::vector<Artefact> artefacts_of(const Context& context, const Run& run);
/// Visits what a run and everything that it starts do to files, in the order in which it happens.
void each_artefact(const Context& context, const Run& run,
                   const std::function<void(const Artefact&)>& visit);
/// Visits a run and everything that it starts, parents first.
void each_run_below(const Run& run, const std::function<void(const Run&)>& visit);

/// The argument of its launch that tells the program the folder in which a saved path lies.
const Artefact* destination_of(const Context& context, const Artefact& saved);

/// Reports at the place of an artefact, with the chain that leads there.
Finding& report(Context& context, const Artefact& artefact);
Finding& report(Context& context, const Artefact& artefact, Span span);
Note note(const Context& context, const Artefact& artefact, std::string key);

// shell_artefacts.cc, python_artefacts.cc
void add_shell_artefacts(const Lander& lander, const Run& run, std::vector<Artefact>& out);
void add_python_artefacts(const Context& context, const Lander& lander, const Run& run,
                          std::vector<Artefact>& out);
/// Is a Trainer that reports to W&B told to upload its checkpoints (WANDB_LOG_MODEL)?
constexpr std::string_view kLogModel = "WANDB_LOG_MODEL";
bool logs_model(const shell::Environment& environment);
/// The cache folder of a process: HF_HOME/hub and so on. `tool` is set to the variable that
/// decides.
Value hub_cache(const shell::Environment& environment, std::string& tool);
Value datasets_cache(const shell::Environment& environment, std::string& tool);
Value torch_cache(const shell::Environment& environment, std::string& tool);
Value modelscope_cache(const shell::Environment& environment, std::string& tool);

}  // namespace preflint::project
