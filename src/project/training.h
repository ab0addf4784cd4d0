#pragma once

#include <string_view>

#include "project/program.h"

namespace preflint::py {
struct CallEvent;
}

namespace preflint::project {

/// Is this the name of a model's saved state (by its ending), or of a folder that holds such?
bool is_checkpoint_file(std::string_view path);
bool is_checkpoint_folder(std::string_view path);
/// Pretrained weights and download caches: no result of the run, can be fetched again.
bool is_fetched(std::string_view path);
/// `best.pth`, `model_best.pt`: what is kept of a run.
bool names_best(std::string_view path);
/// `latest.pth`, `last.ckpt`: what a run resumes from.
bool names_latest(std::string_view path);

/// Does the program optimise a model? (`loss.backward()`, `trainer.train()`, `trainer.fit()`…)
bool trains(const py::Trace& trace);
/// Is a call made once for each pass over the data: the loop around it is over epochs or steps, or
/// it holds the optimisation with the loop over batches at most in between? A loop over folds is
/// neither.
bool saved_each_epoch(const py::Trace& trace, const py::CallEvent& call);
/// Does the command start a training: its program is seen to train, or (where it is not seen) its
/// name says so and nothing says otherwise.
bool starts_training(const Run& run, const shell::CommandEvent& event);
/// Is a training only tried out: does the launch give it one epoch or a handful of steps, or is the
/// script that starts it named for that? One epoch in whose course the launch wants checkpoints is
/// a run.
bool only_tries(const Run& run, const shell::CommandEvent& event);
/// The run of the Python program that the command starts; null when it is not of the project.
const Run* python_child(const Run& run, const shell::CommandEvent& event);
/// A command that runs a Python program by itself or through a launcher.
bool runs_python(const shell::CommandEvent& event);

}  // namespace preflint::project
