#include "cli/check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <thread>

#include "model/value.h"
#include "project/file_kind.h"
#include "project/read_bytes.h"
#include "workspace/lint.h"

namespace preflint::cli {
namespace {

namespace fs = std::filesystem;

void complain(const std::string& sentence) {
  std::fprintf(stderr, "preflint: %s\n", sentence.c_str());
}

std::string working_directory() {
  std::error_code error;
  const fs::path path = fs::current_path(error);
  return error ? "/" : path.string();
}

std::string read_input() {
  std::string text;
  char buffer[1 << 16];
  for (size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
    text.append(buffer, count);
    if (text.size() > project::kMaxNotebookBytes) break;
  }
  return text;
}

/// Writes all of a text; a closed pipe (`| head`) is not an error of ours.
bool write_all(std::FILE* out, const std::string& text, const std::string& name) {
  if (std::fwrite(text.data(), 1, text.size(), out) == text.size() && std::fflush(out) == 0)
    return true;
  if (errno == EPIPE) return true;
  complain(name + ": " + std::strerror(errno));
  return false;
}

bool colored(const CheckOptions& options) {
  if (options.color != "auto") return options.color == "always";
  const char* no = std::getenv("NO_COLOR");
  return (no == nullptr || *no == '\0') && ::isatty(STDOUT_FILENO) == 1;
}

std::string statistics(const std::vector<Finding>& findings) {
  std::map<std::string, size_t> counts;
  for (const Finding& finding : findings) {
    if (!finding.suppressed) ++counts[finding.rule];
  }
  std::vector<std::pair<std::string, size_t>> list(counts.begin(), counts.end());
  std::stable_sort(list.begin(), list.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [rule, count] : list) text += fmt::format("{:>6}  {}\n", count, rule);
  return text;
}

/// Each format with the file that it goes to; "" is stdout. Files belong to the last formats given.
bool targets(const CheckOptions& options,
             std::vector<std::pair<output::Format, std::string>>& out) {
  std::vector<std::string> formats = options.formats;
  if (formats.empty()) formats.emplace_back("text");
  if (options.files.size() > formats.size()) {
    complain("there are more --output-file than --output-format");
    return false;
  }
  const size_t first = formats.size() - options.files.size();
  for (size_t i = 0; i < formats.size(); ++i) {
    out.emplace_back(*output::format_of(formats[i]), i < first ? "" : options.files[i - first]);
  }
  return true;
}

bool emit(const CheckOptions& options, output::Report& report) {
  std::vector<std::pair<output::Format, std::string>> list;
  if (!targets(options, list)) return false;
  bool good = true;
  for (const auto& [format, file] : list) {
    report.color = file.empty() && colored(options);
    const bool nothing = report.findings.empty() && options.quiet && format == output::Format::text;
    const std::string text = nothing ? "" : output::render(format, report);
    if (file.empty()) {
      good &= write_all(stdout, text, "stdout");
      continue;
    }
    std::FILE* out = std::fopen(file.c_str(), "wb");
    if (out == nullptr) {
      complain(file + ": " + std::strerror(errno));
      good = false;
      continue;
    }
    good &= write_all(out, text, file);
    if (std::fclose(out) != 0) {
      complain(file + ": " + std::strerror(errno));
      good = false;
    }
  }
  return good;
}

}  // namespace

std::string absolute(const std::string& path) {
  return paths::normalise(path.starts_with('/') ? path : working_directory() + "/" + path);
}

Language locale_language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0')
      return std::strncmp(value, "zh", 2) == 0 ? Language::zh : Language::en;
  }
  return Language::en;
}

int check(const CheckOptions& options) {
  workspace::LintRequest request;
  const bool standard_input =
      std::find(options.paths.begin(), options.paths.end(), "-") != options.paths.end();
  if (standard_input || !options.stdin_filename.empty()) {
    const std::string path =
        absolute(options.stdin_filename.empty() ? "stdin.sh" : options.stdin_filename);
    std::string text = read_input();
    const auto named = project::kind_by_name(path);
    const FileKind kind = named ? *named : project::kind_by_shebang(text).value_or(FileKind::shell);
    request.input = std::make_shared<const File>(File{path, kind, std::move(text)});
  }
  for (const std::string& path : options.paths) {
    if (path != "-") request.paths.push_back(absolute(path));
  }
  if (request.paths.empty() && !request.input) request.paths.push_back(absolute("."));
  if (!options.config.empty()) request.config = absolute(options.config);
  request.profile =
      options.profile.find('/') == std::string::npos ? options.profile : absolute(options.profile);
  request.select = options.select;
  request.extend_select = options.extend_select;
  request.ignore = options.ignore;
  request.respect_gitignore = options.respect_gitignore;
  request.threads =
      options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());

  workspace::LintResult result = workspace::lint(request);
  for (const std::string& path : result.missing) complain(path + ": no such file or folder");
  for (const std::string& sentence : result.bad_selectors) complain(sentence);
  const bool trouble =
      !result.missing.empty() || !result.bad_selectors.empty() || !result.problems.empty();

  const bool failing =
      std::any_of(result.findings.begin(), result.findings.end(), [&](const Finding& finding) {
        return !finding.suppressed && finding.severity >= options.fail_on;
      });
  std::erase_if(result.findings,
                [&](const Finding& finding) { return finding.severity < options.severity; });

  output::Report report;
  report.findings = std::move(result.findings);
  report.file = [&](const std::string& path) { return result.file(path); };
  report.rules.rule = [&](std::string_view id) { return result.rule(id); };
  report.rules.note = catalog::common_note;
  report.directory = working_directory();
  report.root = result.root;
  report.version = PREFLINT_VERSION;
  report.language = options.language;
  report.show_suppressed = options.show_suppressed;
  report.files = result.files;
  bool good = true;
  const bool plain = options.formats.empty() && options.files.empty();
  if (plain && result.files == 0 && report.findings.empty() && result.missing.empty()) {
    if (!options.quiet)
      good = write_all(
          stdout, options.language == Language::zh ? "没有可检查的文件。\n" : "No files to lint.\n",
          "stdout");
  } else if (!result.missing.empty() && result.files == 0) {
    // Nothing was there to be linted: the complaint says it all.
  } else {
    good = emit(options, report);
  }
  if (options.statistics) good &= write_all(stdout, statistics(report.findings), "stdout");
  if (trouble || !good) return 2;
  return failing && !options.exit_zero ? 1 : 0;
}

}  // namespace preflint::cli
