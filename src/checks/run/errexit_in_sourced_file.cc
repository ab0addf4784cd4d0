#include <algorithm>
#include <string>
#include <string_view>

#include "project/context.h"

namespace preflint::checks {

namespace {

using project::Run;
using shell::CommandEvent;
using shell::FrameKind;

bool turns_errexit_on(const CommandEvent& event) {
  const auto words = event.words();
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word.size() < 2 || word[0] != '-' || word == "--") continue;
    if (word.find('e') != std::string::npos && word.find('o') == std::string::npos) return true;
    if (word.find('o') == std::string::npos) continue;
    if (word.substr(0, word.find('o')).find('e') != std::string::npos) return true;
    if (i + 1 < words.size() && words[i + 1] == "errexit") return true;
  }
  return false;
}

/// The comment at the top says that the file is made to be sourced: "source env.sh", "sourced by
/// …".
bool says_sourced(const Unit& unit) {
  const std::string name = paths::basename(unit.file().path);
  const std::string_view text = unit.source.text();
  size_t at = 0;
  for (int line = 0; line < 12 && at < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view row = text.substr(at, end - at);
    at = end + 1;
    if (row.empty() || row[0] != '#') continue;
    if (row.find("sourced") != std::string_view::npos ||
        row.find("source 方式") != std::string_view::npos)
      return true;
    for (const std::string_view word : {"source ", ". "}) {
      const size_t found = row.find(word);
      if (found == std::string_view::npos) continue;
      const std::string_view rest = row.substr(found + word.size());
      const std::string_view target = rest.substr(0, rest.find_first_of(" \t`'\"，。)"));
      if (target.ends_with(name)) return true;
    }
  }
  return false;
}

}  // namespace

void errexit_in_sourced_file(project::Context& context) {
  context.each_command(
      project::Where::anywhere, {"set"}, [&](const Run& run, const CommandEvent& event) {
        if (!turns_errexit_on(event) || event.in_subshell || event.state.errexit == Tri::yes)
          return;
        const shell::Frame* sourced = event.enclosing(FrameKind::sourced);
        // In a function it is the caller's choice; in the file that is run it is its own.
        if (event.within(FrameKind::function) || event.uncalled()) return;
        if (!sourced &&
            !(run.entry() && run.unit->embedding == Embedding::file && says_sourced(*event.unit)))
          return;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"file", paths::basename(event.unit->file().path)}};
      });
}

}  // namespace preflint::checks
