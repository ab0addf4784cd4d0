#include <algorithm>
#include <memory>
#include <optional>

#include "catalog/profile.h"
#include "project/context.h"
#include "project/resolve.h"

namespace preflint::checks {

namespace {

using project::Run;
using shell::CommandEvent;

/// The first line's interpreter, when it is a Python that the image's PATH does not promise.
std::optional<Span> doubtful(const File& file, const std::string& interpreter,
                             std::string& written) {
  const std::string_view text = file.bytes;
  if (!text.starts_with("#!")) return std::nullopt;
  size_t end = std::min(text.find('\n'), text.size());
  if (end > 0 && text[end - 1] == '\r') --end;
  size_t begin = text.find_first_not_of(" \t", 2);
  if (begin == std::string_view::npos || begin >= end) return std::nullopt;
  written = text.substr(begin, end - begin);
  if (written.starts_with(interpreter)) return std::nullopt;
  const bool by_env = written.starts_with("/usr/bin/env ") || written.starts_with("/bin/env ");
  const std::string last = written.substr(by_env ? written.find_last_of(" \t") + 1 : 0);
  const bool named = by_env && last.starts_with("python3");
  const bool system =
      written.starts_with("/usr/bin/python") || written.starts_with("/usr/local/bin/python");
  if (!named && !system) return std::nullopt;
  return Span{static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
}

/// `#!/usr/bin/env python3`: what it finds is the caller's to say.
bool asks_path(std::string_view shebang) { return shebang.find("/env ") != std::string_view::npos; }

/// The project file that an argument means.
std::shared_ptr<const File> file_of(const project::Context& context, const CommandEvent& event,
                                    const shell::Argument& argument) {
  const auto& program = context.program();
  const project::Resolver resolver(program.root, *program.reader);
  const Text cwd = event.state.here();
  const std::string path =
      resolver.file(argument.value, cwd, paths::dirname(event.unit->file().path));
  return path.empty() ? nullptr : program.file(path);
}

/// `chmod +x pack.py` says nothing of a file of which a start is seen.
bool started(const project::Context& context, const CommandEvent& event,
             const shell::Argument& argument) {
  const auto file = file_of(context, event, argument);
  const auto& runs = context.program().runs;
  return file && std::any_of(runs.begin(), runs.end(), [&](const Run& run) {
           return run.parent && run.unit->embedding == Embedding::file &&
                  run.unit->file().path == file->path;
         });
}

void check(project::Context& context, const CommandEvent& event, const shell::Argument& target) {
  const std::string shown = target.value.display();
  if (!shown.ends_with(".py")) return;
  const auto file = file_of(context, event, target);
  if (!file) return;
  const std::string& interpreter = context.profile().python.interpreter;
  std::string written;
  const auto span = doubtful(*file, interpreter, written);
  if (!span) return;
  // Where an environment is active, its `python3` comes first.
  if (&target == &event.word && asks_path(written) && event.environment.activated != Tri::no)
    return;
  const Source source(*file);
  Finding& finding = context.report(*file, *span);
  finding.arguments = {{"shebang", written}, {"interpreter", interpreter}};
  finding.related.push_back(context.note(*event.unit, event.span, "launched-here"));
  context.edit(finding, source, *span, interpreter);
}

}  // namespace

void python3_shebang(project::Context& context) {
  if (context.profile().python.interpreter.empty()) return;
  context.each_command(project::Where::instance, [&](const Run&, const CommandEvent& event) {
    if (event.name == "chmod") {
      const shell::Argument* mode = event.operand();
      const std::string bits = mode ? mode->constant().value_or("") : "";
      if (bits.find('x') == std::string::npos && bits.find('7') == std::string::npos &&
          bits.find('5') == std::string::npos)
        return;
      for (const shell::Argument& argument : event.arguments) {
        if (&argument != mode && !started(context, event, argument))
          check(context, event, argument);
      }
      return;
    }
    // ./tool.py: the command word itself.
    if (event.name.ends_with(".py") && event.word.value.display().find('/') != std::string::npos)
      check(context, event, event.word);
  });
}

}  // namespace preflint::checks
