#include "cli/write_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "base/descriptor.h"
#include "base/path.h"
#include "project/disk_reader.h"
#include "project/read_bytes.h"
#include "workspace/project.h"

namespace preflint::cli {
namespace {

/// While it lives, the signals that end a program wait: no temporary file stays behind.
class SignalsWait {
 public:
  SignalsWait() {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&ending, signal);
    ::pthread_sigmask(SIG_BLOCK, &ending, &before_);
  }
  ~SignalsWait() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;

 private:
  sigset_t before_;
};

std::string real(const std::string& path) {
  char resolved[PATH_MAX];
  return ::realpath(path.c_str(), resolved) ? std::string(resolved) : std::string();
}

Sentence reason() { return verbatim(std::strerror(errno)); }

/// What cannot be done, and what the system says.
Sentence because(const Sentence& what) {
  const std::string why = std::strerror(errno);
  return {what.en + ": " + why, what.zh + "：" + why};
}

bool holds(int fd, const std::string& text) {
  std::string now(text.size() + 1, '\0');
  size_t filled = 0;
  while (filled < now.size()) {
    const ssize_t got =
        ::pread(fd, now.data() + filled, now.size() - filled, static_cast<off_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    filled += static_cast<size_t>(got);
  }
  return filled == text.size() && now.compare(0, filled, text) == 0;
}

bool write_whole(int fd, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t put = ::write(fd, text.data() + done, text.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    done += static_cast<size_t>(put);
  }
  return ::fsync(fd) == 0;
}

/// Makes the new file beside the old one and moves it there.
std::optional<Sentence> swap(const std::string& target, const struct stat& old,
                             const std::string& after) {
  const size_t slash = target.rfind('/') + 1;
  std::string name = target.substr(0, slash) + ".preflint-XXXXXX";
  const SignalsWait wait;
  const Descriptor fd(::mkostemp(name.data(), O_CLOEXEC));
  if (fd < 0) return because({"no file can be made beside it", "无法在同一目录下创建文件"});
  const auto give_up = [&](const Sentence& why) {
    ::unlink(name.c_str());
    return why;
  };
  struct stat fresh;
  if (::fstat(fd, &fresh) != 0) return give_up(reason());
  const bool other_owner = fresh.st_uid != old.st_uid || fresh.st_gid != old.st_gid;
  if (other_owner && ::fchown(fd, old.st_uid, old.st_gid) != 0)
    return give_up(because({"its owner cannot be kept", "无法保留属主"}));
  // After the owner: changing that clears the set-id bits.
  if (::fchmod(fd, old.st_mode & 07777) != 0)
    return give_up(because({"its mode cannot be kept", "无法保留权限"}));
  if (!write_whole(fd, after)) return give_up(reason());
  if (::rename(name.c_str(), target.c_str()) != 0) return give_up(reason());
  if (const Descriptor folder(
          ::open(target.substr(0, slash).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      folder >= 0) {
    ::fsync(folder);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Sentence> replace_file(const std::string& path, const std::string& root,
                                     const std::string& before, const std::string& after) {
  const std::string target = real(path), real_root = real(root);
  if (target.empty()) return reason();
  if (real_root.empty() || !below(target, real_root)) {
    return Sentence{"it is a link to a file outside of the project", "它是指向项目之外的符号链接"};
  }
  if (::access(target.c_str(), W_OK) != 0) return reason();
  // The lock is for a second preflint: whoever comes later sees a file that has changed.
  const Descriptor fd(::open(target.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (fd < 0) return reason();
  struct stat opened, named;
  if (::flock(fd, LOCK_EX) != 0 || ::fstat(fd, &opened) != 0 ||
      ::lstat(target.c_str(), &named) != 0)
    return reason();
  if (!S_ISREG(opened.st_mode)) return Sentence{"it is not a regular file", "它不是普通文件"};
  const bool same = opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
  if (!same || !holds(fd, before)) {
    const Descriptor now(::open(target.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
    if (now >= 0 && holds(now, after)) return std::nullopt;  // somebody has done the same
    const auto utf16 =
        project::utf8_of_utf16(project::read_bytes(target, project::kMaxSourceBytes).bytes);
    return utf16 == before ? Sentence{"it is UTF-16: what is written is UTF-8",
                                      "它是 UTF-16 编码，而写出的是 UTF-8"}
                           : Sentence{"it has changed since it was read", "读取之后文件又有改动"};
  }
  return swap(target, opened, after);
}

}  // namespace preflint::cli
