#pragma once

#include <string>
#include <vector>

namespace preflint::probe {

/// A program's end and what it has printed.
struct Run {
  enum class End { exited, signalled, timed_out, too_much, not_started };
  End end = End::exited;
  int status = 0;      // the exit status, the signal or errno
  std::string output;  // stdout
  std::string errors;  // the end of stderr
};

/// Starts a program without a shell, gives it `input` and reads until it ends, for at most
/// `seconds` and `most` bytes; after that it and its children are killed. What was read until then
/// is there.
Run run(const std::vector<std::string>& arguments, const std::string& input, double seconds,
        size_t most);

/// The shell that a script is given to on this machine.
std::vector<std::string> shell_here();
/// ssh to a destination that bad_destination() has accepted, with a shell that reads its script
/// from stdin. `program` is ssh, or what stands for it.
std::vector<std::string> shell_there(const std::string& program, const std::string& destination,
                                     int port);

/// The key of PRB001's message about an end of ssh; "" when it has reached the box.
std::string failure_of(const Run& run);

}  // namespace preflint::probe
