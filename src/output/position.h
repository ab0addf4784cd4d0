#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace preflint::output {

/// What a column counts.
enum class Encoding : uint8_t { utf8, utf16, utf32 };

/// A place as people name it; both numbers start at 1.
struct Position {
  uint32_t line = 1;
  uint32_t column = 1;
  friend bool operator==(const Position&, const Position&) = default;
};

/// Turns byte offsets of one text into lines and columns and back. Lines end at LF, CRLF or a lone
/// CR; a byte order mark is not a column. Borrows the text. Safe to share between threads.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);

  uint32_t lines() const { return static_cast<uint32_t>(begins_.size()); }
  /// Offsets past the end are the end; one inside a character is that character's.
  Position position(uint32_t offset, Encoding encoding = Encoding::utf32) const;
  /// The offset of a position; lines and columns past the end are clamped.
  uint32_t offset(Position position, Encoding encoding = Encoding::utf32) const;
  /// The bytes of a line without its terminator (1-based).
  Span line_span(uint32_t line) const;
  std::string_view line(uint32_t line) const;
  uint32_t line_of(uint32_t offset) const;

 private:
  uint32_t units(uint32_t offset, Encoding encoding) const;  // from the start of the text
  std::string_view text_;
  std::vector<uint32_t> begins_;
  // Code points and extra UTF-16 units before every block of kBlock bytes; only for texts with a
  // line so long that counting from its start again and again would be quadratic.
  struct Count {
    uint32_t points, pairs;
  };
  std::vector<Count> blocks_;
};

}  // namespace preflint::output
