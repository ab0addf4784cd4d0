#include <algorithm>
#include <cstring>

#include "fuzz/promises.h"
#include "lsp/frame.h"
#include "lsp/message.h"
#include "lsp/server.h"
#include "nlohmann/json.hpp"

/// A session of the language server: each line of the input is a message, after `initialize` and
/// one open document; an input that begins with `raw` is the wire's bytes as they are. What comes
/// back is JSON-RPC, and the server ends when the client is gone.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  const std::string text(fuzz::view(data, size));
  std::string input;
  if (text.starts_with("raw\n")) {
    input = text.substr(4);
  } else {
    input =
        lsp::framed(
            R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"rootUri":null,"capabilities":{}}})") +
        lsp::framed(R"({"jsonrpc":"2.0","method":"initialized","params":{}})") +
        lsp::framed(
            R"({"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":)"
            R"({"uri":"file:///nowhere/run.sh","languageId":"shellscript","version":1,"text":"cp 中 b; echo saved\n"}}})");
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      input += lsp::framed(text.substr(at, end - at));
      at = end + 1;
    }
  }
  size_t at = 0;
  std::string output;
  lsp::Wire wire;
  wire.read = [&](char* buffer, size_t room) {
    const size_t taken = std::min(room, input.size() - at);
    std::memcpy(buffer, input.data() + at, taken);
    at += taken;
    return taken;
  };
  wire.write = [&](const std::string& bytes) {
    output += bytes;
    return true;
  };
  wire.interrupt = [] {};
  wire.version = "0.0.0";
  lsp::Server(std::move(wire)).run();
  for (size_t from = 0; from < output.size();) {
    constexpr std::string_view kLength = "Content-Length: ";
    fuzz::require(output.compare(from, kLength.size(), kLength) == 0,
                  "an answer without its length");
    const size_t length = std::strtoul(output.c_str() + from + kLength.size(), nullptr, 10);
    const size_t body = output.find("\r\n\r\n", from) + 4;
    fuzz::require(nlohmann::json::accept(output.substr(body, length)), "an answer is not JSON");
    from = body + length;
  }
  return 0;
}
