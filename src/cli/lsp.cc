#include "cli/lsp.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

#include "lsp/server.h"

namespace preflint::cli {
namespace {

/// Waits for input or for the other end of `wake` to be written to.
size_t read_input(int wake, char* buffer, size_t size) {
  for (;;) {
    pollfd wait[2] = {{STDIN_FILENO, POLLIN, 0}, {wake, POLLIN, 0}};
    if (::poll(wait, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return 0;
    }
    if (wait[1].revents != 0) return 0;
    const ssize_t count = ::read(STDIN_FILENO, buffer, size);
    if (count >= 0) return static_cast<size_t>(count);
    if (errno != EINTR && errno != EAGAIN) return 0;
  }
}

bool write_output(int out, const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const ssize_t count = ::write(out, text.data() + at, text.size() - at);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) at += static_cast<size_t>(count);
  }
  return true;
}

}  // namespace

int run_lsp() {
  int wake[2];
  if (::pipe2(wake, O_CLOEXEC) != 0) return 2;
  // The wire is ours alone: whatever else writes to stdout goes to stderr.
  const int out = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (out < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return 2;

  lsp::Wire wire;
  wire.read = [&](char* buffer, size_t size) { return read_input(wake[0], buffer, size); };
  wire.write = [&](const std::string& text) { return write_output(out, text); };
  wire.interrupt = [&] { (void)!::write(wake[1], "x", 1); };
  wire.log = [](const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); };
  wire.version = PREFLINT_VERSION;
  const int status = lsp::Server(std::move(wire)).run();
  ::close(wake[0]);
  ::close(wake[1]);
  ::close(out);
  return status;
}

}  // namespace preflint::cli
