// One entry as a drawing that is as wide as a phone: scripts from top to bottom, each indented
// under what starts it; at the right a lane for each storage tier, with a dot where a script writes
// into it.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "map/forms.h"
#include "map/words.h"
#include "output/width.h"

namespace preflint::map {
namespace {

constexpr int kWidth = 360, kMargin = 6, kIndent = 14, kBox = 42, kGap = 12, kLane = 16,
              kTierBox = 40;

/// As much of a text as fits into a width, by the columns that a terminal would give it.
std::string clipped(std::string_view text, int pixels, double column) {
  const auto fits = static_cast<size_t>(std::max(4.0, pixels / column));
  if (output::display_width(text) <= fits) return std::string(text);
  std::string out;
  size_t used = 1;
  for (size_t at = 0; at < text.size();) {
    const size_t from = at;
    const char32_t point = output::next_code_point(text, at);
    used += static_cast<size_t>(output::width(point));
    if (used > fits) break;
    out += text.substr(from, at - from);
  }
  return out + "…";
}

std::string_view fate_class(const std::string& tier, const Entry& entry) {
  if (tier == "@") return "keep";
  for (const Item& item : entry.items) {
    if (item.tier != tier || item.off_box) continue;
    if (item.durable == Tri::yes || item.release == true) return "keep";
    if (item.release == false || item.stop == false) return "lose";
  }
  return "unsure";
}

struct Lane {
  std::string tier;
  int x = 0, top = 0;
};

std::string text_at(int x, int y, std::string_view css, std::string_view text) {
  return fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\">{}</text>", x, y, css, escaped(text));
}

/// Which survival the tier's box states: of the first item in it.
std::string survival(const Entry& entry, const std::string& tier, Language language) {
  if (tier == "@") return fmt::format("{} {}", word("release", language), answer(true, language));
  for (const Item& item : entry.items) {
    if (item.tier != tier || item.off_box) continue;
    std::string out =
        fmt::format("{} {} · {} {}", word("stop", language), answer(item.stop, language),
                    word("release", language), answer(item.release, language));
    if (item.days)
      out += fmt::format(fmt::runtime(" · " + std::string(word("days-off", language))), *item.days);
    return out;
  }
  return "";
}

}  // namespace

std::string svg(const Sheet& sheet, const Entry& entry, Language language) {
  // Lanes in the order of the profile's tiers; what is not known and what is off the box come last.
  std::vector<Lane> lanes;
  const auto used = [&](const std::string& tier) {
    return std::any_of(entry.items.begin(), entry.items.end(),
                       [&](const Item& item) { return (item.off_box ? "@" : item.tier) == tier; });
  };
  for (const Tier& tier : sheet.tiers) {
    if (used(tier.name)) lanes.push_back({tier.name});
  }
  for (const char* other : {"", "@"}) {
    if (used(other)) lanes.push_back({other});
  }
  const int lanes_left = kWidth - kMargin - kLane * static_cast<int>(lanes.size());
  for (size_t i = 0; i < lanes.size(); ++i)
    lanes[i].x = lanes_left + kLane * static_cast<int>(i) + kLane / 2;

  std::vector<int> depth(entry.nodes.size(), 0), top(entry.nodes.size(), 0);
  std::string boxes, wires;
  int y = kMargin;
  for (size_t i = 0; i < entry.nodes.size(); ++i) {
    const Node& node = entry.nodes[i];
    if (node.parent >= 0) depth[i] = std::min(depth[static_cast<size_t>(node.parent)] + 1, 8);
    top[i] = y;
    const int x = kMargin + kIndent * depth[i];
    const int width = lanes_left - 6 - x;
    if (node.parent >= 0) {
      const auto up = static_cast<size_t>(node.parent);
      const int from = kMargin + kIndent * depth[up] + 6;
      wires += fmt::format("<path class=\"wire\" d=\"M{} {}V{}H{}\"/>", from, top[up] + kBox,
                           y + kBox / 2, x);
    }
    boxes += fmt::format(
        "<g class=\"script{}\"><title>{} {}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" "
        "height=\"{}\" rx=\"6\"/>",
        node.python ? " python" : "", escaped(node.name), escaped(node.arguments), x, y, width,
        kBox);
    boxes += text_at(x + 8, y + 17, "name", clipped(node.name, width - 14, 7.0));
    std::string second = node.arguments;
    if (node.parent < 0) second = std::string(word(entry.local ? "local" : "entry", language));
    if (node.over_ssh) second = "ssh  " + second;
    boxes += text_at(x + 8, y + 33, "small", clipped(second, width - 14, 5.8));
    boxes += "</g>";
    for (size_t lane = 0; lane < lanes.size(); ++lane) {
      const bool writes =
          std::any_of(entry.items.begin(), entry.items.end(), [&](const Item& item) {
            return (item.off_box ? "@" : item.tier) == lanes[lane].tier && item.path == node.name;
          });
      if (!writes) continue;
      const int at =
          y + 10 +
          static_cast<int>(lane) * 22 /
              std::max(1,
                       static_cast<int>(lanes.size()) - 1 ? static_cast<int>(lanes.size()) - 1 : 1);
      if (lanes[lane].top == 0) lanes[lane].top = at;
      const std::string_view css = fate_class(lanes[lane].tier, entry);
      wires += fmt::format(
          "<path class=\"lane {}\" d=\"M{} {}H{}\"/><circle class=\"{}\" cx=\"{}\" cy=\"{}\" "
          "r=\"4\"/>",
          css, x + width, at, lanes[lane].x, css, lanes[lane].x, at);
    }
    y += kBox + kGap;
  }
  y += 6;
  for (const Lane& lane : lanes) {
    const std::string_view css = fate_class(lane.tier, entry);
    const int width = lane.x + kLane / 2 - 2 - kMargin;
    if (lane.top > 0)
      wires += fmt::format("<path class=\"lane {}\" d=\"M{} {}V{}\"/>", css, lane.x, lane.top, y);
    std::string label(lane.tier == "@" ? word("off-box", language)
                                       : name_of_tier(lane.tier, language));
    for (const Tier& tier : sheet.tiers) {
      if (tier.name == lane.tier) label += "  " + tier.path;
    }
    boxes += fmt::format(
        "<g class=\"tier {}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/>", css,
        kMargin, y, width, kTierBox);
    boxes += text_at(kMargin + 8, y + 16, "name", clipped(label, width - 14, 7.0));
    boxes += text_at(kMargin + 8, y + 32, "small",
                     clipped(survival(entry, lane.tier, language), width - 14, 5.8));
    boxes += "</g>";
    y += kTierBox + 8;
  }
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}{}</svg>", kWidth,
                     y + kMargin, escaped(entry.name), wires, boxes);
}

}  // namespace preflint::map
