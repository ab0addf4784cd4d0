#include "engine/fixes.h"

#include <algorithm>
#include <set>

#include "engine/parses.h"

namespace preflint::engine {
namespace {

// So many rounds after which there is no less to fix than before, and the fixes are no fixes.
constexpr int kMaxIdleRounds = 20;

bool clash(const Edit& a, const Edit& b) {
  const Span x = a.place.span, y = b.place.span;
  if (x.empty() && y.empty()) return x.begin == y.begin;
  return x.begin < y.end && y.begin < x.end;
}

/// The edits of one file that were accepted, in order of position. They do not overlap, so that
/// only neighbours can clash with another one.
class FileEdits {
 public:
  bool takes(const Edit& edit) const {
    const auto next = edits_.lower_bound(edit);
    auto it = next;
    for (int i = 0; i < 2 && it != edits_.end(); ++i, ++it) {
      if (*it != edit && clash(*it, edit)) return false;
    }
    it = next;
    for (int i = 0; i < 2 && it != edits_.begin(); ++i) {
      if (clash(*--it, edit)) return false;
    }
    return true;
  }
  void add(const Edit& edit) { edits_.insert(edit); }
  std::string applied(std::string_view text) const {
    const size_t newline = text.find('\n');
    const bool crlf = newline != std::string_view::npos && newline > 0 && text[newline - 1] == '\r';
    std::string out;
    uint32_t at = 0;
    for (const Edit& edit : edits_) {
      const Span span = edit.place.span;
      out += text.substr(at, span.begin - at);
      // What takes a CR away is about line ends itself.
      if (crlf && text.substr(span.begin, span.size()).find('\r') == std::string_view::npos) {
        append_with_crlf(edit.text, out);
      } else {
        out += edit.text;
      }
      at = span.end;
    }
    return out += text.substr(at);
  }

 private:
  static void append_with_crlf(std::string_view text, std::string& out) {
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
      out += text[i];
    }
  }

  std::set<Edit> edits_;
};

/// Mistakes in a file as findings tell them, where embedded texts count, too.
std::map<std::string, size_t> reported_errors(const std::vector<Finding>& findings) {
  std::map<std::string, size_t> counts;
  for (const Finding& finding : findings) {
    if (finding.rule == "PFL002" || finding.rule == "PFL003") ++counts[finding.place.path];
  }
  return counts;
}

size_t count_of(const std::map<std::string, size_t>& counts, const std::string& path) {
  const auto it = counts.find(path);
  return it == counts.end() ? 0 : it->second;
}

}  // namespace

Contents apply_fixes(const std::vector<Finding>& findings, bool unsafe, const FileLookup& file,
                     size_t* applied) {
  std::map<std::string, std::shared_ptr<const File>> files;
  std::map<std::string, FileEdits> accepted;
  const auto lookup = [&](const std::string& path) -> const std::shared_ptr<const File>& {
    const auto known = files.find(path);
    return known != files.end() ? known->second : files.emplace(path, file(path)).first->second;
  };
  for (const Finding& finding : findings) {
    if (finding.suppressed || !finding.fix || finding.fix->edits.empty()) continue;
    if (finding.fix->applicability == Applicability::unsafe && !unsafe) continue;
    const std::vector<Edit>& edits = finding.fix->edits;
    const bool fits = std::all_of(edits.begin(), edits.end(), [&](const Edit& edit) {
      const auto& in = lookup(edit.place.path);
      return in && edit.place.span.begin <= edit.place.span.end &&
             edit.place.span.end <= in->bytes.size() && accepted[edit.place.path].takes(edit);
    });
    if (!fits) continue;
    for (const Edit& edit : edits) accepted[edit.place.path].add(edit);
    if (applied) ++*applied;
  }
  Contents changed;
  for (const auto& [path, edits] : accepted) {
    const auto& in = lookup(path);
    if (!in) continue;
    std::string text = edits.applied(in->bytes);
    if (text != in->bytes) changed[path] = std::move(text);
  }
  return changed;
}

namespace {

/// The fixes of one rule in one file.
using Kind = std::pair<std::string, std::string>;

/// Rounds of fixes from the files as they are, without the fixes of some kinds.
class Rounds {
 public:
  Rounds(const LintRound& lint, bool unsafe, const FileLookup& file, const std::set<Kind>& without)
      : lint_(lint), unsafe_(unsafe), file_(file), without_(without) {}

  /// False when fixes go on and on: `open()` says which.
  bool run(std::vector<Finding> findings) {
    findings_ = std::move(findings);
    drop();
    size_t fewest = findings_.size();
    for (int idle = 0;; ++idle) {
      size_t count = 0;
      const FileLookup offered = [&](const std::string& path) {
        return left_alone_.contains(path) ? nullptr : current(path);
      };
      const Contents changed = apply_fixes(findings_, unsafe_, offered, &count);
      if (changed.empty()) return true;
      if (idle == kMaxIdleRounds) return false;
      if (!take(changed)) {
        idle = 0;
        continue;
      }
      applied += count;
      if (findings_.size() < fewest) {
        fewest = findings_.size();
        idle = 0;
      }
    }
  }
  std::set<Kind> open() const {
    std::set<Kind> out;
    for (const Finding& finding : findings_) out.emplace(finding.rule, finding.place.path);
    return out;
  }

  Contents now;
  size_t applied = 0;

 private:
  std::shared_ptr<const File> current(const std::string& path) const {
    auto original = file_(path);
    const auto it = now.find(path);
    if (!original || it == now.end()) return original;
    return std::make_shared<const File>(File{path, original->kind, it->second});
  }

  /// Keeps the findings that have a fix to be made. Mistakes in files are counted before.
  void drop() {
    errors_ = reported_errors(findings_);
    std::erase_if(findings_, [&](const Finding& finding) {
      return finding.suppressed || !finding.fix || finding.fix->edits.empty() ||
             (finding.fix->applicability == Applicability::unsafe && !unsafe_) ||
             without_.contains({finding.rule, finding.place.path});
    });
  }

  /// Makes a change unless a file parses worse with it: then that one is left alone, and because a
  /// fix of several files is made in all or in none of them the round is to be done again.
  bool take(const Contents& changed) {
    Contents next = now;
    for (const auto& [path, text] : changed) next[path] = text;
    std::vector<Finding> after = lint_(next);
    const auto errors = reported_errors(after);
    bool worse = false;
    for (const auto& [path, text] : changed) {
      const auto old = current(path);
      if (count_of(errors, path) > count_of(errors_, path) ||
          syntax_errors({path, old->kind, text}) > syntax_errors(*old)) {
        left_alone_.insert(path);
        worse = true;
      }
    }
    if (worse) return false;
    now = std::move(next);
    findings_ = std::move(after);
    drop();
    return true;
  }

  const LintRound& lint_;
  const bool unsafe_;
  const FileLookup& file_;
  const std::set<Kind>& without_;
  std::vector<Finding> findings_;  // those with a fix
  std::map<std::string, size_t> errors_;
  std::set<std::string> left_alone_;  // their fixes are not offered again
};

}  // namespace

Contents fix_all(const LintRound& lint, bool unsafe, const FileLookup& file, size_t* applied) {
  const std::vector<Finding> first = lint({});
  std::set<Kind> endless;
  for (;;) {
    Rounds rounds(lint, unsafe, file, endless);
    if (!rounds.run(first)) {
      // What is still offered after so many rounds mends nothing (a profile whose hook is not what
      // it says the hook's file is), or two undo each other: all is done again without.
      endless.merge(rounds.open());
      continue;
    }
    if (applied) *applied += rounds.applied;
    std::erase_if(rounds.now, [&](const auto& entry) {
      const auto original = file(entry.first);
      return original && original->bytes == entry.second;
    });
    return std::move(rounds.now);
  }
}

}  // namespace preflint::engine
