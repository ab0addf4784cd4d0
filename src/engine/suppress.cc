#include "engine/suppress.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "catalog/builtin.h"
#include "catalog/config.h"
#include "catalog/facts.h"
#include "catalog/selection.h"
#include "catalog/suggest.h"
#include "engine/comments.h"
#include "engine/directive.h"

namespace preflint::engine {
namespace {

constexpr std::string_view kMark = "preflint:";
constexpr std::string_view kSelf = "PFL001";
constexpr std::string_view kAgain = "again-here";  // a place that would be a finding of its own
constexpr std::string_view kBlanks = " \t\r\f";
constexpr uint32_t kLinesOfFileDirective = 10;

/// A directive in its text, and what came of it.
struct Use {
  Directive directive;
  const Commented* text = nullptr;
  Span line;  // of the text, without the line's end
  Span comment;
  bool alone = false;  // nothing but the comment on its line
  bool used = false;
  std::vector<bool> used_selectors;
  const char* mistake = nullptr;  // the message that says what is wrong with it
};

/// A stretch of the file in which a directive holds. A line holds for what touches it, a statement
/// and a block for what begins there.
struct Area {
  Span span;
  bool touching = false;
  Use* use = nullptr;
};

uint32_t line_begin(const Commented& text, uint32_t at) {
  const size_t newline =
      at == 0 ? std::string_view::npos : text.source.text().find_last_of("\r\n", at - 1);
  return newline == std::string_view::npos
             ? text.range.begin
             : std::max(text.range.begin, static_cast<uint32_t>(newline + 1));
}

uint32_t line_end(const Commented& text, uint32_t at) {
  return static_cast<uint32_t>(
      std::min<size_t>(text.source.text().find_first_of("\r\n", at), text.range.end));
}

bool blank(std::string_view text) {
  return text.find_first_not_of(kBlanks) == std::string_view::npos;
}

/// The suppressions of one file.
class FileSuppressions {
 public:
  FileSuppressions(const Request& request, const project::Program& program,
                   const std::vector<const catalog::Rule*>& rules, const File& file)
      : request_(request), rules_(rules), file_(file), texts_(commented_texts(file, program)) {
    for (const Commented& text : texts_) read(text);
    std::sort(areas_.begin(), areas_.end(),
              [](const Area& a, const Area& b) { return a.span < b.span; });
    uint32_t furthest = 0;
    for (const Area& area : areas_) reach_.push_back(furthest = std::max(furthest, area.span.end));
  }

  void hide(Finding& finding) {
    const catalog::Rule* rule = rule_of(finding.rule);
    for (Use* use : whole_) apply(*use, rule, finding);
    const Span span = finding.place.span;
    const auto later =
        std::upper_bound(areas_.begin(), areas_.end(), span.end,
                         [](uint32_t end, const Area& area) { return end < area.span.begin; });
    for (auto i = static_cast<size_t>(later - areas_.begin());
         i-- > 0 && reach_[i] >= span.begin;) {
      const Area& area = areas_[i];
      const bool covered = area.touching
                               ? area.span.end >= span.begin
                               : area.span.begin <= span.begin && span.begin <= area.span.end;
      if (covered && outer(*area.use->text).contains(span)) apply(*area.use, rule, finding);
    }
  }

  /// Takes from a finding those of its places that comments hide. Where its own is hidden, what is
  /// left of them is a finding at the first.
  std::optional<Finding> keep_others(Finding& finding) {
    const auto again = [](const Note& note) { return note.key == kAgain; };
    if (std::none_of(finding.related.begin(), finding.related.end(), again)) return std::nullopt;
    Finding bare = finding;
    bare.suppressed = false;
    bare.suppression_reason.clear();
    bare.fix.reset();
    std::erase_if(bare.related, again);
    std::optional<Finding> left;
    std::erase_if(finding.related, [&](const Note& note) {
      if (!again(note) || note.place.path != file_.path) return false;
      Finding alone = bare;
      alone.place = note.place;
      for (const auto& [name, value] : note.arguments) alone.arguments[name] = value;
      hide(alone);
      if (alone.suppressed || !finding.suppressed) return alone.suppressed;
      if (left)
        left->related.push_back(note);
      else
        left = std::move(alone);
      return true;
    });
    return left;
  }

  /// What is to be said of the comments themselves; `doubtful`: not that they are unused.
  std::vector<Finding> complaints(bool doubtful) {
    std::vector<Finding> out;
    for (Use& use : uses_) complain(use, doubtful, out);
    return out;
  }

 private:
  const catalog::Rule* rule_of(std::string_view id) const {
    const auto it = std::find_if(rules_.begin(), rules_.end(),
                                 [&](const catalog::Rule* rule) { return rule->id == id; });
    return it == rules_.end() ? nullptr : *it;
  }

  static Span outer(const Commented& text) {
    if (text.whole_file) return {0, UINT32_MAX};
    return text.source.outer(text.range);
  }

  void read(const Commented& text) {
    Use* off = nullptr;
    for (const Span comment : text.comments) {
      if (text.source.slice(comment).find(kMark) == std::string_view::npos) continue;
      for (Directive& directive : directives_of(text.source.text(), comment)) {
        Use& use = uses_.emplace_back();
        use.used_selectors.resize(directive.selectors.size());
        use.directive = std::move(directive);
        use.text = &text;
        use.comment = comment;
        use.line = {line_begin(text, comment.begin), line_end(text, comment.end)};
        use.alone = blank(text.source.slice({use.line.begin, comment.begin}));
        switch (use.directive.kind) {
          case DirectiveKind::ignore:
            ignore(use);
            break;
          case DirectiveKind::ignore_file:
            ignore_file(use);
            break;
          case DirectiveKind::malformed:
            use.mistake = "malformed";
            break;
          case DirectiveKind::off:
            if (off) close(*off, use.line.begin);
            off = &use;
            break;
          case DirectiveKind::on:
            if (off)
              close(*off, use.line.end);
            else
              use.mistake = "unopened";
            off = nullptr;
            break;
        }
      }
    }
    if (!off) return;
    off->mistake = "unclosed";
    close(*off, text.range.end);
  }

  void add(Use& use, Span span, bool touching) {
    areas_.push_back({use.text->source.outer(span), touching, &use});
  }
  void close(Use& off, uint32_t end) {
    add(off, {off.line.begin, std::max(end, off.line.begin)}, false);
  }

  void ignore(Use& use) {
    const Commented& text = *use.text;
    add(use, use.line, true);
    const auto after = std::upper_bound(
        text.statements.begin(), text.statements.end(), use.comment.begin,
        [](uint32_t at, const Statement& statement) { return at < statement.begin; });
    const bool inside = after != text.statements.begin() && std::prev(after)->end > use.comment.end;
    if (!use.alone) {
      // What ends on this line may have begun above it: there was no other place for the comment.
      for (auto it = after; it != text.statements.begin() && std::prev(it)->end >= use.line.begin;
           --it) {
        const Statement& statement = *std::prev(it);
        if (statement.end <= use.comment.begin) add(use, {statement.begin, statement.end}, false);
      }
    } else if (inside) {
      // Between the lines of a long call: of the next line.
      uint32_t next = use.line.end;
      while (next < text.range.end && blank(text.source.slice({next, line_end(text, next)}))) {
        next = line_end(text, next) + 1;
      }
      next = std::min(next, text.range.end);
      add(use, {next, line_end(text, next)}, false);
    } else if (after != text.statements.end()) {
      add(use, {after->begin, after->tail}, false);
    }
  }

  void ignore_file(Use& use) {
    const uint32_t at = use.text->source.outer(use.comment).begin;
    uint32_t line = 0;
    if (file_.kind == FileKind::notebook) {
      // The first lines are those of the first cell with code.
      const auto book = notebook::read(file_);
      const auto first = std::find_if(book->cells.begin(), book->cells.end(),
                                      [](const notebook::Cell& cell) { return cell.code; });
      const auto position = book->position(at);
      const bool there = position && first != book->cells.end() &&
                         position->cell == static_cast<uint32_t>(first - book->cells.begin());
      line = there ? position->line : kLinesOfFileDirective + 1;
    } else {
      line = 1 +
             static_cast<uint32_t>(std::count(file_.bytes.begin(), file_.bytes.begin() + at, '\n'));
    }
    if (line <= kLinesOfFileDirective)
      whole_.push_back(&use);
    else
      use.mistake = "misplaced";
  }

  static void apply(Use& use, const catalog::Rule* rule, Finding& finding) {
    bool hides = use.directive.bare && finding.rule != kSelf;
    for (size_t i = 0; rule && i < use.directive.selectors.size(); ++i) {
      const std::string& selector = use.directive.selectors[i].text;
      // A complaint about comments is hidden by name only.
      if (catalog::closeness(selector, *rule) <= (finding.rule == kSelf ? 1 : 0)) continue;
      use.used_selectors[i] = hides = true;
    }
    if (!hides) return;
    use.used = true;
    finding.suppressed = true;
    finding.suppression_reason = use.directive.reason;
  }

  /// Could a selector have hidden anything? What is not selected may be needed by another run.
  bool could_hide(std::string_view selector) const {
    return std::any_of(rules_.begin(), rules_.end(), [&](const catalog::Rule* rule) {
      return rule->emitted_by != "probe" && rule->id != kSelf &&
             catalog::closeness(selector, *rule) > 0 && may_report(request_, *rule, file_.path);
    });
  }

  Finding& report(const Use& use, Span span, const char* message, std::vector<Finding>& out) const {
    Finding& finding = out.emplace_back();
    finding.rule = kSelf;
    finding.place = use.text->source.place(span);
    finding.message = message;
    return finding;
  }

  void fix(const Use& use, Span span, Finding& finding) const {
    if (auto edit = use.text->source.edit(span, ""))
      finding.fix = Fix{Applicability::safe, {std::move(*edit)}};
  }

  void complain(Use& use, bool doubtful, std::vector<Finding>& out) const {
    const Directive& directive = use.directive;
    if (use.mistake) {
      Finding& finding = report(use, directive.head, use.mistake, out);
      finding.arguments["selector"] = use.text->source.slice(directive.head).substr(kMark.size());
      if (directive.kind == DirectiveKind::on) fix(use, removed(use), finding);
      if (use.mistake != std::string_view("unclosed")) return;
    }
    if (directive.kind == DirectiveKind::on) return;
    std::vector<size_t> useless;
    bool needed = false;
    for (size_t i = 0; i < directive.selectors.size(); ++i) {
      const Selector& selector = directive.selectors[i];
      if (unknown(use, selector, out) || use.used_selectors[i] || doubtful ||
          !could_hide(selector.text)) {
        needed = true;
      } else {
        useless.push_back(i);
      }
    }
    for (const size_t i : useless) {
      Finding& finding = report(use, directive.selectors[i].span, "", out);
      finding.arguments["selector"] = directive.selectors[i].text;
      fix(use, needed ? removed(use, i) : removed(use), finding);
    }
    if (!directive.bare) return;
    if (use.used && directive.kind != DirectiveKind::off) report(use, directive.head, "bare", out);
    if (!use.used && !doubtful && could_hide("ALL") && !use.mistake) {
      fix(use, removed(use), report(use, directive.head, "unused-all", out));
    }
  }

  bool unknown(const Use& use, const Selector& selector, std::vector<Finding>& out) const {
    if (!catalog::unknown_selector(selector.text, rules_)) return false;
    std::vector<std::string_view> names;
    for (const catalog::Rule* rule : rules_) names.insert(names.end(), {rule->id, rule->name});
    const std::string_view near = catalog::nearest(selector.text, names);
    Finding& finding = report(use, selector.span, near.empty() ? "unknown" : "unknown-near", out);
    finding.arguments["selector"] = selector.text;
    if (!near.empty()) finding.arguments["near"] = near;
    return true;
  }

  /// What goes when a directive goes: its line when there is nothing else on it.
  static Span removed(const Use& use) {
    const std::string_view text = use.text->source.text();
    Span span = use.directive.span;
    const bool only = use.alone &&
                      blank(text.substr(use.comment.begin, span.begin - use.comment.begin)) &&
                      blank(text.substr(span.end, use.line.end - span.end));
    if (only) {
      uint32_t end = use.line.end;
      for (const char c : {'\r', '\n'}) end += end < use.text->range.end && text[end] == c;
      return {use.line.begin, end};
    }
    while (span.begin > use.line.begin &&
           (text[span.begin - 1] == ' ' || text[span.begin - 1] == '\t'))
      --span.begin;
    return span;
  }

  static Span removed(const Use& use, size_t selector) {
    const std::vector<Selector>& all = use.directive.selectors;
    if (selector + 1 < all.size()) return {all[selector].span.begin, all[selector + 1].span.begin};
    return {selector == 0 ? all[0].span.begin : all[selector - 1].span.end, all[selector].span.end};
  }

  const Request& request_;
  const std::vector<const catalog::Rule*>& rules_;
  const File& file_;
  std::vector<Commented> texts_;
  std::deque<Use> uses_;
  std::vector<Use*> whole_;
  std::vector<Area> areas_;
  std::vector<uint32_t> reach_;  // how far the areas up to this one go
};

}  // namespace

bool may_report(const Request& request, const catalog::Rule& rule, const std::string& path) {
  const std::string& folder = request.config->folder;
  const bool inside = path.size() > folder.size() && path.starts_with(folder);
  const std::string_view relative =
      inside ? std::string_view(path).substr(folder.size() + (folder.ends_with('/') ? 0 : 1))
             : path;
  return request.selected(rule) && catalog::missing_facts(rule, *request.profile).empty() &&
         !request.config->ignored_in(rule, relative);
}

void suppress(const Request& request, const project::Program& program,
              const std::set<std::string>& doubtful, std::vector<Finding>& findings) {
  std::vector<const catalog::Rule*> rules;
  for (const catalog::BuiltinRule& builtin : catalog::builtin_rules())
    rules.push_back(&builtin.rule);
  rules.insert(rules.end(), request.user_rules.begin(), request.user_rules.end());
  const catalog::BuiltinRule* self = catalog::find_builtin(kSelf);
  std::vector<Finding> added;
  for (const auto& file : request.files) {
    if (file->bytes.find(kMark) == std::string::npos) continue;
    FileSuppressions suppressions(request, program, rules, *file);
    auto finding = std::lower_bound(
        findings.begin(), findings.end(), file->path,
        [](const Finding& one, const std::string& path) { return one.place.path < path; });
    for (; finding != findings.end() && finding->place.path == file->path; ++finding) {
      suppressions.hide(*finding);
      if (auto left = suppressions.keep_others(*finding)) added.push_back(std::move(*left));
    }
    if (!self || !may_report(request, self->rule, file->path)) continue;
    for (Finding& one : suppressions.complaints(doubtful.contains(file->path))) {
      one.severity = self->rule.severity;
      suppressions.hide(one);
      added.push_back(std::move(one));
    }
  }
  std::move(added.begin(), added.end(), std::back_inserter(findings));
}

}  // namespace preflint::engine
