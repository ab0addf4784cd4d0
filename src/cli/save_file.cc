#include "cli/save_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace preflint::cli {
namespace {

bool write_all(int file, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(file, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += static_cast<size_t>(count);
  }
  return true;
}

}  // namespace

std::string save_file(const std::string& path, const std::string& text) {
  const auto failed = [&] { return path + ": " + std::strerror(errno); };
  if (path == "-") {
    // A reader that has seen enough (`| head`) is no fault.
    return write_all(STDOUT_FILENO, text) || errno == EPIPE ? "" : failed();
  }
  struct stat there = {};
  const bool exists = ::lstat(path.c_str(), &there) == 0;
  if (exists && !S_ISREG(there.st_mode)) {
    const int file = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (file < 0) return failed();
    std::string out = write_all(file, text) || errno == EPIPE ? "" : failed();
    ::close(file);
    return out;
  }
  std::string temporary = path + ".XXXXXX";
  const int file = ::mkstemp(temporary.data());
  if (file < 0) return failed();
  const mode_t mask = ::umask(0);
  ::umask(mask);
  bool good = ::fchmod(file, exists ? there.st_mode & 07777U : 0666U & ~mask) == 0;
  good = write_all(file, text) && good;
  good = ::close(file) == 0 && good;
  good = good && std::rename(temporary.c_str(), path.c_str()) == 0;
  if (good) return "";
  std::string out = failed();
  ::unlink(temporary.c_str());
  return out;
}

}  // namespace preflint::cli
