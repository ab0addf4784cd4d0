#include "cli/probe.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "catalog/builtin.h"
#include "cli/box_report.h"
#include "cli/check.h"
#include "cli/emit.h"
#include "cli/profile_choice.h"
#include "cli/save_file.h"
#include "output/render.h"
#include "probe/script.h"

namespace preflint::cli {
namespace {

using probe::Verdict;

std::string sarif(const Box& box, Language language) {
  output::Report report;
  report.findings = probe::findings(box.answers, box.output->path);
  report.file = [&](const std::string& path) {
    return path == box.output->path ? box.output : nullptr;
  };
  report.rules.rule = [](std::string_view id) -> const catalog::Rule* {
    const catalog::BuiltinRule* rule = catalog::find_builtin(id);
    return rule != nullptr ? &rule->rule : nullptr;
  };
  report.rules.note = catalog::common_note;
  report.directory = report.root = absolute(".");
  report.version = PREFLINT_VERSION;
  report.language = language;
  return output::render(output::Format::sarif, report);
}

std::string json(const Box& box, Language language) {
  std::string out;
  output::JsonWriter writer(out, 1);
  writer.begin_object().member("version", PREFLINT_VERSION);
  write_json(box, language, writer.key("box"));
  writer.end_object();
  return out += '\n';
}

}  // namespace

int status_of(Verdict verdict, Severity fail_on) {
  switch (verdict) {
    case Verdict::no_go:
      return 1;
    case Verdict::warn:
      return fail_on == Severity::error ? 0 : 1;
    case Verdict::go:
      return 0;
    case Verdict::unknown:
      break;
  }
  return 2;
}

bool colored_output(const std::string& choice, const std::string& file) {
  if (file != "-") return false;
  if (choice != "auto") return choice == "always";
  const char* no = std::getenv("NO_COLOR");
  return (no == nullptr || *no == '\0') && ::isatty(STDOUT_FILENO) == 1;
}

int probe_box(const ProbeOptions& options) {
  const ProfileChoice choice = choose_profile(options.profile, absolute("."));
  if (choice.profile == nullptr) return 2;
  if (options.script) {
    const std::string fault =
        save_file(options.output_file, probe::script(*choice.profile, options.box.root));
    return fault.empty() ? 0 : refuse(verbatim(fault));
  }
  const Box box = look_at(options.box, *choice.profile);
  if (box.complaint) return refuse(*box.complaint);
  std::string text;
  if (options.format == "json") {
    text = json(box, options.language);
  } else if (options.format == "sarif") {
    text = sarif(box, options.language);
  } else {
    const BoxStyle style{options.language, colored_output(options.color, options.output_file),
                         !options.quiet};
    text = answers_text(box, style) + verdict_line(box, style);
  }
  if (const std::string fault = save_file(options.output_file, text); !fault.empty())
    return refuse(verbatim(fault));
  return status_of(box.verdict, options.fail_on);
}

}  // namespace preflint::cli
