#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preflint::project {

/// Why a file could not be read as text.
enum class Trouble : uint8_t {
  missing,      // not there (any more)
  denied,       // no permission
  not_regular,  // a FIFO, socket, device or folder
  too_large,
  link_loop,
  outside,   // reached through a symlink that leaves the project
  too_deep,  // its path is longer than the system takes
  scarce,    // too many files are open, or there is no memory
  failed,    // an I/O error
  binary,    // holds NUL bytes
  utf16,
};

/// What an error number of opening or reading a file comes to.
Trouble trouble_of(int error);

struct ReadBytes {
  std::string bytes;
  std::optional<Trouble> trouble;
  bool executable = false;
};

/// Reads a regular file; never blocks on a FIFO, never reads more than `limit` bytes. With `root`
/// (absolute, real) a file whose real path is elsewhere is refused.
ReadBytes read_bytes(const std::string& path, size_t limit, const std::string* root = nullptr);

/// Like read_bytes for the first `size` bytes, whatever the file's size.
ReadBytes read_start(const std::string& path, size_t size);

/// The two kinds of bytes that are no text; nothing when they can be linted.
std::optional<Trouble> not_text(const std::string& bytes);

/// Does a file hold nothing of its own: a pointer of Git LFS to what has not been fetched, or what
/// macOS keeps beside a file on other disks (AppleDouble, `._train.py`)?
bool stands_for_another(std::string_view bytes);

/// UTF-16 with its byte order mark as UTF-8 without one; nothing when it is not well formed. pip
/// reads such requirements (PowerShell's `pip freeze >` writes them); shells and Python do not.
std::optional<std::string> utf8_of_utf16(const std::string& bytes);

}  // namespace preflint::project
