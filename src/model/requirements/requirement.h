#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/requirements/marker.h"
#include "model/requirements/specifier.h"

namespace preflint::req {

/// One dependency: PEP 508's `name[extra]>=1,<2; marker` or `name @ url ; marker`.
struct Requirement {
  std::string name;     // as written
  std::string project;  // normalised name
  std::vector<std::string> extras;
  Specifiers specifiers;
  std::string url;  // of `name @ url`; may be a file: URL
  Marker marker;
  // Where things stand in the text that was parsed.
  Span name_span, specifier_span, url_span;

  /// The file that a file: URL names, "/croot/x/work"; "" of any other URL, and of one below the
  /// list's folder.
  std::string_view file() const;

  /// An error's message is a key of DEP008's messages and, after a colon, what it is about:
  /// "no-version: ==".
  static Result<Requirement> parse(std::string_view text);
};

/// What the name of a wheel or source archive says; `text` may be a URL or a path.
struct Archive {
  std::string project;  // normalised
  Version version;
  std::string python;         // wheels: "cp310", "py3"
  std::string abi, platform;  // wheels
  bool wheel = false;
};
std::optional<Archive> archive_named(std::string_view text);

/// conda's `pytorch=2.0`, `pytorch==2.0.1=py3.8_cuda11.7`, `python >=3.9,<3.12`, `channel::name`.
/// Its fuzzy
/// `=2.0` is taken as `==2.0.*`. Nothing when it is no match specification.
std::optional<Requirement> conda_requirement(std::string_view text);

/// Poetry's `^1.2`, `~1.2`, `1.2.*`, `*`, `>=1,<2` as PEP 440 clauses; nothing when it cannot be
/// read.
std::optional<Specifiers> poetry_specifiers(std::string_view text);

}  // namespace preflint::req
