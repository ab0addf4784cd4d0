#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cli/app.h"
#include "project/temporary_folder.h"

namespace preflint::cli {

/// What came of running the program.
struct Ran {
  int status = -1;  // 128 and more: the signal that ended it
  std::string out, error;
  size_t peak = 0;  // memory, in KiB
};

/// Runs the program in a process of its own, in a folder. `prepare` is called there before: what is
/// closed or limited then is so for the program.
inline Ran run_in(
    const std::string& folder, std::vector<std::string> arguments, const std::string& input = "",
    const std::function<void()>& prepare = [] {}) {
  const TemporaryFolder streams;
  const std::string in = streams.write("in", input);
  arguments.insert(arguments.begin(), "preflint");
  std::fflush(nullptr);  // or the child prints what waits here once more
  const pid_t child = ::fork();
  if (child == 0) {
    const auto put = [](const std::string& file, int flags, int as) {
      ::dup2(::open(file.c_str(), flags, 0600), as);
    };
    put(in, O_RDONLY, STDIN_FILENO);
    put(streams / "out", O_WRONLY | O_CREAT, STDOUT_FILENO);
    put(streams / "error", O_WRONLY | O_CREAT, STDERR_FILENO);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    if (::chdir(folder.c_str()) != 0) ::_exit(99);
    std::vector<char*> argv;
    for (std::string& one : arguments) argv.push_back(one.data());
    argv.push_back(nullptr);
    prepare();
    const int status = run(static_cast<int>(argv.size()) - 1, argv.data());
    std::fflush(nullptr);
    ::_exit(status);
  }
  Ran ran;
  int status = 0;
  rusage usage = {};
  ::wait4(child, &status, 0, &usage);
  ran.peak = static_cast<size_t>(usage.ru_maxrss);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ran.out = streams.read("out");
  ran.error = streams.read("error");
  return ran;
}

/// Runs another program, quietly; false when it fails.
inline bool shell(const std::string& folder, const std::string& command) {
  return std::system(("cd '" + folder + "' && { " + command + "; } >/dev/null 2>&1").c_str()) == 0;
}

}  // namespace preflint::cli
