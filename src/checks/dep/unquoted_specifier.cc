#include "project/context.h"

namespace preflint::checks {

namespace {

/// Does the name of a file look like the rest of a version specifier: `=2.0`, `1.2`?
bool version_like(std::string_view name) {
  if (name.starts_with('=')) name.remove_prefix(1);
  const size_t comma = name.find(',');
  name = name.substr(0, comma);
  return !name.empty() && name[0] >= '0' && name[0] <= '9' &&
         name.find_first_not_of("0123456789.*abcrdevpost") == std::string_view::npos &&
         name.find('.') != std::string_view::npos;
}

}  // namespace

void unquoted_specifier(project::Context& context) {
  context.each_command(
      project::Where::instance, {"pip", "conda", "mamba", "micromamba"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        const shell::Argument* sub = event.operand();
        if (!sub || (!sub->is("install") && !sub->is("create"))) return;
        for (const shell::RedirectEvent& redirect : event.redirects) {
          using Kind = shell::RedirectKind;
          const Kind kind = redirect.redirect->kind;
          if ((kind != Kind::output && kind != Kind::input && kind != Kind::append) ||
              redirect.redirect->fd != -1)
            continue;
          const auto file = redirect.target.constant();
          const Span span = redirect.redirect->span;
          const std::string_view text = event.unit->source.text();
          // The operator touches the project's name, and a version follows it.
          const bool touches = span.begin > 0 && text[span.begin - 1] != ' ' &&
                               text[span.begin - 1] != '\t' && text[span.begin - 1] != '\n';
          const bool versioned = file && (file->starts_with('=') || version_like(*file));
          if (!touches || !versioned) continue;
          size_t begin = span.begin;
          while (begin > 0 && text[begin - 1] != ' ' && text[begin - 1] != '\t' &&
                 text[begin - 1] != '\n')
            --begin;
          const Span whole{static_cast<uint32_t>(begin), span.end};
          Finding& finding = context.report(run, event, whole);
          finding.arguments = {{"text", std::string(text.substr(begin, span.end - begin))},
                               {"package", std::string(text.substr(begin, span.begin - begin))},
                               {"file", *file}};
          if (kind == Kind::input) finding.message = "input";
        }
      });
}

}  // namespace preflint::checks
