#include "lsp/frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace preflint::lsp {
namespace {

/// Reads a text in pieces of at most `step` bytes.
FrameReader::Read pieces(std::string text, size_t step) {
  return [text = std::move(text), step, at = size_t{0}](char* buffer, size_t size) mutable {
    const size_t count = std::min({size, step, text.size() - at});
    std::memcpy(buffer, text.data() + at, count);
    at += count;
    return count;
  };
}

std::vector<Frame> all(const std::string& text, size_t step = 1 << 20,
                       size_t limit = FrameReader::kLimit) {
  FrameReader reader(pieces(text, step), limit);
  std::vector<Frame> out;
  do out.push_back(reader.next());
  while (out.back().kind != Frame::Kind::end);
  return out;
}

TEST(Frame, MessagesComeOutHoweverTheBytesArrive) {
  const std::string text = framed("{\"a\":1}") + framed("") + framed("\xE4\xB8\xAD\r\n\r\n");
  for (const size_t step : {1, 2, 3, 7, 4096}) {
    const std::vector<Frame> frames = all(text, step);
    ASSERT_EQ(frames.size(), 4u) << step;
    EXPECT_EQ(frames[0].text, "{\"a\":1}");
    EXPECT_EQ(frames[1].text, "");
    EXPECT_EQ(frames[2].text, "\xE4\xB8\xAD\r\n\r\n");
  }
}

TEST(Frame, OtherHeadersAndCaseDoNotMatter) {
  const auto frames =
      all("content-length:  2 \r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}"
          "Content-Type: x\nContent-Length: 3\n\nabc");
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[0].text, "{}");
  EXPECT_EQ(frames[1].text, "abc");
}

TEST(Frame, ABadHeaderIsToldOnceAndTheNextGoodOneIsFound) {
  for (const std::string bad :
       {"Content-Length: abc\r\n\r\n{\"jsonrpc\":1}", "Content-Length: -5\r\n\r\n{}",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "Content-Length: 99999999999999999999999\r\n\r\n"}) {
    const auto frames = all(bad + framed("{}"));
    ASSERT_EQ(frames.size(), 3u) << bad;
    EXPECT_EQ(frames[0].kind, Frame::Kind::malformed);
    EXPECT_EQ(frames[1].kind, Frame::Kind::message);
    EXPECT_EQ(frames[1].text, "{}");
  }
}

TEST(Frame, AnEndlessHeaderIsNotKept) {
  const auto frames = all(std::string(size_t{1} << 20, 'x') + "\r\n" + framed("{}"), 4096);
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[0].kind, Frame::Kind::malformed);
  EXPECT_EQ(frames[1].text, "{}");
}

TEST(Frame, AMessageOverTheLimitIsSkipped) {
  const auto frames = all(framed(std::string(1000, 'x')) + framed("{}"), 64, 100);
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[0].kind, Frame::Kind::oversized);
  EXPECT_EQ(frames[1].text, "{}");
}

TEST(Frame, AnEndInTheMiddleIsTheEnd) {
  EXPECT_EQ(all("Content-Length: 10\r\n\r\n{}").size(), 1u);
  EXPECT_EQ(all("Content-Len").size(), 1u);
  EXPECT_EQ(all("").size(), 1u);
}

}  // namespace
}  // namespace preflint::lsp
