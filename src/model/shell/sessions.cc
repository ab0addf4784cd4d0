#include <algorithm>
#include <string>
#include <utility>

#include "model/shell/launcher.h"
#include "syntax/shell/expect.h"

namespace preflint::shell {
namespace {

/// Options of ssh that take a value.
constexpr std::string_view kSshValues = "bcDEeFIiJLlmOopQRSWw";

}  // namespace

void Machine::Launcher::ssh() {
  size_t at = 0;
  for (; at < words_.size(); ++at) {
    const std::string word =
        words_[at].constant().value_or(std::string(words_[at].value.known_start()));
    if (word.size() < 2 || word[0] != '-') {
      if (words_[at].may_split && words_[at].value.unknown_whole() && at + 1 < words_.size() &&
          words_[at].value.display().find("OPT") != std::string::npos) {
        continue;  // $SSH_OPTS
      }
      break;
    }
    if (word == "--") {
      ++at;
      break;
    }
    if (kSshValues.find(word[1]) != std::string_view::npos && word.size() == 2) ++at;
  }
  if (at >= words_.size()) return;
  // `ssh HOST -t 'command'`: options may stand behind the host as well.
  size_t command = at + 1;
  while (command < words_.size()) {
    const std::string option = words_[command].constant().value_or("");
    if (option.size() < 2 || option[0] != '-') break;
    const bool valued = option.size() == 2 && kSshValues.find(option[1]) != std::string_view::npos;
    command += valued ? 2 : 1;
  }
  if (command < words_.size()) {
    // ssh HOST bash -s < file, ssh HOST bash <<EOF, ssh HOST 'bash -s' <<EOF
    const std::string text = words_[command].constant().value_or("");
    std::string first = text.substr(0, text.find(' '));
    const bool feeds =
        is_shell(paths::basename(first)) && (text_input(event_) || file_input(event_));
    bool reads_input = feeds;
    bool login = false;
    if (feeds) {
      if (text.find(' ') == std::string::npos) {
        const ShellOptions options = shell_options(words_, command + 1);
        reads_input = !options.command && (options.standard_input || options.next >= words_.size());
        login = options.login;
      } else {
        reads_input = text.find(" -c") == std::string::npos;
        login = text.find(" -l") != std::string::npos || text.find(" -i") != std::string::npos;
      }
    }
    if (reads_input) {
      if (text_input(event_)) {
        if (Embedded* inner =
                heredoc(UnitKind::shell, Embedding::ssh, shell_dialect(paths::basename(first)))) {
          inner->fresh = true;
          inner->login = login;
        }
      } else if (const RedirectEvent* file = file_input(event_)) {
        Launch& out = launches_.emplace_back();
        out.target.value = file->target;
        out.target.span = file->redirect->target.span;
        out.dialect = shell_dialect(paths::basename(first));
        out.by_interpreter = out.over_ssh = out.fresh = true;
      }
      return;
    }
    if (Embedded* inner =
            add(UnitKind::shell, Embedding::ssh, joined(command, false), Dialect::bash))
      inner->fresh = true;
    return;
  }
  if (Embedded* inner = heredoc(UnitKind::shell, Embedding::ssh, Dialect::bash)) {
    inner->fresh = true;
    inner->login = true;  // without a command the remote shell is a login shell
  }
}

void Machine::Launcher::expect() {
  std::optional<Source> script;
  for (size_t i = 0; i + 1 < words_.size() && !script; ++i) {
    if (words_[i].is("-c")) script = machine_.source_of(words_[i + 1], state_);
  }
  if (!script) script = input(UnitKind::shell);
  if (!script) return;
  for (const TypedText& typed : typed_texts(*script, kOutsideHole)) {
    Embedded* inner = add(UnitKind::shell, typed.over_ssh ? Embedding::ssh : Embedding::dash_c,
                          typed.text, Dialect::bash);
    if (!inner) continue;
    inner->fresh = typed.over_ssh;
    inner->login = typed.typed;
  }
}

void Machine::Launcher::su() {
  bool fresh = false;
  for (size_t i = 0; i < words_.size(); ++i) {
    const std::string word = word_at(i);
    if (word == "-" || word == "-l" || word == "--login") fresh = true;
    if ((word == "-c" || word == "--command") && i + 1 < words_.size()) {
      if (Embedded* inner = add(UnitKind::shell, Embedding::dash_c,
                                machine_.source_of(words_[i + 1], state_), Dialect::bash)) {
        inner->fresh = inner->login = fresh;
      }
    }
  }
}

void Machine::Launcher::tmux() {
  const auto sub = std::find_if(words_.begin(), words_.end(), [](const Argument& word) {
    const std::string text = word.constant().value_or("");
    return text.starts_with("new") || text.starts_with("send") || text.starts_with("split") ||
           text.starts_with("respawn") || text == "neww";
  });
  if (sub == words_.end()) return;
  const bool keys = sub->constant()->starts_with("send");
  size_t i = static_cast<size_t>(sub - words_.begin()) + 1;
  const std::string_view values = keys ? "tN" : "sncxytFeflp";
  std::string target;
  for (; i < words_.size(); ++i) {
    const std::string text =
        words_[i].constant().value_or(std::string(words_[i].value.known_start()));
    if (text.size() < 2 || text[0] != '-') break;
    if (values.find(text.back()) == std::string_view::npos) continue;
    if (++i < words_.size() && text.back() == 't') target = words_[i].value.display();
  }
  if (keys) {
    for (; i < words_.size(); ++i) {
      const std::string text = word_at(i);
      if (text == "Enter" || text == "C-m" || text == "ENTER" || text == "C-c" || text == "C-z")
        continue;
      if (Embedded* inner = add(UnitKind::shell, Embedding::session,
                                machine_.source_of(words_[i], state_), Dialect::bash)) {
        inner->login = true;
        inner->window = "tmux " + target;
      }
    }
    return;
  }
  // Run by `$SHELL -c`: what is typed into a window (send-keys) has read the start-up files, this
  // has not.
  add(UnitKind::shell, Embedding::session, joined(i, true), Dialect::bash);
}

void Machine::Launcher::screen() {
  std::string session;
  for (size_t i = 0; i + 1 < words_.size(); ++i) {
    if (word_at(i) == "-S") session = words_[i + 1].value.display();
    if (word_at(i) == "stuff") {
      if (Embedded* inner = add(UnitKind::shell, Embedding::session,
                                machine_.source_of(words_[i + 1], state_), Dialect::bash)) {
        inner->login = true;
        inner->window = "screen " + session;
      }
    }
  }
}

}  // namespace preflint::shell
