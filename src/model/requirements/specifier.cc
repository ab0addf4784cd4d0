#include "model/requirements/specifier.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace preflint::req {
namespace {

using Op = Specifier::Op;

bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct Operator {
  std::string_view text;
  Op op;
};
// Longer ones first.
constexpr std::array<Operator, 8> kOperators = {{{"===", Op::arbitrary},
                                                 {"~=", Op::compatible},
                                                 {"==", Op::equal},
                                                 {"!=", Op::not_equal},
                                                 {"<=", Op::at_most},
                                                 {">=", Op::at_least},
                                                 {"<", Op::below},
                                                 {">", Op::above}}};

/// `version` is of the release series that the first `count` numbers of `prefix` name.
bool in_series(const Version& version, const Version& prefix, size_t count) {
  if (version.epoch != prefix.epoch) return false;
  for (size_t i = 0; i < count; ++i) {
    if (version.part(i) != prefix.part(i)) return false;
  }
  return true;
}

bool equal(const Specifier& s, const Version& version) {
  if (s.wildcard) return in_series(version, s.version, s.version.release.size());
  return s.version.local.empty() ? version.public_part() == s.version : version == s.version;
}

bool same_base(const Version& a, const Version& b) { return a.base() == b.base(); }

// ------------------------------------------------------------------------------------- admission

constexpr uint64_t kMany = 999'999'999;
/// More clauses than this are nobody's; every one is tried with every sample.
constexpr size_t kMostClauses = 200;

/// A release just after a version and all that belongs to it.
Version just_after(const Version& version) {
  Version out = version.base();
  while (out.release.size() < 3) out.release.push_back(0);
  out.release.insert(out.release.end(), {0, 1});
  return out;
}

/// A release just before a version; nothing before the first one.
std::optional<Version> just_before(const Version& version) {
  Version out = version.base();
  while (!out.release.empty() && out.release.back() == 0) out.release.pop_back();
  if (out.release.empty()) {
    if (out.epoch == 0) return std::nullopt;
    --out.epoch;
    out.release = {kMany};
    return out;
  }
  --out.release.back();
  out.release.push_back(kMany);
  return out;
}

/// The first release after the series that the first `count` numbers name.
Version after_series(const Version& prefix, size_t count) {
  Version out = prefix.base();
  out.release.resize(count);
  ++out.release.back();
  return out;
}

/// One version for each stretch in which the specifiers cannot tell versions apart.
std::vector<Version> samples(const Specifiers& specifiers, std::initializer_list<Version> more) {
  std::vector<Version> bounds(more);
  for (const Specifier& s : specifiers.all) {
    if (!s.readable) continue;
    bounds.push_back(s.version);
    const size_t size = s.version.release.size();
    if (s.wildcard) bounds.push_back(after_series(s.version, size));
    if (s.op == Op::compatible && size > 1) bounds.push_back(after_series(s.version, size - 1));
  }
  std::vector<Version> out;
  uint64_t epoch = 0;
  for (const Version& bound : bounds) {
    epoch = std::max(epoch, bound.epoch);
    out.push_back(bound);
    out.push_back(just_after(bound));
    if (auto before = just_before(bound)) out.push_back(std::move(*before));
  }
  Version first, last;
  first.release = {0};
  last.epoch = epoch;
  last.release = {kMany};
  out.push_back(std::move(first));
  out.push_back(std::move(last));
  return out;
}

}  // namespace

bool Specifier::prereleases() const {
  const bool inclusive = op != Op::not_equal && op != Op::below && op != Op::above;
  return inclusive && readable && version.prerelease();
}

std::string Specifier::str() const {
  for (const Operator& one : kOperators) {
    if (one.op == op) return std::string(one.text) + text;
  }
  return text;
}

bool Specifier::contains(const Version& that, bool allowed) const {
  if (that.prerelease() && !allowed) return false;
  switch (op) {
    case Op::compatible:
      return that.public_part() >= version && in_series(that, version, version.release.size() - 1);
    case Op::equal:
      return equal(*this, that);
    case Op::not_equal:
      return !equal(*this, that);
    case Op::at_most:
      return that.public_part() <= version;
    case Op::at_least:
      return that.public_part() >= version;
    case Op::below:
      // <3.1 leaves out 3.1.dev0 but not 3.0.dev0.
      return that < version &&
             (version.prerelease() || !that.prerelease() || !same_base(that, version));
    case Op::above:
      // >3.1 leaves out 3.1.post0 and 3.1+local.
      if (!(that > version)) return false;
      if (!version.post && that.post && same_base(that, version)) return false;
      return that.local.empty() || !same_base(that, version);
    case Op::arbitrary:
      return lower(that.str()) == lower(text);
  }
  return false;
}

size_t read_specifier(std::string_view text, Specifier& out) {
  for (const Operator& one : kOperators) {
    if (!text.starts_with(one.text)) continue;
    size_t at = one.text.size();
    while (at < text.size() && blank(text[at])) ++at;
    const std::string_view rest = text.substr(at);
    Specifier read;
    read.op = one.op;
    size_t length = 0;
    if (one.op == Op::arbitrary) {
      while (length < rest.size() && !blank(rest[length]) && rest[length] != ';' &&
             rest[length] != ')')
        ++length;
    } else {
      const bool equality = one.op == Op::equal || one.op == Op::not_equal;
      length = version_length(rest, equality);
      if (length == 0) continue;
      if (equality && rest.substr(length).starts_with(".*")) {
        // A wildcard follows the release alone; `1.0rc.*` ends before the dot.
        const auto version = Version::parse(rest.substr(0, length));
        if (version && !version->pre && !version->post && !version->dev && version->local.empty()) {
          read.wildcard = true;
          length += 2;
        }
      }
    }
    read.text = rest.substr(0, length);
    const std::string_view number =
        std::string_view(read.text).substr(0, length - (read.wildcard ? 2 : 0));
    const auto version = Version::parse(number);
    read.readable = version.has_value();
    if (version) read.version = *version;
    if (one.op == Op::compatible && read.version.release.size() < 2) continue;
    out = std::move(read);
    return at + length;
  }
  return 0;
}

Result<Specifiers> Specifiers::parse(std::string_view text) {
  Specifiers out;
  size_t at = 0;
  while (at <= text.size()) {
    const size_t end = std::min(text.find(',', at), text.size());
    size_t begin = at, last = end;
    while (begin < last && blank(text[begin])) ++begin;
    while (last > begin && blank(text[last - 1])) --last;
    at = end + 1;
    if (begin == last) continue;
    Specifier one;
    const std::string_view clause = text.substr(begin, last - begin);
    if (read_specifier(clause, one) != clause.size()) {
      return Error{"invalid specifier '" + std::string(clause) + "'",
                   Span{static_cast<uint32_t>(begin), static_cast<uint32_t>(last)}};
    }
    out.all.push_back(std::move(one));
  }
  return out;
}

bool Specifiers::contains(const Version& version, std::optional<bool> prereleases) const {
  const bool allowed = prereleases.value_or(
      std::any_of(all.begin(), all.end(), [](const Specifier& s) { return s.prereleases(); }));
  // No clause at all keeps pre-releases out as well.
  if (version.prerelease() && !allowed) return false;
  return std::all_of(all.begin(), all.end(),
                     [&](const Specifier& s) { return s.contains(version, allowed); });
}

Specifiers Specifiers::and_also(const Specifiers& other) const {
  Specifiers out = *this;
  for (const Specifier& s : other.all) {
    if (std::find(out.all.begin(), out.all.end(), s) == out.all.end()) out.all.push_back(s);
  }
  return out;
}

const Specifier* Specifiers::exact() const {
  const auto at =
      std::find_if(all.begin(), all.end(), [](const Specifier& s) { return s.exact(); });
  return at == all.end() ? nullptr : &*at;
}

std::string Specifiers::str() const {
  std::string out;
  for (const Specifier& s : all) (out += out.empty() ? "" : ",") += s.str();
  return out;
}

Admission admission(const Specifiers& specifiers, const Version& installed) {
  Admission out;
  if (specifiers.all.size() > kMostClauses) return {true, true, true};
  out.same = specifiers.contains(installed, true);
  for (const Version& version : samples(specifiers, {installed})) {
    // 2.8.0 says nothing about the build: 2.8.0+cu128 is the same release.
    if (version.local.empty() && version == installed.public_part()) continue;
    if (!specifiers.contains(version, true)) continue;
    if (version < installed) out.older = true;
    if (version > installed) out.newer = true;
  }
  return out;
}

bool admits_between(const Specifiers& specifiers, const Version& from, const Version& until) {
  if (specifiers.all.size() > kMostClauses) return true;
  const auto all = samples(specifiers, {from, until});
  return std::any_of(all.begin(), all.end(), [&](const Version& version) {
    return version >= from && version < until && specifiers.contains(version, true);
  });
}

bool bounded_above(const Specifiers& specifiers) {
  if (specifiers.all.size() > kMostClauses) return false;
  const auto all = samples(specifiers, {});
  const auto last = std::max_element(all.begin(), all.end());
  return !specifiers.contains(*last, true);
}

}  // namespace preflint::req
