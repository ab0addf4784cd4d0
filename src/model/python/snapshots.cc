#include <algorithm>
#include <utility>

#include "model/python/machine.h"

namespace preflint::py {

/// A value as it is now, for an event: lists and objects copied, some levels deep.
Value Machine::freeze(const Value& v, int depth) {
  const bool nested = v.type == Type::tuple || v.type == Type::either;
  if (!v.object && !nested) return v;
  if (v.type == Type::class_ || v.type == Type::module || v.type == Type::function) return v;
  Value out = v;
  out.object = nullptr;
  if (depth == 0) freeze_budget_ = std::min(2000, kMaxFrozen - frozen_);
  if (!v.object) {
    freeze_contents(v, depth, out);
    return out;
  }
  Snapshot& known = snapshots_[{v.object, depth}];
  const bool same = known.payload && known.changes == heap_.changes() && known.of.type == v.type &&
                    known.of.open == v.open && known.of.payload == v.payload;
  if (same && known.spent < freeze_budget_) {
    freeze_budget_ -= known.spent;
    out.payload = known.payload;
    out.open = known.open;
    return out;
  }
  const int before = freeze_budget_;
  freeze_contents(v, depth, out);
  // What the budget has cut off is no copy for another event.
  known = freeze_budget_ > 0
              ? Snapshot{heap_.changes(), v, out.payload, out.open, before - freeze_budget_}
              : Snapshot();
  return out;
}

void Machine::freeze_contents(const Value& v, int depth, Value& out) {
  Payload payload;
  if (v.payload) payload = *v.payload;
  payload.items.clear();
  ++frozen_;
  if (depth < 4 && freeze_budget_ > 0) {
    if (v.type == Type::instance && v.object) {
      for (const auto& [name, value] : v.object->fields) {
        if (payload.items.size() >= 400 || --freeze_budget_ <= 0) break;
        payload.items.push_back(Value::string(name));
        payload.items.push_back(freeze(value, depth + 2));
      }
      if (v.object->of) payload.origin = v.object->of->name;
    } else {
      for (const Value& item : live_items(v)) {
        if (payload.items.size() >= 200 || --freeze_budget_ <= 0) break;
        payload.items.push_back(freeze(item, depth + 1));
      }
      out.open = live_open(v) || payload.items.size() < live_items(v).size();
    }
  } else {
    out.open = true;
  }
  out.payload = std::make_shared<const Payload>(std::move(payload));
}

}  // namespace preflint::py
