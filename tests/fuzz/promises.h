#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "support/lint.h"

/// What every input is promised (docs/reliability.md). A fuzz target calls these; a promise that is
/// broken ends the program with a sentence, which is what libFuzzer waits for.
namespace preflint::fuzz {

/// One input in so many, as its bytes decide, is judged a second time and written in every format:
/// that costs as much as all the rest, and a fuzzer has many inputs.
inline uint64_t one_in = 4;

void require(bool promise, std::string_view sentence);

/// Lints the files as one project and checks what came out: ranges lie in their files and on
/// character boundaries, the same input gives the same answer (also when no file is passed over),
/// every format can be written and its text holds no control characters, fixes leave files that
/// parse no worse, and a second time changes nothing.
void check_project(const testing::Files& files, std::string_view config = {});

/// Checks that a span lies in a text, and on boundaries of characters where the text is UTF-8.
void check_span(Span span, std::string_view text, std::string_view what);

/// Checks that a text may go to a terminal: UTF-8 without control characters but for newlines.
void check_terminal(std::string_view text);

inline std::string_view view(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace preflint::fuzz
