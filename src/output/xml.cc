// JUnit and checkstyle.
#include <fmt/format.h>

#include <map>
#include <vector>

#include "base/text.h"
#include "output/render.h"
#include "output/width.h"

namespace preflint::output {
namespace {

/// Text for an element or attribute. What XML 1.0 cannot hold at all becomes U+FFFD.
std::string escape(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const char32_t point = next_code_point(text, at);
    switch (point) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      case '\r':
        out += "&#13;";
        break;
      case '\t':
        out += "&#9;";
        break;
      default:
        out += utf8(point < 0x20 || point == 0xFFFE || point == 0xFFFF ? U'\uFFFD' : point);
    }
  }
  return out;
}

using Files = std::map<std::string, std::vector<const Item*>>;

Files by_file(const std::vector<Item>& all, const Report& report) {
  Files files;
  for (const Item& item : all) {
    files[relative(item.finding->place.path, report.directory)].push_back(&item);
  }
  return files;
}

constexpr std::string_view kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

}  // namespace

std::string render_checkstyle(const Report& report) {
  Locator locator(report);
  const std::vector<Item> all = items(report, locator, false);
  std::string out(kHead);
  out += "<checkstyle version=\"4.3\">\n";
  for (const auto& [path, findings] : by_file(all, report)) {
    out += fmt::format("  <file name=\"{}\">\n", escape(path));
    for (const Item* item : findings) {
      out += fmt::format(
          "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" "
          "source=\"preflint.{}\"/>\n",
          item->spot.raw.begin.line, item->spot.raw.begin.column, name_of(item->finding->severity),
          escape(item->message), escape(item->finding->rule));
    }
    out += "  </file>\n";
  }
  return out += "</checkstyle>\n";
}

std::string render_junit(const Report& report) {
  Locator locator(report);
  const std::vector<Item> all = items(report, locator, false);
  std::string out(kHead);
  if (all.empty()) {
    // A suite of no tests is an error to some servers: a clean run is one test that passed.
    return out +=
           "<testsuites name=\"preflint\" tests=\"1\" failures=\"0\" errors=\"0\">\n"
           "  <testsuite name=\"preflint\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n"
           "    <testcase name=\"no findings\" classname=\"preflint\" time=\"0\"/>\n"
           "  </testsuite>\n</testsuites>\n";
  }
  out += fmt::format("<testsuites name=\"preflint\" tests=\"{0}\" failures=\"{0}\" errors=\"0\">\n",
                     all.size());
  for (const auto& [path, findings] : by_file(all, report)) {
    out += fmt::format(
        "  <testsuite name=\"{0}\" tests=\"{1}\" failures=\"{1}\" errors=\"0\" skipped=\"0\">\n",
        escape(path), findings.size());
    for (const Item* item : findings) {
      const Spot& spot = item->spot;
      const std::string cell = spot.cell ? fmt::format("cell {}, ", *spot.cell) : std::string();
      out += fmt::format(
          "    <testcase name=\"{} {}:{}\" classname=\"{}\" time=\"0\">\n"
          "      <failure type=\"{}\" message=\"{}\">{}:{}{}:{}: {}</failure>\n    </testcase>\n",
          escape(item->finding->rule), spot.raw.begin.line, spot.raw.begin.column, escape(path),
          name_of(item->finding->severity), escape(item->message), escape(path), cell,
          spot.range.begin.line, spot.range.begin.column, escape(item->message));
    }
    out += "  </testsuite>\n";
  }
  return out += "</testsuites>\n";
}

}  // namespace preflint::output
