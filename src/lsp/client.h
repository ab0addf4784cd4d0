#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "lsp/message.h"

namespace preflint::lsp {

/// What the editor on the other side can do.
struct Supports {
  bool progress = false;              // window.workDoneProgress
  bool show_document = false;         // window.showDocument
  bool watched_files = false;         // workspace.didChangeWatchedFiles.dynamicRegistration
  bool configuration = false;         // workspace.configuration
  bool configuration_events = false;  // workspace.didChangeConfiguration.dynamicRegistration
  bool pull = false;                  // textDocument.diagnostic
  bool refresh = false;               // workspace.diagnostics.refreshSupport
  bool resolve_edit = false;          // textDocument.codeAction.resolveSupport: edit

  /// Diagnostics are asked for by the editor, not pushed: it must also hear when to ask again.
  bool pulls() const { return pull && refresh; }
};

/// The other side of the wire. Used by one thread only.
class Client {
 public:
  using Write = std::function<bool(const std::string&)>;
  Client(Write write, std::function<void(const std::string&)> log)
      : write_(std::move(write)), log_(std::move(log)) {}

  void reply(const Message& request, Json result);
  void fail(const Message& request, Code code, std::string_view why);
  void notify(std::string_view method, Json params);
  /// Sends a request; `then` gets the answer.
  void ask(std::string_view method, Json params, std::function<void(const Message&)> then = {});
  /// Tells the user's log window; `type` is the protocol's: 1 error, 2 warning, 3 info.
  void log(int type, const std::string& text);
  void send(const Json& json);
  /// Takes the answer to one of our requests.
  void answered(const Message& message);
  bool gone() const { return gone_; }

  Supports supports;

 private:
  Write write_;
  std::function<void(const std::string&)> log_;
  bool gone_ = false;
  int last_id_ = 0;
  std::map<int64_t, std::function<void(const Message&)>> asked_;
};

}  // namespace preflint::lsp
