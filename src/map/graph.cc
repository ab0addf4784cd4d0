// The graph for tools that draw: scripts, what they start, and the tiers that they write into.
#include <fmt/format.h>

#include <map>
#include <set>

#include "map/forms.h"
#include "map/words.h"

namespace preflint::map {
namespace {

/// What one script writes into one tier.
struct Edge {
  size_t node;
  std::string tier;  // "" unknown, "@" off the box
  std::set<std::string> kinds;
};

std::vector<Edge> edges(const Entry& entry, Language language) {
  std::vector<Edge> out;
  for (const Item& item : entry.items) {
    size_t node = 0;
    for (size_t i = 0; i < entry.nodes.size(); ++i) {
      if (entry.nodes[i].name == item.path) node = i;
    }
    const std::string tier = item.off_box ? "@" : item.tier;
    Edge* found = nullptr;
    for (Edge& edge : out) {
      if (edge.node == node && edge.tier == tier) found = &edge;
    }
    if (!found) found = &out.emplace_back(Edge{node, tier, {}});
    found->kinds.emplace(name_of(item.kind, language));
  }
  return out;
}

std::string tier_label(const Sheet& sheet, const std::string& tier, Language language) {
  if (tier == "@") return std::string(word("off-box", language));
  for (const Tier& one : sheet.tiers) {
    if (one.name == tier) return fmt::format("{} {}", name_of_tier(tier, language), one.path);
  }
  return std::string(name_of_tier(tier, language));
}

std::string joined(const std::set<std::string>& kinds) {
  std::string out;
  for (const std::string& kind : kinds) out += (out.empty() ? "" : ", ") + kind;
  return out;
}

std::string shortened(std::string_view text, size_t limit) {
  if (text.size() <= limit) return std::string(text);
  size_t at = limit;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return std::string(text.substr(0, at)) + "…";
}

std::string mermaid_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "#quot;";
        break;
      case '<':
        out += "#lt;";
        break;
      case '>':
        out += "#gt;";
        break;
      case '#':
        out += "#35;";
        break;
      case '\n':
      case '\r':
      case '`':
        out += ' ';
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string dot_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

std::string hook_note(const Node& node, Language language) {
  if (!node.over_ssh && !node.background && node.hooked == Tri::no) return "";
  std::string out;
  const auto add = [&](std::string_view note) {
    out += (out.empty() ? "" : ", ") + std::string(note);
  };
  if (node.over_ssh) add("ssh");
  if (node.background) add(word("background", language));
  if (node.hooked == Tri::yes) add(word("hook-on", language));
  return out;
}

}  // namespace

std::string mermaid(const JobMap& map, Language language) {
  std::string out = "flowchart TD\n";
  size_t sheet_number = 0;
  for (const Sheet& sheet : map.sheets) {
    const std::string prefix = fmt::format("p{}", sheet_number++);
    if (map.sheets.size() > 1)
      out += fmt::format("  subgraph {}[\"{}\"]\n", prefix, mermaid_text(sheet.title));
    std::map<std::string, std::string> tiers;
    size_t entry_number = 0;
    std::string links;
    for (const Entry& entry : sheet.entries) {
      const std::string id = fmt::format("{}e{}n", prefix, entry_number++);
      for (size_t i = 0; i < entry.nodes.size(); ++i) {
        const Node& node = entry.nodes[i];
        const std::string label =
            mermaid_text(node.name) +
            (node.arguments.empty() ? "" : "<br/>" + mermaid_text(shortened(node.arguments, 60)));
        out += fmt::format("  {}{}{}\"{}\"{}\n", id, i, node.python ? "([" : "[", label,
                           node.python ? "])" : "]");
        if (node.parent < 0) continue;
        const std::string note = hook_note(node, language);
        links += fmt::format("  {0}{1} -->{3} {0}{2}\n", id, node.parent, i,
                             note.empty() ? "" : "|" + mermaid_text(note) + "|");
      }
      for (const Edge& edge : edges(entry, language)) {
        const auto [at, fresh] =
            tiers.emplace(edge.tier, fmt::format("{}t{}", prefix, tiers.size()));
        if (fresh)
          out += fmt::format("  {}[(\"{}\")]\n", at->second,
                             mermaid_text(tier_label(sheet, edge.tier, language)));
        links += fmt::format("  {}{} -. \"{}\" .-> {}\n", id, edge.node,
                             mermaid_text(joined(edge.kinds)), at->second);
      }
    }
    out += links;
    if (map.sheets.size() > 1) out += "  end\n";
  }
  return out;
}

std::string dot(const JobMap& map, Language language) {
  std::string out =
      "digraph job {\n  rankdir=TB;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n "
      " edge [fontname=\"sans-serif\", fontsize=10];\n";
  size_t sheet_number = 0;
  for (const Sheet& sheet : map.sheets) {
    const std::string prefix = fmt::format("p{}", sheet_number++);
    out +=
        fmt::format("  subgraph cluster_{} {{\n    label=\"{}\";\n", prefix, dot_text(sheet.title));
    std::map<std::string, std::string> tiers;
    size_t entry_number = 0;
    for (const Entry& entry : sheet.entries) {
      const std::string id = fmt::format("{}e{}n", prefix, entry_number++);
      for (size_t i = 0; i < entry.nodes.size(); ++i) {
        const Node& node = entry.nodes[i];
        out += fmt::format(
            "    {}{} [label=\"{}{}\"{}];\n", id, i, dot_text(node.name),
            node.arguments.empty() ? "" : "\\n" + dot_text(shortened(node.arguments, 60)),
            node.python ? ", shape=ellipse" : "");
        if (node.parent < 0) continue;
        out += fmt::format("    {0}{1} -> {0}{2} [label=\"{3}\"];\n", id, node.parent, i,
                           dot_text(hook_note(node, language)));
      }
      for (const Edge& edge : edges(entry, language)) {
        const auto [at, fresh] =
            tiers.emplace(edge.tier, fmt::format("{}t{}", prefix, tiers.size()));
        if (fresh)
          out += fmt::format("    {} [label=\"{}\", shape=cylinder];\n", at->second,
                             dot_text(tier_label(sheet, edge.tier, language)));
        out += fmt::format("    {}{} -> {} [label=\"{}\", style=dashed];\n", id, edge.node,
                           at->second, dot_text(joined(edge.kinds)));
      }
    }
    out += "  }\n";
  }
  out += "}\n";
  return out;
}

}  // namespace preflint::map
