#include "project/read_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "base/descriptor.h"
#include "base/path.h"
#include "base/text.h"

namespace preflint::project {
namespace {

/// The open file's path with every symlink resolved; empty when the system will not tell.
std::string real_path(int fd, const std::string& path) {
  char target[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t length = ::readlink(link.c_str(), target, sizeof target);
  if (length > 0) return std::string(target, static_cast<size_t>(length));
  return ::realpath(path.c_str(), target) ? std::string(target) : std::string();
}

ReadBytes failed(Trouble trouble) { return {{}, trouble, false}; }

/// Reads up to `limit` bytes; `whole`: more than that is trouble.
ReadBytes read(const std::string& path, size_t limit, bool whole, const std::string* root) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (fd < 0) return failed(trouble_of(errno));
  struct stat status;
  if (::fstat(fd, &status) != 0) return failed(trouble_of(errno));
  if (!S_ISREG(status.st_mode)) return failed(Trouble::not_regular);
  if (root && !below(real_path(fd, path), *root)) return failed(Trouble::outside);
  const auto size = static_cast<size_t>(status.st_size);
  if (whole && size > limit) return failed(Trouble::too_large);
  ReadBytes out;
  out.executable = (status.st_mode & 0111) != 0;
  // One byte more than the size tells the end of the file without another call in the usual case;
  // files in /proc say 0 and have content.
  out.bytes.resize(std::min(limit, size == 0 && whole ? size_t{65536} : size) + (whole ? 1 : 0));
  size_t filled = 0;
  while (filled < out.bytes.size()) {
    const ssize_t got = ::read(fd, out.bytes.data() + filled, out.bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(trouble_of(errno));
    if (got == 0) break;
    filled += static_cast<size_t>(got);
    if (!whole || filled < out.bytes.size()) continue;
    if (filled > limit) return failed(Trouble::too_large);  // it grew while we read
    out.bytes.resize(std::min(limit + 1, filled * 2));
  }
  out.bytes.resize(filled);
  return out;
}

}  // namespace

Trouble trouble_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Trouble::missing;
    case EACCES:
    case EPERM:
      return Trouble::denied;
    case ELOOP:
      return Trouble::link_loop;
    case ENAMETOOLONG:
      return Trouble::too_deep;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return Trouble::scarce;
    case ENXIO:
    case EISDIR:
    case ENODEV:
      return Trouble::not_regular;
    default:
      return Trouble::failed;
  }
}

ReadBytes read_bytes(const std::string& path, size_t limit, const std::string* root) {
  return read(path, limit, true, root);
}

ReadBytes read_start(const std::string& path, size_t size) {
  return read(path, size, false, nullptr);
}

bool stands_for_another(std::string_view bytes) {
  constexpr std::string_view kAppleDouble("\0\x05\x16\x07", 4);
  return bytes.starts_with(kAppleDouble) ||
         bytes.starts_with("version https://git-lfs.github.com/spec/v1\n");
}

std::optional<Trouble> not_text(const std::string& bytes) {
  const auto at = [&](size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
  };
  if ((at(0) == 0xFF && at(1) == 0xFE) || (at(0) == 0xFE && at(1) == 0xFF)) return Trouble::utf16;
  if (bytes.find('\0') != std::string::npos) return Trouble::binary;
  return std::nullopt;
}

std::optional<std::string> utf8_of_utf16(const std::string& bytes) {
  if (bytes.size() < 2 || bytes.size() % 2 != 0) return std::nullopt;
  const bool big = static_cast<unsigned char>(bytes[0]) == 0xFE;
  const auto unit = [&](size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]),
               second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<uint32_t>(big ? first << 8 | second : second << 8 | first);
  };
  std::string out;
  out.reserve(bytes.size() / 2);
  for (size_t at = 2; at < bytes.size(); at += 2) {
    uint32_t code = unit(at);
    if (code == 0) return std::nullopt;
    if (code >= 0xD800 && code < 0xE000) {
      if (code >= 0xDC00 || at + 3 >= bytes.size()) return std::nullopt;
      const uint32_t low = unit(at += 2);
      if (low < 0xDC00 || low >= 0xE000) return std::nullopt;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    out += utf8(code);
  }
  return out;
}

}  // namespace preflint::project
