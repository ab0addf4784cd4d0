#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "lsp/client.h"
#include "lsp/commands.h"
#include "lsp/documents.h"
#include "lsp/feed.h"
#include "lsp/findings.h"
#include "lsp/frame.h"
#include "lsp/lookups.h"
#include "lsp/offers.h"
#include "lsp/queue.h"
#include "lsp/settings.h"
#include "lsp/view.h"

namespace preflint::lsp {

/// The world around the server.
struct Wire {
  FrameReader::Read read;           // from the client; called by a thread of its own
  Client::Write write;              // to the client; false: nobody is there any more
  std::function<void()> interrupt;  // makes a waiting read return 0, now and from now on
  std::function<void(const std::string&)> log;
  Analyse analyse;  // what finds; engine::analyse when empty
  std::string version;
  size_t message_limit = FrameReader::kLimit;
};

/// The language server. One thread reads, one lints, and the one that calls run() does everything
/// else: it alone knows the documents and writes answers, and it never waits for the other two.
class Server {
 public:
  explicit Server(Wire wire);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Serves until the client says `exit` or goes away; the exit status.
  int run();

 private:
  using Event = std::variant<Frame, std::function<void()>>;
  enum class Stage { fresh, running, shut_down, over };

  void on_frame(const Frame& frame);
  void on_request(const Message& message);
  void on_notification(const Message& message);

  void initialize(const Message& message);
  void read_capabilities(const Json& params);
  Json capabilities() const;
  void initialized();
  void register_events();

  void contents_changed(const Result<std::string>& path, bool on_disk);
  void saved(const Json& params);
  void folders_changed(const Json& params);
  void files_changed(const Json& params);
  void configuration_changed(const Json& params);
  void use_settings(const Json& json);
  bool is_setup(const std::string& path) const;
  Json text_of_document(const Json& params) const;

  Wire wire_;
  Queue<Event> events_;
  Stage stage_ = Stage::fresh;
  int status_ = 1;
  View view_;
  Language locale_ = Language::en;
  Client client_;
  Documents documents_;
  Findings findings_;  // its threads end before what they tell is gone: declared after events_
  Feed feed_;
  Offers offers_;
  Lookups lookups_;
  Commands commands_;
};

}  // namespace preflint::lsp
