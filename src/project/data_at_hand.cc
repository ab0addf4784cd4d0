#include "project/data_at_hand.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/one_of.h"
#include "model/value.h"
#include "project/checked_files.h"
#include "project/python_statements.h"

namespace preflint::project {
namespace {

constexpr size_t kMostFolders = 50;  // looked through for one path

bool asks_for_file(const py::CallEvent& call) {
  return one_of(call.origin, {"os.path.exists", "os.path.isfile", "os.path.isdir"}) ||
         one_of(call.method, {"exists", "is_file", "is_dir"});
}

constexpr char kUnknown = '\0';  // stands for what is not known of a name

/// The components of a path that begins at the project's root or where the program is started.
std::optional<std::vector<std::string>> components(const Text& path) {
  std::string shown;
  for (size_t i = 0; i < path.pieces().size(); ++i) {
    const Piece& piece = path.pieces()[i];
    if (piece.known) {
      shown += piece.text;
    } else if (i > 0) {
      shown += kUnknown;
    } else if (piece.text != kRootHole && piece.text != kCwdHole) {
      return std::nullopt;
    }
  }
  const bool from_hole = !path.pieces().empty() && !path.pieces()[0].known;
  if (shown.empty() || (shown.front() == '/') != from_hole) return std::nullopt;
  std::vector<std::string> out;
  for (size_t at = 0; at < shown.size();) {
    const size_t end = std::min(shown.find('/', at), shown.size());
    const std::string part = shown.substr(at, end - at);
    if (part == "..") return std::nullopt;
    if (!part.empty() && part != ".") out.push_back(part);
    at = end + 1;
  }
  return out;
}

/// Does a name have the known parts of a pattern, in their order?
bool fits(std::string_view pattern, std::string_view name) {
  const size_t first = pattern.find(kUnknown), last = pattern.rfind(kUnknown);
  const std::string_view before = pattern.substr(0, first), after = pattern.substr(last + 1);
  if (name.size() < before.size() + after.size() || !name.starts_with(before) ||
      !name.ends_with(after))
    return false;
  name = name.substr(before.size(), name.size() - before.size() - after.size());
  for (std::string_view rest = pattern.substr(first, last - first); !rest.empty();) {
    rest.remove_prefix(1);
    const std::string_view part = rest.substr(0, rest.find(kUnknown));
    const size_t at = name.find(part);
    if (at == std::string_view::npos) return false;
    name.remove_prefix(at + part.size());
    rest.remove_prefix(part.size());
  }
  return true;
}

/// Does what is known of a file's name say more than its kind: `test_{}.json`, not `{}.json`?
bool says_which(std::string_view pattern) {
  const std::string_view stem = pattern.substr(0, pattern.rfind('.'));
  return std::any_of(stem.begin(), stem.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || (c & 0x80) != 0;
  });
}

class Finder {
 public:
  Finder(const Reader& reader, const std::vector<std::string>& parts)
      : reader_(reader), parts_(parts) {}

  bool find(const std::string& folder, size_t at = 0) {
    if (at == parts_.size()) return at > 0;
    const std::string& part = parts_[at];
    const bool last = at + 1 == parts_.size();
    if (part.find(kUnknown) == std::string::npos) {
      const std::string path = folder + "/" + part;
      return (last && reader_.exists(path)) || (reader_.directory(path) && find(path, at + 1));
    }
    if (++looked_ > kMostFolders) return false;
    const auto names = reader_.names(folder);
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      const bool below = name.ends_with('/');
      const std::string plain = below ? name.substr(0, name.size() - 1) : name;
      if (!fits(part, plain)) return false;
      return last || (below && find(folder + "/" + plain, at + 1));
    });
  }

 private:
  const Reader& reader_;
  const std::vector<std::string>& parts_;
  size_t looked_ = 0;
};

bool held(const Context& context, const Run& run, const Value& path) {
  return std::any_of(path.alternatives().begin(), path.alternatives().end(), [&](const Text& one) {
    const auto parts = components(one);
    if (!parts || parts->empty() || parts->front().find(kUnknown) != std::string::npos ||
        !says_which(parts->back()))
      return false;
    Finder finder(*context.program().reader, *parts);
    return finder.find(context.program().root) ||
           finder.find(paths::dirname(run.unit->file().path));
  });
}

bool checked(const Run& run, const Value& path) {
  const auto& all = path.alternatives();
  return std::all_of(all.begin(), all.end(), [&](const Text& one) {
    return one.known() && checked_by_wrapper(run, one.display());
  });
}

/// Does a condition that came out as `taken` mean that a file is missing which is there?
bool cannot_be(const py::Expr& condition, bool taken,
               const std::function<bool(const py::Expr&)>& there) {
  if (condition.kind == py::ExprKind::unary && condition.op == py::Op::not_)
    return cannot_be(*condition.children[0], !taken, there);
  const auto cannot = [&](const py::Expr* one) { return cannot_be(*one, taken, there); };
  if (condition.kind == py::ExprKind::boolean && !condition.ops.empty()) {
    const auto& parts = condition.children;
    // All of them came out so, or any one did.
    return taken == (condition.ops[0] == py::Op::and_)
               ? std::any_of(parts.begin(), parts.end(), cannot)
               : std::all_of(parts.begin(), parts.end(), cannot);
  }
  return condition.kind == py::ExprKind::call && !taken && there(condition);
}

}  // namespace

bool data_at_hand(const Context& context, const Run& run, const py::CallEvent& call) {
  const auto& calls = run.python->calls;
  for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
    if (!frame->conditional() || !frame->file) continue;
    const py::Expr* condition = expression_at(frame->file->syntax, frame->span);
    const auto there = [&](const py::Expr& asked) {
      return std::any_of(calls.begin(), calls.end(), [&](const py::CallEvent& question) {
        if (question.expr != &asked || !asks_for_file(question)) return false;
        const py::Argument* path = question.argument(0);
        const Value asked_for = path ? path->value.text() : question.receiver.text();
        return held(context, run, asked_for) || checked(run, asked_for);
      });
    };
    if (condition && cannot_be(*condition, frame->taken, there)) return true;
  }
  return false;
}

}  // namespace preflint::project
