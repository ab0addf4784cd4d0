#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/python/value.h"

namespace preflint::py {

struct Class;

/// Something that the running program can change: a scope's names, an instance's attributes, a
/// list.
struct Object {
  enum Kind : uint8_t {
    scope,
    module,
    class_,
    instance,
    list,
    set,
    dict,
    parser,
    options,
    environment
  };
  Kind kind = scope;
  bool open = false;  // instances, dicts: attributes that we do not know may be there
  std::map<std::string, Value, std::less<>> fields;
  std::vector<Value> items;           // list, set; dict: key, value, key, value
  Object* parent = nullptr;           // scope: the enclosing one
  Object* owner = nullptr;            // dict: `vars(x)`, `x.__dict__`: whose attributes these are
  Class* of = nullptr;                // instance; class_: itself
  const ProgramFile* file = nullptr;  // scope, module, class_
};

struct Class {
  std::string name;  // qualified
  const Stmt* definition = nullptr;
  Object* object = nullptr;
  std::vector<Value> bases;
  std::vector<std::string> annotated;  // names annotated in the body, in order
  bool record = false;  // a dataclass or its like: __init__ is made from the annotated names
  bool enumeration = false;
  bool used = false;  // instantiated or derived from
};

struct Function {
  std::string name;  // qualified
  std::string short_name;
  const Parameters* parameters = nullptr;
  Body body;
  const Expr* lambda = nullptr;
  const Stmt* definition = nullptr;
  const ProgramFile* file = nullptr;
  Object* scope = nullptr;      // where it was defined
  Class* owner = nullptr;       // methods
  std::vector<Value> defaults;  // by parameter; unknown where there is none
  std::vector<Value> decorators;
  enum Binding : uint8_t { plain, static_, class_, property } binding = plain;
  bool managed = false;  // a contextmanager: its result is not modelled
  mutable bool called = false;
  mutable std::optional<bool> yields;  // does its body, once somebody asked
};

/// What some writes did: the values of slots after them.
struct Delta {
  struct Slot {
    std::optional<Value> field;  // of a field; nothing: absent
    std::vector<Value> items;
    bool open = false;
  };
  /// Key "" together with `whole` stands for items and `open`.
  struct Key {
    Object* object;
    std::string field;
    bool whole;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  std::map<Key, Slot> slots;
};

/// Owns all objects and logs every write, so that branches can be undone and joined.
class Heap {
 public:
  Object* make(Object::Kind kind);
  Class* make_class();
  Function* make_function();
  size_t size() const { return objects_.size(); }

  const Value* get(const Object* object, std::string_view field) const;
  void set(Object* object, std::string_view field, Value value);
  void erase(Object* object, std::string_view field);
  void set_items(Object* object, std::vector<Value> items, bool open);
  void set_open(Object* object);

  size_t mark() const { return log_.size(); }
  /// Present values of everything written since the mark.
  Delta changes(size_t mark) const;
  /// Undoes everything written since the mark.
  void undo(size_t mark);
  /// Makes the state the join of several outcomes of the present state.
  void join(const std::vector<Delta>& outcomes);
  /// Joins only the given slots of an outcome into the present state.
  Delta::Slot current(const Delta::Key& key) const;
  void write(const Delta::Key& key, Delta::Slot slot);

  /// Grows with every write to something that a value of an event can hold: lists, instances and
  /// the like.
  uint64_t changes() const { return changes_; }

  void pause() { ++paused_; }
  void resume() { --paused_; }

 private:
  struct Entry {
    Delta::Key key;
    Delta::Slot old;
  };
  void log(Object* object, std::string_view field, bool whole);

  std::deque<Object> objects_;
  std::deque<Class> classes_;
  std::deque<Function> functions_;
  std::vector<Entry> log_;
  int paused_ = 0;
  uint64_t changes_ = 0;
};

/// The join of two slots.
Delta::Slot joined(const Delta::Slot& a, const Delta::Slot& b);

}  // namespace preflint::py
