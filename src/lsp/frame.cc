#include "lsp/frame.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace preflint::lsp {
namespace {

constexpr size_t kBlock = size_t{64} << 10;

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

/// The header lines of one message.
struct Header {
  std::optional<size_t> length;
  bool wrong = false;

  void add(std::string_view line) {
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      wrong = true;
      return;
    }
    // Content-Type is the only other one, and there is but one encoding left.
    if (!same_word(trimmed(line.substr(0, colon)), "content-length")) return;
    const std::string_view digits = trimmed(line.substr(colon + 1));
    size_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) {
      wrong = true;
    } else {
      length = value;
    }
  }
};

}  // namespace

bool FrameReader::fill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const size_t old = buffer_.size();
  buffer_.resize(old + kBlock);
  const size_t count = read_(buffer_.data() + old, kBlock);
  buffer_.resize(old + count);
  return count > 0;
}

FrameReader::Line FrameReader::line(std::string& out) {
  out.clear();
  bool too_long = false;
  for (;;) {
    const size_t newline = buffer_.find('\n', at_);
    const size_t end = newline == std::string::npos ? buffer_.size() : newline;
    if (out.size() + (end - at_) > kHeaderLimit) too_long = true;
    if (!too_long) out.append(buffer_, at_, end - at_);
    at_ = newline == std::string::npos ? end : end + 1;
    if (newline != std::string::npos) break;
    if (!fill()) return Line::end;
  }
  if (!out.empty() && out.back() == '\r') out.pop_back();
  return too_long ? Line::too_long : Line::good;
}

bool FrameReader::body(size_t length, std::string* out) {
  while (length > 0) {
    if (at_ == buffer_.size() && !fill()) return false;
    const size_t count = std::min(length, buffer_.size() - at_);
    if (out) out->append(buffer_, at_, count);
    at_ += count;
    length -= count;
  }
  return true;
}

Frame FrameReader::next() {
  Header header;
  std::string text;
  size_t size = 0;
  for (;;) {
    const Line read = line(text);
    if (read == Line::end) return {Frame::Kind::end, ""};
    if (lost_) {
      // A body without a newline may stand right before the next header.
      const size_t at = text.rfind("Content-Length:");
      if (read == Line::too_long || at == std::string::npos) continue;
      text.erase(0, at);
      lost_ = false;
    }
    size += text.size();
    if (read == Line::too_long || size > kHeaderLimit) {
      lost_ = true;
      return {Frame::Kind::malformed, "the header is too long"};
    }
    if (!text.empty()) {
      header.add(text);
      if (header.wrong && !header.length) {
        lost_ = true;
        return {Frame::Kind::malformed, "a header line must be 'Content-Length: <bytes>'"};
      }
    } else if (header.length) {
      break;
    }
  }
  if (*header.length > limit_) {
    if (!body(*header.length, nullptr)) return {Frame::Kind::end, ""};
    return {Frame::Kind::oversized, "a message may have " + std::to_string(limit_) + " bytes"};
  }
  Frame frame{Frame::Kind::message, ""};
  if (!body(*header.length, &frame.text)) return {Frame::Kind::end, ""};
  return frame;
}

std::string framed(std::string_view text) {
  std::string out = "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n";
  out += text;
  return out;
}

}  // namespace preflint::lsp
