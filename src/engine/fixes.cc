#include "engine/fixes.h"

#include <algorithm>
#include <set>

namespace preflint::engine {
namespace {

// Each round applies at least one fix of each file that still has one; more rounds than this means
// that two fixes undo each other.
constexpr int kMaxRounds = 20;

bool clash(const Edit& a, const Edit& b) {
  const Span x = a.place.span, y = b.place.span;
  if (x.empty() && y.empty()) return x.begin == y.begin;
  return x.begin < y.end && y.begin < x.end;
}

/// The edits of one file that were accepted, in order of position.
class FileEdits {
 public:
  bool takes(const Edit& edit) const {
    const auto clashes = [&](const Edit& other) { return other != edit && clash(edit, other); };
    return std::none_of(edits_.begin(), edits_.end(), clashes);
  }
  void add(const Edit& edit) { edits_.insert(edit); }
  std::string applied(std::string_view text) const {
    std::string out;
    uint32_t at = 0;
    for (const Edit& edit : edits_) {
      out += text.substr(at, edit.place.span.begin - at);
      out += edit.text;
      at = edit.place.span.end;
    }
    return out += text.substr(at);
  }

 private:
  std::set<Edit> edits_;
};

std::map<std::string, size_t> syntax_errors(const std::vector<Finding>& findings) {
  std::map<std::string, size_t> counts;
  for (const Finding& finding : findings) {
    if (finding.rule == "PFL002") ++counts[finding.place.path];
  }
  return counts;
}

}  // namespace

Contents apply_fixes(const std::vector<Finding>& findings, bool unsafe, const FileLookup& file) {
  std::map<std::string, FileEdits> accepted;
  for (const Finding& finding : findings) {
    if (finding.suppressed || !finding.fix || finding.fix->edits.empty()) continue;
    if (finding.fix->applicability == Applicability::unsafe && !unsafe) continue;
    const std::vector<Edit>& edits = finding.fix->edits;
    const bool fits = std::all_of(edits.begin(), edits.end(), [&](const Edit& edit) {
      const auto in = file(edit.place.path);
      return in && edit.place.span.begin <= edit.place.span.end &&
             edit.place.span.end <= in->bytes.size() && accepted[edit.place.path].takes(edit);
    });
    if (!fits) continue;
    for (const Edit& edit : edits) accepted[edit.place.path].add(edit);
  }
  Contents changed;
  for (const auto& [path, edits] : accepted) {
    const auto in = file(path);
    if (!in) continue;
    std::string text = edits.applied(in->bytes);
    if (text != in->bytes) changed[path] = std::move(text);
  }
  return changed;
}

Contents fix_all(const LintRound& lint, bool unsafe, const FileLookup& file) {
  Contents now;
  std::set<std::string> left_alone;
  const FileLookup current = [&](const std::string& path) -> std::shared_ptr<const File> {
    if (left_alone.contains(path)) return nullptr;  // its fixes are not offered again
    const auto original = file(path);
    const auto it = now.find(path);
    if (!original || it == now.end()) return original;
    return std::make_shared<const File>(File{path, original->kind, it->second});
  };
  std::vector<Finding> findings = lint(now);
  for (int round = 0; round < kMaxRounds; ++round) {
    const Contents changed = apply_fixes(findings, unsafe, current);
    if (changed.empty()) break;
    const Contents before = now;
    for (const auto& [path, text] : changed) now[path] = text;
    const auto errors_before = syntax_errors(findings);
    findings = lint(now);
    bool reverted = false;
    for (const auto& [path, count] : syntax_errors(findings)) {
      const auto was = errors_before.find(path);
      if (!changed.contains(path) || count <= (was == errors_before.end() ? 0 : was->second))
        continue;
      left_alone.insert(path);
      const auto old = before.find(path);
      if (old == before.end())
        now.erase(path);
      else
        now[path] = old->second;
      reverted = true;
    }
    if (reverted) findings = lint(now);
  }
  std::erase_if(now, [&](const auto& entry) {
    const auto original = file(entry.first);
    return original && original->bytes == entry.second;
  });
  return now;
}

}  // namespace preflint::engine
