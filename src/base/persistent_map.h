#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace preflint {

/// An ordered map whose copies share structure: copying is a pointer, setting is O(log n), and
/// merging two versions of one map costs what differs between them. A treap whose priorities are
/// hashes of the keys, so that equal contents have equal shape. Holds at most kMaxSize keys; more
/// are dropped, which bounds depth and memory on hostile input.
template <typename V>
class PersistentMap {
 public:
  static constexpr size_t kMaxSize = 4096;

  const V* find(std::string_view key) const {
    const Node* node = root_.get();
    while (node) {
      const int order = key.compare(node->key());
      if (order == 0) return &node->entry->value;
      node = order < 0 ? node->left.get() : node->right.get();
    }
    return nullptr;
  }
  void set(std::string_view key, V value) {
    if (!find(key)) {
      if (size_ == kMaxSize) return;
      ++size_;
    }
    root_ = inserted(root_, std::make_shared<const Entry>(
                                Entry{std::string(key), std::move(value), priority(key)}));
  }
  void erase(std::string_view key) {
    if (!find(key)) return;
    --size_;
    root_ = erased(root_, key);
  }
  size_t size() const { return size_; }
  bool same(const PersistentMap& other) const { return root_ == other.root_; }

  /// In order of keys.
  void for_each(const std::function<void(const std::string&, const V&)>& visit) const {
    each(root_.get(), visit);
  }

  /// The map that holds combine(mine or null, theirs or null) for every key of either.
  PersistentMap merged(const PersistentMap& other,
                       const std::function<V(const V*, const V*)>& combine) const {
    PersistentMap out;
    out.root_ = merge(root_, other.root_, combine);
    out.size_ = count(out.root_.get());
    return out;
  }

 private:
  /// What a key holds. Versions share it: a path that is copied copies pointers, however long the
  /// values are.
  struct Entry {
    std::string key;
    V value;
    uint64_t weight;
  };
  using EntryPtr = std::shared_ptr<const Entry>;
  struct Node;
  using Ptr = std::shared_ptr<const Node>;
  struct Node {
    EntryPtr entry;
    Ptr left, right;
    size_t nodes;

    const std::string& key() const { return entry->key; }
    uint64_t weight() const { return entry->weight; }
  };

  static uint64_t priority(std::string_view key) {
    uint64_t hash = 1469598103934665603ULL;
    for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash ^ (hash >> 29);
  }
  static size_t count(const Node* node) { return node ? node->nodes : 0; }
  static Ptr make(EntryPtr entry, Ptr left, Ptr right) {
    const size_t nodes = 1 + count(left.get()) + count(right.get());
    return std::make_shared<const Node>(
        Node{std::move(entry), std::move(left), std::move(right), nodes});
  }
  static Ptr inserted(const Ptr& node, EntryPtr entry) {
    if (!node || node->weight() < entry->weight) {
      auto [left, found, right] = split(node, entry->key);
      return make(std::move(entry), std::move(left), std::move(right));
    }
    const int order = entry->key.compare(node->key());
    if (order == 0) return make(std::move(entry), node->left, node->right);
    if (order < 0) return make(node->entry, inserted(node->left, std::move(entry)), node->right);
    return make(node->entry, node->left, inserted(node->right, std::move(entry)));
  }
  struct Split {
    Ptr left;
    const Node* found;
    Ptr right;
  };
  static Split split(const Ptr& node, std::string_view key) {
    if (!node) return {};
    const int order = key.compare(node->key());
    if (order == 0) return {node->left, node.get(), node->right};
    if (order < 0) {
      Split below = split(node->left, key);
      return {below.left, below.found, make(node->entry, below.right, node->right)};
    }
    Split below = split(node->right, key);
    return {make(node->entry, node->left, below.left), below.found, below.right};
  }
  static Ptr concatenated(const Ptr& left, const Ptr& right) {
    if (!left) return right;
    if (!right) return left;
    if (left->weight() > right->weight()) {
      return make(left->entry, left->left, concatenated(left->right, right));
    }
    return make(right->entry, concatenated(left, right->left), right->right);
  }
  static Ptr erased(const Ptr& node, std::string_view key) {
    const int order = key.compare(node->key());
    if (order == 0) return concatenated(node->left, node->right);
    if (order < 0) return make(node->entry, erased(node->left, key), node->right);
    return make(node->entry, node->left, erased(node->right, key));
  }
  static Ptr merge(const Ptr& a, const Ptr& b,
                   const std::function<V(const V*, const V*)>& combine) {
    if (a == b) return a;
    const bool from_a = a && (!b || a->weight() > b->weight() ||
                              (a->weight() == b->weight() && a->key() <= b->key()));
    const Node* top = from_a ? a.get() : b.get();
    const Split in_a = from_a ? Split{a->left, a.get(), a->right} : split(a, top->key());
    const Split in_b = from_a ? split(b, top->key()) : Split{b->left, b.get(), b->right};
    V value = combine(in_a.found ? &in_a.found->entry->value : nullptr,
                      in_b.found ? &in_b.found->entry->value : nullptr);
    return make(std::make_shared<const Entry>(Entry{top->key(), std::move(value), top->weight()}),
                merge(in_a.left, in_b.left, combine), merge(in_a.right, in_b.right, combine));
  }
  static void each(const Node* node,
                   const std::function<void(const std::string&, const V&)>& visit) {
    if (!node) return;
    each(node->left.get(), visit);
    visit(node->key(), node->entry->value);
    each(node->right.get(), visit);
  }

  Ptr root_;
  size_t size_ = 0;
};

}  // namespace preflint
