#include "catalog/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "catalog/fields.h"

namespace preflint::catalog {
namespace {

struct Release {
  int major = 0, minor = 0, patch = 0;
};

std::optional<Release> release_of(std::string_view text) {
  Release out;
  int* const parts[] = {&out.major, &out.minor, &out.patch};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (size_t i = 0; i < std::size(parts); ++i) {
    const auto [next, failure] = std::from_chars(at, end, *parts[i]);
    if (failure != std::errc()) return std::nullopt;
    at = next;
    if (at == end) return i == 0 ? std::nullopt : std::optional(out);
    if (*at++ != '.') return std::nullopt;
  }
  return std::nullopt;
}

bool digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool version(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos &&
         digits(text.substr(0, 1)) && digits(text.substr(text.size() - 1));
}

/// cu128 → 12.8, cu92 → 9.2, py312 → 3.12, py38 → 3.8; a text with a dot stays as it is.
std::string dotted(std::string_view text, size_t major_digits) {
  if (text.find('.') != std::string_view::npos || text.size() <= major_digits) {
    return std::string(text);
  }
  return fmt::format("{}.{}", text.substr(0, major_digits), text.substr(major_digits));
}

std::string cuda(std::string_view text) { return dotted(text, text.starts_with('1') ? 2 : 1); }

bool take(std::string_view part, std::string_view prefix, std::string_view& rest) {
  if (!part.starts_with(prefix) || !version(part.substr(prefix.size()))) return false;
  rest = part.substr(prefix.size());
  return true;
}

void complete(Image& image) {
  if (image.torchvision.empty()) image.torchvision = torchvision_of(image.torch);
  if (image.torchaudio.empty()) image.torchaudio = torchaudio_of(image.torch);
}

}  // namespace

std::string torchvision_of(std::string_view torch) {
  const auto release = release_of(torch);
  if (!release) return "";
  const auto [major, minor, patch] = *release;
  if (major == 1 && minor == 7) return fmt::format("0.8.{}", patch + 1);
  if (major == 1 && minor >= 8 && minor <= 13) return fmt::format("0.{}.{}", minor + 1, patch);
  if (major == 2 && minor == 0) return fmt::format("0.15.{}", patch + 1);
  if (major == 2) return fmt::format("0.{}.{}", minor + 15, patch);
  return "";
}

std::string torchaudio_of(std::string_view torch) {
  const auto release = release_of(torch);
  if (!release) return "";
  const auto [major, minor, patch] = *release;
  if (major == 1 && minor == 7) return fmt::format("0.7.{}", patch * 2);
  if (major == 1 && minor >= 8 && minor <= 13) return fmt::format("0.{}.{}", minor, patch);
  if (major == 2 && minor == 0) return fmt::format("2.0.{}", patch + 1);
  if (major == 2) return fmt::format("2.{}.{}", minor, patch);
  return "";
}

Image load_image(const Document& map, std::vector<Error>& errors) {
  Image image;
  Fields fields(map, {"an image", "镜像"}, errors);
  const std::pair<const char*, std::string*> kFields[] = {{"name", &image.name},
                                                          {"torch", &image.torch},
                                                          {"torchvision", &image.torchvision},
                                                          {"torchaudio", &image.torchaudio},
                                                          {"tensorflow", &image.tensorflow},
                                                          {"cuda", &image.cuda},
                                                          {"python", &image.python}};
  for (const auto& [key, place] : kFields) *place = fields.text(key).value_or("");
  if (const Document* more = fields.get("frameworks")) {
    Fields names(*more, verbatim("'frameworks'"), errors);
    for (const Document::Member& member : more->members) {
      image.frameworks[member.key] = names.text(member.key).value_or("");
    }
  }
  fields.finish();
  for (const char* key : {"torch", "torchvision", "torchaudio", "tensorflow", "cuda", "python"}) {
    const Document* value = map.find(key);
    if (!value || !is_text(*value)) continue;
    // A local part, as in 2.8.0+cu128, is what pip shows.
    const std::string_view written = std::string_view(value->text).substr(0, value->text.find('+'));
    if (!version(written)) {
      fields.fail(value->span, {fmt::format("'{}' must be a version like 2.8.0", key),
                                fmt::format("'{}' 应为版本号，例如 2.8.0", key)});
    }
  }
  complete(image);
  return image;
}

std::optional<Image> image_named(std::string_view name, const Profile& profile) {
  for (const Image& image : profile.images) {
    if (image.name == name) return image;
  }
  Image image;
  image.name = name;
  // A registry reference: the tag alone tells.
  const size_t colon = name.rfind(':');
  std::string_view rest = colon == std::string_view::npos ? name : name.substr(colon + 1);
  std::string_view family, value;
  while (!rest.empty()) {
    const size_t dash = rest.find('-');
    const std::string_view part = rest.substr(0, dash);
    rest = dash == std::string_view::npos ? std::string_view() : rest.substr(dash + 1);
    if (part == "pytorch" || part == "tensorflow" || part == "torch") {
      family = part;
    } else if (version(part) && !family.empty()) {
      (family == "tensorflow" ? image.tensorflow : image.torch) = part;
      family = {};
    } else if (take(part, "pytorch", value) || take(part, "torch", value)) {
      image.torch = value;
    } else if (take(part, "tensorflow", value) || take(part, "tf", value)) {
      image.tensorflow = value;
    } else if (take(part, "cuda", value) || take(part, "cu", value)) {
      image.cuda = cuda(value);
    } else if (take(part, "python", value) || take(part, "py", value)) {
      image.python = dotted(value, 1);
    }
  }
  if (image.torch.empty() && image.tensorflow.empty()) return std::nullopt;
  complete(image);
  return image;
}

}  // namespace preflint::catalog
