#include <algorithm>
#include <utility>

#include "model/shell/machine.h"
#include "syntax/shell/words.h"

namespace preflint::shell {
namespace {

constexpr size_t kMaxBack = 64;  // commands that are looked at for who writes a crontab

bool prints(const CommandEvent& event) {
  return event.name == "echo" || event.name == "printf" || event.name == "cat" ||
         event.name == "tee";
}

/// The part of a pipeline that a command stands in, or one around it.
const Frame* part_of(const Frame* frame, const Pipeline* pipeline) {
  while (frame && !(frame->kind == FrameKind::pipeline && frame->pipeline == pipeline))
    frame = frame->parent;
  return frame;
}

enum class Table : uint8_t { none, own, of_system };

/// Which files cron reads, by where they lie.
Table table_of(std::string_view path) {
  if (path == "/etc/crontab" || path.starts_with("/etc/cron.d/")) return Table::of_system;
  return path.starts_with("/var/spool/cron/") ? Table::own : Table::none;
}

}  // namespace

/// What a command that prints writes to cron: the texts of its words, or its heredoc.
void Machine::cron_lines(const CommandEvent& event, bool user_column, CronSettings& settings,
                         std::vector<Embedded>& embedded) {
  if (event.unit != unit_) return;
  const auto add = [&](const std::optional<Source>& text, bool escapes) {
    if (!text) return;
    for (Source& line : cron_commands(*text, user_column, escapes, settings)) {
      Embedded& out = embedded.emplace_back();
      out.embedding = Embedding::session;
      out.source = std::move(line);
      out.dialect = settings.bash ? Dialect::bash : Dialect::posix;
      out.fresh = true;  // cron knows nothing of the shell that wrote the line
    }
  };
  for (const RedirectEvent& redirect : event.redirects) {
    const RedirectKind kind = redirect.redirect->kind;
    if (kind != RedirectKind::heredoc && kind != RedirectKind::here_string) continue;
    State scratch = event.state;
    const auto expand_part = [&](const Part& part) -> std::optional<std::string> {
      ++silent_;
      const Value value = expand(part, scratch, true);
      --silent_;
      return value.constant().value_or("${" + std::string(kOutsideHole) +
                                       (value.empty() == Tri::no ? ":?}" : "}"));
    };
    add(kind == RedirectKind::heredoc
            ? decode(*redirect.redirect, unit_->source, expand_part)
            : decode(redirect.redirect->target, unit_->source, expand_part),
        false);
  }
  if (event.name != "echo" && event.name != "printf") return;
  const bool escapes = event.name == "printf" || event.has_option("-e");
  for (const Argument& argument : event.arguments) add(source_of(argument, event.state), escapes);
}

/// `… | crontab -`, `crontab <<EOF`, `crontab FILE` where the program wrote the file, and what is
/// written to a file that cron reads.
void Machine::find_cron(const CommandEvent& event, std::vector<Embedded>& embedded) {
  if (silent_ > 0) return;
  CronSettings settings;
  if (prints(event)) {
    Table table = Table::none;
    for (const RedirectEvent& redirect : event.redirects) {
      if (redirect.redirect->takes_output())
        table = table_of(place_of(redirect.target, event.state));
    }
    if (event.name == "tee" && event.operand())
      table = table_of(place_of(event.operand()->value, event.state));
    if (table == Table::none) return;
    cron_lines(event, table == Table::of_system, settings, embedded);
    if (event.name == "tee" && event.stdin_piped)
      each_producer(event, [&](const CommandEvent& producer) {
        cron_lines(producer, table == Table::of_system, settings, embedded);
      });
    return;
  }
  if (event.name != "crontab" || event.has_option("-l") || event.has_option("-r") ||
      event.has_option("-e"))
    return;
  const Argument* file = event.has_option("-u") ? event.operand(1) : event.operand();
  if (file && !file->is("-")) {
    const std::string path = place_of(file->value, event.state);
    if (path.empty()) return;
    const auto& commands = trace_.commands;
    for (size_t i = commands.size() - std::min(commands.size(), kMaxBack); i < commands.size();
         ++i) {
      const bool writes = prints(commands[i]) &&
                          std::any_of(commands[i].redirects.begin(), commands[i].redirects.end(),
                                      [&](const RedirectEvent& redirect) {
                                        return redirect.redirect->takes_output() &&
                                               place_of(redirect.target, commands[i].state) == path;
                                      });
      if (writes) cron_lines(commands[i], false, settings, embedded);
    }
    return;
  }
  cron_lines(event, false, settings, embedded);
  if (event.stdin_piped)
    each_producer(event, [&](const CommandEvent& producer) {
      cron_lines(producer, false, settings, embedded);
    });
}

/// The commands that print into the pipe that a command reads.
void Machine::each_producer(const CommandEvent& event,
                            const std::function<void(const CommandEvent&)>& visit) const {
  const Frame* frame = event.frame;
  while (frame && !(frame->kind == FrameKind::pipeline && frame->index > 0)) frame = frame->parent;
  if (!frame) return;
  const auto& commands = trace_.commands;
  for (size_t i = commands.size() - std::min(commands.size(), kMaxBack); i < commands.size(); ++i) {
    const Frame* part = part_of(commands[i].frame, frame->pipeline);
    if (part && part->index + 1 == frame->index && prints(commands[i])) visit(commands[i]);
  }
}

}  // namespace preflint::shell
