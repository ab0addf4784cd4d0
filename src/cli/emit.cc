#include "cli/emit.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "output/position.h"
#include "output/render.h"
#include "output/width.h"

namespace preflint::cli {
namespace {

Language spoken = Language::en;

struct Target {
  output::Format format;
  std::string file;  // "" is stdout
};

/// Files belong to the last formats given.
std::vector<Target> targets(const CheckOptions& options) {
  std::vector<std::string> formats = options.formats;
  if (formats.empty()) formats.emplace_back("text");
  const size_t first = formats.size() - options.files.size();
  std::vector<Target> out;
  for (size_t i = 0; i < formats.size(); ++i) {
    out.push_back({*output::format_of(formats[i]), i < first ? "" : options.files[i - first]});
  }
  return out;
}

bool for_people(output::Format format) {
  return format == output::Format::text || format == output::Format::concise;
}

/// Rules by how often they report; `[*]` where all of a rule's findings have a safe fix.
std::string statistics(const output::Report& report) {
  struct Count {
    size_t all = 0, safe = 0;
  };
  std::map<std::string, Count> counts;
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) continue;
    Count& count = counts[finding.rule];
    ++count.all;
    count.safe += finding.fix && finding.fix->applicability == Applicability::safe;
  }
  std::vector<std::pair<std::string, Count>> list(counts.begin(), counts.end());
  std::stable_sort(list.begin(), list.end(),
                   [](const auto& a, const auto& b) { return a.second.all > b.second.all; });
  size_t digits = 0;
  for (const auto& [rule, count] : list)
    digits = std::max(digits, std::to_string(count.all).size());
  std::string text;
  for (const auto& [id, count] : list) {
    const catalog::Rule* rule = report.rules.rule(id);
    const std::string_view mark = count.safe == 0 ? "[ ]" : count.safe == count.all ? "[*]" : "[-]";
    text += fmt::format("{:>{}}  {}  {} {}\n", count.all, digits, id, mark,
                        output::visible(rule ? rule->name : ""));
  }
  return text;
}

std::string rendered(const CheckOptions& options, const output::Report& report,
                     output::Format format) {
  if (format == output::Format::text && options.quiet && report.findings.empty() &&
      report.fixed == 0)
    return "";
  if (options.statistics && for_people(format)) return statistics(report) + output::summary(report);
  return output::render(format, report);
}

}  // namespace

void speak(Language language) { spoken = language; }

void complain(const Sentence& sentence) {
  std::fprintf(stderr, "preflint: %s\n", output::visible(sentence.in(spoken)).c_str());
}

int refuse(const Sentence& sentence) {
  complain(sentence);
  return 2;
}

void complain_of(const std::vector<catalog::SetupProblem>& problems) {
  for (const catalog::SetupProblem& problem : problems) {
    output::Position at;
    if (problem.text && problem.error.where) {
      at = output::LineIndex(*problem.text).position(problem.error.where->begin);
    }
    std::fprintf(stderr, "%s:%u:%u: %s%s\n", output::visible(problem.path).c_str(), at.line,
                 at.column, spoken == Language::zh ? "错误：" : "error: ",
                 output::visible(problem.error.in(spoken)).c_str());
  }
}

bool write_all(std::FILE* out, const std::string& text, const std::string& name) {
  if (std::fwrite(text.data(), 1, text.size(), out) == text.size() && std::fflush(out) == 0)
    return true;
  if (errno == EPIPE) return true;
  complain(verbatim(name + ": " + std::strerror(errno)));
  return false;
}

bool write_file(const std::string& name, const std::string& text) {
  std::FILE* out = std::fopen(name.c_str(), "wb");
  if (out == nullptr) {
    complain(verbatim(name + ": " + std::strerror(errno)));
    return false;
  }
  const bool good = write_all(out, text, name);
  if (std::fclose(out) == 0 || !good) return good;
  complain(verbatim(name + ": " + std::strerror(errno)));
  return false;
}

bool colored(const CheckOptions& options) {
  if (options.color != "auto") return options.color == "always";
  const char* no = std::getenv("NO_COLOR");
  return (no == nullptr || *no == '\0') && ::isatty(STDOUT_FILENO) == 1;
}

bool formats_fit(const CheckOptions& options) {
  if (options.files.size() <= std::max<size_t>(1, options.formats.size())) return true;
  complain({"there are more --output-file than --output-format",
            "--output-file 的个数多于 --output-format"});
  return false;
}

bool emit(const CheckOptions& options, output::Report& report, std::FILE* out) {
  bool good = true, counted = false;
  for (const Target& target : targets(options)) {
    report.color = target.file.empty() && out == stdout && colored(options);
    const std::string text = rendered(options, report, target.format);
    good &= target.file.empty() ? write_all(out, text, out == stdout ? "stdout" : "stderr")
                                : write_file(target.file, text);
    counted |= for_people(target.format);
  }
  // Formats for machines have no room for it.
  if (options.statistics && !counted) good &= write_all(stderr, statistics(report), "stderr");
  return good;
}

}  // namespace preflint::cli
