#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "lsp/frame.h"
#include "lsp/message.h"
#include "lsp/server.h"
#include "lsp/uri.h"

namespace preflint::lsp {

/// An editor for tests: a server runs in a thread behind a wire of strings.
class Editor {
 public:
  explicit Editor(Analyse analyse = {}, size_t message_limit = FrameReader::kLimit) {
    Wire wire;
    wire.read = [this](char* buffer, size_t size) { return read(buffer, size); };
    wire.write = [this](const std::string& text) { return take(text); };
    wire.interrupt = [this] { close(); };
    wire.analyse = std::move(analyse);
    wire.version = "0.0.0";
    wire.message_limit = message_limit;
    thread_ = std::thread([this, wire = std::move(wire)]() mutable {
      status_ = Server(std::move(wire)).run();
      const std::lock_guard lock(mutex_);
      over_ = true;
      changed_.notify_all();
    });
  }
  ~Editor() {
    if (!thread_.joinable()) return;
    close();
    thread_.join();
  }

  void raw(const std::string& bytes) {
    const std::lock_guard lock(mutex_);
    input_ += bytes;
    changed_.notify_all();
  }
  void send(const Json& json) { raw(framed(json.dump())); }
  void notify(const std::string& method, Json params) {
    send(notification(method, std::move(params)));
  }
  int ask(const std::string& method, Json params) {
    send(lsp::request(++last_id_, method, std::move(params)));
    return last_id_;
  }
  /// The answer to a request, with "result" or "error".
  Json answer(const Json& id) {
    return wait([&](const Json& json) { return !json.contains("method") && json["id"] == id; });
  }
  Json call(const std::string& method, Json params) {
    return answer(ask(method, std::move(params)));
  }
  /// The next message with this method, an answer to it being sent where it is a request.
  Json next(const std::string& method) {
    Json found = wait([&](const Json& json) { return json.value("method", "") == method; });
    if (found.contains("id")) send({{"jsonrpc", "2.0"}, {"id", found["id"]}, {"result", nullptr}});
    return found;
  }

  Json initialize(const std::string& folder, Json capabilities = Json::object(), Json more = {}) {
    Json params = {{"processId", nullptr},
                   {"rootUri", folder.empty() ? Json(nullptr) : Json(uri_of(folder))},
                   {"capabilities", std::move(capabilities)}};
    if (more.is_object()) params.update(more);
    Json result = call("initialize", std::move(params))["result"];
    notify("initialized", Json::object());
    return result;
  }
  void open(const std::string& uri, const std::string& text, const std::string& language = "",
            int version = 1) {
    notify("textDocument/didOpen",
           {{"textDocument",
             {{"uri", uri}, {"languageId", language}, {"version", version}, {"text", text}}}});
  }
  void change(const std::string& uri, int version, Json changes) {
    notify("textDocument/didChange", {{"textDocument", {{"uri", uri}, {"version", version}}},
                                      {"contentChanges", std::move(changes)}});
  }
  /// The diagnostics of a URI as soon as they are up to date.
  Json pull(const std::string& uri) {
    return call("textDocument/diagnostic", {{"textDocument", {{"uri", uri}}}})["result"]["items"];
  }
  /// What was pushed last for a URI; null when nothing was.
  Json pushed(const std::string& uri) {
    const std::lock_guard lock(mutex_);
    const auto it = pushed_.find(uri);
    return it == pushed_.end() ? Json() : it->second;
  }
  /// Says good-bye; the exit status.
  int leave() {
    call("shutdown", nullptr);
    notify("exit", nullptr);
    thread_.join();
    return status_;
  }
  /// The client dies; the exit status.
  int vanish() {
    close();
    thread_.join();
    return status_;
  }

 private:
  size_t read(char* buffer, size_t size) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || !input_.empty(); });
    const size_t count = std::min(size, input_.size());
    std::memcpy(buffer, input_.data(), count);
    input_.erase(0, count);
    return count;
  }
  bool take(const std::string& text) {
    const std::lock_guard lock(mutex_);
    Json json = Json::parse(text.substr(text.find("\r\n\r\n") + 4));
    if (json.value("method", "") == "textDocument/publishDiagnostics") {
      pushed_[json["params"]["uri"].get<std::string>()] = json["params"];
    }
    output_.push_back(std::move(json));
    changed_.notify_all();
    return true;
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  Json wait(const std::function<bool(const Json&)>& wanted) {
    std::unique_lock lock(mutex_);
    Json found;
    const bool there = changed_.wait_for(lock, std::chrono::seconds(60), [&] {
      for (auto it = output_.begin(); it != output_.end(); ++it) {
        if (!wanted(*it)) continue;
        found = std::move(*it);
        output_.erase(it);
        return true;
      }
      return over_;
    });
    if (!there) ADD_FAILURE() << "the server did not answer";
    return found;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string input_;
  std::deque<Json> output_;
  std::map<std::string, Json> pushed_;
  bool closed_ = false, over_ = false;
  int status_ = -1, last_id_ = 0;
  std::thread thread_;
};

/// The rules of diagnostics, in their order.
inline std::vector<std::string> codes(const Json& diagnostics) {
  std::vector<std::string> out;
  for (const Json& one : diagnostics) out.push_back(one["code"].get<std::string>());
  return out;
}

inline Json range_of(int line, int begin, int end_line, int end) {
  return {{"start", {{"line", line}, {"character", begin}}},
          {"end", {{"line", end_line}, {"character", end}}}};
}

}  // namespace preflint::lsp
