#include <re2/re2.h>

#include <algorithm>

#include "base/text.h"
#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/credentials.h"
#include "syntax/secrets.h"

namespace preflint::checks {

namespace {

using secrets::placeholder;

bool names_password(std::string_view name) {
  return secrets::names_secret(name) && !secrets::names_key(name);
}

class Check {
 public:
  explicit Check(project::Context& context) : context_(context) {
    for (const std::string& pattern : context.profile().launch.ssh_hosts)
      hosts_.push_back(pattern.substr(pattern.rfind('*') + 1));
  }

  void command(const project::Run& run, const shell::CommandEvent& event) {
    for (const shell::Prefix& prefix : event.prefixes) {
      const shell::Argument* password =
          prefix.name == "sshpass" ? project::sshpass_password(prefix) : nullptr;
      auto value = password ? password->constant() : std::nullopt;
      if (!value) continue;
      if (value->starts_with("-p")) value->erase(0, 2);
      if (placeholder(*value)) continue;
      tell_where_written(run, event.frame, event.state, {event.unit, password->span}, *value,
                         "sshpass -p");
    }
    for (const shell::Assignment& assignment :
         event.command ? event.command->assignments : std::vector<shell::Assignment>()) {
      if (assignment.name != "SSHPASS") continue;
      for (const auto& [name, given] : event.assignments) {
        const auto value = given.constant();
        if (name == assignment.name && value && !placeholder(*value))
          tell_where_written(run, event.frame, event.state, {event.unit, assignment.value.span},
                             *value, name);
      }
    }
  }

  void assignment(const project::Run& run, const shell::AssignmentEvent& event) {
    const auto value = event.value.constant();
    if (!value || placeholder(*value) || value->find_first_of(" /{") != std::string::npos) return;
    if (event.name != "SSHPASS" &&
        !(names_password(event.name) && of_platform(event.unit->source.text())))
      return;
    const Place place{event.unit, event.value_span};
    if (event.name == "SSHPASS")
      tell_where_written(run, event.frame, event.state, place, *value, event.name);
    else
      tell(run, event.frame, place, *value, event.name);
  }

  void python(const project::Run& run) {
    for (const py::CallEvent& call : run.python->calls) {
      const py::Argument* password = nullptr;
      const bool paramiko = call.origin.starts_with("paramiko.");
      if (paramiko && call.method == "connect") {
        password = call.origin.find("Transport") != std::string::npos
                       ? call.argument(2, {"password"})
                       : call.argument(3, {"password"});
      } else if (paramiko && call.method == "auth_password") {
        password = call.argument(1, {"password"});
      } else if (call.origin == "asyncssh.connect") {
        password = call.keyword("password");
      } else if (call.origin.starts_with("pexpect.") && call.method == "login") {
        password = call.argument(2, {"password"});
      } else if (call.origin == "fabric.Connection") {
        const py::Argument* more = call.keyword("connect_kwargs");
        const py::Value* entry = more ? more->value.entry("password") : nullptr;
        if (entry) value(run, *entry, call.frame, "password");
      }
      if (password) value(run, password->value, call.frame, "password");
    }
    for (const py::AssignEvent& event : run.python->assignments) {
      const std::string name = event.target.substr(event.target.rfind('.') + 1);
      const bool named = names_password(name);
      const py::Value* entry =
          event.value.type == py::Type::dict ? event.value.entry("password") : nullptr;
      if ((!named && !entry) || !of_platform(event.file->syntax.source.text())) continue;
      if (named) value(run, event.value, event.frame, name);
      if (entry) value(run, *entry, event.frame, "password");
    }
  }

  /// `expect "password:"` and what is sent then, in scripts for expect and in pexpect.
  void dialogue(const Source& source) {
    const std::string_view text = source.text();
    constexpr size_t kNear = 160;
    for (size_t at = find_text(text, "assword"); at != std::string_view::npos;
         at = find_text(text, "assword", at + 1)) {
      const std::string_view next = text.substr(at, kNear);
      if (!prompt(next)) continue;
      const size_t send = next.find("send");
      if (send == std::string_view::npos) continue;
      size_t open = send + 4;
      for (const std::string_view word : {"line", "(", " ", "--", " "}) {
        if (next.substr(std::min(open, next.size())).starts_with(word)) open += word.size();
      }
      while (open < next.size() && next[open] == '\\') ++open;
      if (open >= next.size() || (next[open] != '"' && next[open] != '\'')) continue;
      const size_t end = std::min(next.find_first_of("\"'\\", open + 1), next.size());
      const std::string_view value = next.substr(open + 1, end - open - 1);
      if (end == next.size() || value.find_first_of(" $[{") != std::string_view::npos ||
          placeholder(value))
        continue;
      const auto begin = static_cast<uint32_t>(at + open + 1);
      Finding& finding =
          context_.report(source, {begin, static_cast<uint32_t>(begin + value.size())});
      finding.arguments = {{"name", "send"}, {"secret", "****"}};
    }
  }

  /// `echo "password: …"`, `# 密码: …` beside the host: a note for whoever logs in by hand.
  void noted(const Source& source) {
    const std::string_view text = source.text();
    if (!of_platform(text)) return;
    static const RE2 kNoted(R"re((?im)^[ \t]*(?:#|echo\b|printf\b|print\().*?)re"
                            R"re((?:密码|口令|password|passwd)["']?[ \t]*(?::|：|=)[ \t]*)re"
                            R"re(["'`]?([^\s"'`,，;；)）]{6,64}))re");
    re2::StringPiece rest(text.data(), text.size()), found;
    while (RE2::FindAndConsume(&rest, kNoted, &found)) {
      const std::string_view value(found.data(), found.size());
      if (!random(value) || placeholder(value)) continue;
      const auto begin = static_cast<uint32_t>(value.data() - text.data());
      context_.report(source, {begin, static_cast<uint32_t>(begin + value.size())}).arguments = {
          {"name", "password"}, {"secret", "****"}};
    }
  }

 private:
  /// Is "assword…" the end of a string that is waited for (`"*?assword:*" {`), and no name of an
  /// argument or key of a dictionary?
  static bool prompt(std::string_view next) {
    const size_t end = next.find_first_of("\"'}=\n");
    if (end == std::string_view::npos || next[end] == '=' || next[end] == '\n') return false;
    const size_t after = next.find_first_not_of(" \t", end + 1);
    return after == std::string_view::npos || next[after] != ':';
  }

  /// Letters and digits mixed, as the platform makes its passwords, and nothing that a shell or a
  /// format fills in.
  static bool random(std::string_view value) {
    const auto some = [&](const auto& test) {
      return std::any_of(value.begin(), value.end(), test);
    };
    return some([](char c) { return c >= '0' && c <= '9'; }) &&
           some([](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }) &&
           value.find_first_of("${}<>/\\()") == std::string_view::npos;
  }

  bool of_platform(std::string_view text) const {
    return std::any_of(hosts_.begin(), hosts_.end(), [&](const std::string& host) {
      return text.find(host) != std::string_view::npos;
    });
  }

  struct Place {
    const Unit* unit;
    Span span;
    std::string_view text() const { return unit->source.slice(span); }
  };

  /// Reports the value where it stands within a place; nothing when it does not stand there.
  void tell(const project::Run& run, const shell::Frame* frame, const Place& place,
            const std::string& value, std::string_view name) {
    const size_t at = place.text().find(value);
    if (at == std::string_view::npos) return;
    const auto begin = static_cast<uint32_t>(place.span.begin + at);
    context_.report(run, *place.unit, {begin, static_cast<uint32_t>(begin + value.size())}, frame)
        .arguments = {{"name", std::string(name)}, {"secret", "****"}};
  }

  /// The same; where a variable stands in the place, at the literal from which it got the value.
  void tell_where_written(const project::Run& run, const shell::Frame* frame,
                          const shell::State& state, Place place, const std::string& value,
                          std::string_view name) {
    static const RE2 kVariable(R"re(^\s*(?:-p)?(?:\w+=)?"?\$\{?(\w+)\}?"?\s*$)re");
    std::string from;
    for (int steps = 0; steps < 4; ++steps) {
      if (place.text().find(value) != std::string_view::npos) break;
      const shell::Variable* variable =
          RE2::FullMatch(re2::StringPiece(place.text().data(), place.text().size()), kVariable,
                         &from)
              ? state.variable(from)
              : nullptr;
      if (!variable || !variable->unit) return;
      place = {variable->unit, variable->span};
    }
    tell(run, frame, place, value, from.empty() ? name : std::string_view(from));
  }

  void value(const project::Run& run, const py::Value& value, const py::Frame* frame,
             const std::string& name) {
    const auto text = value.constant();
    if (!text || placeholder(*text)) return;
    for (const py::Fragment& fragment : value.written()) {
      if (!fragment.file || !fragment.literal) continue;
      const Source& source = fragment.file->syntax.source;
      const size_t at = source.slice(fragment.span).find(*text);
      if (at == std::string_view::npos) continue;
      const auto begin = static_cast<uint32_t>(fragment.span.begin + at);
      context_.report(run, source, {begin, static_cast<uint32_t>(begin + text->size())}, frame)
          .arguments = {{"name", name}, {"secret", "****"}};
    }
  }

  project::Context& context_;
  std::vector<std::string> hosts_;
};

}  // namespace

void platform_password_literal(project::Context& context) {
  Check check(context);
  context.each_command(project::Where::anywhere,
                       [&](const project::Run& run, const shell::CommandEvent& event) {
                         check.command(run, event);
                       });
  context.each_assignment(project::Where::anywhere,
                          [&](const project::Run& run, const shell::AssignmentEvent& event) {
                            check.assignment(run, event);
                          });
  context.each_python_run(project::Where::anywhere,
                          [&](const project::Run& run) { check.python(run); });
  for (const auto& file : context.program().files) {
    if (file->kind == FileKind::shell || file->kind == FileKind::python) {
      const Source source(*file);
      check.dialogue(source);
      check.noted(source);
    }
  }
}

}  // namespace preflint::checks
