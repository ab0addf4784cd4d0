#include "syntax/shell/expect.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>

#include "base/one_of.h"

namespace preflint::shell {
namespace {

/// What Tcl would read as more than itself.
constexpr std::string_view kForbidden = "'\"\\$[]{}";

/// Is what the script waits for a question, so that what it sends is the answer?
bool asks(std::string_view waits_for) {
  for (const std::string_view word :
       {"assword", "assphrase", "yes/no", "ingerprint", "ontinue connecting", "erification code"}) {
    if (waits_for.find(word) != std::string_view::npos) return true;
  }
  return false;
}

/// Reads Tcl from left to right. A block in braces is read as if it stood where it is written.
class Reader {
 public:
  Reader(const Source& script, std::string_view hole)
      : script_(script), text_(script.text()), hole_(hole) {}

  std::vector<TypedText> read() {
    bool first = true;  // is the next word a command?
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n' || c == ';' || c == '{' || c == '}') {
        first = true;
        ++at_;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else if (c == '#' && first) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '"') {
        word(nullptr);
        first = false;
      } else {
        const size_t begin = at_;
        word(nullptr);
        if (first) command(text_.substr(begin, at_ - begin), begin);
        first = false;
      }
    }
    finish();
    return std::move(out_);
  }

 private:
  void command(std::string_view name, size_t begin) {
    if (name == "spawn") {
      finish();
      spawn();
    } else if ((name == "send" || name == "exp_send") && open_) {
      send(begin);
    }
  }

  void skip_blanks() {
    while (at_ < text_.size() &&
           (one_of(text_.substr(at_, 1), {" ", "\t", "\r"}) || text_.substr(at_, 2) == "\\\n"))
      at_ += text_[at_] == '\\' ? 2 : 1;
  }
  bool at_end() const {
    return at_ >= text_.size() || one_of(text_.substr(at_, 1), {"\n", ";", "}"});
  }

  void spawn() {
    SourceBuilder line;
    bool readable = true, shell = false, host = false, command = false, values = false;
    std::string program;
    over_ssh_ = false;
    for (skip_blanks(); !at_end(); skip_blanks()) {
      const size_t begin = at_;
      SourceBuilder probe;
      word(&probe);
      const std::string text = std::move(probe).take_text();
      if (program.empty() && text.starts_with('-')) continue;  // -noecho
      at_ = begin;
      readable = add_word(line, text) && readable;
      if (program.empty()) {
        program = text.substr(text.rfind('/') + 1);
        over_ssh_ = program == "ssh";
        shell = over_ssh_ || one_of(program, {"bash", "sh", "su", "sudo", "zsh"});
      } else if (values) {
        values = false;
      } else if (text.starts_with('-')) {
        values = text.size() == 2 &&
                 std::string_view("bcDEeFIiJLlmOopQRSWw").find(text[1]) != std::string_view::npos;
      } else {
        command = command || host;
        host = true;
      }
    }
    if (readable && !line.empty())
      out_.push_back({false, false, std::move(line).build(script_, kForbidden)});
    if (shell && !(over_ssh_ && command)) open_.emplace();
    said_until_ = at_;
  }

  /// A word of Tcl as a word of the shell; false when no quotes hold it.
  bool add_word(SourceBuilder& line, const std::string& text) {
    const auto here = [&] { return Span{static_cast<uint32_t>(at_), static_cast<uint32_t>(at_)}; };
    const bool plain =
        !text.empty() && text.find_first_of(" \t\n;&|<>()`\"'\\*?#~$") == std::string::npos;
    const bool unknown = text.find("${" + std::string(hole_)) != std::string::npos;
    const std::string quote = plain ? "" : unknown ? "\"" : "'";
    const bool holds =
        plain || (unknown ? text.find_first_of("\"`\\") : text.find('\'')) == std::string::npos;
    if (!line.empty()) line.replaced(" ", here());
    if (!quote.empty()) line.replaced(quote, here());
    word(&line);
    if (!quote.empty()) line.replaced(quote, here());
    return holds;
  }

  void send(size_t begin) {
    const bool answer = asks(text_.substr(said_until_, begin - said_until_));
    for (skip_blanks(); !at_end() && text_[at_] == '-';
         skip_blanks()) {  // `--`, `-s`, `-h`, `-i id`
      const size_t option = at_;
      word(nullptr);
      if (text_.substr(option, at_ - option) != "-i") continue;
      skip_blanks();
      word(nullptr);
    }
    if (!at_end()) word(answer ? nullptr : &*open_);
    said_until_ = at_;
  }

  void finish() {
    if (open_ && !open_->empty())
      out_.push_back({true, over_ssh_, std::move(*open_).build(script_, kForbidden)});
    open_.reset();
  }

  /// Passes a word, and appends what it stands for.
  void word(SourceBuilder* out) {
    const bool quoted = text_[at_] == '"', braced = text_[at_] == '{';
    if (quoted || braced) ++at_;
    int depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (braced) {
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (depth < 0) break;
        if (c == '\\' && at_ + 1 < text_.size()) exact(out, 1);
        exact(out, 1);
      } else if (quoted ? c == '"'
                        : one_of(text_.substr(at_, 1), {" ", "\t", "\n", "\r", ";", "}"})) {
        break;
      } else if (c == '\\') {
        escape(out);
      } else if (c == '$') {
        variable(out);
      } else if (c == '[') {
        unknown(out, closing('[', ']'));
      } else {
        exact(out, 1);
      }
    }
    if ((quoted || braced) && at_ < text_.size()) ++at_;
  }

  void exact(SourceBuilder* out, size_t n) {
    if (out) out->exact(text_.substr(at_, n), static_cast<uint32_t>(at_));
    at_ += n;
  }
  void replaced(SourceBuilder* out, std::string_view text, size_t end) {
    if (out && !text.empty())
      out->replaced(text, {static_cast<uint32_t>(at_), static_cast<uint32_t>(end)});
    at_ = end;
  }
  void unknown(SourceBuilder* out, size_t end) {
    replaced(out, "${" + std::string(hole_) + ":?}", end);
  }

  /// The offset after the bracket that closes the one at the current place.
  size_t closing(char open, char close) const {
    int depth = 0;
    for (size_t i = at_; i < text_.size(); ++i) {
      if (text_[i] == '\\')
        ++i;
      else if (text_[i] == open)
        ++depth;
      else if (text_[i] == close && --depth == 0)
        return i + 1;
    }
    return text_.size();
  }

  void escape(SourceBuilder* out) {
    if (at_ + 1 >= text_.size()) return exact(out, 1);
    const char c = text_[at_ + 1];
    if (c == 'r' || c == 'n') return replaced(out, "\n", at_ + 2);
    if (c == 't' || c == '\n') return replaced(out, " ", at_ + 2);
    if ((c >= '0' && c <= '7') || c == 'x' || c == 'u') {  // a key that is no text: \003
      size_t end = at_ + 2;
      while (end < text_.size() && end < at_ + 4 &&
             std::isxdigit(static_cast<unsigned char>(text_[end])))
        ++end;
      return replaced(out, "", end);
    }
    replaced(out, text_.substr(at_ + 1, 1), at_ + 2);
  }

  void variable(SourceBuilder* out) {
    size_t end = at_ + 1;
    if (end < text_.size() && text_[end] == '{') {
      end = std::min(text_.find('}', end), text_.size() - 1) + 1;
    } else {
      const auto letter = [&](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == ':';
      };
      while (end < text_.size() && letter(text_[end])) ++end;
      if (end == at_ + 1) return exact(out, 1);  // a dollar alone
      if (end < text_.size() && text_[end] == '(')
        end = std::min(text_.find(')', end), text_.size() - 1) + 1;
    }
    unknown(out, end);
  }

  const Source& script_;
  std::string_view text_, hole_;
  size_t at_ = 0;
  size_t said_until_ = 0;  // the end of what was spawned or sent last
  bool over_ssh_ = false;
  std::optional<SourceBuilder> open_;  // what is typed into the shell that was spawned
  std::vector<TypedText> out_;
};

}  // namespace

std::vector<TypedText> typed_texts(const Source& script, std::string_view hole) {
  return Reader(script, hole).read();
}

}  // namespace preflint::shell
