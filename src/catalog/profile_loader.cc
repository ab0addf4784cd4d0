#include "catalog/profile_loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/facts.h"
#include "catalog/fields.h"
#include "catalog/image.h"

namespace preflint::catalog {
namespace {

using Errors = std::vector<Error>;

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
}

/// source, checked and note, wherever a profile allows them. What is absent comes from `fallback`.
Evidence evidence_of(Fields& fields, const Evidence& fallback) {
  Evidence evidence = fallback;
  if (auto source = fields.text("source")) evidence.source = *source;
  if (auto note = fields.text("note")) evidence.note = *note;
  if (const Document* checked = fields.get("checked")) {
    evidence.checked = checked->text;
    if (!is_date(checked->text))
      fields.fail(checked->span,
                  {"'checked' must be a date: 2026-11-05", "'checked' 应为日期，例如 2026-11-05"});
  }
  return evidence;
}

class Loader {
 public:
  Loader(Profile& profile, Errors& errors) : profile_(profile), errors_(errors) {}

  void load(const Document& document) {
    Fields top(document, {"the profile", "profile"}, errors_);
    for (const char* known : {"name", "title", "kind", "extends"}) top.get(known);
    if (auto title = top.text("title")) profile_.title = *title;
    const std::string kind = top.choice("kind", {"ssh-rental", "notebook"});
    if (!kind.empty()) profile_.kind = kind;
    const Evidence evidence = evidence_of(top, {});
    facts(top, "", evidence);
    for (const char* section :
         {"launch", "network", "python", "panel", "billing", "interruption", "daemon", "words"}) {
      const Document* map = top.get(section);
      if (!map) continue;
      Fields fields(*map, verbatim(fmt::format("'{}'", section)), errors_);
      facts(fields, section, evidence_of(fields, evidence));
      fields.finish();
    }
    if (const Document* map = top.get("storage")) storage(*map, evidence);
    if (const Document* map = top.get("images")) images(*map, evidence);
    if (const Document* map = top.get("overrides")) overrides(*map);
    if (const Document* map = top.get("gotchas")) gotchas(*map);
    top.finish();
  }

 private:
  void facts(Fields& fields, std::string_view section, const Evidence& evidence) {
    for (const std::string_view key : stated_facts(section)) {
      const Document* value = fields.get(key);
      if (!value) continue;
      const std::string name =
          section.empty() ? std::string(key) : fmt::format("{}.{}", section, key);
      fact(name, *value, evidence);
    }
  }

  /// A fact is its value, or a mapping of value and evidence; `unknown` takes away what a base
  /// knew.
  void fact(const std::string& name, const Document& written, Evidence evidence) {
    const Document* value = &written;
    if (written.is_map()) {
      Fields fields(written, verbatim(fmt::format("'{}'", name)), errors_);
      value = fields.need("value");
      evidence = evidence_of(fields, evidence);
      fields.finish();
      if (!value) return;
    }
    const bool unknown = value->is_string() && value->text == "unknown";
    set_fact(profile_, name, unknown ? none_ : *value, errors_);
    if (unknown) {
      profile_.evidence.erase(name);
    } else {
      profile_.evidence[name] = std::move(evidence);
    }
  }

  void storage(const Document& map, const Evidence& inherited) {
    Fields fields(map, verbatim("'storage'"), errors_);
    const Evidence evidence = evidence_of(fields, inherited);
    facts(fields, "storage", evidence);
    if (const Document* tiers = fields.get("tiers")) {
      Fields shape(*tiers, verbatim("'tiers'"), errors_);
      for (const Document::Member& member : tiers->members) tier(member, evidence);
    }
    fields.finish();
  }

  void tier(const Document::Member& member, const Evidence& inherited) {
    auto& tiers = profile_.storage.tiers;
    auto it = std::find_if(tiers.begin(), tiers.end(),
                           [&](const Tier& tier) { return tier.name == member.key; });
    const std::string name = "storage.tiers." + member.key;
    if (member.value.is_string() && member.value.text == "none") {
      if (it != tiers.end()) tiers.erase(it);
      profile_.evidence[name] = inherited;
      return;
    }
    if (it == tiers.end()) {
      it = tiers.insert(tiers.end(), Tier());
      it->name = member.key;
    }
    Fields fields(
        member.value,
        {fmt::format("the tier '{}'", member.key), fmt::format("存储层 '{}'", member.key)},
        errors_);
    profile_.evidence[name] = evidence_of(fields, inherited);
    if (auto path = fields.text("path")) it->path = *path;
    if (it->path.empty())
      fields.fail(member.value.span, {fmt::format("the tier '{}' has no 'path'", member.key),
                                      fmt::format("存储层 '{}' 缺少 'path'", member.key)});
    if (fields.get("aliases")) it->aliases = fields.texts("aliases");
    if (const auto size = fields.number("size_gb")) it->size_gb = *size;
    if (const auto inodes = fields.integer("inodes", 1, 1'000'000'000'000)) it->inodes = *inodes;
    const std::string speed = fields.choice("speed", {"fast", "medium", "slow"});
    if (!speed.empty()) it->speed = speed;
    if (const auto flag = fields.flag("read_only")) it->read_only = *flag;
    if (const auto flag = fields.flag("durable")) it->durable = *flag;
    if (const auto flag = fields.flag("region_locked")) it->region_locked = *flag;
    if (const Document* survives = fields.get("survives")) {
      Fields events(*survives, verbatim("'survives'"), errors_);
      if (const auto flag = events.flag("stop")) it->survives_stop = flag;
      if (const auto flag = events.flag("reset")) it->survives_reset = flag;
      if (const auto flag = events.flag("release")) it->survives_release = flag;
      if (const auto flag = events.flag("image")) it->in_saved_image = flag;
      events.finish();
    }
    fields.finish();
  }

  void images(const Document& map, const Evidence& inherited) {
    Fields fields(map, verbatim("'images'"), errors_);
    const Evidence evidence = evidence_of(fields, inherited);
    facts(fields, "images", evidence);
    if (const Document* catalogue = fields.get("catalogue")) {
      Fields shape(*catalogue, verbatim("'catalogue'"), errors_);
      profile_.images.clear();
      for (const Document::Member& member : catalogue->members) {
        Image image = load_image(member.value, errors_);
        image.name = member.key;
        profile_.images.push_back(std::move(image));
      }
      profile_.evidence["images.catalogue"] = evidence;
    }
    fields.finish();
  }

  void overrides(const Document& map) {
    Fields fields(map, verbatim("'overrides'"), errors_);
    for (const Document::Member& member : map.members) {
      if (auto value = fields.text(member.key)) profile_.overrides[member.key] = *value;
    }
  }

  void gotchas(const Document& map) {
    Fields shape(map, verbatim("'gotchas'"), errors_);
    for (const Document::Member& member : map.members) {
      Fields words(member.value, verbatim(fmt::format("'{}'", member.key)), errors_);
      Profile::Gotcha gotcha{member.key, words.need_text("en"), words.need_text("zh")};
      words.finish();
      const auto same = [&](const Profile::Gotcha& other) { return other.id == gotcha.id; };
      std::erase_if(profile_.gotchas, same);
      profile_.gotchas.push_back(std::move(gotcha));
    }
  }

  static Document make_none() {
    Document none;
    none.kind = Document::Kind::string;
    none.text = "none";
    return none;
  }

  Profile& profile_;
  Errors& errors_;
  const Document none_ = make_none();
};

}  // namespace

LoadedProfile load_profile(const Document& document, std::string_view name,
                           const FindProfile& base) {
  LoadedProfile out;
  if (const Document* extends = document.find("extends"); extends && !extends->is_null()) {
    Result<Profile> found = base(extends->text);
    if (found) {
      out.profile = *std::move(found);
      out.profile.base = extends->text;
    } else {
      out.errors.push_back({found.error().message, extends->span, found.error().zh});
    }
  }
  const Document* stated = document.find("name");
  out.profile.name = stated && is_text(*stated) ? stated->text : std::string(name);
  Loader(out.profile, out.errors).load(document);
  return out;
}

std::vector<std::string> missing_evidence(const Profile& profile) {
  std::vector<std::string> missing;
  for (const auto& [name, evidence] : profile.evidence) {
    if (evidence.source.empty() || evidence.checked.empty()) missing.push_back(name);
  }
  return missing;
}

}  // namespace preflint::catalog
