#include <algorithm>
#include <cctype>
#include <string>

#include "model/python/machine.h"

namespace preflint::py {

std::optional<Value> Machine::library(std::string_view origin, Call& c) {
  if (origin.starts_with("builtins.")) return builtin(origin.substr(9), c);
  if (origin.starts_with("os.path.")) return os_path(origin.substr(8), c);
  if (origin.starts_with("posixpath.")) return os_path(origin.substr(10), c);
  if (origin.starts_with("pathlib.")) return pathlib(origin.substr(8), c);
  if (origin == "sys.exit" || origin == "os._exit") return Value::reference("sys.exit()", c.event);
  if (origin.starts_with("sys.path.")) return search_path(origin.substr(9), c);
  if (origin == "__notebook_item__") return notebook_item(c);
  if (origin.starts_with("os.") || origin.starts_with("tempfile."))
    return environment_function(origin, c);
  if (origin == "dotenv.load_dotenv") return load_dotenv(c);
  const Value* first = c.positional(0);
  if (origin == "collections.OrderedDict") return builtin("dict", c);
  if ((origin == "copy.copy" || origin == "copy.deepcopy") && first) {
    const bool collection =
        first->type == Type::list || first->type == Type::dict || first->type == Type::set;
    if (collection) return make_collection(first->type, live_items(*first), live_open(*first));
    return first->object ? std::optional<Value>(Value()) : std::optional<Value>(*first);
  }
  const bool bag = origin == "types.SimpleNamespace" || origin == "argparse.Namespace" ||
                   origin == "easydict.EasyDict" || origin == "munch.Munch" ||
                   origin == "addict.Dict" || origin == "ml_collections.ConfigDict";
  if (bag) {
    Value out = Value::of(Type::instance);
    out.call = c.event;
    out.object = heap_.make(Object::instance);
    out.object->open = c.more_keywords || c.more_positional;
    if (first && first->type == Type::dict) {
      const std::vector<Value>& items = live_items(*first);
      for (size_t i = 0; i + 1 < items.size(); i += 2) {
        if (items[i].constant()) out.object->fields[*items[i].constant()] = items[i + 1];
      }
    }
    for (const Argument& argument : c.arguments) {
      if (!argument.keyword.empty()) out.object->fields[argument.keyword] = argument.value;
    }
    return out;
  }
  if (origin == "random.shuffle" || origin.starts_with("heapq.") ||
      origin.starts_with("bisect.insort")) {
    if (first && first->object) heap_.set_items(first->object, {}, true);
    return std::nullopt;
  }
  if (origin == "shlex.split" && first && first->constant()) {
    const std::string text = *first->constant();
    if (text.find_first_of("\"'\\#") != text.npos) return make_collection(Type::list, {}, true);
    Call none;
    return string_method(*first, "split", none);
  }
  if (origin == "shlex.quote" && first && first->constant()) {
    const std::string text = *first->constant();
    const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char ch) {
      return std::isalnum(static_cast<unsigned char>(ch)) ||
             std::string_view("@%+=:,./-_").find(ch) != std::string_view::npos;
    });
    if (plain) return *first;
    return text.find('\'') == text.npos ? Value::string("'" + text + "'")
                                        : Value::string(preflint::Value::unknown());
  }
  if (origin == "functools.wraps" && first) return std::nullopt;
  if (origin == "functools.wraps()" || origin == "functools.lru_cache()")
    return first ? std::optional<Value>(*first) : std::nullopt;
  return framework(origin, c);
}

}  // namespace preflint::py
