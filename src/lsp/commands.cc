#include "lsp/commands.h"

#include "catalog/builtin.h"
#include "lsp/offers.h"
#include "lsp/uri.h"
#include "output/render.h"

namespace preflint::lsp {
namespace {

Result<Commands::Asked> read_asked(const Json& arguments) {
  Commands::Asked out;
  if (!arguments.is_array() || arguments.empty()) return out;
  const Json& one = arguments[0];
  if (!one.is_object()) return Error{"the argument is an object", {}};
  out.uri = string_at(one, "uri");
  if (const std::string name = string_at(one, "format"); !name.empty()) {
    const auto format = map::format_of(name);
    if (!format) return Error{"there is no format '" + name + "'", {}};
    out.format = *format;
    out.format_name = name;
  }
  for (const Json& profile : member(one, "profiles")) {
    if (!profile.is_string()) return Error{"'profiles' is a list of names", {}};
    out.profiles.push_back(profile.get<std::string>());
  }
  return out;
}

}  // namespace

void Commands::execute(const Message& request) {
  const std::string command = string_at(request.params, "command");
  if (command == kOpenRulePage) return open_rule_page(request);
  if (command == kMap) return map(request);
  client_.fail(request, Code::invalid_params, "there is no such command");
}

void Commands::open_rule_page(const Message& request) {
  const Json& arguments = member(request.params, "arguments");
  const bool named = arguments.is_array() && !arguments.empty() && arguments[0].is_string();
  const catalog::BuiltinRule* found =
      named ? catalog::find_builtin(arguments[0].get<std::string>()) : nullptr;
  if (!found) return client_.fail(request, Code::invalid_params, "there is no such rule");
  client_.ask("window/showDocument", {{"uri", output::rule_uri(found->rule)}, {"external", true}});
  client_.reply(request, nullptr);
}

void Commands::map(const Message& request) {
  const Result<Asked> asked = read_asked(member(request.params, "arguments"));
  if (!asked) return client_.fail(request, Code::invalid_params, asked.error().message);
  Scope scope;
  if (!asked->uri.empty()) {
    const auto path = path_of(asked->uri);
    if (!path) return client_.fail(request, Code::invalid_params, "'uri' is not a file's");
    scope.path = *path;
  } else if (findings_.folders().empty()) {
    return client_.fail(request, Code::invalid_params, "no folder is open: 'uri' is needed");
  }
  findings_.when_fresh(request,
                       [this, request, asked = *asked, scope] { draw(request, asked, scope); });
}

void Commands::draw(const Message& request, const Asked& asked, const Scope& scope) {
  workspace::LintRequest lint = request_of(scope, findings_.choice(), *documents_.overlay());
  if (scope.path.empty()) lint.paths = findings_.folders();
  const auto work = [this, request, asked, lint = std::move(lint), language = view_.language](
                        const std::function<bool()>& cancelled) mutable -> std::function<void()> {
    lint.cancelled = cancelled;
    const map::JobMap made = map::map_of(lint, asked.profiles);
    // Half a map is none: once more, with what is there when the typing pauses.
    if (cancelled()) return [this, request] { map(request); };
    const std::string why = made.problems.empty() ? "" : made.problems.front().in(language);
    Json answer = {{"format", asked.format_name},
                   {"content", map::render(made, asked.format, language)}};
    return [this, request, why, answer = std::move(answer)] {
      if (!why.empty()) return client_.fail(request, Code::invalid_params, why);
      client_.reply(request, answer);
    };
  };
  findings_.in_background(request, work, false);
}

}  // namespace preflint::lsp
