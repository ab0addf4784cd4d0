#include "map/forms.h"
#include "map/words.h"
#include "output/json_writer.h"

namespace preflint::map {
namespace {

using output::JsonWriter;

// Names of kinds as machines read them: the English ones, with dashes.
std::string slug(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c == ' ') c = '-';
  }
  return out;
}

std::string_view machine(Tri value) {
  return value == Tri::yes ? "on" : value == Tri::no ? "off" : "maybe";
}

void maybe(JsonWriter& json, std::string_view key, const std::optional<bool>& value) {
  if (value)
    json.member(key, bool(*value));
  else
    json.key(key).null();
}

void maybe(JsonWriter& json, std::string_view key, const std::string& value) {
  if (!value.empty())
    json.member(key, value);
  else
    json.key(key).null();
}

void write(JsonWriter& json, const Step& step) {
  json.begin_object();
  json.member("kind", slug(name_of(step.kind, Language::en)));
  json.member("text", step.text);
  maybe(json, "target", step.target);
  json.member("hook", machine(step.hooked));
  json.member("foreign", bool(step.foreign));
  json.member("background", bool(step.background));
  json.member("inLoop", bool(step.repeated));
  json.member("depth", step.depth);
  json.member("path", step.path);
  json.member("line", step.line);
  json.end_object();
}

void write(JsonWriter& json, const Item& item) {
  json.begin_object();
  json.member("kind", slug(name_of(item.kind, Language::en)));
  maybe(json, "path", item.where);
  json.member("tool", item.tool);
  maybe(json, "tier", item.tier);
  maybe(json, "tierPath", item.tier_path);
  json.member("offBox", bool(item.off_box));
  json.object("survives");
  maybe(json, "stop", item.stop);
  maybe(json, "reset", item.reset);
  maybe(json, "release", item.release);
  maybe(json, "savedImage", item.image);
  json.end_object();
  if (item.days)
    json.member("daysAtRisk", *item.days);
  else
    json.key("daysAtRisk").null();
  if (item.durable == Tri::maybe)
    json.key("durable").null();
  else
    json.member("durable", item.durable == Tri::yes);
  maybe(json, "keptAs", item.kept_as);
  json.member("atRisk", at_risk(item));
  json.member("inLoop", bool(item.repeated));
  json.member("writtenAt", item.path);
  json.member("line", item.line);
  json.end_object();
}

void write(JsonWriter& json, const Node& node) {
  json.begin_object();
  json.member("name", node.name);
  json.member("arguments", node.arguments);
  json.member("parent", node.parent);
  json.member("language", node.python ? "python" : "shell");
  json.member("overSsh", bool(node.over_ssh));
  json.member("background", bool(node.background));
  json.member("hook", machine(node.hooked));
  json.end_object();
}

}  // namespace

std::string json(const JobMap& map) {
  std::string out;
  JsonWriter json(out, 2);
  json.begin_object();
  json.member("version", 1);
  json.array("profiles");
  for (const Sheet& sheet : map.sheets) {
    json.begin_object();
    json.member("profile", sheet.profile);
    json.member("title", sheet.title);
    if (sheet.auto_release_days > 0)
      json.member("autoReleaseDays", sheet.auto_release_days);
    else
      json.key("autoReleaseDays").null();
    json.array("tiers");
    for (const Tier& tier : sheet.tiers) {
      json.begin_object()
          .member("name", tier.name)
          .member("path", tier.path)
          .member("durable", bool(tier.durable))
          .end_object();
    }
    json.end_array();
    json.array("entries");
    for (const Entry& entry : sheet.entries) {
      json.begin_object();
      json.member("path", entry.name);
      json.member("site", entry.local ? "local" : "instance");
      json.array("scripts");
      for (const Node& node : entry.nodes) write(json, node);
      json.end_array();
      json.array("steps");
      for (const Step& step : entry.steps) write(json, step);
      json.end_array();
      json.array("artefacts");
      for (const Item& item : entry.items) write(json, item);
      json.end_array();
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  out += '\n';
  return out;
}

}  // namespace preflint::map
