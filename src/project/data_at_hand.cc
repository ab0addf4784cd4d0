#include "project/data_at_hand.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/one_of.h"
#include "model/value.h"

namespace preflint::project {
namespace {

constexpr size_t kMostFolders = 50;  // looked through for one path

bool asks_for_file(const py::CallEvent& call) {
  return one_of(call.origin, {"os.path.exists", "os.path.isfile", "os.path.isdir"}) ||
         one_of(call.method, {"exists", "is_file", "is_dir"});
}

/// The components of a path that begins at the project's root or where the program is started; in
/// those that are not known whole stands a `*`.
std::optional<std::vector<std::string>> components(const Text& path) {
  std::string shown;
  for (size_t i = 0; i < path.pieces().size(); ++i) {
    const Piece& piece = path.pieces()[i];
    if (piece.known) {
      shown += piece.text;
    } else if (i > 0) {
      shown += '*';
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

/// `test*.jsonl` with one unknown part.
bool fits(const std::string& pattern, std::string_view name) {
  const size_t star = pattern.find('*');
  const std::string_view before = std::string_view(pattern).substr(0, star);
  const std::string_view after = std::string_view(pattern).substr(pattern.rfind('*') + 1);
  return name.size() >= before.size() + after.size() && name.starts_with(before) &&
         name.ends_with(after);
}

class Finder {
 public:
  Finder(const Reader& reader, const std::vector<std::string>& parts)
      : reader_(reader), parts_(parts) {}

  bool find(const std::string& folder, size_t at = 0) {
    if (at == parts_.size()) return at > 0;
    const std::string& part = parts_[at];
    const bool last = at + 1 == parts_.size();
    if (part.find('*') == std::string::npos) {
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
    if (!parts || parts->empty() || parts->front().find('*') != std::string::npos) return false;
    Finder finder(*context.program().reader, *parts);
    return finder.find(context.program().root) ||
           finder.find(paths::dirname(run.unit->file().path));
  });
}

/// Does the place lie in the branch where what the condition asks for is missing?
bool where_missing(const py::Frame& condition) {
  const bool negated = condition.file->syntax.slice(condition.span).starts_with("not ");
  return condition.taken == negated;
}

}  // namespace

bool data_at_hand(const Context& context, const Run& run, const py::CallEvent& call) {
  const auto& calls = run.python->calls;
  for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
    if ((frame->kind != py::FrameKind::condition && frame->kind != py::FrameKind::after_exit) ||
        !frame->file || !where_missing(*frame))
      continue;
    const bool here = std::any_of(calls.begin(), calls.end(), [&](const py::CallEvent& question) {
      if (question.file != frame->file || !frame->span.contains(question.span) ||
          !asks_for_file(question))
        return false;
      const py::Argument* path = question.argument(0);
      return held(context, run, path ? path->value.text() : question.receiver.text());
    });
    if (here) return true;
  }
  return false;
}

}  // namespace preflint::project
