#include "project/framework_facts.h"

#include <algorithm>

#include "catalog/builtin.h"
#include "catalog/image.h"

namespace preflint::project {
namespace {

using req::Specifiers;
using req::Version;

Document data(const char* name) {
  auto document = catalog::builtin_document(name);
  return document ? *std::move(document) : Document();
}

std::string text(const Document& row, std::string_view key) {
  const Document* value = row.find(key);
  return value ? value->text : "";
}

Version version(const std::string& text) { return Version::parse(text).value_or(Version()); }

Specifiers specifiers(const std::string& text) {
  auto out = Specifiers::parse(text);
  return out ? *std::move(out) : Specifiers();
}

const std::vector<Document>& rows(const Document& document, std::string_view key) {
  static const std::vector<Document> kNone;
  const Document* list = document.find(key);
  return list ? list->items : kNone;
}

void pythons(const Document& row, Version& first, Version& last) {
  const auto& range = rows(row, "python");
  if (range.size() != 2) return;
  first = version(range[0].text);
  last = version(range[1].text);
}

/// The words of a model's name that tell models apart: {"4090"} for `NVIDIA GeForce RTX 4090` and
/// `rtx4090`.
std::vector<std::string> model_words(std::string_view gpu) {
  std::vector<std::string> out;
  std::string word;
  const auto finish = [&] {
    for (const std::string_view brand : {"nvidia", "geforce", "tesla", "quadro", "rtx", "gtx"}) {
      if (word.starts_with(brand)) word.erase(0, brand.size());
    }
    if (!word.empty()) out.push_back(word);
    word.clear();
  };
  for (const char c : gpu) {
    if (c >= 'A' && c <= 'Z')
      word += static_cast<char>(c + 32);
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      word += c;
    else
      finish();
  }
  finish();
  return out;
}

std::string joined(const std::vector<std::string>& words, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += words[i];
  return out;
}

bool digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

FrameworkFacts::FrameworkFacts() {
  const Document torch_data = data("data/torch.yaml");
  for (const Document& row : rows(torch_data, "series")) {
    TorchSeries one;
    one.series = version(text(row, "torch"));
    one.next = one.series;
    if (!one.next.release.empty()) ++one.next.release.back();
    for (const Document& release : rows(row, "releases"))
      one.releases.push_back(version(release.text));
    one.cuda = text(row, "cuda");
    pythons(row, one.first_python, one.last_python);
    one.torchvision = text(row, "torchvision");
    one.torchaudio = text(row, "torchaudio");
    torch_.push_back(std::move(one));
  }
  // What comes after the last series but before the next number belongs to nothing known.
  const Document gpu_data = data("data/gpus.yaml");
  for (const Document& row : rows(gpu_data, "models")) {
    for (const Document& name : rows(row, "names")) {
      const auto words = model_words(name.text);
      gpus_.emplace(joined(words, words.size()), text(row, "capability"));
    }
  }
  for (const Document& row : rows(gpu_data, "builds")) {
    Builds builds;
    for (const auto& [key, list] :
         {std::pair("kernels", &builds.kernels), std::pair("none", &builds.none)}) {
      for (const Document& build : rows(row, key)) {
        list->push_back({specifiers(text(build, "torch")), specifiers(text(build, "cuda"))});
      }
    }
    builds_.emplace(text(row, "capability"), std::move(builds));
  }
  const Document pin_data = data("data/framework-pins.yaml");
  for (const Document& row : rows(pin_data, "pins")) {
    Rows pin;
    pin.version = specifiers(text(row, "version"));
    pin.torch = specifiers(text(row, "torch"));
    pins_.emplace(text(row, "package"), std::move(pin));
  }
  const Document wheel_data = data("data/python-wheels.yaml");
  for (const Document& row : rows(wheel_data, "wheels")) {
    Rows wheel;
    wheel.version = specifiers(text(row, "version"));
    pythons(row, wheel.first_python, wheel.last_python);
    wheels_.emplace(text(row, "package"), std::move(wheel));
  }
  for (const Document& row : rows(wheel_data, "elsewhere"))
    elsewhere_.emplace_back(text(row, "package"), text(row, "system"));
  const Document extension_data = data("data/compiled-extensions.yaml");
  for (const Document& row : rows(extension_data, "extensions")) {
    extensions_.emplace(text(row, "package"), Extension{text(row, "package"), text(row, "index")});
  }
}

const FrameworkFacts& FrameworkFacts::get() {
  static const FrameworkFacts kFacts;
  return kFacts;
}

const TorchSeries* FrameworkFacts::series_of(const Version& torch) const {
  for (const TorchSeries& one : torch_) {
    if (torch.epoch == 0 && torch.part(0) == one.series.part(0) &&
        torch.part(1) == one.series.part(1))
      return &one;
  }
  return nullptr;
}

std::optional<std::string> FrameworkFacts::capability_of(std::string_view gpu) const {
  // What follows the model is its memory, its socket, how many there are.
  const std::vector<std::string> words = model_words(gpu);
  for (size_t count = words.size(); count > 0; --count) {
    if (const auto at = gpus_.find(joined(words, count)); at != gpus_.end()) return at->second;
  }
  return std::nullopt;
}

Tri FrameworkFacts::kernels(std::string_view capability, const Version& torch,
                            std::string_view cuda) const {
  const auto at = builds_.find(capability);
  if (at == builds_.end()) return Tri::maybe;
  if (cuda == "cpu") return Tri::no;
  const auto cuda_version = cuda.empty() ? std::nullopt : Version::parse(cuda);
  const auto holds = [&](const Build& build) {
    if (!build.torch.empty() && !build.torch.contains(torch, true)) return Tri::no;
    if (build.cuda.empty()) return Tri::yes;
    return cuda_version ? tri(build.cuda.contains(*cuda_version, true)) : Tri::maybe;
  };
  const auto any = [&](const std::vector<Build>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Build& build) { return holds(build) == Tri::yes; });
  };
  if (any(at->second.none)) return Tri::no;
  return any(at->second.kernels) ? Tri::yes : Tri::maybe;
}

bool FrameworkFacts::no_kernels(std::string_view capability, const Specifiers& torch,
                                std::string_view cuda) const {
  if (torch_.empty() || torch.empty()) return false;
  // A local version names its CUDA itself.
  if (const req::Specifier* exact = torch.exact(); exact && exact->readable) {
    const std::string local = cuda_of_local(exact->version);
    if (local.empty() && !exact->version.local.empty()) return false;  // +rocm5.7: not ours to say
    const TorchSeries* series = series_of(exact->version);
    const std::string wheel = !local.empty()  ? local
                              : !cuda.empty() ? std::string(cuda)
                              : series        ? series->cuda
                                              : "";
    return kernels(capability, exact->version, wheel) == Tri::no;
  }
  bool some = false;
  const Version& last = torch_.back().next;
  Version beyond;
  beyond.release = {1'000'000};
  if (req::admits_between(torch, last, beyond)) return false;
  for (const TorchSeries& one : torch_) {
    if (!req::admits_between(torch, one.series, one.next)) continue;
    some = true;
    if (kernels(capability, one.series, cuda.empty() ? std::string_view(one.cuda) : cuda) !=
        Tri::no)
      return false;
  }
  return some;
}

std::string FrameworkFacts::other_system(std::string_view project) const {
  for (const auto& [package, system] : elsewhere_) {
    const bool several = package.ends_with('*');
    if (several ? project.starts_with(std::string_view(package).substr(0, package.size() - 1))
                : project == package)
      return system;
  }
  return "";
}

bool FrameworkFacts::no_wheel(std::string_view project, const Specifiers& specifiers,
                              const Version& python) const {
  if (specifiers.empty()) return false;
  Version plain = python;
  plain.release.resize(std::min<size_t>(plain.release.size(), 2));
  const auto outside = [&](const Version& first, const Version& last) {
    return plain < first || plain > last;
  };
  bool some = false;
  Version beyond;
  beyond.release = {1'000'000};
  if (project == "torch" || project == "torchvision" || project == "torchaudio") {
    Version begin, end;
    for (const TorchSeries& one : torch_) {
      const std::string& name = project == "torchvision" ? one.torchvision : one.torchaudio;
      if (project == "torch") {
        begin = one.series;
      } else if (name.empty()) {
        continue;
      } else {
        begin = version(name);
      }
      end = begin;
      ++end.release.back();
      if (!req::admits_between(specifiers, begin, end)) continue;
      some = true;
      if (!outside(one.first_python, one.last_python)) return false;
    }
    // Releases to come drop old Pythons; which new ones they take up is not known.
    if (!torch_.empty() && req::admits_between(specifiers, end, beyond))
      return plain < torch_.back().first_python;
    return some;
  }
  const auto [from, to] = wheels_.equal_range(project);
  const req::Specifier* exact = specifiers.exact();
  if (!exact || !exact->readable) return false;
  for (auto at = from; at != to; ++at) {
    if (at->second.version.contains(exact->version, true))
      return outside(at->second.first_python, at->second.last_python);
  }
  return false;
}

std::optional<Version> FrameworkFacts::newest(std::string_view project,
                                              const Specifiers& specifiers) const {
  if (project == "torchvision" || project == "torchaudio") {
    // Their releases are torch's; past the last one that we know, nobody can say.
    const auto companion = [&](const Version& torch) {
      return Version::parse(project == "torchvision" ? catalog::torchvision_of(torch.str())
                                                     : catalog::torchaudio_of(torch.str()));
    };
    if (!req::bounded_above(specifiers)) return std::nullopt;
    for (auto series = torch_.rbegin(); series != torch_.rend(); ++series) {
      for (auto release = series->releases.rbegin(); release != series->releases.rend();
           ++release) {
        auto version = companion(*release);
        if (version && specifiers.contains(*version, true)) return version;
      }
    }
    return std::nullopt;
  }
  if (project != "torch") return std::nullopt;
  // Past the last series that we know, nobody can say.
  Version beyond;
  beyond.release = {1'000'000};
  if (torch_.empty() || req::admits_between(specifiers, torch_.back().next, beyond))
    return std::nullopt;
  for (auto series = torch_.rbegin(); series != torch_.rend(); ++series) {
    for (auto release = series->releases.rbegin(); release != series->releases.rend(); ++release) {
      if (specifiers.contains(*release, true)) return *release;
    }
  }
  return std::nullopt;
}

std::optional<Specifiers> FrameworkFacts::torch_wanted_by(std::string_view package,
                                                          const Version& version) const {
  const auto [from, to] = pins_.equal_range(package);
  for (auto at = from; at != to; ++at) {
    if (at->second.version.contains(version, true)) return at->second.torch;
  }
  return std::nullopt;
}

const FrameworkFacts::Extension* FrameworkFacts::extension(std::string_view package) const {
  const auto at = extensions_.find(package);
  return at == extensions_.end() ? nullptr : &at->second;
}

std::string cuda_of_digits(std::string_view number) {
  if (!digits(number) || number.size() < 2) return "";
  return std::string(number.substr(0, number.size() - 1)) + "." +
         std::string(number.substr(number.size() - 1));
}

std::string cuda_of_local(const Version& version) {
  for (const Version::Local& part : version.local) {
    if (part.number) continue;
    if (part.word == "cpu") return "cpu";
    const size_t at = part.word.find("cu");
    if (at == std::string::npos) continue;
    const size_t end =
        std::min(part.word.find_first_not_of("0123456789", at + 2), part.word.size());
    if (std::string cuda = cuda_of_digits(std::string_view(part.word).substr(at + 2, end - at - 2));
        !cuda.empty())
      return cuda;
  }
  return "";
}

std::string cuda_of_index(std::string_view url) {
  while (!url.empty() && url.back() == '/') url.remove_suffix(1);
  for (size_t at = 0; at < url.size();) {
    const size_t end = std::min(url.find('/', at), url.size());
    const std::string_view part = url.substr(at, end - at);
    if (part == "cpu") return "cpu";
    if (part.starts_with("cu") && digits(part.substr(2))) return cuda_of_digits(part.substr(2));
    at = end + 1;
  }
  // https://data.pyg.org/whl/torch-2.1.0+cu118.html
  return "";
}

}  // namespace preflint::project
