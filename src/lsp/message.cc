#include "lsp/message.h"

namespace preflint::lsp {
namespace {

// Nothing in the protocol nests this deep, and writing JSON recurses.
constexpr int kMaxDepth = 128;

const Json kNull;

bool valid_id(const Json& id) { return id.is_number_integer() || id.is_string(); }

}  // namespace

std::variant<Message, BadMessage> read_message(std::string_view text) {
  bool too_deep = false;
  const auto watch = [&](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth) too_deep = true;
    return depth <= kMaxDepth;
  };
  Json json = Json::parse(text, watch, false);
  if (json.is_discarded() || too_deep) {
    return BadMessage{failure(nullptr, Code::parse_error,
                              too_deep ? "the message nests too deeply" : "this is not JSON")};
  }
  const auto invalid = [&](const Json& id, std::string_view why) {
    return BadMessage{failure(valid_id(id) ? id : kNull, Code::invalid_request, why)};
  };
  if (!json.is_object()) return invalid(kNull, "a message is an object; there are no batches");
  Message message;
  message.id = member(json, "id");
  if (!message.id.is_null() && !valid_id(message.id)) {
    return invalid(kNull, "an id is a number or a string");
  }
  if (json.contains("method")) {
    const Json& method = json["method"];
    if (!method.is_string() || method.get_ref<const std::string&>().empty()) {
      return invalid(message.id, "the method is a string");
    }
    message.method = method.get<std::string>();
    message.params = member(json, "params");
    if (!message.params.is_null() && !message.params.is_structured()) {
      return invalid(message.id, "params are an object or an array");
    }
    return message;
  }
  if (message.id.is_null() || (!json.contains("result") && !json.contains("error"))) {
    // An answer without an id tells us of a mistake of ours; there is nobody to answer.
    return invalid(message.id, "a message has a method, a result or an error");
  }
  message.failed = json.contains("error");
  message.result = member(json, message.failed ? "error" : "result");
  return message;
}

Json answer(const Json& id, Json result) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

Json failure(const Json& id, Code code, std::string_view message) {
  return {{"jsonrpc", "2.0"},
          {"id", id},
          {"error", {{"code", static_cast<int>(code)}, {"message", message}}}};
}

Json notification(std::string_view method, Json params) {
  return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

Json request(int id, std::string_view method, Json params) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}};
}

std::string text_of(const Json& message) {
  return message.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const Json& member(const Json& value, std::string_view key) {
  if (!value.is_object()) return kNull;
  const auto it = value.find(std::string(key));
  return it == value.end() ? kNull : *it;
}

const Json& member_at(const Json& value, std::string_view path) {
  const Json* at = &value;
  while (!path.empty()) {
    const size_t dot = path.find('.');
    at = &member(*at, path.substr(0, dot));
    path = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  }
  return *at;
}

std::string string_at(const Json& value, std::string_view path) {
  const Json& found = member_at(value, path);
  return found.is_string() ? found.get<std::string>() : std::string();
}

bool flag_at(const Json& value, std::string_view path) {
  const Json& found = member_at(value, path);
  return found.is_boolean() && found.get<bool>();
}

int64_t number_at(const Json& value, std::string_view path, int64_t otherwise) {
  const Json& found = member_at(value, path);
  if (!found.is_number_integer()) return otherwise;
  if (found.is_number_unsigned() && found.get<uint64_t>() > INT64_MAX) return INT64_MAX;
  return found.get<int64_t>();
}

}  // namespace preflint::lsp
