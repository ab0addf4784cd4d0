#include "cli/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>

#include "catalog/facts.h"
#include "cli/emit.h"
#include "cli/fixing.h"
#include "cli/narrow.h"
#include "cli/progress.h"
#include "model/value.h"
#include "output/baseline.h"
#include "output/render.h"
#include "output/width.h"
#include "project/disk_reader.h"
#include "project/file_kind.h"
#include "project/read_bytes.h"
#include "workspace/project.h"

namespace preflint::cli {
namespace {

namespace fs = std::filesystem;

std::string working_directory() {
  std::error_code error;
  const fs::path path = fs::current_path(error);
  return error ? "/" : path.string();
}

/// Standard input; nothing when it cannot be read (it has been said).
std::optional<std::string> read_input() {
  std::string text;
  char buffer[1 << 16];
  errno = 0;
  for (size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
    text.append(buffer, count);
    if (text.size() > project::kMaxNotebookBytes) break;
  }
  if (std::ferror(stdin) == 0) return text;
  const std::string reason = std::strerror(errno);
  complain({"standard input: " + reason, "标准输入：" + reason});
  return std::nullopt;
}

bool any_at(const std::vector<Finding>& findings, Severity floor) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return !finding.suppressed && finding.severity >= floor;
  });
}

std::string folder_of(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return path;
  const size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// What is to be linted; false when the options contradict each other (it has been said).
bool request_of(const CheckOptions& options, workspace::LintRequest& request) {
  const bool standard_input =
      std::find(options.paths.begin(), options.paths.end(), "-") != options.paths.end();
  if (standard_input || !options.stdin_filename.empty()) {
    const std::string path =
        absolute(options.stdin_filename.empty() ? "stdin.sh" : options.stdin_filename);
    std::optional<std::string> text = read_input();
    if (!text) return false;
    if (const auto trouble = project::not_text(*text)) {
      complain(*trouble == project::Trouble::utf16
                   ? Sentence{"standard input is UTF-16; shells and Python want UTF-8",
                              "标准输入是 UTF-16 编码；Shell 和 Python 要求 UTF-8"}
                   : Sentence{"standard input holds binary data", "标准输入是二进制数据"});
      return false;
    }
    const auto named = project::kind_by_name(path);
    const FileKind kind =
        named ? *named : project::kind_by_shebang(*text).value_or(FileKind::shell);
    if (const size_t limit = project::size_limit(kind); text->size() > limit) {
      const std::string most = std::to_string(limit >> 20) + " MB";
      complain({"standard input is larger than " + most, "标准输入超过 " + most});
      return false;
    }
    request.input = std::make_shared<const File>(File{path, kind, *std::move(text)});
  }
  for (const std::string& path : options.paths) {
    if (path != "-") request.paths.push_back(absolute(path));
  }
  if (request.input && !request.paths.empty()) {
    complain({"either standard input or paths, not both", "标准输入和路径只能二选一"});
    return false;
  }
  if (request.paths.empty() && !request.input) request.paths.push_back(absolute("."));
  if (!options.config.empty()) request.config = absolute(options.config);
  request.profile =
      options.profile.find('/') == std::string::npos ? options.profile : absolute(options.profile);
  request.select = options.select;
  request.extend_select = options.extend_select;
  request.ignore = options.ignore;
  request.respect_gitignore = options.respect_gitignore;
  constexpr size_t kMostKept = 20'000;  // files
  request.most_kept = kMostKept;
  request.threads =
      options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  return true;
}

/// A check from reading to the exit status.
class Check {
 public:
  Check(const CheckOptions& options, const workspace::LintRequest& request, Progress& progress)
      : options_(options), request_(request), project_(request), progress_(progress) {}

  int run() {
    std::vector<std::string> folders;
    for (const std::string& path : request_.paths) folders.push_back(folder_of(path));
    if (request_.input) folders.push_back(folder_of(request_.input->path));
    narrow_ = Narrow::of(options_, folders);
    if (!narrow_) return 2;
    original_ = workspace::lint(project_, {});
    progress_.done();
    for (const std::string& path : original_.missing) {
      complain(workspace::no_such(output::relative(path, working_directory())));
    }
    for (const Sentence& sentence : original_.bad_selectors) complain(sentence);
    for (const engine::Fault& fault : original_.faults) complain(sentence_of(fault));
    if (!original_.bad_selectors.empty()) return 2;
    trouble_ = !original_.missing.empty() || !original_.problems.empty() ||
               !original_.faults.empty() || named_unreadable();
    if (options_.verbose) tell();
    if (!options_.write_baseline.empty()) return write_baseline();
    if (options_.diff) return diff();
    if (options_.fix) return fix();
    return finish(original_, 0, stdout);
  }

 private:
  /// What a mistake of ours has cost.
  static Sentence sentence_of(const engine::Fault& fault) {
    const std::string folder = output::relative(fault.root, working_directory());
    if (fault.rule.empty()) {
      return {fmt::format("internal fault in {}: {}; nothing of this project was linted", folder,
                          fault.what),
              fmt::format("处理 {} 时发生内部故障：{}；该项目未检查", folder, fault.what)};
    }
    return {fmt::format("internal fault of {} in {}: {}; what it finds there is missing",
                        fault.rule, folder, fault.what),
            fmt::format("规则 {} 处理 {} 时发生内部故障：{}；缺少它在那里的告警", fault.rule,
                        folder, fault.what)};
  }

  /// `result` has to outlive it.
  output::Report report_of(const workspace::LintResult& result) const {
    output::Report report;
    report.findings = result.findings;
    report.file = [&result](const std::string& path) { return result.file(path); };
    report.rules.rule = [&result](std::string_view id) { return result.rule(id); };
    report.rules.note = catalog::common_note;
    report.directory = working_directory();
    report.root = result.root;
    report.version = PREFLINT_VERSION;
    report.language = options_.language;
    report.show_suppressed = options_.show_suppressed;
    report.files = result.files;
    return report;
  }

  /// Is there a path on the command line that could not be read? Deep in a folder that is a finding
  /// only.
  bool named_unreadable() const {
    const std::vector<Finding>& read = project_.read().findings;
    return std::any_of(read.begin(), read.end(), [&](const Finding& finding) {
      return finding.rule == "PFL003" && std::find(request_.paths.begin(), request_.paths.end(),
                                                   finding.place.path) != request_.paths.end();
    });
  }

  /// What --verbose adds: on stderr, so that no format is disturbed.
  void tell() const {
    complain({fmt::format("linted: {}, below {}, threads: {}", original_.files, original_.root,
                          request_.threads),
              fmt::format("检查的文件：{}，位于 {}，线程：{}", original_.files, original_.root,
                          request_.threads)});
    for (const auto& setup : original_.setups) {
      const std::string& path = setup->config.path;
      const std::string& profile =
          request_.profile.empty() ? setup->config.profile : request_.profile;
      complain({fmt::format("configuration: {}, profile: {}",
                            path.empty() ? "built-in defaults" : path, profile),
                fmt::format("配置：{}，profile：{}", path.empty() ? "内置默认值" : path, profile)});
      if (!setup->profile) continue;
      for (const catalog::Rule* rule : setup->rules()) {
        const auto missing = catalog::missing_facts(*rule, *setup->profile);
        if (missing.empty()) continue;
        complain({fmt::format("{} sleeps: the profile lacks {}", rule->id, missing.front()),
                  fmt::format("{} 未启用：profile 中没有 {}", rule->id, missing.front())});
      }
    }
  }

  int write_baseline() {
    const std::string path = absolute(options_.write_baseline);
    output::Report report = report_of(original_);
    narrow_->apply_changes(report.findings, report, original_);
    output::Baseline baseline(fs::path(path).parent_path().string());
    baseline.add(report);
    if (!write_file(options_.write_baseline, baseline.written())) return 2;
    if (!options_.quiet) {
      const std::string name = output::visible(options_.write_baseline);
      const bool zh = options_.language == Language::zh;
      const std::string text =
          zh ? fmt::format("已把 {} 处告警写入 {}。\n", baseline.size(), name)
             : fmt::format("Wrote {} findings to {}.\n", baseline.size(), name);
      if (!write_all(stdout, text, "stdout")) return 2;
    }
    return trouble_ ? 2 : 0;
  }

  void report_stale(const output::Report& report) const {
    if (!narrow_->baseline()) return;
    const std::string folder = fs::path(absolute(options_.baseline)).parent_path().string();
    const auto stale = narrow_->baseline()->stale(report, [&](const std::string& path) {
      const std::string file = absolute(path.starts_with('/') ? path : folder + "/" + path);
      return project_.in_focus(file);
    });
    for (const output::Baseline::Entry& entry : stale) {
      complain({fmt::format("{}: {} is no longer found in {}; --write-baseline leaves it out",
                            options_.baseline, entry.rule, entry.path),
                fmt::format("{}：{} 中已没有 {}，可用 --write-baseline 重写", options_.baseline,
                            entry.path, entry.rule)});
    }
  }

  int diff() {
    const Fixing fixing = work_out(options_, project_, original_, *narrow_, report_of(original_));
    if (!write_all(stdout, diff_of(fixing, original_, working_directory()), "stdout")) return 2;
    if (!options_.quiet && fixing.count > 0) {
      output::Report report = report_of(original_);
      report.fixed = fixing.count;
      report.would_fix = true;
      std::fprintf(stderr, "%s\n", output::fixed_sentence(report).c_str());
    }
    if (trouble_) return 2;
    return fixing.changed.empty() || options_.exit_zero ? 0 : 1;
  }

  int fix() {
    Fixing fixing = work_out(options_, project_, original_, *narrow_, report_of(original_));
    if (request_.input) {
      // The fixed text is the output; what is left to say goes beside it.
      const auto it = fixing.changed.find(request_.input->path);
      const std::string& text =
          it == fixing.changed.end() ? request_.input->bytes : it->second->bytes;
      if (!write_all(stdout, text, "stdout")) return 2;
    } else {
      write_fixes(fixing, project_, original_);
      trouble_ |= fixing.failed;
    }
    if (fixing.changed.empty()) return finish(original_, 0, request_.input ? stderr : stdout);
    return finish(workspace::lint(project_, fixing.changed), fixing.count,
                  request_.input ? stderr : stdout);
  }

  /// Prints what was found and makes the exit status of it.
  int finish(const workspace::LintResult& result, size_t fixed, std::FILE* out) {
    output::Report report = report_of(result);
    report.fixed = fixed;
    report_stale(report);
    narrow_->apply(report.findings, report, original_, Severity::info);
    const bool failing = any_at(report.findings, options_.fail_on);
    std::erase_if(report.findings,
                  [&](const Finding& finding) { return finding.severity < options_.severity; });
    bool good = true;
    const bool plain = options_.formats.empty() && options_.files.empty();
    if (plain && result.files == 0 && report.findings.empty()) {
      // Where nothing that was named exists, the complaint has said it all.
      const bool zh = options_.language == Language::zh;
      if (!options_.quiet && result.missing.empty()) {
        good = write_all(out, zh ? "没有可检查的文件。\n" : "No files to lint.\n", "stdout");
      }
    } else {
      good = emit(options_, report, out);
    }
    if (trouble_ || !good) return 2;
    return failing && !options_.exit_zero ? 1 : 0;
  }

  const CheckOptions& options_;
  const workspace::LintRequest& request_;
  workspace::Project project_;
  Progress& progress_;
  workspace::LintResult original_;
  std::unique_ptr<Narrow> narrow_;
  bool trouble_ = false;
};

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
  std::error_code gone;
  if (fs::current_path(gone).empty()) {
    complain({"the working directory: " + gone.message(), "当前工作目录：" + gone.message()});
    return 2;
  }
  if (!formats_fit(options) || !request_of(options, request)) return 2;
  Progress progress(!options.quiet);
  return Check(options, request, progress).run();
}

}  // namespace preflint::cli
