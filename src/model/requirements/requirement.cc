#include "model/requirements/requirement.h"

#include <algorithm>

namespace preflint::req {
namespace {

bool blank(char c) { return c == ' ' || c == '\t'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool alphanumeric(char c) { return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool name_character(char c) { return alphanumeric(c) || c == '.' || c == '-' || c == '_'; }

Error error(std::string message, size_t begin, size_t end) {
  return {std::move(message), Span{static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}};
}

/// `scheme://host…`, or `file:…`: of that, older releases of pip want two slashes and newer ones
/// take a relative path.
bool has_host(std::string_view url) {
  const size_t colon = url.find(':');
  if (colon == std::string_view::npos || colon == 0 || digit(url[0])) return false;
  const std::string_view scheme = url.substr(0, colon);
  const bool plain = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return alphanumeric(c) || c == '+' || c == '.' || c == '-';
  });
  const std::string_view rest = url.substr(colon + 1);
  if (plain && scheme == "file" && (rest.starts_with("./") || rest.starts_with("../"))) return true;
  if (!plain || !rest.starts_with("//")) return false;
  return scheme == "file" ||
         (rest.size() > 2 && rest[2] != '/' && rest[2] != '?' && rest[2] != '#');
}

/// Reads one requirement from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Requirement> read() {
    blanks();
    const size_t begin = at_;
    const size_t length = identifier();
    if (length == 0) return error("no-name", at_, text_.size());
    out_.name = text_.substr(begin, length);
    out_.project = normalised_name(out_.name);
    out_.name_span = span(begin, begin + length);
    blanks();
    if (auto bad = extras()) return *bad;
    blanks();
    if (next() == '@') return url();
    if (auto bad = specifiers()) return *bad;
    blanks();
    if (at_ == text_.size()) return std::move(out_);
    if (next() == ';') return marker();
    return misplaced();
  }

 private:
  Span span(size_t begin, size_t end) const {
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
  }
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void blanks() {
    while (at_ < text_.size() && blank(text_[at_])) ++at_;
  }

  /// Moves past a name; its length. A name ends with a letter, digit or underscore.
  size_t identifier() {
    if (!alphanumeric(next())) return 0;
    size_t end = at_;
    while (end < text_.size() && name_character(text_[end])) ++end;
    while (!alphanumeric(text_[end - 1]) && text_[end - 1] != '_') --end;
    const size_t length = end - at_;
    at_ = end;
    return length;
  }

  std::optional<Error> extras() {
    if (next() != '[') return std::nullopt;
    const size_t open = at_++;
    blanks();
    while (next() != ']') {
      const size_t begin = at_;
      const size_t length = identifier();
      if (length == 0) {
        if (at_ == text_.size()) return error("open-bracket", open, at_);
        return error("extra", at_, at_ + 1);
      }
      out_.extras.emplace_back(text_.substr(begin, length));
      blanks();
      if (next() == ']') break;
      if (next() != ',') {
        if (at_ == text_.size()) return error("open-bracket", open, at_);
        return error("extras-comma", at_, at_ + 1);
      }
      ++at_;
      blanks();
      if (next() == ']') return error("extra", at_, at_ + 1);
    }
    ++at_;
    return std::nullopt;
  }

  std::optional<Error> specifiers() {
    const size_t open = at_;
    const bool parenthesis = next() == '(';
    if (parenthesis) ++at_;
    blanks();
    const size_t begin = at_;
    size_t end = at_;
    while (true) {
      Specifier one;
      const size_t length = read_specifier(text_.substr(at_), one);
      if (length == 0) break;
      if (out_.specifiers.all.size() < 1000) out_.specifiers.all.push_back(std::move(one));
      end = at_ += length;
      blanks();
      if (next() != ',') break;
      ++at_;
      blanks();
    }
    out_.specifier_span = span(begin, end);
    if (!parenthesis) return std::nullopt;
    if (next() == ')') {
      ++at_;
      return std::nullopt;
    }
    if (at_ == text_.size()) return error("open-parenthesis", open, at_);
    return misplaced();
  }

  Error misplaced() const {
    const std::string_view rest = text_.substr(at_);
    const size_t word = std::min(rest.find_first_of(" \t;,"), rest.size());
    const size_t end = at_ + std::max<size_t>(word, 1);
    const std::string_view shown = rest.substr(0, std::min<size_t>(std::max<size_t>(word, 1), 60));
    Specifier next_one;
    if (read_specifier(rest, next_one) > 0) {
      return error("comma: " + next_one.str().substr(0, 60), at_, end);
    }
    if (out_.project == "pip" && rest.starts_with("install")) {
      return error("command", 0, text_.size());
    }
    if (rest.starts_with("=") && !rest.starts_with("==")) {
      return error("single-equals", at_, end);
    }
    if (rest.starts_with(".*")) return error("wildcard-operator", at_, at_ + 2);
    if (rest.starts_with("+")) return error("local-operator", at_, end);
    for (const std::string_view op : {"===", "==", "~=", "!=", "<=", ">=", "<", ">"}) {
      if (!rest.starts_with(op)) continue;
      const size_t at = rest.find_first_not_of(" \t", op.size());
      if (at == std::string_view::npos || rest[at] == ',' || rest[at] == ';') {
        return error("no-version: " + std::string(op), at_, at_ + op.size());
      }
      const size_t stop = std::min(rest.find_first_of(" \t,;", at), rest.size());
      const std::string version(rest.substr(at, std::min<size_t>(stop - at, 60)));
      if (op == "~=" && version_length(version, false) == version.size()) {
        return error("short-version", at_, at_ + stop);
      }
      return error("not-a-version: " + version, at_ + at, at_ + stop);
    }
    return error("unexpected: " + std::string(shown), at_, end);
  }

  Result<Requirement> url() {
    ++at_;
    blanks();
    const size_t begin = at_;
    while (at_ < text_.size() && !blank(text_[at_])) ++at_;
    if (begin == at_) return error("no-url", begin, begin);
    out_.url = text_.substr(begin, at_ - begin);
    out_.url_span = span(begin, at_);
    if (!has_host(out_.url)) return error("not-a-url: " + out_.url.substr(0, 60), begin, at_);
    blanks();
    if (at_ == text_.size()) return std::move(out_);
    if (next() == ';') return marker();
    return misplaced();
  }

  Result<Requirement> marker() {
    const size_t begin = ++at_;
    size_t length = 0;
    auto read = Marker::read(text_.substr(begin), length);
    if (!read) {
      const uint32_t at = read.error().where.value_or(Span()).begin + static_cast<uint32_t>(begin);
      return error(read.error().message, at, text_.size());
    }
    at_ = begin + length;
    if (at_ < text_.size()) return error("marker-end", at_, text_.size());
    out_.marker = *std::move(read);
    return std::move(out_);
  }

  std::string_view text_;
  size_t at_ = 0;
  Requirement out_;
};

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> out;
  size_t at = 0;
  while (true) {
    const size_t end = text.find(by, at);
    out.push_back(text.substr(at, end - at));
    if (end == std::string_view::npos) return out;
    at = end + 1;
  }
}

/// `%2B` and the like, as they stand in URLs of wheels.
std::string percent_decoded(std::string_view text) {
  const auto value = [](char c) {
    return digit(c)               ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && value(text[i + 1]) >= 0 &&
        value(text[i + 2]) >= 0) {
      out += static_cast<char>(value(text[i + 1]) * 16 + value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// `>=a,<b` for poetry's `^` and `~`.
std::optional<Specifiers> ranged(std::string_view version, bool caret) {
  const auto low = Version::parse(version);
  if (!low || low->release.empty()) return std::nullopt;
  Version high = low->base();
  size_t keep = 0;
  if (caret) {
    while (keep + 1 < high.release.size() && high.release[keep] == 0) ++keep;
  } else {
    keep = high.release.size() > 1 ? 1 : 0;
  }
  high.release.resize(keep + 1);
  ++high.release.back();
  auto out = Specifiers::parse(">=" + low->str() + ",<" + high.str());
  return out ? std::optional(*std::move(out)) : std::nullopt;
}

}  // namespace

std::string_view Requirement::file() const {
  std::string_view path = url;
  if (!path.starts_with("file:/")) return "";
  path.remove_prefix(std::string_view("file:").size());
  while (path.starts_with("//")) path.remove_prefix(1);
  return path;
}

Result<Requirement> Requirement::parse(std::string_view text) { return Reader(text).read(); }

std::optional<Archive> archive_named(std::string_view text) {
  text = text.substr(0, text.find_first_of("?#"));
  const std::string name = percent_decoded(text.substr(text.find_last_of('/') + 1));
  Archive out;
  if (name.ends_with(".whl")) {
    const std::string_view stem = std::string_view(name).substr(0, name.size() - 4);
    const auto parts = split(stem, '-');
    if (parts.size() != 5 && parts.size() != 6) return std::nullopt;
    const auto version = Version::parse(parts[1]);
    if (!version) return std::nullopt;
    out.wheel = true;
    out.project = normalised_name(parts[0]);
    out.version = *version;
    out.python = parts[parts.size() - 3];
    out.abi = parts[parts.size() - 2];
    out.platform = parts[parts.size() - 1];
    return out;
  }
  for (const std::string_view ending : {".tar.gz", ".zip", ".tar.bz2"}) {
    if (!name.ends_with(ending)) continue;
    const std::string_view stem = std::string_view(name).substr(0, name.size() - ending.size());
    const size_t dash = stem.rfind('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto version = Version::parse(stem.substr(dash + 1));
    if (!version) return std::nullopt;
    out.project = normalised_name(stem.substr(0, dash));
    out.version = *version;
    return out;
  }
  return std::nullopt;
}

std::optional<Requirement> conda_requirement(std::string_view text) {
  text = trimmed(text.substr(0, text.find('#')));
  const size_t colons = text.find("::");
  const size_t skipped = colons == std::string_view::npos ? 0 : colons + 2;
  text.remove_prefix(skipped);
  text = trimmed(text.substr(0, text.find('[')));
  const size_t end = std::min(text.find_first_of("=<>!~ \t"), text.size());
  const std::string_view name = text.substr(0, end);
  if (name.empty() || !std::all_of(name.begin(), name.end(), name_character)) return std::nullopt;
  Requirement out;
  out.name = name;
  out.project = normalised_name(name);
  out.name_span = {static_cast<uint32_t>(skipped), static_cast<uint32_t>(skipped + end)};
  std::string_view rest = trimmed(text.substr(end));
  if (rest.empty() || rest == "*") return out;
  // A build string follows the version after one `=` or a blank.
  if (rest.starts_with('=')) {
    const bool exact = rest.starts_with("==");
    rest = trimmed(rest.substr(exact ? 2 : 1));
    std::string version(rest.substr(0, rest.find_first_of("= \t")));
    if (version.empty() || version == "*") return out;
    const bool starred = version.ends_with(".*");
    if (!starred && version.ends_with('*'))
      version.pop_back();
    else if (starred)
      version.resize(version.size() - 2);
    const std::string clause = "==" + version + (exact && !starred ? "" : ".*");
    auto read = Specifiers::parse(clause);
    if (!read) return std::nullopt;
    out.specifiers = *std::move(read);
  } else {
    if (rest.find('|') != std::string_view::npos) return std::nullopt;
    std::string clauses(rest);
    // `>=1.0 build` and `1.0` (exact) forms; blanks after commas are allowed.
    if (digit(clauses[0])) clauses = "==" + clauses.substr(0, clauses.find_first_of(" \t"));
    auto read = Specifiers::parse(clauses);
    if (!read) return std::nullopt;
    out.specifiers = *std::move(read);
  }
  out.specifier_span = {static_cast<uint32_t>(skipped + end),
                        static_cast<uint32_t>(skipped + text.size())};
  return out;
}

std::optional<Specifiers> poetry_specifiers(std::string_view text) {
  Specifiers out;
  if (text.find('|') != std::string_view::npos) return std::nullopt;
  for (std::string_view clause : split(text, ',')) {
    clause = trimmed(clause);
    if (clause.empty() || clause == "*") continue;
    std::optional<Specifiers> one;
    if (clause[0] == '^') {
      one = ranged(trimmed(clause.substr(1)), true);
    } else if (clause[0] == '~' && !clause.starts_with("~=")) {
      one = ranged(trimmed(clause.substr(1)), false);
    } else {
      std::string full = digit(clause[0]) ? "==" + std::string(clause) : std::string(clause);
      if (full[0] == '=' && !full.starts_with("==")) full.insert(0, "=");
      if (auto read = Specifiers::parse(full)) one = *std::move(read);
    }
    if (!one) return std::nullopt;
    out = out.and_also(*one);
  }
  return out;
}

}  // namespace preflint::req
