#include <algorithm>

#include "base/one_of.h"
#include "project/network_tools.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

/// Is the answer thrown away: `-o /dev/null`, `>/dev/null`?
bool thrown_away(const CommandEvent& event, std::string_view option) {
  const auto file = event.option_value(option);
  if (file && file->is("/dev/null")) return true;
  return std::any_of(
      event.redirects.begin(), event.redirects.end(), [](const shell::RedirectEvent& redirect) {
        const auto kind = redirect.redirect->kind;
        const bool output = kind == shell::RedirectKind::both ||
                            (kind == shell::RedirectKind::output && redirect.redirect->fd != 2);
        return output && redirect.target.is("/dev/null");
      });
}

}  // namespace

std::optional<NetworkCall> download_call(const CommandEvent& event,
                                         const catalog::Profile& profile) {
  NetworkCall call;
  call.tool = NetworkCall::download;
  call.span = event.command_span;
  call.bulk = true;
  bool any = false;
  if (event.name == "curl") {
    // A question whether a host answers is no download.
    const bool head = event.has_option("-I") || event.has_option("--head");
    const bool timed = event.has_option("--connect-timeout") || event.has_option("-m") ||
                       event.has_option("--max-time");
    const bool asks = event.within(shell::FrameKind::if_condition) ||
                      event.within(shell::FrameKind::loop_condition) ||
                      event.within(shell::FrameKind::and_or_left) ||
                      event.within(shell::FrameKind::command_substitution);
    call.probe =
        head || thrown_away(event, "-o") || ((timed || event.has_prefix("timeout")) && asks);
  }
  if (event.name == "wget" && (event.has_option("--spider") || thrown_away(event, "-O")))
    call.probe = true;
  static constexpr std::string_view kValues[] = {"-o",
                                                 "-O",
                                                 "--output",
                                                 "-H",
                                                 "--header",
                                                 "-d",
                                                 "--data",
                                                 "-u",
                                                 "--user",
                                                 "-P",
                                                 "--output-document",
                                                 "-A",
                                                 "-X",
                                                 "--request",
                                                 "-e",
                                                 "--referer",
                                                 "-b",
                                                 "-T",
                                                 "--connect-timeout",
                                                 "--retry",
                                                 "-m",
                                                 "--max-time",
                                                 "--dir",
                                                 "-U",
                                                 "-C",
                                                 "-s"};
  for (size_t i = 0; i < event.arguments.size(); ++i) {
    const Argument& argument = event.arguments[i];
    const std::string word =
        argument.constant().value_or(std::string(argument.value.known_start()));
    if (word.starts_with("-")) {
      const bool flag = event.name == "curl" && (word == "-s" || word == "-T" || word == "-O");
      const bool resumes =
          event.name != "curl" && one_of(word, {"-C", "-s", "-d", "-m", "-b", "-H"});
      if (!flag && !resumes &&
          std::find(std::begin(kValues), std::end(kValues), word) != std::end(kValues))
        ++i;
      continue;
    }
    if (!is_url(argument.value.display()) && host_of(word).empty()) continue;
    any = true;
    take_target(call, target_of(argument, profile));
  }
  if (!any) return std::nullopt;
  return call;
}

}  // namespace preflint::project
