#include <algorithm>

#include "fuzz/promises.h"
#include "nlohmann/json.hpp"
#include "syntax/document.h"
#include "syntax/notebook.h"
#include "syntax/shell/words.h"
#include "syntax/source.h"

namespace preflint {
namespace {

std::string single(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string doubled(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '$' || c == '`') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string ansi(std::string_view text) {
  std::string out = "$'";
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\'' || c == '\\')
      (out += '\\') += c;
    else
      out += c;
  }
  return out + "'";
}

/// Decodes what was encoded: the text comes back, and each byte that stands for itself is found
/// there.
void check_decoded(const Source& outer, std::string_view text) {
  const shell::Program program = shell::parse(outer.text(), shell::Dialect::bash);
  fuzz::require(program.errors.empty() && !program.list.items.empty(),
                "a quoted text is no command any more");
  const auto& words = program.list.items[0].pipelines[0].commands[0]->words;
  fuzz::require(words.size() == 1, "a quoted text is one word");
  const auto inner =
      shell::decode(words[0], outer, [](const shell::Part&) { return std::nullopt; });
  fuzz::require(inner && inner->text() == text, "what was quoted is not what is read");
  const std::string_view bytes = outer.file().bytes;
  for (uint32_t i = 0; i < text.size(); ++i) {
    const Span span = inner->outer({i, i + 1});
    fuzz::require(span.begin <= span.end && span.end <= bytes.size(),
                  "a byte stands outside of its file");
    if (span.size() == 1) fuzz::require(bytes[span.begin] == text[i], "a byte stands elsewhere");
  }
}

}  // namespace
}  // namespace preflint

/// Position maps: a text is quoted in one of several ways (the first byte), perhaps put into a
/// notebook, and read again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  if (size < 2 || size > 4096) return 0;
  const std::string text(fuzz::view(data + 1, size - 1));
  if (text.find('\0') != text.npos || text.find('\r') != text.npos) return 0;
  const std::string quoted = data[0] % 3 == 0   ? single(text)
                             : data[0] % 3 == 1 ? doubled(text)
                                                : ansi(text);
  if (data[0] % 2 == 0) {
    const File file{"/project/a.sh", FileKind::shell, quoted};
    check_decoded(Source(file), text);
    return 0;
  }
  if (invalid_utf8(quoted)) return 0;
  const nlohmann::json notebook = {{"cells",
                                    {{{"cell_type", "code"},
                                      {"metadata", nlohmann::json::object()},
                                      {"outputs", nlohmann::json::array()},
                                      {"execution_count", nullptr},
                                      {"source", "%%bash\n" + quoted}}}},
                                   {"metadata", nlohmann::json::object()},
                                   {"nbformat", 4},
                                   {"nbformat_minor", 5}};
  const File file{"/project/a.ipynb", FileKind::notebook, notebook.dump()};
  const auto read = notebook::read(file);
  fuzz::require(static_cast<bool>(read), "a notebook is not read");
  for (const notebook::Item& item : read->items) {
    if (item.kind == notebook::ItemKind::shell_cell) check_decoded(item.text, text);
  }
  return 0;
}
