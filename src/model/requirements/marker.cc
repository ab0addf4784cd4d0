#include "model/requirements/marker.h"

#include <algorithm>
#include <array>
#include <optional>

#include "model/requirements/specifier.h"

namespace preflint::req {
namespace {

constexpr int kMaxDepth = 64;

bool blank(char c) { return c == ' ' || c == '\t'; }
bool word_character(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

constexpr std::array<std::string_view, 16> kVariables = {"python_version",
                                                         "python_full_version",
                                                         "os_name",
                                                         "sys_platform",
                                                         "platform_release",
                                                         "platform_system",
                                                         "platform_version",
                                                         "platform_machine",
                                                         "platform_python_implementation",
                                                         "implementation_name",
                                                         "implementation_version",
                                                         "extra",
                                                         "os.name",
                                                         "sys.platform",
                                                         "platform.version",
                                                         "platform.machine"};

/// The variable under its present name: os.name and python_implementation are older ones.
std::string present_name(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '.', '_');
  return out == "python_implementation" ? "platform_python_implementation" : out;
}

bool is_variable(std::string_view name) {
  return std::find(kVariables.begin(), kVariables.end(), name) != kVariables.end() ||
         name == "python_implementation" || name == "platform.python_implementation";
}

struct Operand {
  bool variable = false;
  std::string text;
};

struct Comparison {
  Operand left, right;
  std::string op;
};

Tri compare(const std::string& left, const std::string& op, const std::string& right) {
  Specifier specifier;
  const std::string clause = op + right;
  const bool versions = op != "in" && op != "not in" && op != "===" &&
                        read_specifier(clause, specifier) == clause.size();
  if (versions) {
    if (const auto version = Version::parse(left)) return tri(specifier.contains(*version, true));
    // `platform_release >= "5.10"` on 5.15.0-generic: tools disagree.
    if (op != "==" && op != "!=") return Tri::maybe;
  }
  if (op == "in") return tri(right.find(left) != std::string::npos);
  if (op == "not in") return tri(right.find(left) == std::string::npos);
  if (op == "==" || op == "===") return tri(left == right);
  if (op == "!=") return tri(left != right);
  if (op == "<") return tri(left < right);
  if (op == "<=") return tri(left <= right);
  if (op == ">") return tri(left > right);
  if (op == ">=") return tri(left >= right);
  return Tri::maybe;
}

Tri compare_extra(const std::string& wanted, const std::string& op,
                  const std::vector<std::string>& extras) {
  const std::string name = normalised_name(wanted);
  const auto any = [&](const std::string& extra) {
    return compare(normalised_name(extra), op, name) == Tri::yes;
  };
  if (extras.empty()) return compare("", op, name);
  return op == "!=" ? tri(std::all_of(extras.begin(), extras.end(), any))
                    : tri(std::any_of(extras.begin(), extras.end(), any));
}

Tri evaluate(const Comparison& comparison, const MarkerEnvironment& environment) {
  const auto& [left, right, op] = comparison;
  if (left.variable && left.text == "extra" && !right.variable)
    return compare_extra(right.text, op, environment.extras);
  if (right.variable && right.text == "extra" && !left.variable)
    return compare_extra(left.text, op, environment.extras);
  const auto value = [&](const Operand& operand) -> std::optional<std::string> {
    if (!operand.variable) return operand.text;
    const auto at = environment.variables.find(operand.text);
    return at == environment.variables.end() ? std::nullopt : std::optional(at->second);
  };
  const auto a = value(left), b = value(right);
  return a && b ? compare(*a, op, *b) : Tri::maybe;
}

}  // namespace

/// `or` of `and`s of comparisons and parentheses.
struct Marker::Node {
  struct Term {
    std::shared_ptr<const Node> inner;  // a parenthesis; null: the comparison
    Comparison comparison;
  };
  std::vector<std::vector<Term>> groups{1};

  Tri holds(const MarkerEnvironment& environment) const {
    Tri any = Tri::no;
    for (const auto& group : groups) {
      Tri every = Tri::yes;
      for (const Term& term : group) {
        every = every & (term.inner ? term.inner->holds(environment)
                                    : evaluate(term.comparison, environment));
      }
      any = any | every;
    }
    return any;
  }
  bool mentions(std::string_view name) const {
    for (const auto& group : groups) {
      for (const Term& term : group) {
        if (term.inner
                ? term.inner->mentions(name)
                : (term.comparison.left.variable && term.comparison.left.text == name) ||
                      (term.comparison.right.variable && term.comparison.right.text == name)) {
          return true;
        }
      }
    }
    return false;
  }
};

/// Reads the grammar of markers; nesting is bounded.
class MarkerReader {
 public:
  explicit MarkerReader(std::string_view text) : text_(text) {}

  std::shared_ptr<const Marker::Node> read(int depth) {
    auto node = std::make_shared<Marker::Node>();
    while (true) {
      Marker::Node::Term term;
      if (!read_term(term, depth)) return nullptr;
      node->groups.back().push_back(std::move(term));
      blanks();
      if (keyword("or"))
        node->groups.emplace_back();
      else if (!keyword("and"))
        return node;
    }
  }
  size_t at() const { return at_; }
  Error error() const {
    const auto at = static_cast<uint32_t>(std::min(fault_, text_.size()));
    return {reason_, Span{at, at}};
  }

 private:
  void blanks() {
    while (at_ < text_.size() && blank(text_[at_])) ++at_;
  }
  bool fail(std::string reason, size_t where) {
    reason_ = std::move(reason);
    fault_ = where;
    return false;
  }
  bool keyword(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    const size_t end = at_ + word.size();
    if (end < text_.size() && word_character(text_[end])) return false;
    if (at_ > 0 && word_character(text_[at_ - 1])) return false;
    at_ = end;
    return true;
  }

  bool read_term(Marker::Node::Term& term, int depth) {
    blanks();
    if (at_ < text_.size() && text_[at_] == '(') {
      const size_t open = at_++;
      if (depth >= kMaxDepth) return fail("marker-depth", open);
      term.inner = read(depth + 1);
      if (!term.inner) return false;
      blanks();
      if (at_ >= text_.size() || text_[at_] != ')') return fail("open-parenthesis", open);
      ++at_;
      return true;
    }
    if (!read_operand(term.comparison.left)) return false;
    blanks();
    if (!read_operator(term.comparison.op)) return false;
    blanks();
    return read_operand(term.comparison.right);
  }

  bool read_operand(Operand& out) {
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      const size_t end = text_.find(text_[at_], at_ + 1);
      if (end == std::string_view::npos) return fail("open-string", at_);
      out.text = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return true;
    }
    size_t end = at_;
    while (end < text_.size() && (word_character(text_[end]) || text_[end] == '.')) ++end;
    const std::string_view name = text_.substr(at_, end - at_);
    if (!is_variable(name)) {
      if (name.empty()) return fail("marker-operand", at_);
      return fail("marker-variable: " + std::string(name.substr(0, 60)), at_);
    }
    out.variable = true;
    out.text = present_name(name);
    at_ = end;
    return true;
  }

  bool read_operator(std::string& out) {
    static constexpr std::array<std::string_view, 8> kSigns = {
        "===", "==", "~=", "!=", "<=", ">=", "<", ">"};
    for (const std::string_view sign : kSigns) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      out = sign;
      at_ += sign.size();
      return true;
    }
    if (keyword("in")) {
      out = "in";
      return true;
    }
    const size_t start = at_;
    if (keyword("not")) {
      const size_t after = at_;
      blanks();
      if (at_ > after && keyword("in")) {
        out = "not in";
        return true;
      }
    }
    return fail("marker-operator", start);
  }

  std::string_view text_;
  size_t at_ = 0, fault_ = 0;
  std::string reason_;
};

Marker::Marker() = default;
Marker::~Marker() = default;
Marker::Marker(const Marker&) = default;
Marker::Marker(Marker&&) noexcept = default;
Marker& Marker::operator=(const Marker&) = default;
Marker& Marker::operator=(Marker&&) noexcept = default;

Result<Marker> Marker::read(std::string_view text, size_t& length) {
  MarkerReader reader(text);
  Marker out;
  out.root_ = reader.read(0);
  if (!out.root_) return reader.error();
  length = reader.at();
  while (length < text.size() && blank(text[length])) ++length;
  return out;
}

Result<Marker> Marker::parse(std::string_view text) {
  size_t length = 0;
  auto out = read(text, length);
  if (out && length != text.size()) {
    return Error{"marker-end",
                 Span{static_cast<uint32_t>(length), static_cast<uint32_t>(text.size())}};
  }
  return out;
}

Tri Marker::holds(const MarkerEnvironment& environment) const {
  return root_ ? root_->holds(environment) : Tri::yes;
}
bool Marker::mentions(std::string_view variable) const {
  return root_ && root_->mentions(variable);
}

MarkerEnvironment MarkerEnvironment::linux_box(std::string_view python) {
  MarkerEnvironment out;
  out.variables = {{"os_name", "posix"},
                   {"sys_platform", "linux"},
                   {"platform_system", "Linux"},
                   {"platform_machine", "x86_64"},
                   {"platform_python_implementation", "CPython"},
                   {"implementation_name", "cpython"}};
  if (const auto version = Version::parse(python); version && version->release.size() > 1) {
    out.variables["python_version"] =
        std::to_string(version->part(0)) + "." + std::to_string(version->part(1));
    if (version->release.size() > 2) {
      out.variables["python_full_version"] = out.variables["implementation_version"] =
          std::string(python);
    }
  }
  return out;
}

}  // namespace preflint::req
