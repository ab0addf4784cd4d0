#include "output/profile_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "catalog/facts.h"
#include "output/json_writer.h"
#include "output/width.h"
#include "output/wrap.h"

namespace preflint::output {
namespace {

using catalog::Evidence;
using catalog::Profile;
using catalog::Rule;
using catalog::Tier;

constexpr size_t kColumns = 100;

const Evidence* evidence_of(const Profile& profile, std::string_view fact) {
  const auto it = profile.evidence.find(fact);
  return it == profile.evidence.end() ? nullptr : &it->second;
}

std::string source(const Evidence* evidence) {
  if (!evidence || (evidence->source.empty() && evidence->checked.empty())) return "";
  std::string out = " [" + evidence->source;
  if (!evidence->checked.empty()) {
    out += (evidence->source.empty() ? "" : ", ") + evidence->checked;
  }
  return out + "]";
}

std::string_view answer(const std::optional<bool>& known, Language language) {
  if (language == Language::zh) return !known ? "未知" : *known ? "是" : "否";
  return !known ? "?" : *known ? "yes" : "no";
}

void pad(std::string& out, std::string_view text, size_t columns) {
  out += text;
  const size_t used = display_width(text);
  out.append(used < columns ? columns - used : 1, ' ');
}

void tiers(std::string& out, const Profile& profile, Language language) {
  const bool zh = language == Language::zh;
  const std::vector<std::string_view> heads =
      zh ? std::vector<std::string_view>{"存储", "路径",     "关机", "重置",
                                         "释放", "存为镜像", "容量", "inode"}
         : std::vector<std::string_view>{"tier",    "path",  "stop", "reset",
                                         "release", "image", "size", "inodes"};
  const size_t columns[] = {10, 22, 8, 8, 10, 10, 10, 10};
  out += "  ";
  for (size_t i = 0; i < heads.size(); ++i) pad(out, heads[i], columns[i]);
  while (out.ends_with(' ')) out.pop_back();
  out += '\n';
  for (const Tier& tier : profile.storage.tiers) {
    out += "  ";
    pad(out, tier.name, columns[0]);
    pad(out, visible(tier.path), columns[1]);
    pad(out, answer(tier.survives_stop, language), columns[2]);
    pad(out, answer(tier.survives_reset, language), columns[3]);
    pad(out, answer(tier.survives_release, language), columns[4]);
    pad(out, answer(tier.in_saved_image, language), columns[5]);
    pad(out, tier.size_gb ? fmt::format("{:g} GB", *tier.size_gb) : "", columns[6]);
    if (tier.inodes) out += std::to_string(*tier.inodes);
    while (out.ends_with(' ')) out.pop_back();
    out += source(evidence_of(profile, "storage.tiers." + tier.name)) + "\n";
  }
}

std::vector<std::string_view> stated() {
  std::vector<std::string_view> names = catalog::fact_names();
  std::erase_if(names, [](std::string_view name) { return catalog::fact_type(name).empty(); });
  return names;
}

}  // namespace

std::string profile_text(const Profile& profile, const std::vector<const Rule*>& rules,
                         Language language, bool color) {
  const bool zh = language == Language::zh;
  const auto bold = [&](std::string_view text) {
    return color ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
  };
  std::string out = bold(profile.name);
  if (!profile.title.empty()) out += " (" + visible(profile.title) + ")";
  if (!profile.base.empty()) out += (zh ? "，基于 " : ", extends ") + visible(profile.base);
  out += '\n';
  std::vector<std::string_view> unknown;
  std::string section;
  for (const std::string_view fact : stated()) {
    if (!catalog::fact_known(profile, fact)) {
      unknown.push_back(fact);
      continue;
    }
    const std::string head(fact.substr(0, fact.find('.')));
    if (head != section) out += "\n" + bold(head) + "\n";
    section = head;
    const auto text = catalog::fact_text(profile, fact);
    const Evidence* evidence = evidence_of(profile, fact);
    const std::string value = text ? visible(*text) : std::string(zh ? "无" : "none");
    out += wrap(fmt::format("{} = {}{}", fact, value, source(evidence)), kColumns, "  ");
    if (evidence && !evidence->note.empty())
      out += wrap(visible(evidence->note), kColumns, "      ");
  }
  if (!profile.storage.tiers.empty()) {
    out += "\n" + bold(zh ? "存储分层" : "storage tiers") + "\n";
    tiers(out, profile, language);
  }
  if (!profile.images.empty()) {
    out += "\n" + bold(zh ? "镜像" : "images") + "\n";
    out += wrap(catalog::fact_text(profile, "images.catalogue").value_or(""), kColumns, "  ");
  }
  if (!unknown.empty()) {
    out += "\n" + bold(zh ? "未知" : "not known") + "\n";
    out += wrap(fmt::format("{}", fmt::join(unknown, ", ")), kColumns, "  ");
  }
  std::string sleeping;
  for (const Rule* rule : rules) {
    const auto missing = catalog::missing_facts(*rule, profile);
    if (missing.empty()) continue;
    sleeping += fmt::format("  {} {}: {}\n", rule->id, rule->name, fmt::join(missing, ", "));
  }
  if (!sleeping.empty()) {
    out += "\n" + bold(zh ? "因信息未知而不生效的规则" : "rules that sleep for want of a fact") +
           "\n" + sleeping;
  }
  return out;
}

std::string profile_json(const Profile& profile, const std::vector<const Rule*>& rules) {
  std::string out;
  JsonWriter json(out, 1);
  json.begin_object().member("name", profile.name).member("title", profile.title);
  json.object("facts");
  for (const std::string_view fact : stated()) {
    if (!catalog::fact_known(profile, fact)) continue;
    const auto text = catalog::fact_text(profile, fact);
    const Evidence* evidence = evidence_of(profile, fact);
    json.object(fact);
    json.key("value");
    if (text)
      json.value(*text);
    else
      json.null();
    json.member("source", evidence->source).member("checked", evidence->checked);
    if (!evidence->note.empty()) json.member("note", evidence->note);
    json.end_object();
  }
  json.end_object().array("tiers");
  for (const Tier& tier : profile.storage.tiers) {
    json.begin_object().member("name", tier.name).member("path", tier.path);
    json.array("aliases");
    for (const std::string& alias : tier.aliases) json.value(alias);
    json.end_array().member("durable", tier.durable).member("readOnly", tier.read_only);
    if (tier.inodes) json.member("inodes", *tier.inodes);
    const std::pair<std::string_view, const std::optional<bool>&> survives[] = {
        {"stop", tier.survives_stop},
        {"reset", tier.survives_reset},
        {"release", tier.survives_release},
        {"image", tier.in_saved_image}};
    json.object("survives");
    for (const auto& [event, known] : survives) {
      json.key(event);
      if (known)
        json.value(*known);
      else
        json.null();
    }
    json.end_object().end_object();
  }
  json.end_array().array("images");
  for (const catalog::Image& image : profile.images) json.value(image.name);
  json.end_array().array("sleeping");
  for (const Rule* rule : rules) {
    const auto missing = catalog::missing_facts(*rule, profile);
    if (missing.empty()) continue;
    json.begin_object().member("rule", rule->id).array("needs");
    for (const std::string_view fact : missing) json.value(fact);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return out + "\n";
}

std::string profile_list(const std::vector<const Profile*>& profiles,
                         const std::vector<const Rule*>& rules, Language language) {
  std::string out;
  const auto facts = stated();
  for (const Profile* profile : profiles) {
    const auto known = std::count_if(facts.begin(), facts.end(), [&](std::string_view fact) {
      return catalog::fact_known(*profile, fact);
    });
    const auto asleep = std::count_if(rules.begin(), rules.end(), [&](const Rule* rule) {
      return !catalog::missing_facts(*rule, *profile).empty();
    });
    pad(out, profile->name, 14);
    pad(out, profile->title, 16);
    out += language == Language::zh
               ? fmt::format("已知 {}/{} 项，{} 条规则不生效\n", known, facts.size(), asleep)
               : fmt::format("{}/{} facts known, {} rules sleep\n", known, facts.size(), asleep);
  }
  return out;
}

}  // namespace preflint::output
