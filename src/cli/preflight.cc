#include "cli/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "cli/box_report.h"
#include "cli/check.h"
#include "cli/emit.h"
#include "cli/first_steps.h"
#include "cli/probe.h"
#include "cli/profile_choice.h"
#include "cli/save_file.h"
#include "engine/engine.h"
#include "output/render.h"
#include "workspace/project.h"

namespace preflint::cli {
namespace {

using probe::Verdict;

/// The folder whose configuration says which platform the box is.
std::string folder_of(const std::vector<std::string>& paths) {
  if (paths.empty()) return absolute(".");
  std::string path = absolute(paths.front());
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return path;
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

/// Lints as the box is: its image and its card stand for what the configuration says of them.
workspace::LintResult lint(const PreflightOptions& options, const Box& box) {
  workspace::LintRequest request;
  for (const std::string& path : options.paths) request.paths.push_back(absolute(path));
  if (request.paths.empty()) request.paths.push_back(absolute("."));
  if (!options.config.empty()) request.config = absolute(options.config);
  const bool path =
      options.profile.find('/') != std::string::npos || options.profile.ends_with(".yaml");
  request.profile = path ? absolute(options.profile) : options.profile;
  request.threads = std::max(1U, std::thread::hardware_concurrency());
  workspace::GroupRequest how;
  how.analyse = [&](const engine::Request& asked) {
    catalog::Config config = *asked.config;
    if (box.image.image.known()) config.image = box.image.image;
    if (!box.image.gpu.empty()) config.gpu = box.image.gpu;
    if (box.image.gpus > 0) config.gpus = box.image.gpus;
    engine::Request there = asked;
    there.config = &config;
    return engine::analyse(there);
  };
  const workspace::Project project(request);
  workspace::LintResult result = project.read();
  for (const workspace::Group& group : project.groups()) {
    const auto found = project.analyse(group, how, result.readers.emplace_back());
    result.findings.insert(result.findings.end(), found.begin(), found.end());
  }
  std::sort(result.findings.begin(), result.findings.end(), before);
  return result;
}

/// The lint's part of the verdict.
Verdict verdict_of(const std::vector<Finding>& findings) {
  Verdict worst = Verdict::go;
  for (const Finding& finding : findings) {
    if (finding.suppressed || finding.severity == Severity::info) continue;
    worst = std::max(worst, finding.severity == Severity::error ? Verdict::no_go : Verdict::warn);
  }
  return worst;
}

/// A NO-GO of either stands; else not knowing the box is what counts.
Verdict together(Verdict lint, Verdict box) {
  if (lint == Verdict::no_go || box == Verdict::no_go) return Verdict::no_go;
  if (box == Verdict::unknown) return Verdict::unknown;
  return std::max(lint, box);
}

std::string steps_text(const std::vector<Step>& steps, bool zh) {
  constexpr size_t kMost = 7;
  std::string out;
  for (size_t i = 0; i < std::min(steps.size(), kMost); ++i) {
    const Step& step = steps[i];
    const std::string more = step.more == 0 ? ""
                             : zh           ? fmt::format("（另有 {} 处）", step.more)
                                            : fmt::format(" (and {} more)", step.more);
    out += fmt::format("  {}. {} {}: {}{}\n", i + 1, step.rule, step.where, step.reason, more);
    if (!step.remedy.empty())
      out += fmt::format("     {}{}\n", zh ? "处理：" : "fix: ", step.remedy);
  }
  if (steps.size() > kMost) {
    out += zh ? fmt::format("  …另有 {} 项\n", steps.size() - kMost)
              : fmt::format("  … and {} more\n", steps.size() - kMost);
  }
  return out;
}

std::string text(const Box& box, const output::Report& report, Verdict verdict,
                 const std::vector<Step>& steps, const PreflightOptions& options) {
  const bool zh = options.language == Language::zh;
  std::string out;
  if (!options.quiet) out += output::render_text(report) + '\n';
  const BoxStyle style{options.language, report.color, false};
  out += answers_text(box, style) + verdict_line(box, style) + '\n';
  if (!steps.empty()) out += (zh ? "先做这些：\n" : "Do first:\n") + steps_text(steps, zh) + '\n';
  return out +=
         fmt::format("{}{}\n", zh ? "总结论：" : "preflight: ", painted(verdict, report.color));
}

std::string json(const Box& box, const output::Report& report, Verdict verdict,
                 const std::vector<Step>& steps) {
  std::string out;
  output::JsonWriter writer(out, 1);
  writer.begin_object()
      .member("version", PREFLINT_VERSION)
      .member("verdict", probe::name_of(verdict));
  writer.array("first");
  for (const Step& step : steps) {
    writer.begin_object()
        .member("rule", step.rule)
        .member("verdict", probe::name_of(step.verdict))
        .member("where", step.where)
        .member("reason", step.reason)
        .member("remedy", step.remedy)
        .member("more", step.more)
        .end_object();
  }
  writer.end_array();
  write_json(box, report.language, writer.key("box"));
  writer.object("lint").member("files", report.files).array("findings");
  std::string lines = output::render_jsonl(report);
  for (size_t at = 0; at < lines.size();) {
    const size_t end = std::min(lines.find('\n', at), lines.size());
    writer.verbatim(std::string_view(lines).substr(at, end - at));
    at = end + 1;
  }
  writer.end_array().end_object().end_object();
  return out += '\n';
}

std::string save(const PreflightOptions& options, const Box& box) {
  if (!box.image.image.known()) return options.save + ": nothing was read of the box's image";
  const std::string origin =
      fmt::format("The image of {}, read by preflint {}.", box.target, PREFLINT_VERSION);
  return save_file(options.save, probe::yaml(box.image, origin));
}

}  // namespace

int preflight(const PreflightOptions& options) {
  const ProfileChoice choice =
      choose_profile(options.profile, folder_of(options.paths), options.config);
  if (choice.profile == nullptr) return 2;
  const Box box = look_at(options.box, *choice.profile);
  if (box.complaint) return refuse(*box.complaint);
  if (!options.save.empty()) {
    if (const std::string fault = save(options, box); !fault.empty())
      return refuse(verbatim(fault));
  }

  workspace::LintResult result = lint(options, box);
  for (const std::string& path : result.missing) complain(workspace::no_such(path));
  const bool trouble = !result.missing.empty() || !result.problems.empty();
  std::erase_if(result.findings,
                [](const Finding& finding) { return finding.severity == Severity::info; });
  const Verdict verdict = together(verdict_of(result.findings), box.verdict);

  output::Report report;
  report.findings = std::move(result.findings);
  report.file = [&](const std::string& path) {
    return path == box.output->path ? box.output : result.file(path);
  };
  report.rules.rule = [&](std::string_view id) { return result.rule(id); };
  report.rules.note = catalog::common_note;
  report.directory = absolute(".");
  report.root = result.root;
  report.version = PREFLINT_VERSION;
  report.language = options.language;
  report.color = colored_output(options.color, options.output_file);
  report.files = result.files;
  const std::vector<Step> steps = first_steps(box, report);
  std::string out;
  if (options.format == "json") {
    out = json(box, report, verdict, steps);
  } else if (options.format == "sarif") {
    for (Finding& finding : probe::findings(box.answers, box.output->path)) {
      report.findings.push_back(std::move(finding));
    }
    std::sort(report.findings.begin(), report.findings.end(), before);
    out = output::render(output::Format::sarif, report);
  } else {
    out = text(box, report, verdict, steps, options);
  }
  if (const std::string fault = save_file(options.output_file, out); !fault.empty()) {
    return refuse(verbatim(fault));
  }
  return trouble ? 2 : status_of(verdict, options.fail_on);
}

}  // namespace preflint::cli
