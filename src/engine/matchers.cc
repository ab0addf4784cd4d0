#include "engine/matchers.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "catalog/config.h"
#include "catalog/facts.h"
#include "catalog/profile.h"
#include "model/python/trace.h"

namespace preflint::engine {
namespace {

using catalog::ArgumentTest;
using catalog::CallArgumentTest;
using catalog::Matcher;
using catalog::ValueTest;
using project::Context;

bool one_of(std::string_view text, std::span<const std::string_view> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

/// The text of one expected value with `${profile.…}` filled in; nothing when the profile does not
/// say.
std::optional<std::string> filled(std::string_view value, const Context& context) {
  return catalog::expand(value, context.profile(), context.config().image);
}

/// A regular expression, compiled once: a rule asks it of every argument.
const RE2& expression(const std::string& text) {
  constexpr size_t kKept = 64;
  static thread_local std::map<std::string, std::unique_ptr<const RE2>> compiled;
  if (compiled.size() > kKept) compiled.clear();
  std::unique_ptr<const RE2>& slot = compiled[text];
  if (!slot) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    slot = std::make_unique<const RE2>(text, options);
  }
  return *slot;
}

bool fits_one(const ValueTest& test, const Text& text, std::string_view raw,
              const Context& context) {
  const auto wanted = filled(raw, context);
  if (!wanted) return false;
  const auto known = text.constant();
  switch (test.kind) {
    case ValueTest::Kind::equals:
      return known && *known == *wanted;
    case ValueTest::Kind::starts_with:
      return text.known_prefix().starts_with(*wanted);
    case ValueTest::Kind::ends_with:
      return text.known_suffix().ends_with(*wanted);
    case ValueTest::Kind::contains:
      return std::any_of(text.pieces().begin(), text.pieces().end(), [&](const Piece& piece) {
        return piece.known && piece.text.find(*wanted) != std::string::npos;
      });
    case ValueTest::Kind::matches: {
      return known && RE2::PartialMatch(*known, expression(*wanted));
    }
    case ValueTest::Kind::under:
      return paths::under(text, *wanted) == Tri::yes;
    case ValueTest::Kind::tier: {
      if (!paths::absolute(text)) return false;
      const catalog::Tier* tier = context.profile().tier_of(paths::normalise(text).known_prefix());
      return tier && (tier->name == *wanted || (*wanted == "durable" && tier->durable));
    }
  }
  return false;
}

/// Is enough known of the text to say that a test fails on it?
bool decidable(const ValueTest& test, const Text& text, const Context& context) {
  if (text.known()) return true;
  if (test.kind == ValueTest::Kind::under) {
    return std::all_of(test.values.begin(), test.values.end(), [&](std::string_view raw) {
      const auto wanted = filled(raw, context);
      return wanted && paths::under(text, *wanted) != Tri::maybe;
    });
  }
  return test.kind == ValueTest::Kind::tier && text.known_prefix().size() > 1;
}

/// Every alternative that is known must fit, and something must be known.
bool fits(std::span<const ValueTest> tests, const Value& value, const Context& context) {
  for (const ValueTest& test : tests) {
    bool some = false;
    for (const Text& text : value.alternatives()) {
      const bool fit =
          std::any_of(test.values.begin(), test.values.end(),
                      [&](std::string_view raw) { return fits_one(test, text, raw, context); });
      if (!fit && !decidable(test, text, context)) continue;
      if (fit == test.negated) return false;
      some = true;
    }
    if (!some) return false;
  }
  return true;
}

struct Hit {
  bool found = false;
  Span span;
  std::string value;
};

/// Short options may be written together and apart: `-rf` is `-fr` and `-r -f`.
bool given(const shell::CommandEvent& event, std::string_view option) {
  if (event.has_option(option)) return true;
  if (option.size() < 3 || option.size() > 4 || option[1] == '-') return false;
  return std::all_of(option.begin() + 1, option.end(), [&](char letter) {
    return event.has_option(std::string{'-', letter});
  });
}

Hit find_argument(const ArgumentTest& test, const shell::CommandEvent& event,
                  const Context& context) {
  Hit out;
  if (test.kind == ArgumentTest::Kind::word) {
    for (const shell::Argument& argument : event.arguments) {
      const auto word = argument.constant();
      if (word && one_of(*word, test.names)) return {true, argument.span, *word};
    }
    return out;
  }
  if (test.kind == ArgumentTest::Kind::option) {
    for (const std::string_view name : test.names) {
      if (!given(event, name)) continue;
      const auto value = event.option_value(name);
      if (!test.value.empty() && (!value || !fits(test.value, *value, context))) continue;
      for (const shell::Argument& argument : event.arguments) {
        if (argument.value.known_start().starts_with(name)) {
          return {true, argument.span, value ? value->display() : std::string(name)};
        }
      }
      return {true, event.span, std::string(name)};
    }
    return out;
  }
  for (size_t i = static_cast<size_t>(std::max(test.position, 0));
       const shell::Argument* operand = event.operand(i); ++i) {
    if (test.value.empty() || fits(test.value, operand->value, context))
      return {true, operand->span, operand->value.display()};
    if (test.position >= 0) break;
  }
  return out;
}

project::Where where_of(const Matcher& matcher) {
  return matcher.site == Matcher::Site::instance ? project::Where::instance
                                                 : project::Where::anywhere;
}

void match_commands(const Matcher& matcher, Context& context) {
  context.each_command(
      where_of(matcher), [&](const project::Run& run, const shell::CommandEvent& event) {
        if (matcher.site == Matcher::Site::local && run.site != Site::local) return;
        if (!one_of(event.name, matcher.names)) return;
        Span marked = matcher.at == Matcher::At::name ? event.word.span : event.span;
        std::string value;
        for (const ArgumentTest& test : matcher.arguments) {
          const Hit hit = find_argument(test, event, context);
          if (hit.found == test.absent) return;
          if (hit.found && !test.value.empty()) {
            value = hit.value;
            if (matcher.at == Matcher::At::argument) marked = hit.span;
          } else if (hit.found && value.empty()) {
            value = hit.value;
          }
        }
        Finding& finding = context.report(run, event, marked);
        finding.arguments = {{"command", event.name},
                             {"text", std::string(event.unit->source.slice(event.span))},
                             {"value", value}};
      });
}

void match_calls(const Matcher& matcher, Context& context) {
  context.each_python_run(where_of(matcher), [&](const project::Run& run) {
    if (matcher.site == Matcher::Site::local && run.site != Site::local) return;
    for (const py::CallEvent& call : run.python->calls) {
      if (call.project || !one_of(call.origin, matcher.names)) continue;
      Span marked = matcher.at == Matcher::At::name ? call.callee_span : call.span;
      std::string value;
      bool all = true;
      for (const CallArgumentTest& test : matcher.call_arguments) {
        const py::Argument* found = nullptr;
        if (test.position >= 0) found = call.argument(test.position);
        for (const std::string_view keyword : test.keywords) {
          if (!found) found = call.keyword(keyword);
        }
        if (test.absent) {
          all = !found && !call.more_keywords;
        } else if (found) {
          const Value text = found->value.str();
          all = test.value.empty() || fits(test.value, text, context);
          value = text.display();
          if (matcher.at == Matcher::At::argument) marked = found->span;
        } else {
          all = test.has_fallback && !call.more_keywords && !call.more_positional &&
                fits(test.value, Value::literal(test.fallback), context);
          value = test.fallback;
        }
        if (!all) break;
      }
      if (!all) continue;
      Finding& finding = context.report(run, call.file->syntax.source, marked, call.frame);
      finding.arguments = {{"call", call.origin},
                           {"text", std::string(call.file->syntax.source.slice(call.span))},
                           {"value", value}};
    }
  });
}

}  // namespace

void match(const Matcher& matcher, Context& context) {
  switch (matcher.kind) {
    case Matcher::Kind::command:
      return match_commands(matcher, context);
    case Matcher::Kind::call:
      return match_calls(matcher, context);
    case Matcher::Kind::query:
      return match_query(matcher, context);
    case Matcher::Kind::requirement:
      return match_requirement(matcher, context);
  }
}

}  // namespace preflint::engine
