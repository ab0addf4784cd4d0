#include "probe/image.h"

#include <fmt/format.h>

#include <algorithm>

#include "probe/bench.h"

namespace preflint::probe {
namespace {

/// The public part of a version, when it looks like one: "2.8.0+cu128" → "2.8.0".
std::string version(std::string_view text) {
  text = text.substr(0, text.find_first_of("+ "));
  const bool good = !text.empty() && text[0] >= '0' && text[0] <= '9' && text.size() < 40 &&
                    std::all_of(text.begin(), text.end(), [](char c) {
                      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.';
                    });
  return good ? std::string(text) : "";
}

std::string package(const Facts& facts, const std::string& name) {
  for (const char* source : {"package.", "installed."}) {
    std::string found = version(facts[source + name]);
    if (!found.empty()) return found;
  }
  return "";
}

/// "3.12.3" → "3.12".
std::string minor(const std::string& text) {
  const size_t first = text.find('.');
  if (first == std::string::npos) return text;
  return text.substr(0, text.find('.', first + 1));
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += '"';
}

}  // namespace

Image image_of(const Facts& facts, const catalog::Profile& profile) {
  Image out;
  catalog::Image& image = out.image;
  image.torch = version(facts["torch.version"]);
  if (image.torch.empty()) image.torch = package(facts, "torch");
  image.torchvision = package(facts, "torchvision");
  image.torchaudio = package(facts, "torchaudio");
  image.tensorflow = package(facts, "tensorflow");
  const std::string_view cuda = facts[facts.has("torch.cuda") ? "torch.cuda" : "installed.cuda"];
  image.cuda = cuda == "none" ? "" : version(cuda);
  image.python = minor(version(facts["python.version"]));
  for (const std::string& name : profile.frameworks) {
    if (name == "torch" || name == "torchvision" || name == "torchaudio" || name == "tensorflow") {
      continue;
    }
    if (const std::string found = package(facts, name); !found.empty())
      image.frameworks[name] = found;
  }
  if (image.known()) image.name = "box";
  out.gpu = gpu_name(facts, profile);
  out.gpus = static_cast<int>(std::clamp(facts.number("gpu.count").value_or(0), 0LL, 1024LL));
  return out;
}

std::string yaml(const Image& image, const std::string& origin) {
  std::string out = fmt::format("# {}\n# In preflint.yaml: `image: box.yaml`.\nimage:\n", origin);
  const auto field = [&](const char* name, const std::string& value) {
    if (!value.empty()) out += fmt::format("  {}: {}\n", name, in_quotes(value));
  };
  field("torch", image.image.torch);
  field("torchvision", image.image.torchvision);
  field("torchaudio", image.image.torchaudio);
  field("tensorflow", image.image.tensorflow);
  field("cuda", image.image.cuda);
  field("python", image.image.python);
  if (!image.image.frameworks.empty()) {
    out += "  frameworks:\n";
    for (const auto& [name, value] : image.image.frameworks) {
      out += fmt::format("    {}: {}\n", name, in_quotes(value));
    }
  }
  if (!image.gpu.empty()) out += fmt::format("gpu: {}\n", in_quotes(image.gpu));
  if (image.gpus > 0) out += fmt::format("gpus: {}\n", image.gpus);
  return out;
}

}  // namespace preflint::probe
