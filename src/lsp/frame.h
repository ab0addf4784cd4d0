#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace preflint::lsp {

/// What came over the wire next.
struct Frame {
  enum class Kind { message, malformed, oversized, end };
  Kind kind = Kind::end;
  std::string text;  // a message's body, or what is wrong
};

/// Cuts a stream of bytes into messages (`Content-Length: N`, an empty line, N bytes). After a
/// header that makes no sense it goes on at the next one that does. Never holds more than one
/// message of at most `limit` bytes.
class FrameReader {
 public:
  static constexpr size_t kLimit = size_t{96} << 20;  // a notebook of 64 MB, escaped as JSON
  static constexpr size_t kHeaderLimit = size_t{8} << 10;

  /// Fills a buffer with at least one byte and returns how many; 0 is the end.
  using Read = std::function<size_t(char* buffer, size_t size)>;

  explicit FrameReader(Read read, size_t limit = kLimit) : read_(std::move(read)), limit_(limit) {}
  Frame next();

 private:
  enum class Line { good, too_long, end };
  bool fill();
  Line line(std::string& out);
  bool body(size_t length, std::string* out);

  Read read_;
  size_t limit_;
  std::string buffer_;
  size_t at_ = 0;
  bool lost_ = false;  // after a bad header: looking for the next good one
};

/// A message with its header.
std::string framed(std::string_view text);

}  // namespace preflint::lsp
