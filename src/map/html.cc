// The page that people attach to a run: one file, nothing fetched, readable on a phone, light and
// dark.
#include <fmt/format.h>

#include <algorithm>

#include "map/forms.h"
#include "map/words.h"

namespace preflint::map {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--muted:#57606a;--card:#f6f8fa;--line:#d0d7de;--keep:#116329;--lose:#b3261e;--unsure:#7d5600;--accent:#0757b0}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--muted:#9aa4af;--card:#161b22;--line:#3a424c;--keep:#4ac26b;--lose:#ff7b72;--unsure:#d9a53a;--accent:#79b8ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1rem;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
h1{font-size:1.4rem;margin:.2rem 0 1rem}h2{font-size:1.15rem;margin:2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
h3{font-size:1rem;margin:1.6rem 0 .5rem;overflow-wrap:anywhere}h4{font-size:.9rem;margin:1.1rem 0 .4rem;color:var(--muted);font-weight:600}
code,.path{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono CJK SC",monospace;font-size:.86em;overflow-wrap:anywhere}
.entry{display:grid;grid-template-columns:minmax(0,1fr);gap:0 1.6rem}
figure{margin:.4rem 0}svg{display:block;width:100%;max-width:30rem;height:auto}figcaption{color:var(--muted);font-size:.82rem;max-width:30rem}
@media(min-width:60rem){.entry{grid-template-columns:24rem minmax(0,1fr)}}
ol.steps{margin:0;padding:0;list-style:none;counter-reset:n}
ol.steps li{counter-increment:n;display:flex;flex-wrap:wrap;gap:.1rem .5rem;align-items:baseline;padding:.25rem 0;border-bottom:1px solid var(--line)}
ol.steps li::before{content:counter(n);color:var(--muted);font-size:.8rem;min-width:1.4rem;text-align:right}
ol.steps code{flex:1 1 14rem;min-width:0}
.chip{display:inline-block;font-size:.76rem;line-height:1.4;padding:0 .45rem;border:1px solid var(--line);border-radius:1rem;color:var(--muted);white-space:nowrap}
.keep{color:var(--keep)}.lose{color:var(--lose)}.unsure{color:var(--unsure)}.chip.keep,.chip.lose,.chip.unsure{border-color:currentColor}
.place{color:var(--muted);font-size:.8rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid var(--line)}
th{color:var(--muted);font-weight:600;font-size:.8rem;white-space:nowrap}
ul.lost{margin:.2rem 0;padding-left:1.1rem}ul.lost li{margin:.15rem 0}
svg text{fill:var(--fg);font-family:inherit}svg .name{font-size:12px;font-weight:600}svg .small{font-size:10px;fill:var(--muted)}
svg rect{fill:var(--card);stroke:var(--line)}svg .python rect{stroke:var(--accent)}svg .wire{fill:none;stroke:var(--muted)}
svg .lane{fill:none;stroke:currentColor;stroke-width:1.5}svg circle{fill:currentColor;stroke:none}svg .tier rect{stroke:currentColor}svg .tier.lose rect{stroke-dasharray:5 3}
@media(max-width:44rem){
table,tbody,tr,td{display:block;width:100%}thead{display:none}
tr{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:.3rem .2rem}
td{border:0;padding:.15rem .5rem;display:flex;gap:.6rem}td::before{content:attr(data-label);flex:0 0 6.2rem;color:var(--muted);font-size:.8rem}
td>*{min-width:0}
}
footer{margin:2.5rem 0 .5rem;color:var(--muted);font-size:.8rem}
)css";

std::string_view css_of(std::optional<bool> survives) {
  return !survives ? "unsure" : *survives ? "keep" : "lose";
}

std::string chip(std::string_view css, std::string_view text) {
  return fmt::format("<span class=\"chip {}\">{}</span>", css, escaped(text));
}

std::string cell(std::string_view label, const std::string& content) {
  return fmt::format("<td data-label=\"{}\">{}</td>", escaped(label), content);
}

std::string path_of(const Item& item, Language language) {
  if (item.off_box)
    return fmt::format("<span class=\"path\">{}</span> <span class=\"place\">{}</span>",
                       escaped(word("off-box", language)), escaped(item.tool));
  return fmt::format("<span class=\"path\">{}</span>", escaped(item.where));
}

std::string tier_of(const Item& item, Language language) {
  return escaped(item.off_box ? word("off-box", language) : name_of_tier(item.tier, language));
}

void steps(std::string& out, const Entry& entry, Language language) {
  if (entry.steps.empty()) return;
  out += fmt::format("<h4>{}</h4><ol class=\"steps\">", word("steps", language));
  for (const Step& step : entry.steps) {
    out += fmt::format("<li style=\"padding-left:{}rem\">{}<code>{}</code>",
                       std::min(step.depth, 5) * 0.7, chip("", name_of(step.kind, language)),
                       escaped(step.text.size() > 400 ? step.text.substr(0, 400) : step.text));
    if ((step.kind == Step::external || step.kind == Step::install) && !step.target.empty())
      out += chip("", step.target);
    if (step.foreign) {
      out += chip(step.hooked == Tri::yes  ? "keep"
                  : step.hooked == Tri::no ? "lose"
                                           : "unsure",
                  word(step.hooked == Tri::yes  ? "hook-on"
                       : step.hooked == Tri::no ? "hook-off"
                                                : "hook-maybe",
                       language));
    }
    if (step.kind == Step::launch && !step.target.empty()) out += chip("", "→ " + step.target);
    if (step.background) out += chip("", word("background", language));
    if (step.repeated) out += chip("", word("loop", language));
    out += fmt::format("<span class=\"place\">{}:{}</span></li>", escaped(step.path), step.line);
  }
  out += "</ol>";
}

void items(std::string& out, const Entry& entry, Language language) {
  if (entry.items.empty()) return;
  out += fmt::format("<h4>{}</h4><table><thead><tr>", word("artefacts", language));
  for (const char* head :
       {"kind", "path", "tier", "stop", "reset", "release", "image", "days", "by"})
    out += fmt::format("<th>{}</th>", word(head, language));
  out += "</tr></thead><tbody>";
  const auto survives = [&](const char* label, const std::optional<bool>& value) {
    out += cell(word(label, language), chip(css_of(value), answer(value, language)));
  };
  for (const Item& item : entry.items) {
    out +=
        fmt::format("<tr data-kind=\"{}\" data-release=\"{}\">",
                    escaped(name_of(item.kind, Language::en)), answer(item.release, Language::en));
    out += cell(word("kind", language), escaped(name_of(item.kind, language)));
    out += cell(word("path", language), path_of(item, language));
    out += cell(word("tier", language), tier_of(item, language));
    survives("stop", item.stop);
    survives("reset", item.reset);
    survives("release", item.release);
    survives("image", item.image);
    out +=
        cell(word("days", language),
             item.days ? fmt::format(fmt::runtime(word("days-off", language)), *item.days) : "–");
    out +=
        cell(word("by", language), fmt::format("<span>{} <span class=\"place\">{}:{}</span></span>",
                                               escaped(item.tool), escaped(item.path), item.line));
    out += "</tr>";
  }
  out += "</tbody></table>";
  const auto list = [&](const char* title, const char* css, const auto& belongs, const char* none) {
    std::string lines;
    for (const Item& item : entry.items) {
      if (!belongs(item)) continue;
      lines += fmt::format(
          "<li>{} <span class=\"path\">{}</span> <span class=\"{}\">{}</span></li>",
          escaped(name_of(item.kind, language)), escaped(item.off_box ? item.tool : item.where),
          css, escaped(fate(item, language)));
    }
    if (lines.empty() && none)
      lines = fmt::format("<li class=\"keep\">{}</li>", word(none, language));
    if (lines.empty()) return;
    out += fmt::format("<h4>{}</h4><ul class=\"lost\">{}</ul>", word(title, language), lines);
  };
  list("lost", "lose", at_risk, "lost-none");
  list(
      "kept", "keep", [](const Item& item) { return !item.kept_as.empty(); }, nullptr);
}

/// The same item under another profile; null when that one has none.
const Item* same(const Sheet& sheet, const Entry& entry, const Item& item) {
  for (const Entry& other : sheet.entries) {
    if (other.name != entry.name) continue;
    for (const Item& candidate : other.items) {
      if (candidate.where == item.where && candidate.kind == item.kind &&
          candidate.line == item.line)
        return &candidate;
    }
  }
  return nullptr;
}

void compare(std::string& out, const JobMap& map, Language language) {
  out += fmt::format("<h2>{}</h2>", word("profiles", language));
  for (const Entry& entry : map.sheets[0].entries) {
    if (entry.items.empty()) continue;
    out += fmt::format("<h3>{}</h3><table class=\"compare\"><thead><tr><th>{}</th><th>{}</th>",
                       escaped(entry.name), word("kind", language), word("path", language));
    for (const Sheet& sheet : map.sheets) out += fmt::format("<th>{}</th>", escaped(sheet.title));
    out += "</tr></thead><tbody>";
    for (const Item& item : entry.items) {
      out += "<tr>" + cell(word("kind", language), escaped(name_of(item.kind, language))) +
             cell(word("path", language), path_of(item, language));
      for (const Sheet& sheet : map.sheets) {
        const Item* there = same(sheet, entry, item);
        std::string content = "–";
        if (there) {
          content = fmt::format(
              "<span>{} {} {}</span>", tier_of(*there, language),
              chip(css_of(there->stop),
                   fmt::format("{} {}", word("stop", language), answer(there->stop, language))),
              chip(css_of(there->release), fmt::format("{} {}", word("release", language),
                                                       answer(there->release, language))));
        }
        out += cell(sheet.title, content);
      }
      out += "</tr>";
    }
    out += "</tbody></table>";
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
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
      case '\'':
        out += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t')
          out += c;
        else
          out += ' ';
    }
  }
  return out;
}

std::string html(const JobMap& map, Language language) {
  const std::string name =
      map.root.substr(map.root.rfind('/') == std::string::npos ? 0 : map.root.rfind('/') + 1);
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<title>{} · {}</title>\n<style>{}</style>\n</head>\n<body>\n<h1>{} <code>{}</code></h1>\n",
      language == Language::zh ? "zh-CN" : "en", escaped(name), word("title", language), kStyle,
      word("title", language), escaped(name));
  const bool nothing = std::all_of(map.sheets.begin(), map.sheets.end(),
                                   [](const Sheet& sheet) { return sheet.entries.empty(); });
  if (nothing)
    out += fmt::format("<p>{}</p>", word("nothing", language));
  else if (map.sheets.size() > 1)
    compare(out, map, language);
  for (const Sheet& sheet : map.sheets) {
    if (sheet.entries.empty()) continue;
    out += fmt::format("<section data-profile=\"{}\"><h2>{}</h2>", escaped(sheet.profile),
                       escaped(sheet.title));
    for (const Entry& entry : sheet.entries) {
      out += fmt::format(
          "<h3>{}{}</h3><div class=\"entry\" "
          "data-entry=\"{}\"><figure>{}<figcaption>{}</figcaption></figure><div>",
          escaped(entry.name), entry.local ? " " + chip("", word("local", language)) : "",
          escaped(entry.name), svg(sheet, entry, language), word("legend", language));
      steps(out, entry, language);
      out += "</div></div>";
      items(out, entry, language);
    }
    out += "</section>";
  }
  out += fmt::format("\n<footer>{}</footer>\n</body>\n</html>\n", word("made-by", language));
  return out;
}

}  // namespace preflint::map
