#pragma once

#include <string>
#include <vector>

#include "model/python/trace.h"
#include "project/program.h"

namespace preflint::project {

class Context;

/// Something that writes TensorBoard's event files into a directory: a writer, logger or trainer of
/// a Python program, or an option of a command that starts one.
struct EventFiles {
  std::string writer;  // as its documentation calls it: "SummaryWriter", "TrainingArguments",
                       // "--logging_dir"
  Value directory;     // as the program names it, or the writer's documented default
  Value resolved;      // absolute as far as known: a relative one starts at the working directory
  bool by_default = false;         // nothing names a directory
  std::string option;              // then: the argument that would
  const Source* source = nullptr;  // where: what names the directory, else the call or command
  Span span;
  const py::CallEvent* call = nullptr;           // in a Python run
  const shell::CommandEvent* command = nullptr;  // in a shell run
};

/// All of them in one run, in order. A directory that cannot be known is listed with its holes.
/// Options of a launch are left out where the launched program is followed and its own writer says
/// what it does with them.
std::vector<EventFiles> event_files(const Context& context, const Run& run);

/// Those among them of which the commands of a shell run tell: `--logging_dir X`, `--report_to
/// tensorboard`.
void add_launched_event_files(const Context& context, const Run& run, std::vector<EventFiles>& out);

/// The working directory of a Python run before an event of that order: os.chdir and `%cd` are
/// followed.
Value working_directory(const Run& run, int order);

/// Is this file one of the project's tests?
bool is_test_file(const std::string& path, const std::string& root);

}  // namespace preflint::project
