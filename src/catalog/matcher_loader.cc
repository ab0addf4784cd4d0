#include "catalog/matcher_loader.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "catalog/facts.h"
#include "catalog/fields.h"
#include "catalog/suggest.h"
#include "syntax/query.h"

namespace preflint::catalog {
namespace {

using Errors = std::vector<Error>;

struct TestName {
  std::string_view key;
  ValueTest::Kind kind;
};
constexpr TestName kTests[] = {
    {"equals", ValueTest::Kind::equals},       {"starts-with", ValueTest::Kind::starts_with},
    {"ends-with", ValueTest::Kind::ends_with}, {"contains", ValueTest::Kind::contains},
    {"matches", ValueTest::Kind::matches},     {"under", ValueTest::Kind::under},
    {"tier", ValueTest::Kind::tier},
};

void check_pattern(const Document& pattern, Errors& errors) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  const re2::RE2 compiled(pattern.text, options);
  if (!compiled.ok()) {
    errors.push_back({"not a regular expression: " + compiled.error(), pattern.span,
                      "不是正则表达式：" + compiled.error()});
  }
}

void add_test(ValueTest::Kind kind, bool negated, const std::vector<const Document*>& values,
              RuleStorage& storage, std::vector<ValueTest>& tests, Errors& errors) {
  std::vector<std::string> texts;
  for (const Document* value : values) {
    // A pattern with a profile's fact in it is compiled when the profile is known.
    if (kind == ValueTest::Kind::matches && value->text.find("${") == std::string::npos) {
      check_pattern(*value, errors);
    }
    if (auto wrong = bad_reference(value->text)) {
      errors.push_back(Error::of(*std::move(wrong), value->span));
    }
    texts.push_back(value->text);
  }
  tests.push_back({kind, negated, storage.keep_all(std::move(texts))});
}

void add_tests(const Document& map, bool negated, RuleStorage& storage,
               std::vector<ValueTest>& tests, Errors& errors) {
  Fields fields(map, negated ? verbatim("'not'") : Sentence{"a condition", "条件"}, errors);
  for (const TestName& test : kTests) {
    if (!map.find(test.key)) {
      fields.get(test.key);
      continue;
    }
    add_test(test.kind, negated, fields.scalars(test.key), storage, tests, errors);
  }
  const Document* inner = fields.get("not");
  if (inner && negated)
    fields.fail(inner->span, {"'not' inside 'not'", "'not' 中不能再嵌套 'not'"});
  if (inner && !negated) {
    if (inner->is_map()) {
      add_tests(*inner, true, storage, tests, errors);
    } else {
      add_test(ValueTest::Kind::equals, true, fields.scalars("not"), storage, tests, errors);
    }
  }
  fields.finish();
}

/// A word or a list of words (equal to any of them), or a mapping of conditions.
std::span<const ValueTest> value_tests(Fields& owner, std::string_view key, RuleStorage& storage,
                                       Errors& errors) {
  std::vector<ValueTest> tests;
  const Document* value = owner.get(key);
  if (!value) return {};
  if (value->is_map()) {
    add_tests(*value, false, storage, tests, errors);
  } else {
    add_test(ValueTest::Kind::equals, false, owner.scalars(key), storage, tests, errors);
  }
  return storage.keep(std::move(tests));
}

ArgumentTest argument_test(const Document& item, RuleStorage& storage, Errors& errors,
                           bool inside_absent = false) {
  ArgumentTest test;
  if (is_text(item)) {
    test.names = storage.keep_all({item.text});
    test.kind = item.text.starts_with('-') ? ArgumentTest::Kind::option : ArgumentTest::Kind::word;
    return test;
  }
  Fields fields(item, {"an argument", "参数"}, errors);
  const Document* absent = fields.get("absent");
  const Document* any_of = fields.get("any-of");
  const Document* option = fields.get("option");
  const Document* position = fields.get("position");
  const int forms =
      (absent != nullptr) + (any_of != nullptr) + (option != nullptr) + (position != nullptr);
  const bool any_operand = forms == 0 && fields.get("value");
  if (forms != 1 && !any_operand) {
    fields.fail(item.span,
                {"an argument is a word or one of option, any-of, position, value, absent",
                 "参数应为一个单词，或 option、any-of、position、value、absent 之一"});
  } else if (absent && inside_absent) {
    fields.fail(absent->span, {"'absent' inside 'absent'", "'absent' 中不能再嵌套 'absent'"});
  } else if (absent) {
    if (absent->is_list()) {
      const auto names = fields.texts("absent");
      test.kind = !names.empty() && names[0].starts_with('-') ? ArgumentTest::Kind::option
                                                              : ArgumentTest::Kind::word;
      test.names = storage.keep_all(names);
    } else {
      test = argument_test(*absent, storage, errors, true);
    }
    test.absent = true;
  } else if (any_of) {
    const auto names = fields.texts("any-of");
    const bool dashes = !names.empty() && names[0].starts_with('-');
    for (const std::string& name : names) {
      if (name.starts_with('-') != dashes) {
        fields.fail(any_of->span,
                    {"'any-of' mixes options and words", "'any-of' 中不能混用选项和普通单词"});
        break;
      }
    }
    test.kind = dashes ? ArgumentTest::Kind::option : ArgumentTest::Kind::word;
    test.names = storage.keep_all(names);
  } else if (option) {
    test.kind = ArgumentTest::Kind::option;
    test.names = storage.keep_all(fields.texts("option"));
  } else {
    test.kind = ArgumentTest::Kind::position;
    // -1: whichever operand fits.
    test.position =
        any_operand ? -1 : static_cast<int>(fields.integer("position", 0, 1000).value_or(0));
  }
  const auto value = value_tests(fields, "value", storage, errors);
  if (option || position || any_operand)
    test.value = value;
  else if (!value.empty())
    fields.fail(item.span, {"'value' goes with option or position",
                            "'value' 须与 option 或 position 一起使用"});
  if (position && value.empty())
    fields.fail(item.span, {"'position' wants a 'value'", "'position' 须同时给出 'value'"});
  fields.finish();
  return test;
}

CallArgumentTest call_argument(const Document& item, RuleStorage& storage, Errors& errors) {
  CallArgumentTest test;
  Fields fields(item, {"an argument", "参数"}, errors);
  test.position = static_cast<int>(fields.integer("position", 0, 1000).value_or(-1));
  test.keywords = storage.keep_all(fields.texts("keyword"));
  if (const auto fallback = fields.text("default")) {
    test.fallback = storage.keep(*fallback);
    test.has_fallback = true;
  }
  test.absent = fields.flag("absent").value_or(false);
  test.value = value_tests(fields, "value", storage, errors);
  if (test.position < 0 && test.keywords.empty()) {
    fields.fail(item.span, {"an argument wants a 'position' or a 'keyword'",
                            "参数须有 'position' 或 'keyword'"});
  }
  if (test.absent && (!test.value.empty() || test.has_fallback)) {
    fields.fail(item.span, {"an absent argument has neither 'value' nor 'default'",
                            "absent 的参数不能再有 'value' 或 'default'"});
  }
  fields.finish();
  return test;
}

void load_call(Fields& fields, Matcher& matcher, RuleStorage& storage, Errors& errors) {
  std::vector<CallArgumentTest> tests;
  if (const Document* one = fields.get("argument")) {
    tests.push_back(call_argument(*one, storage, errors));
  }
  for (const Document* item : fields.items("arguments")) {
    tests.push_back(call_argument(*item, storage, errors));
  }
  if (const Document* where = fields.get("where")) {
    const auto value = value_tests(fields, "where", storage, errors);
    if (tests.size() == 1 && tests[0].value.empty() && !tests[0].absent) {
      tests[0].value = value;
    } else {
      fields.fail(where->span, {"'where' speaks of the one 'argument' that has no 'value'",
                                "'where' 须对应唯一一个没有 'value' 的 'argument'"});
    }
  }
  matcher.call_arguments = storage.keep(std::move(tests));
}

void load_versions(Fields& fields, Matcher& matcher, RuleStorage& storage, Errors& errors) {
  const Document* version = fields.get("version");
  if (!version) return;
  std::vector<VersionTest> tests;
  Fields inner(*version, verbatim("'version'"), errors);
  if (inner.get("admits")) {
    tests.push_back({VersionTest::Kind::admits, storage.keep_all(inner.texts("admits"))});
  }
  if (inner.get("excludes")) {
    tests.push_back({VersionTest::Kind::excludes, storage.keep_all(inner.texts("excludes"))});
  }
  if (const auto pinned = inner.flag("pinned")) {
    tests.push_back({*pinned ? VersionTest::Kind::pinned : VersionTest::Kind::unpinned, {}});
  }
  inner.finish();
  for (const Document::Member& member : version->members) {
    for (const Document& item : member.value.items) {
      if (auto wrong = bad_reference(item.text)) inner.fail(item.span, *std::move(wrong));
    }
    if (auto wrong = bad_reference(member.value.text)) {
      inner.fail(member.value.span, *std::move(wrong));
    }
  }
  matcher.versions = storage.keep(std::move(tests));
}

void load_query(Fields& fields, const Document& document, Matcher& matcher, RuleStorage& storage) {
  matcher.query = storage.keep(fields.need_text("query"));
  matcher.query_language = storage.keep(fields.choice("language", {"shell", "python"}));
  if (matcher.query_language.empty()) {
    fields.fail(document.span, {"'query' wants a 'language': shell or python",
                                "'query' 须指明 'language'：shell 或 python"});
    return;
  }
  const Document& written = *document.find("query");
  const auto grammar =
      matcher.query_language == "shell" ? tree_sitter::Grammar::bash : tree_sitter::Grammar::python;
  const auto query = tree_sitter::Query::compile(grammar, matcher.query);
  if (!query) {
    Span where = written.span;
    if (written.exact && query.error().where)
      where.begin = written.exact->begin + query.error().where->begin;
    fields.fail(where, query.error());
    return;
  }
  const auto captures = query->captures();
  if (std::find(captures.begin(), captures.end(), "match") == captures.end()) {
    fields.fail(written.span,
                {"the query captures nothing as @match", "查询中没有名为 @match 的捕获"});
  }
}

constexpr std::string_view kForms[] = {"command", "call", "requirement", "query"};

}  // namespace

Matcher load_matcher(const Document& document, RuleStorage& storage, Errors& errors) {
  Matcher matcher;
  Fields fields(document, verbatim("'match'"), errors);
  int forms = 0;
  std::string_view form;
  for (size_t i = 0; i < std::size(kForms); ++i) {
    if (!fields.get(kForms[i])) continue;
    ++forms;
    form = kForms[i];
    matcher.kind = static_cast<Matcher::Kind>(i);
  }
  if (forms != 1) {
    fields.fail(document.span, {"'match' wants exactly one of command, call, requirement, query",
                                "'match' 须且只能有 command、call、requirement、query 之一"});
    return matcher;
  }
  const std::string site = fields.choice("site", {"instance", "local", "any"});
  if (site == "local") matcher.site = Matcher::Site::local;
  if (site == "any") matcher.site = Matcher::Site::any;
  const std::string at = fields.choice("at", {"whole", "name", "argument"});
  if (at == "name") matcher.at = Matcher::At::name;
  if (at == "argument") matcher.at = Matcher::At::argument;

  switch (matcher.kind) {
    case Matcher::Kind::command: {
      std::vector<ArgumentTest> tests;
      for (const Document* item : fields.items("arguments")) {
        tests.push_back(argument_test(*item, storage, errors));
      }
      matcher.arguments = storage.keep(std::move(tests));
      break;
    }
    case Matcher::Kind::call:
      load_call(fields, matcher, storage, errors);
      break;
    case Matcher::Kind::requirement:
      load_versions(fields, matcher, storage, errors);
      break;
    case Matcher::Kind::query: {
      load_query(fields, document, matcher, storage);
      break;
    }
  }
  if (matcher.kind != Matcher::Kind::query) {
    auto names = fields.texts(form);
    if (names.empty())
      fields.fail(document.span,
                  {fmt::format("'{}' is empty", form), fmt::format("'{}' 为空", form)});
    matcher.names = storage.keep_all(std::move(names));
  }
  fields.finish();
  return matcher;
}

std::vector<std::string_view> filled_by(const Matcher& matcher) {
  switch (matcher.kind) {
    case Matcher::Kind::command:
      return {"command", "text", "value"};
    case Matcher::Kind::call:
      return {"call", "text", "value"};
    case Matcher::Kind::requirement:
      return {"name", "specifier", "text"};
    case Matcher::Kind::query:
      break;
  }
  std::vector<std::string_view> names{"text"};
  for (size_t at = matcher.query.find('@'); at != std::string_view::npos;
       at = matcher.query.find('@', at + 1)) {
    const size_t end = matcher.query.find_first_not_of(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", at + 1);
    const auto name =
        matcher.query.substr(at + 1, end == std::string_view::npos ? end : end - at - 1);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace preflint::catalog
