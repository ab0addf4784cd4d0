#include "catalog/facts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <variant>

#include "catalog/fields.h"
#include "catalog/suggest.h"

namespace preflint::catalog {
namespace {

using Text = std::string& (*)(Profile&);
using Texts = std::vector<std::string>& (*)(Profile&);
using Number = int& (*)(Profile&);
using Numbers = std::vector<int>& (*)(Profile&);
using Answer = Tri& (*)(Profile&);
using Flag = bool& (*)(Profile&);
using MaybeFlag = std::optional<bool>& (*)(Profile&);

/// A fact that a profile's YAML states, and where it is kept.
struct Stated {
  std::string_view name;
  std::variant<Text, Texts, Number, Numbers, Answer, Flag, MaybeFlag> at;
};

const Stated kStated[] = {
    {"credential_file", Text([](Profile& p) -> std::string& { return p.credential_file; })},
    {"gpus", Texts([](Profile& p) -> auto& { return p.gpus; })},
    {"launch.entry", Text([](Profile& p) -> auto& { return p.launch.entry; })},
    {"launch.ssh_hosts", Texts([](Profile& p) -> auto& { return p.launch.ssh_hosts; })},
    {"launch.ssh_port_changes",
     Text([](Profile& p) -> auto& { return p.launch.ssh_port_changes; })},
    {"storage.auto_release_days",
     Number([](Profile& p) -> auto& { return p.storage.auto_release_days; })},
    {"network.hook", Text([](Profile& p) -> auto& { return p.network.hook; })},
    {"network.hook_file", Text([](Profile& p) -> auto& { return p.network.hook_file; })},
    {"network.hook_guarded", Text([](Profile& p) -> auto& { return p.network.hook_guarded; })},
    {"network.hook_off", Text([](Profile& p) -> auto& { return p.network.hook_off; })},
    {"network.hook_exports", Texts([](Profile& p) -> auto& { return p.network.hook_exports; })},
    {"network.proxy_port", Text([](Profile& p) -> auto& { return p.network.proxy_port; })},
    {"network.no_proxy", Texts([](Profile& p) -> auto& { return p.network.no_proxy; })},
    {"network.domestic", Texts([](Profile& p) -> auto& { return p.network.domestic; })},
    {"network.accelerated", Texts([](Profile& p) -> auto& { return p.network.accelerated; })},
    {"network.mirrors", Texts([](Profile& p) -> auto& { return p.network.mirrors; })},
    {"network.github_mirrors", Texts([](Profile& p) -> auto& { return p.network.github_mirrors; })},
    {"network.hf_endpoint", Text([](Profile& p) -> auto& { return p.network.hf_endpoint; })},
    {"network.pip_mirror", Text([](Profile& p) -> auto& { return p.network.pip_mirror; })},
    {"network.pip_mirror_preconfigured",
     Flag([](Profile& p) -> auto& { return p.network.pip_mirror_preconfigured; })},
    {"network.mirror_required",
     Answer([](Profile& p) -> auto& { return p.network.mirror_required; })},
    {"network.exposed_ports", Numbers([](Profile& p) -> auto& { return p.network.exposed_ports; })},
    {"network.jupyter_port", Number([](Profile& p) -> auto& { return p.network.jupyter_port; })},
    {"python.prefix", Text([](Profile& p) -> auto& { return p.python.prefix; })},
    {"python.bin", Text([](Profile& p) -> auto& { return p.python.bin; })},
    {"python.interpreter", Text([](Profile& p) -> auto& { return p.python.interpreter; })},
    {"python.python3", Answer([](Profile& p) -> auto& { return p.python.python3; })},
    {"python.base_is_environment",
     Answer([](Profile& p) -> auto& { return p.python.base_is_environment; })},
    {"python.path_in_noninteractive",
     Answer([](Profile& p) -> auto& { return p.python.path_in_noninteractive; })},
    {"panel.directory", Text([](Profile& p) -> auto& { return p.panel.directory; })},
    {"panel.port", Number([](Profile& p) -> auto& { return p.panel.port; })},
    {"billing.stop_commands", Texts([](Profile& p) -> auto& { return p.billing.stop_commands; })},
    {"billing.release_commands",
     Texts([](Profile& p) -> auto& { return p.billing.release_commands; })},
    {"billing.stop_verb", Text([](Profile& p) -> auto& { return p.billing.stop_verb; })},
    {"billing.release_verb", Text([](Profile& p) -> auto& { return p.billing.release_verb; })},
    {"billing.stop_destroys_data",
     MaybeFlag([](Profile& p) -> auto& { return p.billing.stop_destroys_data; })},
    {"billing.stop_keeps_storage_billed",
     Answer([](Profile& p) -> auto& { return p.billing.stop_keeps_storage_billed; })},
    {"interruption.spot", Answer([](Profile& p) -> auto& { return p.interruption.spot; })},
    {"interruption.grace_seconds",
     Number([](Profile& p) -> auto& { return p.interruption.grace_seconds; })},
    {"daemon.detach", Text([](Profile& p) -> auto& { return p.daemon.detach; })},
    {"daemon.preinstalled", Answer([](Profile& p) -> auto& { return p.daemon.preinstalled; })},
    {"daemon.fallback", Text([](Profile& p) -> auto& { return p.daemon.fallback; })},
    {"words.success", Texts([](Profile& p) -> auto& { return p.success_words; })},
    {"images.frameworks", Texts([](Profile& p) -> auto& { return p.frameworks; })},
};

constexpr std::string_view kDerived[] = {"storage.durable", "storage.data",  "storage.shared",
                                         "storage.system",  "storage.tiers", "storage.inodes",
                                         "images.catalogue"};

const Stated* stated(std::string_view name) {
  const auto it = std::find_if(std::begin(kStated), std::end(kStated),
                               [&](const Stated& fact) { return fact.name == name; });
  return it == std::end(kStated) ? nullptr : it;
}

std::string_view section_of(std::string_view name) {
  const size_t dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

/// What a value should have been; nothing when it is that.
struct Wanted {
  std::string_view en, zh;
};

/// Writes a YAML value into the fact's place.
class Setter {
 public:
  Setter(Profile& profile, const Document& value) : profile_(profile), value_(value) {}

  Wanted operator()(Text at) {
    if (!is_text(value_)) return {"a text", "文本"};
    at(profile_) = value_.text;
    return {};
  }
  Wanted operator()(Texts at) {
    if (!value_.is_list() || !std::all_of(value_.items.begin(), value_.items.end(), is_text)) {
      return {"a list of texts", "文本列表"};
    }
    at(profile_).clear();
    for (const Document& item : value_.items) at(profile_).push_back(item.text);
    return {};
  }
  Wanted operator()(Number at) {
    if (!whole(value_)) return {"a whole number", "整数"};
    at(profile_) = static_cast<int>(value_.integer);
    return {};
  }
  Wanted operator()(Numbers at) {
    if (!value_.is_list() || !std::all_of(value_.items.begin(), value_.items.end(), whole)) {
      return {"a list of whole numbers", "整数列表"};
    }
    at(profile_).clear();
    for (const Document& item : value_.items) {
      at(profile_).push_back(static_cast<int>(item.integer));
    }
    return {};
  }
  Wanted operator()(Answer at) {
    if (value_.is_string() && value_.text == "varies") {
      at(profile_) = Tri::maybe;
      return {};
    }
    if (!value_.is(Document::Kind::boolean))
      return {"true, false or 'varies'", "true、false 或 'varies'"};
    at(profile_) = tri(value_.boolean);
    return {};
  }
  Wanted operator()(Flag at) {
    if (!value_.is(Document::Kind::boolean)) return {"true or false", " true 或 false"};
    at(profile_) = value_.boolean;
    return {};
  }
  Wanted operator()(MaybeFlag at) {
    if (!value_.is(Document::Kind::boolean)) return {"true or false", " true 或 false"};
    at(profile_) = value_.boolean;
    return {};
  }

 private:
  static bool whole(const Document& value) {
    return value.is(Document::Kind::integer) && value.integer >= 0 && value.integer < 1'000'000'000;
  }
  Profile& profile_;
  const Document& value_;
};

/// Makes a fact unknown (or known to be absent) again, for profiles that extend another.
struct Clearer {
  Profile& profile;
  void operator()(Text at) const { at(profile).clear(); }
  void operator()(Texts at) const { at(profile).clear(); }
  void operator()(Number at) const { at(profile) = 0; }
  void operator()(Numbers at) const { at(profile).clear(); }
  void operator()(Answer at) const { at(profile) = Tri::maybe; }
  void operator()(Flag at) const { at(profile) = false; }
  void operator()(MaybeFlag at) const { at(profile).reset(); }
};

/// The fact as text; "" where there is none.
struct Shower {
  Profile& profile;
  std::string operator()(Text at) const { return at(profile); }
  std::string operator()(Texts at) const { return fmt::format("{}", fmt::join(at(profile), ", ")); }
  std::string operator()(Number at) const {
    return at(profile) == 0 ? "" : std::to_string(at(profile));
  }
  std::string operator()(Numbers at) const {
    return fmt::format("{}", fmt::join(at(profile), ", "));
  }
  std::string operator()(Answer at) const {
    const Tri answer = at(profile);
    return answer == Tri::yes ? "true" : answer == Tri::no ? "false" : "varies";
  }
  std::string operator()(Flag at) const { return at(profile) ? "true" : "false"; }
  std::string operator()(MaybeFlag at) const {
    return at(profile) ? (*at(profile) ? "true" : "false") : "";
  }
};

struct TypeName {
  std::string_view operator()(Text) const { return "text"; }
  std::string_view operator()(Texts) const { return "texts"; }
  std::string_view operator()(Number) const { return "integer"; }
  std::string_view operator()(Numbers) const { return "integers"; }
  std::string_view operator()(Answer) const { return "answer"; }
  std::string_view operator()(Flag) const { return "flag"; }
  std::string_view operator()(MaybeFlag) const { return "flag"; }
};

std::optional<std::string> derived(const Profile& profile, std::string_view name) {
  const auto path = [](const Tier* tier) {
    return tier ? std::optional(tier->path) : std::nullopt;
  };
  if (name == "storage.durable") return path(profile.durable_tier());
  if (name == "storage.data") return path(profile.data_tier());
  if (name == "storage.shared") return path(profile.tier("shared"));
  if (name == "storage.system") return path(profile.system_tier());
  if (name == "images.catalogue") {
    if (profile.images.empty()) return std::nullopt;
    std::vector<std::string_view> names;
    for (const Image& image : profile.images) names.push_back(image.name);
    return fmt::format("{}", fmt::join(names, ", "));
  }
  std::vector<std::string> out;
  for (const Tier& tier : profile.storage.tiers) {
    if (name == "storage.tiers") out.push_back(tier.path);
    if (name == "storage.inodes" && tier.inodes) out.push_back(std::to_string(*tier.inodes));
  }
  if (out.empty()) return std::nullopt;
  return fmt::format("{}", fmt::join(out, ", "));
}

std::optional<std::string> image_text(const Image& image, std::string_view name) {
  const std::pair<std::string_view, const std::string*> kFields[] = {
      {"name", &image.name},
      {"torch", &image.torch},
      {"torchvision", &image.torchvision},
      {"torchaudio", &image.torchaudio},
      {"tensorflow", &image.tensorflow},
      {"cuda", &image.cuda},
      {"python", &image.python}};
  for (const auto& [key, value] : kFields) {
    if (key == name) return value->empty() ? std::nullopt : std::optional(*value);
  }
  return std::nullopt;
}

constexpr std::string_view kImageFields[] = {"name",       "torch", "torchvision", "torchaudio",
                                             "tensorflow", "cuda",  "python"};

}  // namespace

std::vector<std::string_view> fact_names() {
  std::vector<std::string_view> names(std::begin(kDerived), std::end(kDerived));
  for (const Stated& fact : kStated) names.push_back(fact.name);
  std::sort(names.begin(), names.end());
  return names;
}

bool is_fact(std::string_view name) {
  return stated(name) ||
         std::find(std::begin(kDerived), std::end(kDerived), name) != std::end(kDerived);
}

bool fact_known(const Profile& profile, std::string_view name) {
  return stated(name) ? profile.evidence.contains(name) : derived(profile, name).has_value();
}

std::optional<std::string> fact_text(const Profile& profile, std::string_view name) {
  const Stated* fact = stated(name);
  if (!fact) return derived(profile, name);
  if (!profile.evidence.contains(name)) return std::nullopt;
  // The accessors hand out references that can be written to; nothing is written here.
  std::string text = std::visit(Shower{const_cast<Profile&>(profile)}, fact->at);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

std::vector<std::string_view> missing_facts(const Rule& rule, const Profile& profile) {
  std::vector<std::string_view> missing;
  for (const std::string_view need : rule.needs) {
    if (!fact_text(profile, need)) missing.push_back(need);
  }
  return missing;
}

std::vector<std::string_view> stated_facts(std::string_view section) {
  std::vector<std::string_view> names;
  for (const Stated& fact : kStated) {
    if (section_of(fact.name) != section) continue;
    names.push_back(section.empty() ? fact.name : fact.name.substr(section.size() + 1));
  }
  return names;
}

std::string_view fact_type(std::string_view name) {
  const Stated* fact = stated(name);
  return fact ? std::visit(TypeName(), fact->at) : "";
}

void set_fact(Profile& profile, std::string_view name, const Document& value,
              std::vector<Error>& errors) {
  const Stated* fact = stated(name);
  if (!fact) return;
  std::visit(Clearer{profile}, fact->at);
  if (value.is_string() && value.text == "none") return;  // known to be absent
  const Wanted wanted = std::visit(Setter(profile, value), fact->at);
  if (!wanted.en.empty()) {
    const Sentence kind = name_of(value.kind);
    errors.push_back({fmt::format("'{}' must be {}, not {}", name, wanted.en, kind.en), value.span,
                      fmt::format("'{}' 应为{}，而不是{}", name, wanted.zh, kind.zh)});
  }
}

std::optional<std::string> expand(std::string_view text, const Profile& profile,
                                  const Image& image) {
  std::string out;
  while (true) {
    const size_t open = text.find("${");
    const size_t close = open == std::string_view::npos ? open : text.find('}', open);
    out += text.substr(0, close == std::string_view::npos ? close : open);
    if (close == std::string_view::npos) return out;
    const std::string_view name = text.substr(open + 2, close - open - 2);
    std::optional<std::string> value;
    if (name.starts_with("profile.")) value = fact_text(profile, name.substr(8));
    if (name.starts_with("image.")) value = image_text(image, name.substr(6));
    if (!value) return std::nullopt;
    out += *value;
    text.remove_prefix(close + 1);
  }
}

Sentence no_such_fact(std::string_view name) {
  const Sentence near = suggestion(name, fact_names());
  return {fmt::format("no profile has a fact '{}'{}", name, near.en),
          fmt::format("profile 中没有 '{}' 这一项{}", name, near.zh)};
}

std::optional<Sentence> bad_reference(std::string_view text) {
  for (size_t open = text.find("${"); open != std::string_view::npos;
       open = text.find("${", open)) {
    const size_t close = text.find('}', open);
    if (close == std::string_view::npos)
      return Sentence{"'${' without '}'", "有 '${' 却没有对应的 '}'"};
    const std::string_view name = text.substr(open + 2, close - open - 2);
    open = close;
    if (name.starts_with("profile.")) {
      if (is_fact(name.substr(8))) continue;
      return no_such_fact(name.substr(8));
    }
    if (!name.starts_with("image."))
      return Sentence{fmt::format("'${{{}}}' is neither profile.… nor image.…", name),
                      fmt::format("'${{{}}}' 既不是 profile.…，也不是 image.…", name)};
    const std::vector<std::string_view> fields(std::begin(kImageFields), std::end(kImageFields));
    if (std::find(fields.begin(), fields.end(), name.substr(6)) != fields.end()) continue;
    const Sentence near = suggestion(name.substr(6), fields);
    return Sentence{fmt::format("an image has no '{}'{}", name.substr(6), near.en),
                    fmt::format("镜像没有 '{}' 这一项{}", name.substr(6), near.zh)};
  }
  return std::nullopt;
}

}  // namespace preflint::catalog
