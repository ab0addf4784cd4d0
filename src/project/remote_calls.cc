#include "project/remote_calls.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/text.h"
#include "model/value.h"

namespace preflint::project {
namespace {

using shell::Argument;

/// Short options that take a value, by tool.
std::string_view with_value(RemoteCall::Tool tool) {
  switch (tool) {
    case RemoteCall::ssh:
      return "BbcDEeFIiJLlmOopQRSWw";
    case RemoteCall::scp:
      return "cDFiJloPSX";
    case RemoteCall::sftp:
      return "BbcDFiJloPRSsX";
    case RemoteCall::rsync:
      return "BeMTf@";
  }
  return "";
}

std::optional<RemoteCall::Tool> tool_of(std::string_view name) {
  if (name == "ssh") return RemoteCall::ssh;
  if (name == "scp") return RemoteCall::scp;
  if (name == "rsync") return RemoteCall::rsync;
  if (name == "sftp") return RemoteCall::sftp;
  return std::nullopt;
}

/// Stands in a text for a part that is not known.
constexpr char kUnknown = '\x01';

std::string with_unknowns(const Text& text) {
  std::string out;
  for (const Piece& piece : text.pieces()) {
    if (piece.known)
      out += piece.text;
    else
      out += kUnknown;
  }
  return out;
}

/// Reads words as one of the tools does. A word that was one shell word but holds several
/// (`$SSH_OPTS`, the text after `rsync -e`) is taken apart by the caller.
class CallReader {
 public:
  explicit CallReader(RemoteCall& call) : call_(call) {}

  void word(const std::string& text, const Argument& from) {
    if (pending_) return value(text, from);
    if (operands_only_ || text.size() < 2 || text[0] != '-') return operand(from);
    if (text == "--") {
      operands_only_ = true;
      return;
    }
    if (text.starts_with("--")) {
      const size_t equals = text.find('=');
      const std::string name = text.substr(0, equals);
      if (name == "--rsh" && equals != std::string::npos)
        shell(text.substr(equals + 1), from);
      else if (name == "--rsh")
        pending_ = 'e';
      else if (name == "--recursive" || name == "--archive")
        call_.recursive = true;
      else if (equals == std::string::npos && rsync_value(name))
        pending_ = '-';
      return;
    }
    const std::string_view values = with_value(call_.tool);
    for (size_t i = 1; i < text.size(); ++i) {
      if (text[i] == 'r' || (text[i] == 'a' && call_.tool == RemoteCall::rsync))
        call_.recursive = true;
      if (values.find(text[i]) == std::string_view::npos) continue;
      pending_ = text[i];
      if (i + 1 < text.size()) value(text.substr(i + 1), from);
      return;
    }
  }

  void operand(const Argument& from) {
    if (call_.tool == RemoteCall::ssh || call_.tool == RemoteCall::sftp) {
      if (!call_.target) {
        call_.target = &from;
        operands_only_ = call_.tool == RemoteCall::ssh;
      } else {
        call_.command.push_back(&from);
      }
      return;
    }
    if (call_.destination) call_.sources.push_back(call_.destination);
    call_.destination = &from;
    if (is_remote(from) && !call_.target) call_.target = &from;
  }
  /// The words behind `ssh` itself, which may stand behind another command: `sshpass -p X ssh -o
  /// …`.
  void command_line(const std::string& text, const Argument& from) {
    const auto words = split(text, " \t\n");
    auto at = std::find_if(words.begin(), words.end(), [](std::string_view word) {
      return paths::basename(word.substr(word.rfind('=') + 1)) == "ssh";
    });
    if (at == words.end()) return;
    while (++at != words.end()) word(std::string(*at), from);
  }
  bool in_command() const { return call_.tool == RemoteCall::ssh && call_.target; }
  bool expects_value() const { return pending_ != '\0'; }

 private:
  static bool rsync_value(std::string_view name) {
    for (const std::string_view option :
         {"--exclude",       "--include",      "--exclude-from", "--include-from", "--files-from",
          "--filter",        "--bwlimit",      "--timeout",      "--partial-dir",  "--port",
          "--password-file", "--log-file",     "--max-size",     "--min-size",     "--rsync-path",
          "--temp-dir",      "--compare-dest", "--copy-dest",    "--link-dest",    "--backup-dir",
          "--suffix",        "--chmod",        "--info"}) {
      if (name == option) return true;
    }
    return false;
  }

  void value(const std::string& text, const Argument& from) {
    const char option = pending_;
    pending_ = '\0';
    if (option == (call_.tool == RemoteCall::ssh ? 'p' : 'P')) {
      port(text, from);
    } else if (option == 'o') {
      const size_t end = text.find_first_of("= ");
      call_.options.emplace_back(text, &from);
      if (lower(text.substr(0, end)) == "port" && end != std::string::npos)
        port(text.substr(end + 1), from);
    } else if (option == 'e' && call_.tool == RemoteCall::rsync) {
      shell(text, from);
    }
  }

  void port(std::string number, const Argument& from) {
    call_.port = &from;
    call_.port_number = number.find(kUnknown) == std::string::npos ? std::move(number) : "";
  }

  /// `ssh -p 22 -o X=y`, as `rsync -e` is given it.
  void shell(const std::string& text, const Argument& from) {
    RemoteCall inner;
    CallReader(inner).command_line(text, from);
    call_.options.insert(call_.options.end(), inner.options.begin(), inner.options.end());
    if (inner.port) {
      call_.port = inner.port;
      call_.port_number = inner.port_number;
    }
  }

  RemoteCall& call_;
  char pending_ = '\0';
  bool operands_only_ = false;
};

}  // namespace

std::optional<std::string> RemoteCall::option(std::string_view name) const {
  for (const auto& [text, word] : options) {
    const size_t end = text.find_first_of("= ");
    if (end != std::string::npos && lower(std::string_view(text).substr(0, end)) == lower(name))
      return lower(std::string_view(text).substr(end + 1));
  }
  return std::nullopt;
}

const Argument* RemoteCall::option_word(std::string_view name) const {
  for (const auto& [text, word] : options) {
    if (lower(std::string_view(text).substr(0, text.find_first_of("= "))) == lower(name))
      return word;
  }
  return nullptr;
}

bool another_server(const RemoteCall& call, const catalog::Profile& profile) {
  const auto& hosts = profile.launch.ssh_hosts;
  const bool address = call.host.find('.') != std::string::npos &&
                       call.host.find_first_of("${*<") == std::string::npos;
  const bool own_port = call.port ? call.port_number == "22" : !call.option("ProxyCommand");
  return !hosts.empty() && address && own_port && !catalog::Profile::host_in(call.host, hosts);
}

bool is_remote(const Argument& operand) {
  const std::string shown = operand.value.display();
  const size_t colon = shown.find(':');
  return colon != std::string::npos && colon > 0 && shown.find('/') > colon &&
         shown.find("://") == std::string::npos && !shown.starts_with("-");
}

Value path_of(const Argument& operand) {
  if (!is_remote(operand) || operand.value.alternatives().size() != 1) return operand.value;
  Text path;
  bool after = false;
  for (const Piece& piece : operand.value.alternatives()[0].pieces()) {
    if (!piece.known) {
      if (after) path.append(Text::hole(piece.text, piece.empty));
      continue;
    }
    const size_t colon = after ? std::string::npos : piece.text.find(':');
    if (after)
      path.append(piece.text);
    else if (colon != std::string::npos)
      path.append(std::string_view(piece.text).substr(colon + 1));
    after = after || colon != std::string::npos;
  }
  return path;
}

std::optional<RemoteCall> remote_call(const shell::CommandEvent& event) {
  const auto tool = tool_of(event.name);
  if (!tool) return std::nullopt;
  RemoteCall out;
  out.tool = *tool;
  CallReader reader(out);
  for (const Argument& argument : event.arguments) {
    if (reader.in_command()) {
      reader.operand(argument);
      continue;
    }
    // `$SSH_OPTS` of which nothing is known stands for options.
    if (argument.value.unknown_whole() && argument.value.display().find("OPT") != std::string::npos)
      continue;
    const auto& texts = argument.value.alternatives();
    const std::string text = texts.size() == 1 ? with_unknowns(texts[0]) : "";
    const bool several =
        !argument.quoted && !reader.expects_value() && text.find(' ') != std::string::npos;
    if (!several) {
      reader.word(text, argument);
      continue;
    }
    for (const std::string_view word : split(text, " \t\n"))
      reader.word(std::string(word), argument);
  }
  if (out.target) {
    const std::string shown = out.target->value.display();
    const size_t at = shown.find('@');
    std::string host = at == std::string::npos ? shown : shown.substr(at + 1);
    host.resize(std::min(host.find(':'), host.size()));
    if (host.find('{') == std::string::npos) out.host = host;
  }
  return out;
}

RemoteCall ssh_command(const Argument& text) {
  RemoteCall out;
  for (const Text& one : text.value.alternatives())
    CallReader(out).command_line(with_unknowns(one), text);
  return out;
}

namespace {

/// The variable whose value the outer program put into an embedded text as a whole, at the place of
/// a span.
const shell::Variable* put_there(const Run& run, const Source& source, Span span) {
  const shell::CommandEvent* launcher = source.embedded() ? run.launcher() : nullptr;
  if (!launcher) return nullptr;
  const Span outer = source.outer(span);
  std::string_view text = std::string_view(source.file().bytes).substr(outer.begin, outer.size());
  if (!text.starts_with('$')) return nullptr;
  text.remove_prefix(text.starts_with("${") ? 2 : 1);
  size_t end = 0;
  while (end < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
    ++end;
  return launcher->state.variable(text.substr(0, end));
}

}  // namespace

WrittenWord written_at(const Run& run, const shell::CommandEvent& event, const Argument& argument) {
  WrittenWord out{event.unit, argument.span};
  if (!argument.word || argument.origin) return out;
  const auto* parts = &argument.word->parts;
  if (parts->size() == 1 && parts->front().kind == shell::PartKind::double_quoted)
    parts = &parts->front().parts;
  const bool sole = parts->size() == 1 && parts->front().kind == shell::PartKind::parameter;
  const shell::Variable* variable = sole ? event.state.variable(parts->front().name)
                                         : put_there(run, event.unit->source, argument.span);
  if (variable && variable->unit && !variable->span.empty()) out = {variable->unit, variable->span};
  return out;
}

}  // namespace preflint::project
