#include <fmt/format.h>

#include <algorithm>

#include "map/forms.h"
#include "map/words.h"
#include "output/width.h"

namespace preflint::map {
namespace {

using output::display_width;
using output::visible;

/// Rows of cells as columns that line up; the last one is not padded.
class Table {
 public:
  explicit Table(std::vector<std::string> heads) { rows_.push_back(std::move(heads)); }
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.size() == 1; }

  void print(std::string& out, std::string_view indent) const {
    std::vector<size_t> widths(rows_[0].size());
    for (const auto& row : rows_) {
      for (size_t i = 0; i < row.size(); ++i)
        widths[i] = std::max(widths[i], display_width(row[i]));
    }
    for (const auto& row : rows_) {
      std::string line(indent);
      for (size_t i = 0; i < row.size(); ++i) {
        line += row[i];
        if (i + 1 < row.size()) line.append(widths[i] - display_width(row[i]) + 2, ' ');
      }
      while (line.ends_with(' ')) line.pop_back();
      out += line + "\n";
    }
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

std::string tier_of(const Item& item, Language language) {
  if (item.off_box) return std::string(word("off-box", language));
  return std::string(name_of_tier(item.tier, language));
}

std::string where_of(const Item& item) { return item.off_box ? item.tool : item.where; }

std::string_view hook_word(Tri hooked, Language language) {
  return word(hooked == Tri::yes  ? "hook-on"
              : hooked == Tri::no ? "hook-off"
                                  : "hook-maybe",
              language);
}

void steps(std::string& out, const Entry& entry, Language language) {
  if (entry.steps.empty()) return;
  out += fmt::format("  {}\n", word("steps", language));
  size_t number = 0;
  std::vector<std::vector<std::string>> rows;
  for (const Step& step : entry.steps) {
    std::string what(static_cast<size_t>(step.depth) * 2, ' ');
    what += visible(step.text.size() > 160 ? step.text.substr(0, 157) + "…" : step.text);
    std::string notes;
    const auto add = [&](std::string_view note) {
      notes += (notes.empty() ? "" : ", ") + std::string(note);
    };
    if (step.kind == Step::external || step.kind == Step::install) {
      if (!step.target.empty()) add(step.target);
      if (step.foreign) add(hook_word(step.hooked, language));
    }
    if (step.kind == Step::launch && !step.target.empty() &&
        step.text.find(step.target) == std::string::npos)
      add("→ " + step.target);
    if (step.background) add(word("background", language));
    if (step.repeated) add(word("loop", language));
    rows.push_back({fmt::format("{:>3}", ++number), std::string(name_of(step.kind, language)),
                    visible(fmt::format("{}:{}", step.path, step.line)),
                    what + (notes.empty() ? "" : "  [" + visible(notes) + "]")});
  }
  Table list(std::move(rows[0]));
  for (size_t i = 1; i < rows.size(); ++i) list.row(std::move(rows[i]));
  list.print(out, "  ");
}

void items(std::string& out, const Entry& entry, Language language) {
  if (entry.items.empty()) return;
  out += fmt::format("  {}\n", word("artefacts", language));
  Table table({std::string(word("kind", language)), std::string(word("path", language)),
               std::string(word("tier", language)), std::string(word("stop", language)),
               std::string(word("reset", language)), std::string(word("release", language)),
               std::string(word("image", language)), std::string(word("days", language)),
               std::string(word("by", language))});
  for (const Item& item : entry.items) {
    const std::string days =
        item.days ? fmt::format(fmt::runtime(word("days-off", language)), *item.days) : "–";
    table.row({std::string(name_of(item.kind, language)), visible(where_of(item)),
               tier_of(item, language), std::string(answer(item.stop, language)),
               std::string(answer(item.reset, language)),
               std::string(answer(item.release, language)),
               std::string(answer(item.image, language)), days,
               visible(fmt::format("{} {}:{}", item.tool, item.path, item.line))});
  }
  table.print(out, "  ");
  out += fmt::format("  {}\n", word("lost", language));
  bool any = false;
  for (const Item& item : entry.items) {
    if (!at_risk(item)) continue;
    any = true;
    out += fmt::format("    {} {}: {}\n", name_of(item.kind, language), visible(where_of(item)),
                       fate(item, language));
  }
  if (!any) out += fmt::format("    {}\n", word("lost-none", language));
  for (const Item& item : entry.items) {
    if (item.kept_as.empty()) continue;
    out += fmt::format("    {} {} → {} {}\n", name_of(item.kind, language), visible(where_of(item)),
                       word("kept-as", language), visible(item.kept_as));
  }
}

void sheet(std::string& out, const Sheet& sheet, Language language) {
  for (const Entry& entry : sheet.entries) {
    out += fmt::format("{}{}\n", visible(entry.name),
                       entry.local ? fmt::format(" ({})", word("local", language)) : "");
    steps(out, entry, language);
    items(out, entry, language);
    out += "\n";
  }
}

/// The same item on each platform: what its stop and its release do to it.
void compare(std::string& out, const JobMap& map, Language language) {
  out += fmt::format("{}\n", word("profiles", language));
  for (const Entry& entry : map.sheets[0].entries) {
    std::vector<std::string> heads{std::string(word("kind", language)),
                                   std::string(word("path", language))};
    for (const Sheet& one : map.sheets)
      heads.push_back(
          fmt::format("{}: {}/{}", one.title, word("stop", language), word("release", language)));
    Table table(heads);
    for (const Item& item : entry.items) {
      std::vector<std::string> cells{std::string(name_of(item.kind, language)),
                                     visible(where_of(item))};
      for (const Sheet& one : map.sheets) {
        const Item* same = nullptr;
        for (const Entry& other : one.entries) {
          for (const Item& candidate : other.items) {
            if (other.name == entry.name && candidate.where == item.where &&
                candidate.kind == item.kind && candidate.line == item.line)
              same = &candidate;
          }
        }
        cells.push_back(same ? fmt::format("{} ({}/{})", tier_of(*same, language),
                                           answer(same->stop, language),
                                           answer(same->release, language))
                             : "–");
      }
      table.row(std::move(cells));
    }
    if (table.empty()) continue;
    out += "  " + visible(entry.name) + "\n";
    table.print(out, "    ");
  }
}

}  // namespace

std::string text(const JobMap& map, Language language) {
  std::string out;
  for (const Sheet& one : map.sheets) {
    if (map.sheets.size() > 1) out += fmt::format("== {} ==\n", one.title);
    sheet(out, one, language);
  }
  if (map.sheets.size() > 1) compare(out, map, language);
  const bool nothing = std::all_of(map.sheets.begin(), map.sheets.end(),
                                   [](const Sheet& one) { return one.entries.empty(); });
  if (nothing) out = fmt::format("{}\n", word("nothing", language));
  return out;
}

}  // namespace preflint::map
