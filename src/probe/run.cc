#include "probe/run.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace preflint::probe {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kErrorsKept = 64 << 10;

/// A file descriptor that is closed once.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset();
    number_ = std::exchange(other.number_, -1);
    return *this;
  }
  ~Descriptor() { reset(); }
  int get() const { return number_; }
  bool open() const { return number_ >= 0; }
  void reset() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_ = -1;
};

struct Pipe {
  Descriptor read, write;
};

bool make(Pipe& out) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  out.read = Descriptor(ends[0]);
  out.write = Descriptor(ends[1]);
  return true;
}

/// What the child does between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* arguments, int input, int output, int errors, int report) {
  ::setpgid(0, 0);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::signal(SIGPIPE, SIG_DFL);
  ::execvp(arguments[0], arguments);
  const int fault = errno;
  const ssize_t ignored = ::write(report, &fault, sizeof fault);
  static_cast<void>(ignored);
  ::_exit(127);
}

/// Writes as much as fits; false when there is nothing more to write.
bool feed(const Descriptor& to, const std::string& text, size_t& at) {
  while (at < text.size()) {
    const ssize_t count = ::write(to.get(), text.data() + at, text.size() - at);
    if (count > 0) {
      at += static_cast<size_t>(count);
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else {
      return count < 0 && errno == EAGAIN;
    }
  }
  return false;
}

/// Reads what is there; false at the end.
bool drain(const Descriptor& from, std::string& into) {
  std::array<char, 1 << 15> buffer;
  const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
  if (count > 0) into.append(buffer.data(), static_cast<size_t>(count));
  return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

struct Child {
  pid_t pid = 0;
  Descriptor input, output, errors;
};

void talk(Child& child, const std::string& input, Clock::time_point deadline, size_t most,
          Run& run) {
  size_t written = 0;
  bool listening = true;
  while (child.output.open() || child.errors.open()) {
    if (listening && !child.output.open()) {
      // Something in the background may keep stderr for ever; the facts are there.
      listening = false;
      deadline = std::min(deadline, Clock::now() + std::chrono::seconds(2));
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) {
      if (listening) run.end = Run::End::timed_out;
      return;
    }
    std::array<pollfd, 3> waits = {pollfd{child.output.get(), POLLIN, 0},
                                   pollfd{child.errors.get(), POLLIN, 0},
                                   pollfd{child.input.get(), POLLOUT, 0}};
    if (::poll(waits.data(), waits.size(), static_cast<int>(left)) < 0 && errno != EINTR) return;
    if (waits[2].revents != 0 && !feed(child.input, input, written)) child.input.reset();
    if (waits[0].revents != 0 && !drain(child.output, run.output)) child.output.reset();
    if (waits[1].revents != 0 && !drain(child.errors, run.errors)) child.errors.reset();
    if (run.errors.size() > kErrorsKept) run.errors.erase(0, run.errors.size() - kErrorsKept / 2);
    if (run.output.size() > most) {
      run.output.resize(most);
      run.end = Run::End::too_much;
      return;
    }
  }
}

void finish(pid_t pid, Clock::time_point deadline, Run& run) {
  int status = 0;
  bool killed = run.end != Run::End::exited;
  if (killed) ::kill(-pid, SIGKILL);
  // The pipes may be closed long before the program ends.
  while (!killed) {
    const pid_t done = ::waitpid(pid, &status, WNOHANG);
    if (done == pid || (done < 0 && errno != EINTR)) break;
    if (Clock::now() >= deadline) {
      run.end = Run::End::timed_out;
      ::kill(-pid, SIGKILL);
      killed = true;
      break;
    }
    ::poll(nullptr, 0, 10);
  }
  if (killed) {
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return;
  }
  if (WIFSIGNALED(status)) run.end = Run::End::signalled;
  run.status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

bool holds(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

}  // namespace

Run run(const std::vector<std::string>& arguments, const std::string& input, double seconds,
        size_t most) {
  const auto deadline =
      Clock::now() + std::chrono::milliseconds(static_cast<long long>(seconds * 1000));
  Run out;
  std::vector<char*> words;
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  Pipe to, from, errors, report;
  if (!make(to) || !make(from) || !make(errors) || !make(report)) {
    out.end = Run::End::not_started;
    out.status = errno;
    return out;
  }
  const pid_t pid = ::fork();
  if (pid == 0)
    become(words.data(), to.read.get(), from.write.get(), errors.write.get(), report.write.get());
  report.write.reset();
  int fault = pid < 0 ? errno : 0;
  if (pid > 0 && ::read(report.read.get(), &fault, sizeof fault) != sizeof fault) fault = 0;
  if (fault != 0) {
    if (pid > 0) ::waitpid(pid, nullptr, 0);
    out.end = Run::End::not_started;
    out.status = fault;
    return out;
  }
  ::setpgid(pid, pid);  // the child does it too; whoever comes first
  Child child{pid, std::move(to.write), std::move(from.read), std::move(errors.read)};
  to.read.reset();
  from.write.reset();
  errors.write.reset();
  for (const Descriptor* one : {&child.input, &child.output, &child.errors}) {
    ::fcntl(one->get(), F_SETFL, O_NONBLOCK);
  }
  talk(child, input, deadline, most, out);
  child.input.reset();
  finish(pid, deadline, out);
  return out;
}

std::vector<std::string> shell_here() { return {"/bin/sh", "-s"}; }

std::vector<std::string> shell_there(const std::string& program, const std::string& destination,
                                     int port) {
  std::vector<std::string> out = {program, "-T"};
  for (const char* option :
       {"BatchMode=yes", "ConnectTimeout=10", "ControlMaster=no", "ServerAliveInterval=5",
        "ServerAliveCountMax=3", "ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no",
        "PermitLocalCommand=no", "RequestTTY=no", "EscapeChar=none"}) {
    out.insert(out.end(), {"-o", option});
  }
  if (port > 0) out.insert(out.end(), {"-p", std::to_string(port)});
  out.insert(out.end(), {"--", destination, "exec sh -s"});
  return out;
}

std::string failure_of(const Run& run) {
  switch (run.end) {
    case Run::End::not_started:
      return "no-ssh";
    case Run::End::timed_out:
      return "too-slow";
    case Run::End::too_much:
      return "too-much";
    case Run::End::signalled:
    case Run::End::exited:
      break;
  }
  // 255 is ssh's own; any other status comes from the box.
  if (run.status != 255) return "";
  const std::string& text = run.errors;
  if (holds(text, "REMOTE HOST IDENTIFICATION HAS CHANGED")) return "host-key-changed";
  if (holds(text, "Host key verification failed")) return "host-key-unknown";
  if (holds(text, "Could not resolve hostname")) return "unresolved";
  if (holds(text, "Connection refused")) return "refused";
  if (holds(text, "Permission denied (")) return "denied";
  if (holds(text, "timed out") || holds(text, "No route to host") || holds(text, "unreachable"))
    return "unreachable";
  return "failed";
}

}  // namespace preflint::probe
