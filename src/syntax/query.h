#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "syntax/tree_sitter.h"

namespace preflint::tree_sitter {

/// A tree-sitter query. The library finds the patterns; the predicates it leaves to its callers are
/// evaluated here: #eq? #not-eq? #any-of? #not-any-of? #match? #not-match? (RE2).
class Query {
 public:
  struct Capture {
    std::string_view name;  // without the @; lives as long as the query
    Span span;
  };
  using Match = std::vector<Capture>;

  /// An error's place is in the query's own text.
  static Result<Query> compile(Grammar grammar, std::string_view text);
  Query(Query&&) noexcept;
  Query& operator=(Query&&) noexcept;
  ~Query();

  std::vector<std::string_view> captures() const;
  /// The matches in order, at most a few thousand; none when the text cannot be parsed within
  /// bounds.
  std::vector<Match> run(std::string_view text, const Budget& budget = {}) const;

 private:
  struct State;
  explicit Query(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;
};

}  // namespace preflint::tree_sitter
