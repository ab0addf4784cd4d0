#include "model/requirements/file.h"

#include <algorithm>
#include <array>
#include <utility>

namespace preflint::req {
namespace {

constexpr size_t kMaxLines = 50'000;
/// Longer logical lines are nobody's requirement; what follows is still read.
constexpr size_t kMaxLine = 64 * 1024;

bool blank(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\r'; }

uint32_t offset(size_t at) { return static_cast<uint32_t>(at); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// A logical line and where its bytes stand in the file.
class Logical {
 public:
  void add(std::string_view text, size_t at) {
    pieces_.emplace_back(text_.size(), at);
    text_ += text;
  }
  bool empty() const { return pieces_.empty(); }
  const std::string& text() const { return text_; }
  /// The place in the file of an offset in the logical line.
  uint32_t place(size_t at) const {
    auto next = std::upper_bound(pieces_.begin(), pieces_.end(), at,
                                 [](size_t a, const auto& piece) { return a < piece.first; });
    if (next == pieces_.begin()) return 0;
    --next;
    return offset(next->second + (at - next->first));
  }
  /// The place of a stretch: its end is where its last byte stands.
  Span span(size_t begin, size_t end) const {
    if (end <= begin) return {place(begin), place(begin)};
    return {place(begin), place(end - 1) + 1};
  }
  Span span(Span inner, size_t base) const { return span(base + inner.begin, base + inner.end); }

 private:
  std::string text_;
  std::vector<std::pair<size_t, size_t>> pieces_;
};

/// Where a comment begins: a `#` at the start or after a blank.
size_t comment_of(std::string_view text) {
  for (size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    if (at == 0 || blank(text[at - 1])) return at;
  }
  return text.size();
}

struct Option {
  std::string_view long_name, short_name;
  bool takes_value;
};
constexpr std::array<Option, 17> kOptions = {{{"--requirement", "-r", true},
                                              {"--constraint", "-c", true},
                                              {"--editable", "-e", true},
                                              {"--index-url", "-i", true},
                                              {"--extra-index-url", "", true},
                                              {"--find-links", "-f", true},
                                              {"--trusted-host", "", true},
                                              {"--no-binary", "", true},
                                              {"--only-binary", "", true},
                                              {"--use-feature", "", true},
                                              {"--hash", "", true},
                                              {"--global-option", "", true},
                                              {"--config-settings", "", true},
                                              {"--no-index", "", false},
                                              {"--pre", "", false},
                                              {"--prefer-binary", "", false},
                                              {"--require-hashes", "", false}}};

bool has_scheme(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view scheme = text.substr(0, colon);
  return scheme == "file" || text.substr(colon).starts_with("://");
}

bool is_archive(std::string_view text) {
  for (const std::string_view end :
       {".whl", ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz", ".tar"}) {
    if (text.ends_with(end)) return true;
  }
  return false;
}

/// A path or URL rather than a project's name.
bool is_link(std::string_view text) {
  const std::string_view first = text.substr(0, text.find_first_of(" \t;"));
  if (first.starts_with('.') || first.starts_with('/') || first.starts_with('~')) return true;
  if (has_scheme(first))
    return first.find('@') == std::string_view::npos || first.find('@') > first.find(':');
  const std::string_view path = first.substr(0, first.find('@'));
  return path.find('/') != std::string_view::npos || path.find('\\') != std::string_view::npos ||
         is_archive(first);
}

/// What an archive's name or `#egg=` tells of the project.
void name_link(Line& line) {
  line.archive = archive_named(line.target);
  if (line.archive) {
    line.requirement.name = line.requirement.project = line.archive->project;
    Specifier exact;
    exact.text = line.archive->version.str();
    exact.version = line.archive->version;
    line.requirement.specifiers.all = {exact};
    line.requirement.url = line.target;
    return;
  }
  if (const size_t egg = line.target.find("#egg="); egg != std::string::npos) {
    const std::string name =
        line.target.substr(egg + 5, line.target.find_first_of("&[", egg + 5) - egg - 5);
    line.requirement.name = name;
    line.requirement.project = normalised_name(name);
    line.requirement.url = line.target;
  }
}

void read_content(Line& line, const Logical& logical, size_t base, std::string_view content) {
  line.span = logical.span(base, base + content.size());
  line.text = content;
  if (content.size() > kMaxLine) {
    line.kind = LineKind::invalid;
    line.reason = "too-long";
    line.reason_span = {line.span.begin, line.span.begin};
    line.text = content.substr(0, 60);
    return;
  }
  // pip fills in ${NAME} from the environment, which is not known here.
  if (const size_t variable = content.find("${");
      variable != std::string_view::npos && content.find('}', variable) != std::string_view::npos) {
    line.kind = LineKind::option;
    if (!content.starts_with('-')) return;
  }
  if (content.starts_with('-')) {
    line.kind = LineKind::option;
    for (const Option& option : kOptions) {
      size_t at = 0;
      if (content.starts_with(option.long_name)) {
        at = option.long_name.size();
        if (at < content.size() && content[at] != '=' && !blank(content[at])) continue;
        if (at < content.size() && content[at] == '=') ++at;
      } else if (!option.short_name.empty() && content.starts_with(option.short_name) &&
                 !content.starts_with("--")) {
        at = option.short_name.size();
      } else {
        continue;
      }
      line.option = option.long_name;
      if (!option.takes_value) return;
      while (at < content.size() && blank(content[at])) ++at;
      std::string_view value = content.substr(at);
      if (value.size() > 1 && (value[0] == '"' || value[0] == '\'')) {
        const char quote = value[0];
        value.remove_prefix(1);
        value = value.substr(0, value.find(quote));
        ++at;
      } else {
        value = value.substr(0, value.find_first_of(" \t"));
      }
      line.target = value;
      line.target_span = logical.span(base + at, base + at + value.size());
      if (option.long_name == "--requirement") line.kind = LineKind::include;
      if (option.long_name == "--constraint") line.kind = LineKind::constraint;
      if (option.long_name == "--editable") {
        line.kind = LineKind::editable;
        name_link(line);
      }
      if (line.target.find("${") != std::string::npos) line.kind = LineKind::option;
      return;
    }
    return;
  }
  // Options of the one requirement follow it: --hash=…
  size_t end = content.size();
  for (size_t at = content.find(" -"); at != std::string_view::npos;
       at = content.find(" -", at + 1)) {
    const std::string_view rest = content.substr(at + 1);
    if (rest.starts_with("--") || rest.starts_with("-r ") || rest.starts_with("-c ") ||
        rest.starts_with("-f ") || rest.starts_with("-i ") || rest.starts_with("-e ")) {
      end = at;
      break;
    }
  }
  content = trimmed(content.substr(0, end));
  if (is_link(content)) {
    line.kind = LineKind::link;
    const size_t semicolon = content.find("; ");
    line.target = trimmed(content.substr(0, std::min(semicolon, content.find_first_of(" \t"))));
    line.target_span = logical.span(base, base + line.target.size());
    name_link(line);
    if (semicolon != std::string_view::npos) {
      if (auto marker = Marker::parse(content.substr(semicolon + 1)))
        line.requirement.marker = *std::move(marker);
    }
    return;
  }
  auto read = Requirement::parse(content);
  if (!read) {
    line.kind = LineKind::invalid;
    line.reason = read.error().message;
    line.reason_span = logical.span(read.error().where.value_or(Span()), base);
    return;
  }
  line.kind = LineKind::requirement;
  line.requirement = *std::move(read);
  line.name_span = logical.span(line.requirement.name_span, base);
  line.specifier_span = logical.span(line.requirement.specifier_span, base);
  if (!line.requirement.url.empty()) {
    line.target = line.requirement.url;
    line.target_span = logical.span(line.requirement.url_span, base);
    line.archive = archive_named(line.target);
    if (line.archive) {
      Specifier exact;
      exact.text = line.archive->version.str();
      exact.version = line.archive->version;
      line.requirement.specifiers.all = {exact};
    }
  }
}

bool conda_line(std::string_view text) {
  const size_t first = text.find('=');
  if (first == std::string_view::npos || text.substr(first).starts_with("==")) return false;
  const size_t second = text.find('=', first + 1);
  return second != std::string_view::npos &&
         text.find_first_of(" \t;<>!~") == std::string_view::npos;
}

/// `- what is to be done`: pip knows no option that is a dash alone.
bool bullet(std::string_view text) {
  return text.size() > 2 && (text[0] == '-' || text[0] == '+') && blank(text[1]);
}

/// A line of text for people: a sentence, or what Markdown writes before one. What may have been
/// meant for pip has its signs, or at most two words.
bool sentence(std::string_view text) {
  for (const char* mark : {"```", "---", "* ", "> ", "| ", "**"}) {
    if (text.starts_with(mark)) return true;
  }
  if (text.find_first_of("=<>~@;[") != std::string_view::npos) return false;
  const bool foreign = std::any_of(text.begin(), text.end(), [](char c) { return c & 0x80; });
  return foreign || std::count(text.begin(), text.end(), ' ') >= 2;
}

}  // namespace

std::vector<std::string> RequirementsFile::values_of(std::string_view option) const {
  std::vector<std::string> out;
  for (const Line& line : lines) {
    if (line.option == option) out.push_back(line.target);
  }
  return out;
}

Line read_argument(std::string_view text) {
  Logical logical;
  logical.add(text, 0);
  Line line;
  line.whole = {0, offset(text.size())};
  read_content(line, logical, 0, text);
  return line;
}

RequirementsFile read_requirements(std::string_view text) {
  RequirementsFile out;
  size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  Logical logical;
  size_t start = at;
  size_t conda_lines = 0, others = 0, sentences = 0;
  const auto finish = [&](size_t end) {
    std::string_view all = logical.text();
    all = all.substr(0, comment_of(all));
    const std::string_view content = trimmed(all);
    if (!content.empty()) {
      Line line;
      line.whole = {offset(start), offset(end)};
      read_content(line, logical, static_cast<size_t>(content.data() - logical.text().data()),
                   content);
      if (bullet(content) || (line.kind == LineKind::invalid && sentence(content))) ++sentences;
      if (line.kind == LineKind::invalid)
        conda_line(line.text) ? ++conda_lines : ++others;
      else if (line.kind == LineKind::requirement)
        ++others;
      out.lines.push_back(std::move(line));
    }
    logical = Logical();
    start = end;
  };
  while (at < text.size()) {
    if (out.lines.size() >= kMaxLines) {
      out.truncated = true;
      break;
    }
    const size_t newline = std::min(text.find_first_of("\r\n", at), text.size());
    size_t next = newline;
    if (next < text.size())
      next += text[next] == '\r' && next + 1 < text.size() && text[next + 1] == '\n' ? 2 : 1;
    std::string_view line = text.substr(at, newline - at);
    if (line.starts_with("# This file may be used to create an environment"))
      out.conda_export = true;
    const bool comment = trimmed(line).starts_with('#');
    // A comment ends a continuation; it is none itself.
    const bool continued = line.ends_with('\\') && !comment;
    if (comment && !logical.empty()) logical.add(" ", at);
    logical.add(continued ? line.substr(0, line.size() - 1) : line, at);
    at = next;
    if (!continued) finish(at);
  }
  if (!logical.empty()) finish(at);
  if (conda_lines > 3 && conda_lines > others) out.conda_export = true;
  out.prose = sentences > 3 && sentences * 2 > out.lines.size();
  return out;
}

}  // namespace preflint::req
