#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>

namespace preflint::lsp {

using Json = nlohmann::json;

/// The error codes of JSON-RPC and LSP that are used here.
enum class Code : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  server_not_initialized = -32002,
  request_cancelled = -32800,
  content_modified = -32801,
  request_failed = -32803,
};

/// A request (with an id), a notification (without) or an answer to a request of ours (without a
/// method).
struct Message {
  Json id;  // null: a notification
  std::string method;
  Json params;
  bool failed = false;  // an answer that is an error
  Json result;

  bool request() const { return !method.empty() && !id.is_null(); }
};

/// A text that is no message; the answer to it.
struct BadMessage {
  Json answer;
};

std::variant<Message, BadMessage> read_message(std::string_view text);

Json answer(const Json& id, Json result);
Json failure(const Json& id, Code code, std::string_view message);
Json notification(std::string_view method, Json params);
Json request(int id, std::string_view method, Json params);

/// The text of a message; bytes that are no UTF-8 are replaced, never thrown at.
std::string text_of(const Json& message);

/// A member of an object, or null when there is none or the value is no object.
const Json& member(const Json& value, std::string_view key);
/// `path` is dotted: "textDocument.uri".
const Json& member_at(const Json& value, std::string_view path);
std::string string_at(const Json& value, std::string_view path);
bool flag_at(const Json& value, std::string_view path);
/// A number that is a line, a column or a version; `otherwise` when it is none.
int64_t number_at(const Json& value, std::string_view path, int64_t otherwise = 0);

}  // namespace preflint::lsp
