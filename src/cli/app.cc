#include "cli/app.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <map>
#include <new>
#include <string>
#include <string_view>

#include "cli/check.h"
#include "cli/check_options.h"
#include "cli/completion.h"
#include "cli/emit.h"
#include "cli/explain.h"
#include "cli/init.h"
#include "cli/lsp.h"
#include "cli/map.h"
#include "cli/preflight.h"
#include "cli/probe.h"
#include "cli/usage.h"
#include "map/job_map.h"

namespace preflint::cli {
namespace {

void add_map_options(CLI::App& app, MapOptions& options) {
  app.add_option("paths", options.paths, "files and folders (default: .)");
  app.add_option("--profile", options.profiles, "platforms to compare: built-in names or files")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--config", options.config, "a preflint.yaml to use instead of the nearest one");
  app.add_option("--format", options.format, "how it is drawn")
      ->check(CLI::IsMember(map::format_names()));
  app.add_option("--output-file", options.file, "where it goes instead of stdout");
  app.add_flag("!--no-respect-gitignore", options.respect_gitignore, "read what git ignores, too");
}

/// Which box, and how it is told: what `probe` and `preflight` share.
template <typename Options>
void add_box_options(CLI::App& app, Options& options) {
  BoxOptions& box = options.box;
  app.add_option("--host", box.host, "the box: [user@]host, an alias, or ssh://[user@]host[:port]");
  app.add_option("-p,--port", box.port, "the port of its ssh")->check(CLI::Range(1, 65535));
  app.add_option("--from", box.from, "what the script printed on the box; - is standard input");
  app.add_option("--root", box.root, "a mounted system disk, looked at without running anything");
  app.add_option("--timeout", box.timeout, "seconds for all of it")->check(CLI::Range(1, 600));
  app.add_option("--capture", box.capture, "keep what the box printed in a file, for --from");
  app.add_option("--profile", options.profile, "the platform: a built-in name or a file");
  app.add_option("--output-format", options.format)
      ->check(CLI::IsMember({"text", "json", "sarif"}));
  app.add_option("--output-file", options.output_file, "where it goes instead of standard output");
  app.add_option("--fail-on", options.fail_on, "what makes the exit status 1: NO-GO or WARN too")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, Severity>{{"warning", Severity::warning},
                                                                  {"error", Severity::error}})
              .description(""))
      ->type_name("{warning,error}");
  app.add_option("--color", options.color, "colours")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_flag("-q,--quiet", options.quiet, "print only what needs attention");
  add_language(app, options.language);
}

/// Commands that explain: `rule`, and `profile` with what it does.
struct ExplainCommands {
  CLI::App *rule, *list, *show, *validate;
};

ExplainCommands add_explain_commands(CLI::App& app, ExplainOptions& options) {
  ExplainCommands out;
  out.rule = app.add_subcommand("rule", "explain rules, or run the examples of your own");
  out.rule->add_option("names", options.names, "ids, names, prefixes or gotcha ids such as AD6");
  out.rule->add_flag("--all", options.all, "all rules");
  out.rule->add_option("--test", options.test, "run the examples of a file of rules")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  out.rule->add_option("--output-format", options.format)
      ->check(CLI::IsMember({"text", "json", "markdown"}));
  add_language(*out.rule, options.language);
  CLI::App* profile = app.add_subcommand("profile", "the platforms that preflint knows");
  profile->require_subcommand(1);
  out.list = profile->add_subcommand("list", "the built-in profiles");
  add_language(*out.list, options.language);
  out.show =
      profile->add_subcommand("show", "what a profile knows, and which rules sleep under it");
  out.show->add_option("name", options.names, "a built-in name or a file")->required()->expected(1);
  out.show->add_option("--output-format", options.format)->check(CLI::IsMember({"text", "json"}));
  add_language(*out.show, options.language);
  out.validate = profile->add_subcommand("validate", "look for mistakes in a profile");
  out.validate->add_option("file", options.names, "a profile of your own")->required()->expected(1);
  add_language(*out.validate, options.language);
  return out;
}

/// A stream that is closed (`>&-`) leaves its number to the next file that is opened: our words
/// would go into a file that is being mended, or a pipe of our own be read as input. What can be
/// neither read nor written takes its place.
void hold_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    (void)::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

/// There is nobody who could do without the memory: the end, but an orderly one.
[[noreturn]] void out_of_memory() {
  constexpr std::string_view kSentence = "preflint: there is not enough memory\n";
  (void)!::write(STDERR_FILENO, kSentence.data(), kSentence.size());
  ::_exit(2);
}

}  // namespace

int run(int argc, char** argv) {
  hold_streams();
  // Both are told by the write that fails: who reads is gone, and a file may not grow any more.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::set_new_handler(out_of_memory);
  CLI::App app("Preflight linter for training jobs on rented GPU boxes", "preflint");
  app.set_version_flag("--version", "preflint " PREFLINT_VERSION);
  app.require_subcommand(1);

  CheckOptions options;
  options.language = locale_language();
  speak(options.language);
  CLI::App* check_command = app.add_subcommand("check", "lint files and folders (default: .)");
  add_check_options(*check_command, options);
  add_language(*check_command, options.language);

  MapOptions chart;
  chart.language = options.language;
  CLI::App* map_command =
      app.add_subcommand("map", "what a job starts, and where every artefact lands");
  add_map_options(*map_command, chart);
  add_language(*map_command, chart.language);

  ExplainOptions explain;
  explain.language = options.language;
  explain.color = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  const ExplainCommands explaining = add_explain_commands(app, explain);

  ProbeOptions probe;
  probe.language = options.language;
  CLI::App* probe_command =
      app.add_subcommand("probe", "check a live box against the profile (default: this machine)");
  add_box_options(*probe_command, probe);
  probe_command->add_flag("--script", probe.script, "print the script that a box would be given");

  PreflightOptions flight;
  flight.language = options.language;
  CLI::App* flight_command =
      app.add_subcommand("preflight", "lint and probe together, with one verdict");
  flight_command->add_option("paths", flight.paths, "files and folders to lint (default: .)");
  flight_command->add_option("--config", flight.config,
                             "a preflint.yaml to use instead of the nearest one");
  flight_command->add_option("--save", flight.save,
                             "keep the box's image in a file that `image:` may name");
  add_box_options(*flight_command, flight);

  CLI::App* init_command =
      app.add_subcommand("init", "write preflint.yaml, the pre-commit entry and a CI step");
  add_language(*init_command, options.language);

  CLI::App* lsp_command = app.add_subcommand("lsp", "language server on stdin and stdout");
  // What clients add by habit; there is no other transport.
  lsp_command->add_flag("--stdio")->group("");

  std::string shell;
  CLI::App* completion_command = app.add_subcommand("completion", "print a completion script");
  completion_command->add_option("shell", shell, "which shell")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));

  if (argc < 2) {
    std::fputs(app.help().c_str(), stderr);
    return 2;
  }
  try {
    app.parse(arguments(argc, argv));
  } catch (const CLI::ParseError& error) {
    // Help and version are no errors; every other one is a mistake in usage.
    if (error.get_exit_code() == 0) return app.exit(error);
    complain(usage_mistake(app, error));
    return 2;
  }
  if (*check_command) return check(options);
  if (*map_command) return map(chart);
  if (*explaining.rule) return explain_rules(explain);
  if (*explaining.list) return list_profiles(explain);
  if (*explaining.show) return show_profile(explain);
  if (*explaining.validate) return validate_profile(explain);
  if (*probe_command) return probe_box(probe);
  if (*flight_command) return preflight(flight);
  if (*init_command)
    return init(absolute("."), PREFLINT_VERSION, options.language, std::cout, std::cerr);
  if (*lsp_command) return run_lsp();
  if (*completion_command) std::cout << *completion(app, shell);
  return std::cout.flush() ? 0 : 2;
}

}  // namespace preflint::cli
