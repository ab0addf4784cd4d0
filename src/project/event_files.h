#pragma once

#include <string>
#include <vector>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/program.h"

namespace preflint::project {

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
std::vector<EventFiles> event_files(const Run& run);

/// The working directory of a Python run before an event of that order: os.chdir and `%cd` are
/// followed.
Value working_directory(const Run& run, int order);

class Context;

/// Which directories the platform's panel shows: its own, what the program links, copies or mounts
/// into it, and what the program itself serves on the panel's port or another one that is reached
/// from outside.
class Panel {
 public:
  explicit Panel(const Context& context);
  /// no: surely outside. maybe: something about it is not known.
  Tri shows(const EventFiles& files) const;
  const std::string& directory() const { return directory_; }

 private:
  Tri shows(const Text& path, const Text& written) const;

  std::string directory_;
  std::vector<Text> shown_;  // directories besides its own
};

/// Is this file one of the project's tests?
bool is_test_file(const std::string& path, const std::string& root);

}  // namespace preflint::project
