#include "project/image_pins.h"

#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "catalog/config.h"
#include "catalog/profile.h"
#include "project/context.h"
#include "project/framework_facts.h"
#include "project/guide_steps.h"
#include "project/left_out.h"
#include "project/list_purpose.h"
#include "project/upkeep.h"

namespace preflint::project {
namespace {

using req::Specifiers;
using req::Version;

/// cu128 for "12.8".
std::string local_of(const std::string& cuda) {
  std::string out = "cu";
  for (const char c : cuda) {
    if (c != '.') out += c;
  }
  return out;
}

/// Without the local part of exact clauses: what is compared when the image's build is not known.
Specifiers public_part(const Specifiers& specifiers) {
  Specifiers out = specifiers;
  for (req::Specifier& one : out.all) one.version.local.clear();
  return out;
}

/// `# AutoDL image: PyTorch 2.7.0 + CUDA 12.8`: the torch of the image, as a comment of the file
/// names it.
std::optional<Version> image_named_in(const File& file) {
  static const RE2 kImage(
      R"((?i)#.*(?:autodl|\bimages?\b|镜像|预装|自带|pre-?installed).*\b(?:py)?torch[\s:=v-]*(\d+\.\d+(?:\.\d+)?))");
  std::string version;
  if (file.kind != FileKind::requirements || !RE2::PartialMatch(file.bytes, kImage, &version))
    return std::nullopt;
  return Version::parse(version);
}

/// Does the pin let in what the image with a torch has?
bool image_has(const Version& torch, std::string_view project,
               const req::Requirement& requirement) {
  const FrameworkFacts& facts = FrameworkFacts::get();
  const TorchSeries* series = facts.series_of(torch);
  std::string has = project == "torch" ? torch.str() : "";
  if (series && project == "torchvision") has = series->torchvision;
  if (series && project == "torchaudio") has = series->torchaudio;
  const req::Specifier* exact = requirement.specifiers.exact();
  // Of the companions the series is known.
  if (project != "torch")
    return !has.empty() && exact && exact->readable && exact->version.str().starts_with(has + ".");
  const auto version = Version::parse(has);
  return version && req::admission(public_part(requirement.specifiers), *version).same;
}

/// The output of `pip freeze`: every package of some environment with its exact version.
bool frozen(const DependencyFile& file) {
  constexpr size_t kMany = 25;  // nobody writes so many exact pins by hand
  return file.entries.size() >= kMany &&
         std::all_of(file.entries.begin(), file.entries.end(), [](const Dependency& entry) {
           return entry.requirement.specifiers.exact() != nullptr;
         });
}

/// `pip freeze` in an environment of conda: some of it is to come from where conda built it, so
/// that it can be installed nowhere else.
bool frozen_by_conda(const DependencyFile& file) {
  return std::any_of(file.entries.begin(), file.entries.end(), [](const Dependency& entry) {
    const std::string& url = entry.requirement.url;
    return url.starts_with("file:///croot/") || url.starts_with("file:///home/conda/") ||
           url.starts_with("file:///opt/conda/conda-bld/");
  });
}

/// Does some program of the project work with PyTorch?
bool imports_torch(const Program& program) {
  return std::any_of(program.files.begin(), program.files.end(), [](const auto& file) {
    return (file->kind == FileKind::python || file->kind == FileKind::notebook) &&
           (file->bytes.find("import torch") != std::string::npos ||
            file->bytes.find("from torch") != std::string::npos);
  });
}

}  // namespace

ImagePins::ImagePins(const Context& context)
    : profile_(context.profile()),
      image_(context.config().image),
      image_known_(image_.known()),
      gpu_(context.config().gpu) {
  if (!gpu_.empty()) capability_ = FrameworkFacts::get().capability_of(gpu_).value_or("");
  if (!image_.python.empty()) python_ = Version::parse(image_.python);
  if (image_known_) return;
  imports_torch_ = imports_torch(context.program());
  guides_ = &context.shared<GuideSteps>();
}

bool ImagePins::without_frameworks(const std::string& path) const {
  return guides_ && guides_->image_torch(path) == "";
}

bool ImagePins::framework(std::string_view project) const {
  for (const auto& [name, version] : image_.frameworks) {
    if (req::normalised_name(name) == project) return true;
  }
  if (!image_.torch.empty() &&
      (project == "torch" || project == "torchvision" || project == "torchaudio"))
    return true;
  return std::any_of(
      profile_.frameworks.begin(), profile_.frameworks.end(),
      [&](const std::string& name) { return req::normalised_name(name) == project; });
}

std::string ImagePins::framework_name(const req::Requirement& requirement, Dependency::Form form) {
  if (form == Dependency::conda && requirement.project == "pytorch") return "torch";
  if (form == Dependency::conda && requirement.project == "tensorflow-gpu") return "tensorflow";
  return requirement.project;
}

std::optional<Version> ImagePins::installed(std::string_view project) const {
  std::string text;
  if (project == "torch")
    text = image_.torch;
  else if (project == "torchvision")
    text = image_.torchvision;
  else if (project == "torchaudio")
    text = image_.torchaudio;
  else if (project == "tensorflow")
    text = image_.tensorflow;
  for (const auto& [name, version] : image_.frameworks) {
    if (req::normalised_name(name) == project) text = version;
  }
  auto version = Version::parse(text);
  const bool has_builds = project == "torch" || project == "torchvision" || project == "torchaudio";
  if (version && version->local.empty() && has_builds && !image_.cuda.empty()) {
    version = Version::parse(text + "+" + local_of(image_.cuda));
  }
  return version;
}

bool ImagePins::satisfies(const req::Requirement& requirement) const {
  const auto image = installed(requirement.project);
  return image && requirement.specifiers.contains(*image, true);
}

PinEffect ImagePins::effect(std::string_view project, const Specifiers& specifiers,
                            std::string_view cuda) const {
  PinEffect out;
  out.project = project;
  if (!framework(project) || specifiers.empty()) return out;
  const FrameworkFacts& facts = FrameworkFacts::get();
  const auto image = installed(project);
  if (image) {
    const bool build_known = !image->local.empty();
    const req::Admission admits =
        req::admission(build_known ? specifiers : public_part(specifiers), *image);
    if (!admits.same && admits.older)
      out.kind = PinEffect::downgrade;
    else if (!admits.same && admits.newer)
      out.kind = PinEffect::upgrade;
    out.installed = image->str();
  } else if (!image_known_) {
    const bool exact = specifiers.exact() != nullptr;
    bool leaves_out = exact;
    if (!exact && req::bounded_above(specifiers)) {
      // The bound says something only when some image that can be rented is past it.
      for (const catalog::Image& one : profile_.images) {
        const std::string& text = project == "torch"         ? one.torch
                                  : project == "torchvision" ? one.torchvision
                                  : project == "torchaudio"  ? one.torchaudio
                                                             : one.tensorflow;
        const auto version = Version::parse(text);
        const auto newest =
            version ? req::admission(specifiers, *version) : req::Admission{true, true, true};
        leaves_out = leaves_out || (!newest.same && newest.older);
      }
      if (profile_.images.empty()) leaves_out = facts.newest(project, specifiers).has_value();
    }
    if (leaves_out) out.kind = PinEffect::pinned;
  }
  if (out.kind == PinEffect::none) return out;
  // What pip will choose, as far as releases are known.
  const req::Specifier* exact = specifiers.exact();
  if (exact && exact->readable)
    out.wanted = exact->version.str();
  else if (const auto newest = facts.newest(project, specifiers))
    out.wanted = newest->str();
  if (project == "torch") {
    const auto version = Version::parse(out.wanted);
    const TorchSeries* series = version ? facts.series_of(*version) : nullptr;
    const std::string build = !cuda.empty()                      ? std::string(cuda)
                              : series && version->local.empty() ? series->cuda
                                                                 : "";
    if (series && version->local.empty() && !build.empty() && build != "?")
      out.wanted += build == "cpu" ? " (cpu)" : " (" + local_of(build) + ")";
    out.no_kernels = !capability_.empty() && facts.no_kernels(capability_, specifiers, cuda);
  }
  return out;
}

PinEffect ImagePins::effect(const Dependencies& dependencies, const DependencyFile& file,
                            const Dependency& entry) const {
  const std::string project = framework_name(entry.requirement, entry.form);
  const std::string cuda = cuda_of(dependencies, file, entry);
  PinEffect alone = effect(project, entry.requirement.specifiers, cuda);
  // An image that is not known has one framework: the one that the project is written for.
  if (alone.kind == PinEffect::pinned && project == "tensorflow" &&
      (file.by_project.contains("torch") || imports_torch_))
    return {};
  if (alone.kind == PinEffect::pinned) {
    auto torch = image_named_in(*file.file);
    if (!torch) {
      const auto told = guides_->image_torch(file.file->path);
      if (told && told->empty()) return {};
      if (told) torch = Version::parse(*told);
    }
    if (torch && image_has(*torch, project, entry.requirement)) return {};
  }
  if (alone.kind == PinEffect::none || alone.kind == PinEffect::pinned) return alone;
  // Other entries and constraints narrow what it lets in; where nothing is left, each speaks for
  // itself.
  req::Specifiers together = entry.requirement.specifiers;
  constexpr size_t kMostOthers = 32;
  size_t others = 0;
  for (const DependencyFile* each : dependencies.with_includes(file)) {
    const auto same = each->by_project.find(entry.requirement.project);
    if (same == each->by_project.end()) continue;
    for (const size_t index : same->second) {
      const Dependency& other = each->entries[index];
      if (&other == &entry || other.form != entry.form || other.group != entry.group) continue;
      if (++others > kMostOthers) return alone;
      if (applies(other.requirement) == Tri::yes)
        together = together.and_also(other.requirement.specifiers);
    }
  }
  if (together.all.size() == entry.requirement.specifiers.all.size()) return alone;
  PinEffect joint = effect(project, together, cuda);
  return joint.kind == PinEffect::none ? alone : joint;
}

Tri ImagePins::applies(const req::Requirement& requirement) const {
  if (requirement.marker.empty()) return Tri::yes;
  if (python_) return requirement.marker.holds(req::MarkerEnvironment::linux_box(image_.python));
  const Tri anywhere = requirement.marker.holds(req::MarkerEnvironment::linux_box(""));
  if (anywhere != Tri::maybe || profile_.images.empty()) return anywhere;
  Tri out = requirement.marker.holds(req::MarkerEnvironment::linux_box(profile_.images[0].python));
  for (const catalog::Image& image : profile_.images) {
    out = join(out, requirement.marker.holds(req::MarkerEnvironment::linux_box(image.python)));
  }
  return out;
}

std::string ImagePins::sm() const {
  std::string out = "sm_";
  for (const char c : capability_) {
    if (c != '.') out += c;
  }
  return out;
}

Arguments ImagePins::arguments(const PinEffect& effect, std::string_view text) const {
  return {{"text", std::string(text)},
          {"project", effect.project},
          {"installed", effect.installed},
          {"wanted", effect.wanted},
          {"gpu", gpu_},
          {"sm", sm()}};
}

namespace {

/// An environment file with a name of its own makes a new environment and leaves the image's alone,
/// unless an install is seen to bring it into base. So does a list that is installed apart.
bool makes_its_own(const Dependencies& dependencies, const DependencyFile& file,
                   const std::set<std::string>& apart) {
  if (file.file->kind != FileKind::conda_environment && !apart.contains(file.file->path))
    return false;
  for (const auto& use : dependencies.uses(file.file->path)) {
    if (use.install->target != Install::other) return false;
  }
  return apart.contains(file.file->path) ||
         (!file.environment.empty() && file.environment != "base" && file.environment != "root");
}

/// What goes into such environments by hand, as the guides tell, with what it includes.
std::set<std::string> installed_apart(const Context& context, const Dependencies& dependencies) {
  std::set<std::string> out;
  for (const std::string& path : context.shared<GuideSteps>().installed_apart()) {
    const DependencyFile* top = dependencies.file(path);
    if (!top) continue;
    for (const DependencyFile* each : dependencies.with_includes(*top))
      out.insert(each->file->path);
  }
  return out;
}

}  // namespace

std::optional<Contradiction> contradiction(const ImagePins& pins, const DependencyFile& file) {
  const auto always = [](const Dependency& entry) {
    return entry.form == Dependency::pip && entry.group.empty() &&
           entry.requirement.marker.empty() && entry.requirement.url.empty();
  };
  for (const auto& [project, entries] : file.by_project) {
    if (entries.size() < 2 || pins.framework(project)) continue;
    // Against the first exact pin: another that differs from it is found there.
    const auto one = std::find_if(entries.begin(), entries.end(), [&](const size_t i) {
      const req::Specifier* exact = file.entries[i].requirement.specifiers.exact();
      return exact && exact->readable && always(file.entries[i]);
    });
    if (one == entries.end()) continue;
    const req::Version& version = file.entries[*one].requirement.specifiers.exact()->version;
    for (const size_t another : entries) {
      const Dependency& other = file.entries[another];
      if (!always(other) || other.requirement.specifiers.contains(version, true)) continue;
      return Contradiction{&file.entries[std::min(*one, another)],
                           &file.entries[std::max(*one, another)]};
    }
  }
  return std::nullopt;
}

namespace {

/// `torch @ file:///mnt/c/…/torch.whl`: a file that is not on the box, at which pip ends (DEP014).
bool of_absent_file(const catalog::Profile& profile, const req::Requirement& requirement) {
  const std::string_view file = requirement.file();
  const catalog::Tier* tier = file.empty() ? nullptr : profile.tier_of(file);
  return !file.empty() && (!tier || tier->path == "/");
}

}  // namespace

void each_image_dependency(const Context& context, const DependencyVisitor& visit,
                           ApartByHand apart_by_hand) {
  const auto& dependencies = context.shared<Dependencies>();
  const auto& pins = context.shared<ImagePins>();
  const auto& left_out = context.shared<LeftOut>();
  const Program& program = context.program();
  std::set<std::string> apart;
  if (apart_by_hand == ApartByHand::left_out) apart = installed_apart(context, dependencies);
  for (const DependencyFile& file : dependencies.files()) {
    const std::string& path = file.file->path;
    if (dependencies.recorded(path) || dependencies.spares_image(path) ||
        makes_its_own(dependencies, file, apart) || contradiction(pins, file))
      continue;
    // Requirements of the documentation or of a container's image, which no install names; and what
    // was written down of some machine under a name that nobody installs by habit.
    if (dependencies.uses(path).empty() &&
        (kept_for_others(*file.file, program.root, context.profile(), *program.reader,
                         context.shared<OwnFolders>()) ||
         frozen_by_conda(file) ||
         (!pins.image_known() && paths::basename(path) != "requirements.txt" && frozen(file))))
      continue;
    for (const Dependency& entry : file.entries) {
      if (!dependencies.chosen(file, entry) || pins.applies(entry.requirement) != Tri::yes ||
          left_out.holds(file, entry) || of_absent_file(context.profile(), entry.requirement))
        continue;
      visit(file, entry);
    }
  }
}

void report_pin(Context& context, const DependencyFile& file, const Dependency& entry,
                const PinEffect& effect) {
  const auto& pins = context.shared<ImagePins>();
  Finding& finding = context.report(entry.source, entry.span);
  finding.arguments = pins.arguments(effect, entry.text);
  if (effect.kind == PinEffect::pinned) {
    const bool aside =
        for_another_environment(context, file) || record_of_environment(context, file);
    finding.severity = aside ? Severity::info : Severity::warning;
    finding.message = "unknown-image";
  }
  if (effect.wanted.empty())
    finding.message = effect.kind == PinEffect::pinned ? "unknown-image-open" : "open";
  else if (effect.no_kernels)
    finding.message = effect.kind == PinEffect::pinned ? "unknown-image-no-kernels" : "no-kernels";
  if (entry.whole.empty()) return;
  // Into a comment, with every line that it goes on in.
  const std::string_view text = entry.source.text();
  for (size_t at = entry.whole.begin; at < entry.whole.end;) {
    context.edit(finding, entry.source, {static_cast<uint32_t>(at), static_cast<uint32_t>(at)},
                 "# ");
    const size_t newline = text.find('\n', at);
    if (newline == std::string_view::npos) break;
    at = newline + 1;
  }
}

std::string cuda_of(const Install& install) {
  for (const Value& index : install.indexes) {
    if (const auto text = index.constant()) {
      if (std::string cuda = cuda_of_index(*text); !cuda.empty()) return cuda;
    }
  }
  return "";
}

std::string cuda_of(const Dependencies& dependencies, const DependencyFile& file,
                    const Dependency& entry) {
  if (std::string cuda = cuda_of_index(entry.index); !cuda.empty()) return cuda;
  if (entry.form == Dependency::conda) {
    // conda's own packages: pytorch-cuda=12.1, cudatoolkit=11.3; without them it chooses by the
    // driver.
    for (const char* project : {"pytorch-cuda", "cudatoolkit"}) {
      const auto named = file.by_project.find(project);
      if (named == file.by_project.end()) continue;
      constexpr size_t kMostNamed = 32;
      for (size_t i = 0; i < std::min(named->second.size(), kMostNamed); ++i) {
        const Dependency& other = file.entries[named->second[i]];
        if (other.form != Dependency::conda || other.requirement.specifiers.all.empty()) continue;
        const req::Version& version = other.requirement.specifiers.all[0].version;
        if (version.release.size() > 1)
          return std::to_string(version.part(0)) + "." + std::to_string(version.part(1));
      }
    }
    return "?";
  }
  for (const DependencyFile* each : dependencies.with_includes(file)) {
    for (const std::string& index : each->indexes) {
      if (std::string cuda = cuda_of_index(index); !cuda.empty()) return cuda;
    }
  }
  for (const auto& use : dependencies.uses(file.file->path)) {
    if (std::string cuda = cuda_of(*use.install); !cuda.empty()) return cuda;
    if (const DependencyFile* top = dependencies.file(use.file->path)) {
      for (const std::string& index : top->indexes) {
        if (std::string cuda = cuda_of_index(index); !cuda.empty()) return cuda;
      }
    }
  }
  return "";
}

}  // namespace preflint::project
