#include "model/python/heap.h"

#include <algorithm>

#include "model/work.h"

namespace preflint::py {

Object* Heap::make(Object::Kind kind) {
  objects_.emplace_back();
  objects_.back().kind = kind;
  return &objects_.back();
}

Class* Heap::make_class() { return &classes_.emplace_back(); }
Function* Heap::make_function() { return &functions_.emplace_back(); }

const Value* Heap::get(const Object* object, std::string_view field) const {
  const auto found = object->fields.find(field);
  return found == object->fields.end() ? nullptr : &found->second;
}

Delta::Slot Heap::current(const Delta::Key& key) const {
  Delta::Slot out;
  if (key.whole) {
    Work::done(key.object->items.size() * Work::kItem);
    out.items = key.object->items;
    out.open = key.object->open;
  } else if (const Value* value = get(key.object, key.field)) {
    out.field = *value;
  }
  return out;
}

void Heap::log(Object* object, std::string_view field, bool whole) {
  if (object->kind > Object::class_) ++changes_;
  if (paused_ > 0) return;
  Entry& entry = log_.emplace_back();
  entry.key = {object, std::string(field), whole};
  entry.old = current(entry.key);
}

void Heap::set(Object* object, std::string_view field, Value value) {
  log(object, field, false);
  const auto found = object->fields.find(field);
  if (found == object->fields.end())
    object->fields.emplace(field, std::move(value));
  else
    found->second = std::move(value);
}

void Heap::erase(Object* object, std::string_view field) {
  const auto found = object->fields.find(field);
  if (found == object->fields.end()) return;
  log(object, field, false);
  object->fields.erase(found);
}

void Heap::set_items(Object* object, std::vector<Value> items, bool open) {
  Work::done(items.size() * Work::kItem);  // for whoever made them
  log(object, "", true);
  if (items.size() > 1200) {
    items.clear();
    open = true;
  }
  object->items = std::move(items);
  object->open = open;
}

void Heap::set_open(Object* object) {
  if (!object->open) set_items(object, object->items, true);
}

void Heap::write(const Delta::Key& key, Delta::Slot slot) {
  if (key.whole)
    set_items(key.object, std::move(slot.items), slot.open);
  else if (slot.field)
    set(key.object, key.field, std::move(*slot.field));
  else
    erase(key.object, key.field);
}

Delta Heap::changes(size_t mark) const {
  Delta out;
  Work::done((log_.size() - mark) * Work::kItem);
  for (size_t i = mark; i < log_.size(); ++i) {
    const auto [at, fresh] = out.slots.try_emplace(log_[i].key);
    if (fresh) at->second = current(log_[i].key);
  }
  return out;
}

void Heap::undo(size_t mark) {
  Work::done((log_.size() - mark) * Work::kItem);
  while (log_.size() > mark) {
    Entry entry = std::move(log_.back());
    log_.pop_back();
    ++paused_;
    write(entry.key, std::move(entry.old));
    --paused_;
  }
}

Delta::Slot joined(const Delta::Slot& a, const Delta::Slot& b) {
  Delta::Slot out;
  if (a.field && b.field) {
    out.field = a.field->joined(*b.field);
  } else if (a.field || b.field) {
    out.field = a.field ? *a.field : *b.field;
    out.field->maybe_missing = true;
  }
  out.open = a.open || b.open;
  if (a.items == b.items) {
    out.items = a.items;
  } else {
    // Only what both begin with is certain.
    const size_t common = std::min(a.items.size(), b.items.size());
    Work::done((1 + common) * Work::kItem);
    for (size_t i = 0; i < common && a.items[i] == b.items[i]; ++i) out.items.push_back(a.items[i]);
    out.open = true;
  }
  return out;
}

void Heap::join(const std::vector<Delta>& outcomes) {
  if (outcomes.size() == 1) {
    Work::done(2 * outcomes[0].slots.size() * Work::kItem);
    for (const auto& [key, slot] : outcomes[0].slots) write(key, slot);
    return;
  }
  std::map<Delta::Key, Delta::Slot> result;
  for (const Delta& outcome : outcomes) {
    for (const auto& [key, slot] : outcome.slots) {
      const auto [at, fresh] = result.try_emplace(key);
      if (!fresh) continue;
      Work::done((1 + outcomes.size()) * Work::kItem);
      std::optional<Delta::Slot> present;  // of the outcomes that have not written it
      const Delta::Slot* all = nullptr;
      for (const Delta& other : outcomes) {
        const auto found = other.slots.find(key);
        if (found == other.slots.end() && !present) present = current(key);
        const Delta::Slot* value = found == other.slots.end() ? &*present : &found->second;
        if (!all) {
          all = value;
          continue;
        }
        at->second = joined(*all, *value);
        all = &at->second;
      }
    }
  }
  for (auto& [key, slot] : result) write(key, std::move(slot));
}

}  // namespace preflint::py
