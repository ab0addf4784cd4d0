#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/tri.h"

namespace preflint::req {

/// What a marker is evaluated for: `python_version`, `sys_platform`… by name. What is absent is not
/// known.
struct MarkerEnvironment {
  std::map<std::string, std::string, std::less<>> variables;
  /// The extras that are asked for; `extra == "x"` is false for others.
  std::vector<std::string> extras;

  /// Linux on x86-64 with CPython; `python` is "3.12" or "3.12.3", "" when not known.
  static MarkerEnvironment linux_box(std::string_view python);
};

/// A PEP 508 environment marker: what follows the semicolon.
class Marker {
 public:
  Marker();
  ~Marker();
  Marker(const Marker&);
  Marker(Marker&&) noexcept;
  Marker& operator=(const Marker&);
  Marker& operator=(Marker&&) noexcept;

  /// Reads a marker from the front of `text`, blanks after it included; `length` is what was read.
  static Result<Marker> read(std::string_view text, size_t& length);
  static Result<Marker> parse(std::string_view text);
  bool empty() const { return !root_; }
  /// maybe: a variable that decides is not known.
  Tri holds(const MarkerEnvironment& environment) const;
  /// Does it name the variable?
  bool mentions(std::string_view variable) const;

 private:
  struct Node;
  friend class MarkerReader;
  std::shared_ptr<const Node> root_;
};

}  // namespace preflint::req
