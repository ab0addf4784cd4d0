#include "cli/first_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "cli/box_report.h"
#include "output/width.h"
#include "output/words.h"

namespace preflint::cli {
namespace {

using probe::Verdict;

/// A run ends sooner by what stands earlier: a box that is not ready, a framework that does not fit
/// it, an interpreter that is not there, a call that hangs; then what is lost at its end.
constexpr std::array<std::string_view, 11> kCategories = {"PRB", "DEP", "ENV", "NET", "SEC", "SYN",
                                                          "STO", "END", "RUN", "LOG", "SSH"};

size_t rank(std::string_view rule) {
  const auto it = std::find_if(kCategories.begin(), kCategories.end(),
                               [&](std::string_view letters) { return rule.starts_with(letters); });
  return static_cast<size_t>(it - kCategories.begin());
}

/// Findings that go when another is mended: installing a file is wrong because of the pin in it.
struct Follows {
  std::string_view rule;
  std::string_view cause;
  bool same_place = false;  ///< only where both speak of the same text
};
constexpr Follows kFollows[] = {{"DEP003", "DEP001"},
                                {"DEP003", "DEP002"},
                                {"DEP006", "DEP001", true},
                                {"PRB003", "PRB002"},
                                {"PRB005", "PRB004"}};

bool follows(const Step& step, const std::vector<Step>& steps) {
  return std::any_of(std::begin(kFollows), std::end(kFollows), [&](const Follows& row) {
    return row.rule == step.rule && std::any_of(steps.begin(), steps.end(), [&](const Step& cause) {
             return cause.rule == row.cause && (!row.same_place || cause.where == step.where);
           });
  });
}

std::vector<Step> all_steps(const Box& box, const output::Report& report) {
  std::vector<Step> steps;
  for (const probe::Answer& answer : box.answers) {
    const bool blind = answer.verdict == Verdict::unknown && answer.essential;
    if (answer.verdict < Verdict::warn && !blind) continue;
    steps.push_back({answer.verdict, answer.rule, box.target, reason_of(answer, report.language),
                     remedy_of(answer, report.language)});
  }
  output::Locator locator(report);
  for (const output::Item& item : output::items(report, locator, false)) {
    const Finding& finding = *item.finding;
    if (finding.severity == Severity::info) continue;
    Step step;
    step.verdict = finding.severity == Severity::error ? Verdict::no_go : Verdict::warn;
    step.rule = finding.rule;
    step.where = output::relative(finding.place.path, report.directory);
    if (item.spot.cell) step.where += fmt::format(":cell {}", *item.spot.cell);
    step.where += fmt::format(":{}:{}", item.spot.range.begin.line, item.spot.range.begin.column);
    step.reason = output::visible(item.message);
    step.remedy = output::visible(output::advice_of(finding, item.rule, report.language));
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace

std::vector<Step> first_steps(const Box& box, const output::Report& report) {
  std::vector<Step> steps = all_steps(box, report);
  const bool stops = std::any_of(steps.begin(), steps.end(),
                                 [](const Step& step) { return step.verdict == Verdict::no_go; });
  if (stops) std::erase_if(steps, [](const Step& step) { return step.verdict == Verdict::warn; });
  std::vector<Step> roots;
  std::copy_if(steps.begin(), steps.end(), std::back_inserter(roots),
               [&](const Step& step) { return !follows(step, steps); });
  steps = std::move(roots);
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return std::pair(rank(a.rule), std::string_view(a.rule)) <
           std::pair(rank(b.rule), std::string_view(b.rule));
  });
  std::vector<Step> out;
  for (Step& step : steps) {
    if (!out.empty() && out.back().rule == step.rule && !step.rule.starts_with("PRB")) {
      ++out.back().more;
    } else {
      out.push_back(std::move(step));
    }
  }
  return out;
}

}  // namespace preflint::cli
