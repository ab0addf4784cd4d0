#include "model/shell/state.h"

#include <algorithm>

#include "model/shell/fields.h"

namespace preflint::shell {
namespace {

using Sites = std::shared_ptr<const std::vector<int>>;
constexpr std::ptrdiff_t kMaxFailed = 256;  // older ones are forgotten: every event keeps its list

Sites united(const Sites& a, const Sites& b) {
  if (a == b || !b || b->empty()) return a;
  if (!a || a->empty()) return b;
  auto out = std::make_shared<std::vector<int>>();
  std::set_union(a->begin(), a->end(), b->begin(), b->end(), std::back_inserter(*out));
  if (*out == *a) return a;
  if (*out == *b) return b;
  return out;
}

std::shared_ptr<const Status> join_status(const std::shared_ptr<const Status>& a,
                                          const std::shared_ptr<const Status>& b) {
  if (a == b) return a;
  if (!a || !b) return nullptr;
  if (a->sites != b->sites || a->pipeline != b->pipeline) {
    // Whichever command it is of: nothing failed.
    const bool succeeded = a->success == Tri::yes && b->success == Tri::yes;
    return succeeded ? std::make_shared<const Status>(Status{{}, nullptr, Tri::yes}) : nullptr;
  }
  return std::make_shared<const Status>(
      Status{a->sites, a->pipeline, join(a->success, b->success)});
}

template <typename T>
std::shared_ptr<const T> same_or_none(const std::shared_ptr<const T>& a,
                                      const std::shared_ptr<const T>& b) {
  return a == b || (a && b && *a == *b) ? a : nullptr;
}

}  // namespace

bool State::failed(int site) const {
  return may_have_failed &&
         std::binary_search(may_have_failed->begin(), may_have_failed->end(), site);
}

void State::add_failed(int site) {
  may_have_failed = united(may_have_failed, std::make_shared<const std::vector<int>>(1, site));
  if (std::ssize(*may_have_failed) <= kMaxFailed) return;
  may_have_failed = std::make_shared<const std::vector<int>>(may_have_failed->end() - kMaxFailed,
                                                             may_have_failed->end());
}

void State::remove_failed(const std::vector<int>& sites) {
  if (!may_have_failed) return;
  auto out = std::make_shared<std::vector<int>>();
  for (const int site : *may_have_failed) {
    if (std::find(sites.begin(), sites.end(), site) == sites.end()) out->push_back(site);
  }
  if (out->size() != may_have_failed->size()) may_have_failed = out;
}

void State::clear_failed() { may_have_failed = nullptr; }

const Value& more_elements() {
  static const Value kMore = Value::unknown("@more");
  return kMore;
}

bool are_more_elements(const Value& element) { return element == more_elements(); }

namespace {

bool elements_known(const Variable& array) {
  return array.array && array.set == Tri::yes && (!array.elements.empty() || array.value.is(""));
}

/// What the arrays of two paths begin and end with; what differs is not known.
std::vector<Value> common_elements(const std::vector<Value>& a, const std::vector<Value>& b) {
  const auto size = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  const auto head = std::mismatch(a.begin(), a.begin() + size, b.begin()).first - a.begin();
  const auto tail =
      std::mismatch(a.rbegin(), a.rbegin() + (size - head), b.rbegin()).first - a.rbegin();
  std::vector<Value> out(a.begin(), a.begin() + head);
  out.push_back(more_elements());
  out.insert(out.end(), a.end() - tail, a.end());
  out.erase(std::unique(out.begin(), out.end(),
                        [](const Value& one, const Value& next) {
                          return are_more_elements(one) && are_more_elements(next);
                        }),
            out.end());
  return out;
}

}  // namespace

Variable join_variables(const Variable* a, const Variable* b) {
  // A variable that one path never touched is as it was inherited there: not set by the program.
  if (!a || !b) {
    // cppcheck-suppress nullPointerRedundantCheck  # one of them is there
    Variable out = a ? *a : *b;
    if (out.set == Tri::yes) out.set = Tri::maybe;
    if (out.exported == Tri::yes) out.exported = Tri::maybe;
    return out;
  }
  if (*a == *b) return *a;
  Variable out = *a;
  if (a->set == Tri::no) {
    out.value = b->value;
    out.unit = b->unit;
    out.span = b->span;
  } else if (b->set != Tri::no) {
    out.value = a->value.joined(b->value);
  }
  out.set = join(a->set, b->set);
  out.exported = join(a->exported, b->exported);
  out.array = a->array || b->array;
  if (a->elements != b->elements) {
    const bool known = elements_known(*a) && elements_known(*b);
    out.elements = known ? common_elements(a->elements, b->elements) : std::vector<Value>();
  }
  return out;
}

State join(const State& a, const State& b) {
  if (!a.reachable) return b;
  if (!b.reachable) return a;
  State out = a;
  out.errexit = join(a.errexit, b.errexit);
  out.pipefail = join(a.pipefail, b.pipefail);
  out.nounset = join(a.nounset, b.nounset);
  out.allexport = join(a.allexport, b.allexport);
  out.proxy = a.proxy.joined(b.proxy);
  out.opaque = a.opaque || b.opaque;
  out.activated = join(a.activated, b.activated);
  if (a.conda_env != b.conda_env) out.conda_env = "?";
  out.astray = a.astray || b.astray;
  out.elsewhere = a.elsewhere && b.elsewhere;
  if (a.cwd != b.cwd && !(a.cwd && b.cwd && *a.cwd == *b.cwd)) {
    out.astray = true;
    out.cwd = std::make_shared<const Text>(Text::hole(kCwdHole, Tri::no));
  }
  if (!a.variables.same(b.variables)) {
    out.variables = a.variables.merged(b.variables, join_variables);
  }
  if (!a.functions.same(b.functions)) {
    out.functions = a.functions.merged(
        b.functions,
        [](const FunctionDefinition* x, const FunctionDefinition* y) { return x ? *x : *y; });
  }
  if (!a.traps.same(b.traps)) {
    out.traps = a.traps.merged(b.traps, [](const Trap* x, const Trap* y) { return x ? *x : *y; });
  }
  out.positional = same_or_none(a.positional, b.positional);
  out.given = a.given & b.given;
  if (!(a.script == b.script)) out.script = a.script.joined(b.script);
  out.may_have_failed = united(a.may_have_failed, b.may_have_failed);
  out.status = join_status(a.status, b.status);
  out.pipe_status = same_or_none(a.pipe_status, b.pipe_status);
  if (out.hook_event < 0) out.hook_event = b.hook_event;
  out.printed = join(a.printed, b.printed);
  return out;
}

State widened(const State& earlier, const State& later) {
  State out = later;
  out.variables =
      earlier.variables.merged(later.variables, [](const Variable* a, const Variable* b) {
        if (a && b && *a == *b) return *a;
        Variable variable = join_variables(a, b);
        const auto& texts = variable.value.alternatives();
        const bool several = std::any_of(texts.begin(), texts.end(), may_be_several);
        variable.value = Value::unknown(several ? "rest" : "?",
                                        variable.value.empty() == Tri::no ? Tri::no : Tri::maybe);
        // An array keeps what it began with where the loop adds to it.
        if (!variable.elements.empty() && !are_more_elements(variable.elements.front()))
          variable.value = variable.elements.front();
        return variable;
      });
  return out;
}

bool is_proxy_variable(std::string_view name) {
  return name == "http_proxy" || name == "https_proxy" || name == "HTTP_PROXY" ||
         name == "HTTPS_PROXY" || name == "all_proxy" || name == "ALL_PROXY";
}

const Variable* Environment::find(std::string_view name) const {
  const Variable* variable = variables.find(name);
  return variable && variable->exported != Tri::no && variable->set != Tri::no ? variable : nullptr;
}

Tri Environment::set(std::string_view name) const {
  const Variable* variable = find(name);
  if (!variable) return opaque ? Tri::maybe : Tri::no;
  return variable->set & variable->exported & !variable->value.empty();
}

std::optional<std::string> Environment::constant(std::string_view name) const {
  const Variable* variable = find(name);
  if (!variable || variable->set != Tri::yes) return std::nullopt;
  return variable->value.constant();
}

Environment environment_of(const State& state) {
  Environment out;
  out.variables = state.variables;
  out.proxy = state.proxy;
  out.opaque = state.opaque;
  out.activated = state.activated;
  out.conda_env = state.conda_env;
  out.cwd = state.cwd;
  out.astray = state.astray;
  return out;
}

}  // namespace preflint::shell
