#include "syntax/query.h"

#include <re2/re2.h>

#include <algorithm>

#include "syntax/tree_sitter_raw.h"

namespace preflint::tree_sitter {
namespace {

constexpr uint32_t kMaxMatches = 4096;
constexpr uint32_t kMatchLimit = 256;  // matches that the library keeps open at once
constexpr uint32_t kMaxDepth = 1000;
constexpr uint32_t kMaxTokens = 1000;  // in a row, as siblings

/// One `#name? @capture …` of a pattern.
struct Predicate {
  enum class Kind : uint8_t { equal_text, equal_capture, any_of, matches };
  Kind kind = Kind::equal_text;
  bool negated = false;
  uint32_t capture = 0;
  uint32_t other = 0;              // equal_capture
  std::vector<std::string> texts;  // equal_text, any_of
  std::shared_ptr<const re2::RE2> pattern;
};

std::string_view text_of(TSNode node, std::string_view text) {
  return text.substr(ts_node_start_byte(node), ts_node_end_byte(node) - ts_node_start_byte(node));
}

/// Every node that a capture holds has to satisfy it; a capture that is not there does.
bool holds(const Predicate& predicate, const TSQueryMatch& match, std::string_view text) {
  for (uint16_t i = 0; i < match.capture_count; ++i) {
    if (match.captures[i].index != predicate.capture) continue;
    const std::string_view value = text_of(match.captures[i].node, text);
    bool good = false;
    switch (predicate.kind) {
      case Predicate::Kind::equal_text:
      case Predicate::Kind::any_of:
        good = std::find(predicate.texts.begin(), predicate.texts.end(), value) !=
               predicate.texts.end();
        break;
      case Predicate::Kind::matches:
        good = re2::RE2::PartialMatch(re2::StringPiece(value.data(), value.size()),
                                      *predicate.pattern);
        break;
      case Predicate::Kind::equal_capture:
        for (uint16_t k = 0; k < match.capture_count; ++k) {
          good |= match.captures[k].index == predicate.other &&
                  text_of(match.captures[k].node, text) == value;
        }
        break;
    }
    if (good == predicate.negated) return false;
  }
  return true;
}

Sentence reason(TSQueryError error) {
  switch (error) {
    case TSQueryErrorSyntax:
      return {"the query's syntax is wrong here", "查询在此处有语法错误"};
    case TSQueryErrorNodeType:
      return {"the grammar has no such node", "语法中没有这种节点"};
    case TSQueryErrorField:
      return {"the grammar has no such field", "语法中没有这个字段"};
    case TSQueryErrorCapture:
      return {"no such capture", "没有这个捕获"};
    case TSQueryErrorStructure:
      return {"this pattern can never match", "该模式永远不会匹配"};
    default:
      return {"the query cannot be used", "该查询无法使用"};
  }
}

/// For each node the library looks through its ancestors and through the tokens that follow it:
/// both are short in what people write and make it quadratic elsewhere, without a call to its
/// progress function.
bool tame(TSNode root) {
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  uint32_t depth = 0, tokens = 0;
  bool good = true, done = false;
  while (good && !done) {
    tokens = ts_node_is_named(ts_tree_cursor_current_node(&cursor)) ? 0 : tokens + 1;
    good = tokens <= kMaxTokens && depth <= kMaxDepth;
    if (ts_tree_cursor_goto_first_child(&cursor)) {
      ++depth;
      tokens = 0;
      continue;
    }
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      tokens = 0;
      if (depth == 0 || !ts_tree_cursor_goto_parent(&cursor)) {
        done = true;
        break;
      }
      --depth;
    }
  }
  ts_tree_cursor_delete(&cursor);
  return good;
}

/// Counts the work of one run and stops it.
struct Meter {
  uint64_t left;
  const Budget* budget;
};

bool on_progress(TSQueryCursorState* state) {
  auto& meter = *static_cast<Meter*>(state->payload);
  if (meter.left == 0 || (meter.budget->cancelled && meter.budget->cancelled())) return true;
  --meter.left;
  return false;
}

}  // namespace

struct Query::State {
  Grammar grammar = Grammar::python;
  std::unique_ptr<TSQuery, decltype(&ts_query_delete)> query{nullptr, &ts_query_delete};
  std::vector<std::vector<Predicate>> predicates;  // by pattern

  std::string_view capture_name(uint32_t index) const {
    uint32_t length = 0;
    const char* name = ts_query_capture_name_for_id(query.get(), index, &length);
    return {name, length};
  }
  std::string string_value(uint32_t index) const {
    uint32_t length = 0;
    const char* value = ts_query_string_value_for_id(query.get(), index, &length);
    return {value, length};
  }
  /// Reads one predicate's steps; an empty text means that it is good.
  Sentence add(uint32_t pattern, const TSQueryPredicateStep* steps, uint32_t count);
};

Sentence Query::State::add(uint32_t pattern, const TSQueryPredicateStep* steps, uint32_t count) {
  if (steps[0].type != TSQueryPredicateStepTypeString)
    return {"a predicate begins with its name", "谓词应以名称开头"};
  std::string name = string_value(steps[0].value_id);
  Predicate out;
  std::string_view kind = name;
  if (kind.starts_with("not-")) {
    out.negated = true;
    kind.remove_prefix(4);
  }
  if (kind != "eq?" && kind != "any-of?" && kind != "match?") {
    return {
        "there is no predicate #" + name + "; known are #eq? #any-of? #match? and #not-… of them",
        "没有谓词 #" + name + "；可用的有 #eq? #any-of? #match? 以及各自的 #not-…"};
  }
  if (count < 3 || steps[1].type != TSQueryPredicateStepTypeCapture ||
      (kind != "any-of?" && count != 3)) {
    return {"#" + name + " wants a capture and what to compare it with",
            "#" + name + " 需要一个捕获和与之比较的内容"};
  }
  out.capture = steps[1].value_id;
  for (uint32_t i = 2; i < count; ++i) {
    if (steps[i].type == TSQueryPredicateStepTypeString) {
      out.texts.push_back(string_value(steps[i].value_id));
    } else if (kind == "eq?") {
      out.kind = Predicate::Kind::equal_capture;
      out.other = steps[i].value_id;
    } else {
      return {"#" + name + " wants texts", "#" + name + " 只接受文本"};
    }
  }
  if (kind == "any-of?") out.kind = Predicate::Kind::any_of;
  if (kind == "match?") {
    out.kind = Predicate::Kind::matches;
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto compiled = std::make_shared<const re2::RE2>(out.texts[0], options);
    if (!compiled->ok())
      return {"not a regular expression: " + compiled->error(),
              "不是正则表达式：" + compiled->error()};
    out.pattern = std::move(compiled);
  }
  predicates[pattern].push_back(std::move(out));
  return {};
}

Query::Query(std::unique_ptr<const State> state) : state_(std::move(state)) {}
Query::Query(Query&&) noexcept = default;
Query& Query::operator=(Query&&) noexcept = default;
Query::~Query() = default;

Result<Query> Query::compile(Grammar grammar, std::string_view text) {
  auto state = std::make_unique<State>();
  state->grammar = grammar;
  uint32_t offset = 0;
  TSQueryError error = TSQueryErrorNone;
  state->query.reset(ts_query_new(language(grammar), text.data(),
                                  static_cast<uint32_t>(text.size()), &offset, &error));
  if (!state->query) return Error::of(reason(error), Span{offset, offset});
  const uint32_t patterns = ts_query_pattern_count(state->query.get());
  state->predicates.resize(patterns);
  for (uint32_t pattern = 0; pattern < patterns; ++pattern) {
    uint32_t count = 0;
    const TSQueryPredicateStep* steps =
        ts_query_predicates_for_pattern(state->query.get(), pattern, &count);
    for (uint32_t begin = 0; begin < count;) {
      uint32_t end = begin;
      while (end < count && steps[end].type != TSQueryPredicateStepTypeDone) ++end;
      if (end > begin) {
        Sentence wrong = state->add(pattern, steps + begin, end - begin);
        if (!wrong.en.empty()) {
          const uint32_t at = ts_query_start_byte_for_pattern(state->query.get(), pattern);
          return Error::of(std::move(wrong), Span{at, at});
        }
      }
      begin = end + 1;
    }
  }
  return Query(std::move(state));
}

std::vector<std::string_view> Query::captures() const {
  std::vector<std::string_view> names;
  for (uint32_t i = 0; i < ts_query_capture_count(state_->query.get()); ++i) {
    names.push_back(state_->capture_name(i));
  }
  return names;
}

std::vector<Query::Match> Query::run(std::string_view text, const Budget& budget) const {
  std::vector<Match> out;
  const RawTree tree = parse_raw(state_->grammar, text, budget);
  if (!tree || !tame(ts_tree_root_node(tree.get()))) return out;
  const std::unique_ptr<TSQueryCursor, decltype(&ts_query_cursor_delete)> cursor(
      ts_query_cursor_new(), &ts_query_cursor_delete);
  ts_query_cursor_set_match_limit(cursor.get(), kMatchLimit);
  Meter meter{10'000 + text.size() * budget.steps_per_byte / 100, &budget};
  const TSQueryCursorOptions options{&meter, on_progress};
  ts_query_cursor_exec_with_options(cursor.get(), state_->query.get(),
                                    ts_tree_root_node(tree.get()), &options);
  TSQueryMatch match;
  while (out.size() < kMaxMatches && ts_query_cursor_next_match(cursor.get(), &match)) {
    const auto& predicates = state_->predicates[match.pattern_index];
    if (!std::all_of(predicates.begin(), predicates.end(),
                     [&](const Predicate& predicate) { return holds(predicate, match, text); })) {
      continue;
    }
    Match found;
    for (uint16_t i = 0; i < match.capture_count; ++i) {
      const TSNode node = match.captures[i].node;
      found.push_back({state_->capture_name(match.captures[i].index),
                       {ts_node_start_byte(node), ts_node_end_byte(node)}});
    }
    out.push_back(std::move(found));
  }
  return out;
}

}  // namespace preflint::tree_sitter
