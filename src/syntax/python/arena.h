#pragma once

#include <cstddef>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace preflint::py {

/// Memory of a syntax tree: everything in it is trivially destructible and freed at once.
struct Arena {
  std::pmr::monotonic_buffer_resource memory{16 * 1024};

  template <typename T>
  T* make(const T& value) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (memory.allocate(sizeof(T), alignof(T))) T(value);
  }

  template <typename T>
  std::span<const T> copy(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T> || std::is_trivially_destructible_v<T>);
    if (values.empty()) return {};
    T* out = static_cast<T*>(memory.allocate(std::span(values).size_bytes(), alignof(T)));
    for (size_t i = 0; i < values.size(); ++i) new (out + i) T(values[i]);
    return {out, values.size()};
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* out = static_cast<char*>(memory.allocate(text.size(), 1));
    text.copy(out, text.size());
    return {out, text.size()};
  }
};

}  // namespace preflint::py
