#include "catalog/blob.h"

#include <bit>
#include <cassert>

namespace preflint::catalog {
namespace {

void put_size(std::string& out, size_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(0x80 | (value & 0x7F));
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void put_text(std::string& out, std::string_view text) {
  put_size(out, text.size());
  out += text;
}

void put(std::string& out, const Document& document) {
  out += static_cast<char>(document.kind);
  switch (document.kind) {
    case Document::Kind::list:
      put_size(out, document.items.size());
      for (const Document& item : document.items) put(out, item);
      return;
    case Document::Kind::map:
      put_size(out, document.members.size());
      for (const Document::Member& member : document.members) {
        put_text(out, member.key);
        put(out, member.value);
      }
      return;
    default:
      break;
  }
  put_text(out, document.text);
  if (document.kind == Document::Kind::boolean) out += document.boolean ? '\1' : '\0';
  if (document.kind == Document::Kind::integer || document.kind == Document::Kind::real) {
    const auto bits = document.kind == Document::Kind::integer
                          ? std::bit_cast<uint64_t>(document.integer)
                          : std::bit_cast<uint64_t>(document.real);
    for (int i = 0; i < 64; i += 8) out += static_cast<char>(bits >> i & 0xFF);
  }
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  Document document() {
    Document out;
    out.kind = static_cast<Document::Kind>(byte());
    switch (out.kind) {
      case Document::Kind::list:
        for (size_t left = size(); left > 0; --left) out.items.push_back(document());
        return out;
      case Document::Kind::map:
        for (size_t left = size(); left > 0; --left) {
          std::string key(text());
          out.members.push_back({std::move(key), {}, document()});
        }
        return out;
      default:
        break;
    }
    out.text = text();
    if (out.kind == Document::Kind::boolean) out.boolean = byte() != 0;
    if (out.kind == Document::Kind::integer || out.kind == Document::Kind::real) {
      uint64_t bits = 0;
      for (int i = 0; i < 64; i += 8) bits |= static_cast<uint64_t>(byte()) << i;
      if (out.kind == Document::Kind::real) {
        out.real = std::bit_cast<double>(bits);
      } else {
        out.integer = std::bit_cast<int64_t>(bits);
        out.real = static_cast<double>(out.integer);
      }
    }
    return out;
  }

 private:
  unsigned char byte() {
    assert(at_ < bytes_.size());
    return static_cast<unsigned char>(bytes_[at_++]);
  }
  size_t size() {
    size_t value = 0;
    for (int shift = 0;; shift += 7) {
      const unsigned char part = byte();
      value |= static_cast<size_t>(part & 0x7F) << shift;
      if (part < 0x80) return value;
    }
  }
  std::string_view text() {
    const size_t length = size();
    const std::string_view out = bytes_.substr(at_, length);
    at_ += length;
    return out;
  }

  std::string_view bytes_;
  size_t at_ = 0;
};

}  // namespace

std::string encode(const Document& document) {
  std::string out;
  put(out, document);
  return out;
}

Document decode(std::string_view bytes) { return Reader(bytes).document(); }

}  // namespace preflint::catalog
