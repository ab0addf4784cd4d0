#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "output/report.h"

namespace preflint::output {

enum class Format : uint8_t {
  text,
  concise,
  json,
  jsonl,
  sarif,
  github,
  gitlab,
  junit,
  checkstyle,
  rdjson
};

std::span<const std::string_view> format_names();
std::optional<Format> format_of(std::string_view name);

/// The report in a format, ending in a newline (or empty). Same report, same bytes.
std::string render(Format format, const Report& report);

constexpr std::string_view kHomePage = "https://github.com/preflint/preflint";
constexpr std::string_view kRulePages = "https://github.com/preflint/preflint/blob/main/docs/rules";

/// The last line of `text`: how much was found.
std::string summary(const Report& report);
/// "Fixed 3 findings.", or that they would be fixed; "" without any.
std::string fixed_sentence(const Report& report);

/// Where a rule is explained.
std::string rule_uri(const catalog::Rule& rule);

/// One renderer a format.
std::string render_text(const Report& report);
std::string render_concise(const Report& report);
std::string render_json(const Report& report);
std::string render_jsonl(const Report& report);
std::string render_sarif(const Report& report);
std::string render_github(const Report& report);
std::string render_gitlab(const Report& report);
std::string render_junit(const Report& report);
std::string render_checkstyle(const Report& report);
std::string render_rdjson(const Report& report);

}  // namespace preflint::output
