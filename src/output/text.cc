#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "output/render.h"
#include "output/width.h"
#include "syntax/secrets.h"

namespace preflint::output {
namespace {

constexpr size_t kNotesShown = 4;

/// Escape sequences of a terminal, or nothing.
struct Paint {
  bool on;
  std::string_view red() const { return on ? "\x1b[1;31m" : ""; }
  std::string_view yellow() const { return on ? "\x1b[1;33m" : ""; }
  std::string_view cyan() const { return on ? "\x1b[1;36m" : ""; }
  std::string_view blue() const { return on ? "\x1b[1;34m" : ""; }
  std::string_view bold() const { return on ? "\x1b[1m" : ""; }
  std::string_view off() const { return on ? "\x1b[0m" : ""; }
  std::string_view of(Severity severity) const {
    return severity == Severity::error ? red() : severity == Severity::warning ? yellow() : cyan();
  }
};

std::string position(const Report& report, const Spot& spot) {
  std::string out = visible(relative(*spot.path, report.directory));
  if (spot.cell) out += fmt::format(":cell {}", *spot.cell);
  return out += fmt::format(":{}:{}", spot.range.begin.line, spot.range.begin.column);
}

size_t digits(uint32_t number) { return std::to_string(number).size(); }

/// `  --> path:line:col`, the line and the marks under it.
void frame(const Report& report, const Spot& spot, size_t gutter, std::string_view color, char mark,
           const Paint& paint, std::string& out) {
  const std::string pad(gutter, ' ');
  out += fmt::format("{}{}-->{} {}\n", pad, paint.blue(), paint.off(), position(report, spot));
  if (spot.text.empty()) return;
  const std::string_view text = spot.text;
  const std::string before = visible(text.substr(0, spot.mark.begin));
  const std::string marked = visible(text.substr(spot.mark.begin, spot.mark.size()));
  const std::string after = visible(text.substr(spot.mark.end));
  const size_t length = std::max<size_t>(1, display_width(marked));
  out += fmt::format("{} {}|{}\n", pad, paint.blue(), paint.off());
  out += fmt::format("{}{:>{}} |{} {}{}{}\n", paint.blue(), spot.range.begin.line, gutter,
                     paint.off(), before, marked, after);
  out += fmt::format("{} {}|{} {}{}{}{}{}\n", pad, paint.blue(), paint.off(),
                     std::string(display_width(before), ' '), color, std::string(length, mark),
                     spot.more ? "…" : "", paint.off());
}

void related(const Report& report, const Item& item, const std::vector<Note>& notes, size_t gutter,
             const Paint& paint, Locator& locator, std::string& out) {
  size_t shown = 0;
  for (const Note& note : notes) {
    if (shown++ == kNotesShown) {
      const size_t rest = notes.size() - kNotesShown;
      out += report.language == Language::zh ? fmt::format("  …另有 {} 处\n", rest)
                                             : fmt::format("  … and {} more places\n", rest);
      return;
    }
    const std::string words = note_of(note, item.rule, report.rules, report.language);
    const bool zh = report.language == Language::zh;
    out += fmt::format("{}{}{}{}{}\n", paint.bold(), zh ? "相关" : "note", paint.off(),
                       zh ? "：" : ": ", visible(words));
    frame(report, locator.spot(note.place), gutter, paint.blue(), '-', paint, out);
  }
}

void help(const Report& report, const Item& item, const Paint& paint, std::string& out) {
  const bool zh = report.language == Language::zh;
  std::string words = advice_of(*item.finding, item.rule, report.language);
  if (item.finding->fix) {
    const bool safe = item.finding->fix->applicability == Applicability::safe;
    const std::string_view option = safe ? "--fix" : "--fix --unsafe-fixes";
    if (!words.empty() && !zh) words += ' ';
    words +=
        zh ? fmt::format("（可用 `{}` 自动修复）", option) : fmt::format("(`{}` does it)", option);
  }
  if (words.empty()) return;
  out += fmt::format("{}{}{}{}{}\n", paint.cyan(), zh ? "建议" : "help", paint.off(),
                     zh ? "：" : ": ", visible(words));
}

size_t widest_line(const Item& item, Locator& locator) {
  uint32_t line = item.spot.range.begin.line;
  for (const auto* notes : {&item.finding->chain, &item.finding->related}) {
    for (size_t i = 0; i < std::min(notes->size(), kNotesShown); ++i) {
      line = std::max(line, locator.spot((*notes)[i].place).range.begin.line);
    }
  }
  return digits(line);
}

/// Findings of one file that say the same. From the fourth on they are not drawn one by one: the
/// first is, and names the lines of the others.
using Alike = std::map<std::tuple<std::string_view, std::string_view, std::string_view, bool>,
                       std::vector<const Item*>>;
constexpr size_t kAlikeDrawn = 3;

std::tuple<std::string_view, std::string_view, std::string_view, bool> alike_key(const Item& item) {
  return {*item.spot.path, item.finding->rule, item.message, item.finding->suppressed};
}

void others(const Report& report, const std::vector<const Item*>& alike, std::string& out) {
  constexpr size_t kLines = 8;
  std::string lines;
  for (size_t i = 1; i < alike.size() && i <= kLines; ++i) {
    if (i > 1) lines += ", ";
    const Spot& spot = alike[i]->spot;
    if (spot.cell) lines += fmt::format("{}:", *spot.cell);
    lines += std::to_string(spot.range.begin.line);
  }
  if (alike.size() - 1 > kLines) lines += ", …";
  out += report.language == Language::zh
             ? fmt::format("  …这个文件里还有 {} 处相同：第 {} 行\n", alike.size() - 1, lines)
             : fmt::format("  … and the same {} times more in this file: lines {}\n",
                           alike.size() - 1, lines);
}

void one(const Report& report, const Item& item, const std::vector<const Item*>& alike,
         const Paint& paint, Locator& locator, std::string& out) {
  const Finding& finding = *item.finding;
  const size_t gutter = widest_line(item, locator);
  const std::string_view color = paint.of(finding.severity);
  out += fmt::format("{}{}[{}]{}", color, name_of(finding.severity, report.language), finding.rule,
                     paint.off());
  if (item.rule) out += fmt::format(" {}", item.rule->name);
  out += fmt::format("{}: {}{}\n", paint.bold(), visible(item.message), paint.off());
  frame(report, item.spot, gutter, color, '^', paint, out);
  related(report, item, finding.chain, gutter, paint, locator, out);
  related(report, item, finding.related, gutter, paint, locator, out);
  if (finding.suppressed) {
    const bool zh = report.language == Language::zh;
    out += fmt::format("{}{}{}\n", zh ? "已忽略" : "suppressed",
                       finding.suppression_reason.empty() ? ""
                       : zh                               ? "："
                                                          : ": ",
                       visible(secrets::masked(finding.suppression_reason)));
  }
  if (alike.size() > kAlikeDrawn) others(report, alike, out);
  help(report, item, paint, out);
  out += '\n';
}

struct Counts {
  size_t of[3] = {0, 0, 0};
  size_t safe = 0, unsafe = 0, suppressed = 0, files = 0;
};

Counts count(const Report& report) {
  Counts counts;
  std::set<std::string_view> files;
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) {
      ++counts.suppressed;
      continue;
    }
    ++counts.of[static_cast<size_t>(finding.severity)];
    files.insert(finding.place.path);
    if (!finding.fix) continue;
    ++(finding.fix->applicability == Applicability::safe ? counts.safe : counts.unsafe);
  }
  counts.files = files.size();
  return counts;
}

std::string plural(size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string summary_en(const Counts& counts, size_t files) {
  std::string list;
  constexpr std::string_view kNouns[] = {"hint", "warning", "error"};
  for (int i = 2; i >= 0; --i) {
    if (counts.of[i] == 0) continue;
    if (!list.empty()) list += ", ";
    list += plural(counts.of[i], kNouns[i]);
  }
  std::string out = list.empty() ? fmt::format("No problems in {}.", plural(files, "file"))
                                 : fmt::format("Found {} in {} of {}.", list, counts.files,
                                               plural(files, "file"));
  if (counts.suppressed > 0) out += fmt::format(" {} suppressed.", counts.suppressed);
  if (counts.safe > 0) out += fmt::format(" {} fixable with `--fix`.", counts.safe);
  if (counts.unsafe > 0) out += fmt::format(" {} more with `--unsafe-fixes`.", counts.unsafe);
  return out += '\n';
}

std::string summary_zh(const Counts& counts, size_t files) {
  std::string list;
  constexpr std::string_view kNouns[] = {"条提示", "个警告", "个错误"};
  for (int i = 2; i >= 0; --i) {
    if (counts.of[i] == 0) continue;
    if (!list.empty()) list += "、";
    list += fmt::format("{} {}", counts.of[i], kNouns[i]);
  }
  std::string out = list.empty() ? fmt::format("共检查 {} 个文件，没有发现问题。", files)
                                 : fmt::format("共检查 {} 个文件，其中 {} 个有问题：{}。", files,
                                               counts.files, list);
  if (counts.suppressed > 0) out += fmt::format("另有 {} 处已忽略。", counts.suppressed);
  if (counts.safe > 0) out += fmt::format("`--fix` 可修复 {} 处。", counts.safe);
  if (counts.unsafe > 0) out += fmt::format("`--unsafe-fixes` 还可修复 {} 处。", counts.unsafe);
  return out += '\n';
}

}  // namespace

std::string fixed_sentence(const Report& report) {
  if (report.fixed == 0) return "";
  if (report.language == Language::zh) {
    return fmt::format("{} {} 处。", report.would_fix ? "可修复" : "已修复", report.fixed);
  }
  return fmt::format("{} {}.", report.would_fix ? "Would fix" : "Fixed",
                     plural(report.fixed, "finding"));
}

std::string summary(const Report& report) {
  const Counts counts = count(report);
  std::string done = fixed_sentence(report);
  if (!done.empty() && report.language != Language::zh) done += ' ';
  return done + (report.language == Language::zh ? summary_zh(counts, report.files)
                                                 : summary_en(counts, report.files));
}

namespace {

/// What a finding may cost, by its category: the box that burns money or throws results away, what
/// leaks, what is lost, what says it was saved; a run that does not start comes after them.
int cost(const Finding& finding) {
  static constexpr std::string_view kCategories[] = {"END", "SEC", "STO", "SYN"};
  const auto at = std::find_if(std::begin(kCategories), std::end(kCategories),
                               [&](std::string_view one) { return finding.rule.starts_with(one); });
  return static_cast<int>(at - std::begin(kCategories));
}

/// Files come in the order of their names: where there are too many findings for one screen a line
/// says which of them to look at first. It stands at both ends: a pager shows the one, a terminal
/// the other.
std::string costliest(const Report& report, const std::vector<Item>& list) {
  constexpr size_t kOneScreen = 5;
  if (list.size() <= kOneScreen) return "";
  const auto most = std::min_element(list.begin(), list.end(), [](const Item& a, const Item& b) {
    const auto rank = [](const Item& item) {
      return std::tuple(item.finding->suppressed, -static_cast<int>(item.finding->severity),
                        cost(*item.finding));
    };
    return rank(a) < rank(b);
  });
  if (most == list.begin() || most->finding->suppressed ||
      most->finding->severity != Severity::error)
    return "";
  const std::string name = most->rule ? fmt::format("{} {}", most->finding->rule, most->rule->name)
                                      : most->finding->rule;
  return report.language == Language::zh
             ? fmt::format("最先看：{}（{}）\n", position(report, most->spot), name)
             : fmt::format("Look first at {} ({}).\n", position(report, most->spot), name);
}

}  // namespace

std::string render_text(const Report& report) {
  std::string out;
  Locator locator(report);
  const Paint paint{report.color};
  const auto list = items(report, locator, report.show_suppressed);
  const std::string first = costliest(report, list);
  if (!first.empty()) out = first + '\n';
  Alike alike;
  for (const Item& item : list) alike[alike_key(item)].push_back(&item);
  for (const Item& item : list) {
    const auto& same = alike[alike_key(item)];
    if (same.size() > kAlikeDrawn && same.front() != &item) continue;
    one(report, item, same, paint, locator, out);
  }
  out += first;
  return out += summary(report);
}

std::string render_concise(const Report& report) {
  std::string out;
  Locator locator(report);
  const Paint paint{report.color};
  for (const Item& item : items(report, locator, report.show_suppressed)) {
    const Finding& finding = *item.finding;
    out += fmt::format("{}: {}{}[{}]{} {}", position(report, item.spot), paint.of(finding.severity),
                       name_of(finding.severity, report.language), finding.rule, paint.off(),
                       visible(item.message));
    if (finding.fix && finding.fix->applicability == Applicability::safe) out += " [*]";
    if (finding.suppressed) out += report.language == Language::zh ? "（已忽略）" : " (suppressed)";
    out += '\n';
  }
  return out;
}

}  // namespace preflint::output
