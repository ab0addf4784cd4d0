#include "lsp/server.h"

#include <exception>
#include <thread>

#include "lsp/uri.h"
#include "model/value.h"

namespace preflint::lsp {
namespace {

// Messages that wait for the server's thread; more stay in the pipe.
constexpr size_t kQueued = 64;

}  // namespace

Server::Server(Wire wire)
    : wire_(std::move(wire)),
      events_(kQueued),
      client_(wire_.write, wire_.log),
      findings_(client_, documents_, view_, wire_.analyse,
                [this](std::function<void()> act) { events_.push_now(std::move(act)); }),
      feed_(client_, documents_, findings_, view_),
      offers_(client_, documents_, findings_, view_),
      lookups_(client_, documents_, findings_, view_),
      commands_(client_, documents_, findings_, view_) {
  findings_.on_fresh = [this](const std::vector<std::string>& paths) { feed_.fresh(paths); };
}

int Server::run() {
  std::thread reader([this] {
    FrameReader frames(wire_.read, wire_.message_limit);
    for (;;) {
      Frame frame = frames.next();
      const bool end = frame.kind == Frame::Kind::end;
      events_.push(std::move(frame));
      if (end) return;
    }
  });
  while (stage_ != Stage::over && !client_.gone()) {
    findings_.submit_if_due();
    std::optional<Event> event = events_.pop(findings_.due());
    if (!event) continue;
    if (const auto* frame = std::get_if<Frame>(&*event)) {
      on_frame(*frame);
    } else {
      std::get<std::function<void()>> (*event)();
    }
  }
  events_.close();
  wire_.interrupt();
  reader.join();
  return status_;
}

void Server::on_frame(const Frame& frame) {
  switch (frame.kind) {
    case Frame::Kind::end:
      stage_ = Stage::over;
      return;
    case Frame::Kind::malformed:
      return client_.send(failure(nullptr, Code::parse_error, frame.text));
    case Frame::Kind::oversized:
      return client_.send(failure(nullptr, Code::invalid_request, frame.text));
    case Frame::Kind::message:
      break;
  }
  const auto read = read_message(frame.text);
  if (const auto* bad = std::get_if<BadMessage>(&read)) return client_.send(bad->answer);
  const auto& message = std::get<Message>(read);
  try {
    if (message.method.empty()) {
      client_.answered(message);
    } else if (message.request()) {
      on_request(message);
    } else {
      on_notification(message);
    }
  } catch (const std::exception& fault) {
    client_.log(1, "preflint: " + message.method + ": " + fault.what());
    if (message.request()) client_.fail(message, Code::internal_error, fault.what());
  }
}

void Server::on_request(const Message& message) {
  const std::string& method = message.method;
  if (stage_ == Stage::fresh && method != "initialize") {
    return client_.fail(message, Code::server_not_initialized, "the first request is initialize");
  }
  if (stage_ == Stage::shut_down) {
    return client_.fail(message, Code::invalid_request, "the server has been shut down");
  }
  if (method == "initialize") return initialize(message);
  if (method == "shutdown") {
    stage_ = Stage::shut_down;
    status_ = 0;
    return client_.reply(message, nullptr);
  }
  if (method == "textDocument/diagnostic") return feed_.pull_document(message);
  if (method == "workspace/diagnostic") return feed_.pull_workspace(message);
  if (method == "textDocument/codeAction") return offers_.code_action(message);
  if (method == "codeAction/resolve") return offers_.resolve(message);
  if (method == "textDocument/hover") return lookups_.hover(message);
  if (method == "textDocument/documentLink") return lookups_.document_link(message);
  if (method == "workspace/executeCommand") return commands_.execute(message);
  if (method == "preflint/text") return client_.reply(message, text_of_document(message.params));
  client_.fail(message, Code::method_not_found, "there is no method '" + method + "'");
}

void Server::on_notification(const Message& message) {
  const std::string& method = message.method;
  const Json& params = message.params;
  if (method == "exit") {
    stage_ = Stage::over;
    return;
  }
  if (stage_ != Stage::running) return;
  if (method == "initialized") return initialized();
  if (method == "$/cancelRequest") return findings_.cancel(member(params, "id"));
  if (method == "window/workDoneProgress/cancel") {
    return findings_.cancel_scan(member(params, "token"));
  }
  if (method == "textDocument/didOpen") return contents_changed(documents_.open(params), false);
  if (method == "textDocument/didChange") return contents_changed(documents_.change(params), false);
  if (method == "textDocument/didClose") return contents_changed(documents_.close(params), true);
  if (method == "textDocument/didSave") return saved(params);
  if (method == "notebookDocument/didOpen") {
    return contents_changed(documents_.open_notebook(params), false);
  }
  if (method == "notebookDocument/didChange") {
    return contents_changed(documents_.change_notebook(params), false);
  }
  if (method == "notebookDocument/didClose") {
    return contents_changed(documents_.close_notebook(params), true);
  }
  if (method == "workspace/didChangeWorkspaceFolders") return folders_changed(params);
  if (method == "workspace/didChangeWatchedFiles") return files_changed(params);
  if (method == "workspace/didChangeConfiguration") return configuration_changed(params);
}

Json Server::text_of_document(const Json& params) const {
  const Document* document = documents_.find(string_at(params, "textDocument.uri"));
  if (!document) return nullptr;
  return {{"version", document->version}, {"text", document->text}};
}

}  // namespace preflint::lsp
