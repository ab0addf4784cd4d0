#include "output/render.h"

#include <algorithm>
#include <array>

namespace preflint::output {
namespace {

constexpr std::array<std::string_view, 10> kNames = {"text",       "concise", "json",   "jsonl",
                                                     "sarif",      "github",  "gitlab", "junit",
                                                     "checkstyle", "rdjson"};
constexpr std::array kRenderers = {render_text,       render_concise, render_json,   render_jsonl,
                                   render_sarif,      render_github,  render_gitlab, render_junit,
                                   render_checkstyle, render_rdjson};

}  // namespace

std::span<const std::string_view> format_names() { return kNames; }

std::optional<Format> format_of(std::string_view name) {
  const auto it = std::find(kNames.begin(), kNames.end(), name);
  if (it == kNames.end()) return std::nullopt;
  return static_cast<Format>(it - kNames.begin());
}

std::string render(Format format, const Report& report) {
  return kRenderers[static_cast<size_t>(format)](report);
}

}  // namespace preflint::output
