#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preflint::catalog {

/// Keeps the strings and lists that a Rule refers to, at addresses that never change.
class RuleStorage {
 public:
  std::string_view keep(std::string text) { return strings_.emplace_back(std::move(text)); }
  template <typename T>
  std::span<const T> keep(std::vector<T> list) {
    auto block = std::make_shared<const std::vector<T>>(std::move(list));
    blocks_.push_back(block);
    return *block;
  }
  template <typename T>
  const T* keep_one(T value) {
    auto block = std::make_shared<const T>(std::move(value));
    blocks_.push_back(block);
    return block.get();
  }
  std::span<const std::string_view> keep_all(std::vector<std::string> texts) {
    std::vector<std::string_view> views;
    views.reserve(texts.size());
    for (std::string& text : texts) views.push_back(keep(std::move(text)));
    return keep(std::move(views));
  }

 private:
  std::deque<std::string> strings_;
  std::vector<std::shared_ptr<const void>> blocks_;
};

}  // namespace preflint::catalog
