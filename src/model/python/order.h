#pragma once

#include <algorithm>
#include <vector>

#include "model/python/value.h"

namespace preflint::py {

/// Of two numbers or two known strings.
inline bool before(const Value& a, const Value& b) {
  if (a.is_string()) return *a.constant() < *b.constant();
  const double x = a.type == Type::real ? a.real : static_cast<double>(a.number);
  const double y = b.type == Type::real ? b.real : static_cast<double>(b.number);
  return x < y;
}

/// All numbers or all known strings.
inline bool comparable(const std::vector<Value>& values) {
  const auto all = [&](auto what) { return std::all_of(values.begin(), values.end(), what); };
  return all([](const Value& v) { return v.is_number(); }) ||
         all([](const Value& v) { return v.constant().has_value() && !v.is_path; });
}

}  // namespace preflint::py
