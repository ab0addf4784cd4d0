// The JSON Schemas in docs/schema say what the loaders accept: every key that a loader knows is in
// the schema, every key of the schema is known to the loader, and what ships is valid.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "catalog/config_loader.h"
#include "catalog/facts.h"
#include "catalog/profile_loader.h"
#include "catalog/rule_loader.h"

namespace preflint::catalog {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Names = std::set<std::string>;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

Json schema(const std::string& name) {
  return Json::parse(read(fs::path(PREFLINT_SOURCE_DIR) / "docs/schema" / (name + ".schema.json")));
}

Names keys(const Json& object) {
  Names names;
  for (const auto& [key, value] : object.at("properties").items()) names.insert(key);
  return names;
}

/// The keys that a loader names when it meets one that is like none of them.
Names known_of(const std::vector<Error>& errors) {
  Names names;
  for (const Error& error : errors) {
    const size_t at = error.message.find("no key '%%%%%%%%'; known are: ");
    if (at == std::string::npos) continue;
    std::istringstream list(error.message.substr(error.message.find("are: ", at) + 5));
    for (std::string name; std::getline(list, name, ',');) {
      names.insert(name.substr(name.find_first_not_of(' ')));
    }
  }
  return names;
}

Document parse(std::string text) {
  const std::string_view mark = "@@";
  for (size_t at; (at = text.find(mark)) != std::string::npos;) {
    text.replace(at, mark.size(), "\"%%%%%%%%\": 1");
  }
  auto parsed = parse_yaml(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : Document();
}

Names config_keys(const std::string& text) {
  return known_of(load_config(parse(text), "/p/preflint.yaml", {}).errors);
}
Names profile_keys(const std::string& text) {
  return known_of(load_profile(parse(text), "x", nullptr).errors);
}
Names rule_keys(const std::string& text) {
  return known_of(load_rule(parse(text), RuleOrigin::user, "user").errors);
}

TEST(Schema, OfTheConfigurationKnowsTheLoadersKeys) {
  const Json root = schema("config");
  const Json& properties = root["properties"];
  EXPECT_EQ(keys(root), config_keys("{@@}"));
  for (const std::string section : {"sites", "network", "durable", "launch"}) {
    EXPECT_EQ(keys(properties[section]), config_keys(section + ": {@@}")) << section;
  }
  EXPECT_EQ(keys(properties["image"]["anyOf"][1]), config_keys("image: {@@}"));
  EXPECT_EQ(keys(properties["launch"]["properties"]["required_overrides"]["items"]),
            config_keys("launch: {required_overrides: [{@@}]}"));
}

TEST(Schema, OfProfilesKnowsTheLoadersKeys) {
  const Json root = schema("profile");
  const Json& properties = root["properties"];
  EXPECT_EQ(keys(root), profile_keys("{@@}"));
  for (const std::string section : {"launch", "network", "python", "panel", "billing",
                                    "interruption", "daemon", "words", "storage", "images"}) {
    EXPECT_EQ(keys(properties[section]), profile_keys(section + ": {@@}")) << section;
    for (const std::string_view fact : stated_facts(section)) {
      EXPECT_EQ(properties[section]["properties"][std::string(fact)]["$ref"],
                "#/definitions/" + std::string(fact_type(section + "." + std::string(fact))));
    }
  }
  const Json& tier =
      properties["storage"]["properties"]["tiers"]["additionalProperties"]["anyOf"][1];
  EXPECT_EQ(keys(tier), profile_keys("storage: {tiers: {a: {@@}}}"));
  EXPECT_EQ(keys(tier["properties"]["survives"]),
            profile_keys("storage: {tiers: {a: {path: /, survives: {@@}}}}"));
  EXPECT_EQ(keys(properties["images"]["properties"]["catalogue"]["additionalProperties"]),
            profile_keys("images: {catalogue: {a: {@@}}}"));
}

TEST(Schema, OfRulesKnowsTheLoadersKeys) {
  const Json root = schema("rule");
  const Json& match = root["properties"]["match"]["properties"];
  EXPECT_EQ(keys(root), rule_keys("{@@}"));
  EXPECT_EQ(keys(root["properties"]["examples"]["items"]), rule_keys("examples: [{@@}]"));
  Names forms;
  for (const std::string form : {"command: a", "call: a", "requirement: a", "query: '@match'"}) {
    forms.merge(rule_keys("match: {" + form + ", @@}"));
  }
  EXPECT_EQ(keys(root["properties"]["match"]), forms);
  EXPECT_EQ(keys(match["arguments"]["items"]["anyOf"][1]),
            rule_keys("match: {command: a, arguments: [{option: -x, @@}]}"));
  EXPECT_EQ(keys(match["argument"]), rule_keys("match: {call: a, argument: {position: 0, @@}}"));
  EXPECT_EQ(keys(match["version"]), rule_keys("match: {requirement: a, version: {@@}}"));
  EXPECT_EQ(keys(root["definitions"]["value"]["anyOf"][2]),
            rule_keys("match: {call: a, argument: {position: 0, value: {@@}}}"));
}

/// As much of JSON Schema as ours use.
class Validator {
 public:
  explicit Validator(Json root) : root_(std::move(root)) {}

  std::string check(const Document& value) const { return check(value, root_, ""); }

 private:
  static bool has_type(const Document& value, const std::string& type) {
    switch (value.kind) {
      case Document::Kind::null:
        return type == "null";
      case Document::Kind::boolean:
        return type == "boolean";
      case Document::Kind::integer:
        return type == "integer" || type == "number";
      case Document::Kind::real:
        return type == "number";
      case Document::Kind::string:
        return type == "string";
      case Document::Kind::list:
        return type == "array";
      case Document::Kind::map:
        return type == "object";
    }
    return false;
  }

  std::string check(const Document& value, const Json& rule, const std::string& at) const {
    if (rule.contains("$ref")) {
      const std::string name = rule["$ref"];
      return check(value, root_.at(Json::json_pointer(name.substr(1))), at);
    }
    if (rule.contains("type")) {
      const Json& type = rule["type"];
      const Json types = type.is_array() ? type : Json::array({type});
      if (std::none_of(types.begin(), types.end(),
                       [&](const Json& one) { return has_type(value, one); })) {
        return at + " is " + name_of(value.kind).en;
      }
    }
    if (rule.contains("enum") && std::find(rule["enum"].begin(), rule["enum"].end(),
                                           Json(value.text)) == rule["enum"].end()) {
      return at + " is '" + value.text + "'";
    }
    if (rule.contains("const") && rule["const"] != value.text) return at + " is not the constant";
    if (rule.contains("pattern") &&
        !std::regex_search(value.text, std::regex(rule["pattern"].get<std::string>()))) {
      return at + " does not match";
    }
    for (const char* several : {"anyOf", "oneOf"}) {
      if (!rule.contains(several)) continue;
      int good = 0;
      std::string last;
      for (const Json& one : rule[several]) {
        std::string wrong = check(value, one, at);
        if (wrong.empty())
          ++good;
        else
          last = std::move(wrong);
      }
      if (good == 0) return last;
      if (std::string(several) == "oneOf" && good != 1) return at + " fits several";
    }
    for (const Json& key : rule.value("required", Json::array())) {
      if (!value.find(key.get<std::string>())) return at + " lacks " + key.get<std::string>();
    }
    if (value.is_map()) {
      const Json properties = rule.value("properties", Json::object());
      for (const Document::Member& member : value.members) {
        const std::string inner = at + "/" + member.key;
        const Json* child = nullptr;
        if (properties.contains(member.key))
          child = &properties[member.key];
        else if (rule.contains("additionalProperties"))
          child = &rule["additionalProperties"];
        if (!child || *child == true) continue;
        if (*child == false) return inner + " is not allowed";
        if (std::string wrong = check(member.value, *child, inner); !wrong.empty()) return wrong;
      }
    }
    if (value.is_list() && rule.contains("items")) {
      for (const Document& item : value.items) {
        if (std::string wrong = check(item, rule["items"], at + "/*"); !wrong.empty()) return wrong;
      }
    }
    return "";
  }

  Json root_;
};

TEST(Schema, WhatShipsIsValid) {
  const fs::path root = PREFLINT_SOURCE_DIR;
  const Validator rule(schema("rule")), profile(schema("profile"));
  int files = 0;
  const auto check = [&](const fs::path& path, const Validator& validator) {
    const auto document = parse_yaml(read(path));
    ASSERT_TRUE(document) << path;
    EXPECT_EQ(validator.check(*document), "") << path;
    ++files;
  };
  for (const auto& entry : fs::recursive_directory_iterator(root / "rules")) {
    if (entry.path().extension() == ".yaml" && entry.path().filename() != "notes.yaml") {
      check(entry.path(), rule);
    }
  }
  for (const auto& entry : fs::directory_iterator(root / "profiles")) {
    if (entry.path().extension() == ".yaml") check(entry.path(), profile);
  }
  EXPECT_GT(files, 15);
}

TEST(Schema, OfTheConfigurationTakesTheDocumentedExample) {
  const auto document = parse_yaml(
      "profile: autodl\nimage: {torch: 2.8.0}\nselect: [ALL]\nseverity: {ENV002: error}\n"
      "per-file-ignores: {\"tests/**\": [LOG, STO]}\nsites: {local: [a], instance: []}\n"
      "launch: {required_overrides: [{entry: src.train, option: x}]}\nrules: [./a.yaml]\n");
  ASSERT_TRUE(document);
  EXPECT_EQ(Validator(schema("config")).check(*document), "");
  const auto wrong = parse_yaml("severity: {ENV002: fatal}\n");
  EXPECT_EQ(Validator(schema("config")).check(*wrong), "/severity/ENV002 is 'fatal'");
}

}  // namespace
}  // namespace preflint::catalog
