#include "cli/check_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "cli/emit.h"
#include "output/render.h"

namespace preflint::cli {
namespace {

const std::map<std::string, Severity> kSeverities = {
    {"info", Severity::info}, {"warning", Severity::warning}, {"error", Severity::error}};
const std::map<std::string, Language> kLanguages = {{"en", Language::en}, {"zh", Language::zh}};

/// An option that takes one of some words; they stand between braces where completion finds them
/// too.
template <typename Words>
CLI::Option* one_of(CLI::Option* option, const Words& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "{" : ",") + word;
  return option->check(CLI::IsMember(words).description(""))->type_name(list + "}");
}

template <typename Value>
CLI::Option* one_of(CLI::Option* option, const std::map<std::string, Value>& words) {
  std::string list;
  for (const auto& [word, value] : words) list += (list.empty() ? "{" : ",") + word;
  return option->transform(CLI::CheckedTransformer(words).description(""))->type_name(list + "}");
}

/// An option that may be given several times, with one value each: what follows is a path.
CLI::Option* repeated(CLI::Option* option) {
  return option->expected(1)->take_all()->allow_extra_args(false);
}

void add_selection(CLI::App& app, CheckOptions& options) {
  const auto ids = [&](const char* name, std::vector<std::string>& list, const char* about) {
    repeated(app.add_option(name, list, about)->delimiter(','))->type_name("IDS");
  };
  app.add_option("--profile", options.profile, "the platform: a built-in name or a file")
      ->type_name("NAME|FILE");
  app.add_option("--config", options.config, "a preflint.yaml to use instead of the nearest one")
      ->type_name("FILE");
  ids("--select", options.select, "rules that report: ids, prefixes, names, gotcha ids");
  ids("--extend-select", options.extend_select, "rules that report as well");
  ids("--ignore", options.ignore, "rules that do not report");
  one_of(app.add_option("--severity", options.severity, "what is shown (default: warning)"),
         kSeverities);
  one_of(app.add_option("--fail-on", options.fail_on,
                        "what makes the exit status 1 (default: warning)"),
         kSeverities);
}

void add_output(CLI::App& app, CheckOptions& options) {
  const std::vector<std::string> formats(output::format_names().begin(),
                                         output::format_names().end());
  one_of(repeated(
             app.add_option("--output-format", options.formats, "may be repeated (default: text)")),
         formats);
  repeated(
      app.add_option("--output-file", options.files, "where the last format goes; may be repeated"))
      ->type_name("FILE");
  one_of(app.add_option("--color", options.color, "colours (default: auto)"),
         std::vector<std::string>{"auto", "always", "never"});
  app.add_flag("--statistics", options.statistics,
               "count findings by rule instead of showing them");
  app.add_flag("--show-suppressed", options.show_suppressed, "show what was suppressed, too");
  app.add_flag("--exit-zero", options.exit_zero, "exit with 0 although there are findings");
  app.add_flag("-q,--quiet", options.quiet, "print nothing when there is nothing to say");
  app.add_flag("-v,--verbose", options.verbose, "tell more about what is done");
}

}  // namespace

void add_check_options(CLI::App& app, CheckOptions& options) {
  app.add_option("paths", options.paths, "files and folders to lint; - is standard input")
      ->type_name("");
  add_selection(app, options);
  app.add_flag("--fix", options.fix, "apply safe fixes");
  app.add_flag("--unsafe-fixes", options.unsafe_fixes,
               "with --fix or --diff: the other fixes, too");
  app.add_flag("--diff", options.diff, "print what --fix would change, and change nothing");
  app.add_option("--baseline", options.baseline, "report only what this file does not hold")
      ->type_name("FILE");
  app.add_option("--write-baseline", options.write_baseline, "write what is found to a baseline")
      ->type_name("FILE");
  app.add_option("--changed", options.changed,
                 "only findings on lines that git says changed (default: since HEAD)")
      ->type_name("[=REV]");
  app.add_option("--stdin-filename", options.stdin_filename,
                 "the name under which standard input is linted")
      ->type_name("FILE");
  app.add_flag_callback(
      "--no-respect-gitignore", [&options] { options.respect_gitignore = false; },
      "lint what git ignores, too");
  app.add_option("-j,--jobs", options.jobs, "files read at once (default: one for each processor)")
      ->type_name("N");
  add_output(app, options);
  app.footer(
      "Exit status: 0 nothing at or above --fail-on, 1 findings, 2 preflint could not do its job.");
}

CLI::Option* add_language(CLI::App& app, Language& language) {
  app.parse_complete_callback([&language] { speak(language); });
  return one_of(app.add_option("--lang", language, "language of messages (default: the locale's)"),
                kLanguages);
}

std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> list(argv + 1, argv + argc);
  std::replace(list.begin(), list.end(), std::string("--changed"), std::string("--changed=HEAD"));
  std::reverse(list.begin(), list.end());
  return list;
}

}  // namespace preflint::cli
