#include "lsp/client.h"

#include "lsp/frame.h"

namespace preflint::lsp {

void Client::send(const Json& json) {
  if (!gone_ && !write_(framed(text_of(json)))) gone_ = true;
}

void Client::reply(const Message& request, Json result) {
  send(lsp::answer(request.id, std::move(result)));
}

void Client::fail(const Message& request, Code code, std::string_view why) {
  send(failure(request.id, code, why));
}

void Client::notify(std::string_view method, Json params) {
  send(notification(method, std::move(params)));
}

void Client::ask(std::string_view method, Json params, std::function<void(const Message&)> then) {
  asked_[++last_id_] = std::move(then);
  send(request(last_id_, method, std::move(params)));
}

void Client::log(int type, const std::string& text) {
  if (log_) log_(text);
  notify("window/logMessage", {{"type", type}, {"message", text}});
}

void Client::answered(const Message& message) {
  if (!message.id.is_number_integer()) return;
  const auto it = asked_.find(message.id.get<int64_t>());
  if (it == asked_.end()) return;
  const auto then = std::move(it->second);
  asked_.erase(it);
  if (then) then(message);
}

}  // namespace preflint::lsp
