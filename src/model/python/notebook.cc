#include "model/python/machine.h"

namespace preflint::py {

/// A magic or shell escape is reached.
std::optional<Value> Machine::notebook_item(Call& c) {
  const Value* index = c.positional(0);
  if (!launch_.notebook || !index || index->type != Type::integer || index->number < 0 ||
      static_cast<size_t>(index->number) >= launch_.notebook->items.size()) {
    return Value();
  }
  const notebook::Item& item = launch_.notebook->items[static_cast<size_t>(index->number)];
  if (!quiet()) {
    // The call that stands for it is no call of the user's.
    if (c.event >= 0 && c.event + 1 == static_cast<int>(trace_.calls.size()))
      trace_.calls.pop_back();
    ShellEvent event;
    event.order = next_order();
    event.file = activation_->file;
    event.span = c.expr->span;
    event.frame = frame_;
    event.item = &item;
    trace_.shell.push_back(event);
  }
  const std::string_view text = item.text.text();
  if (item.kind == notebook::ItemKind::cd) {
    const preflint::Value cwd = heap_.get(world_, "cwd")->text();
    preflint::Value moved = preflint::Value::unknown(kCwdHole);
    std::string_view to = text;
    while (!to.empty() && (to.back() == ' ' || to.back() == '\r')) to.remove_suffix(1);
    if (to.size() > 1 && (to[0] == '"' || to[0] == '\'') && to.back() == to[0])
      to = to.substr(1, to.size() - 2);
    const bool plain = to.find_first_of("$-{") == to.npos && !to.empty();
    std::string target(to);
    if (target == "~" || target.starts_with("~/")) target = launch_.home + target.substr(1);
    if (plain && cwd.alternatives().size() == 1)
      moved = paths::join(cwd.alternatives()[0], Text::literal(target));
    const Value folder = Value::string(moved);
    steps_ += 16 * folder.weight;
    heap_.set(world_, "cwd", folder);
  } else if (item.kind == notebook::ItemKind::env && !item.argument.empty() && !text.empty()) {
    const bool known = text.find_first_of("${") == text.npos;
    write_environment(EnvironmentWrite::magic, Value::string(item.argument),
                      known ? Value::string(text) : Value(), c.expr->span, c.expr->span);
  }
  return Value();
}

}  // namespace preflint::py
