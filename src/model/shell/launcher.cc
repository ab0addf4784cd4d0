#include "model/shell/launcher.h"

#include <algorithm>
#include <string>
#include <utility>

#include "syntax/shell/shebang.h"

namespace preflint::shell {
namespace {

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [&](std::string_view end) { return text.ends_with(end); });
}

/// The operand of a launcher (torchrun, accelerate launch…) that names the script: the options
/// before it may take values that we do not list, so it is the first word that looks like one.
size_t script_index(const std::vector<Argument>& words, size_t from) {
  for (size_t i = from; i < words.size(); ++i) {
    const std::string text(
        words[i].constant().value_or(std::string(words[i].value.alternatives()[0].known_suffix())));
    if (text == "-m" || text == "--module" || text == "--no_python") return i;
    if (text.ends_with(".py") && !text.starts_with("-")) return i;
  }
  return words.size();
}

}  // namespace

bool is_shell(std::string_view name) {
  return name == "bash" || name == "sh" || name == "zsh" || name == "dash" || name == "ksh" ||
         name == "ash";
}

Dialect shell_dialect(std::string_view name) { return dialect_of(name).value_or(Dialect::posix); }

ShellOptions shell_options(const std::vector<Argument>& words, size_t at) {
  ShellOptions out;
  for (; at < words.size(); ++at) {
    const auto word = words[at].constant();
    if (!word || word->size() < 2 || ((*word)[0] != '-' && (*word)[0] != '+')) break;
    if (*word == "--") {
      ++at;
      break;
    }
    if (word->starts_with("--")) {
      if (*word == "--login") out.login = true;
      if (*word == "--rcfile" || *word == "--init-file") ++at;
      continue;
    }
    for (const char c : *word) {
      if (c == 'c') out.command = true;
      if (c == 's') out.standard_input = true;
      if (c == 'l' || c == 'i') out.login = true;
      if (c == 'e') out.errexit = (*word)[0] == '-';
    }
    if (word->back() == 'o' || word->back() == 'O') {
      ++at;
      if (at < words.size() && words[at].is("pipefail")) out.pipefail = (*word)[0] == '-';
    }
  }
  out.next = at;
  return out;
}

void Machine::Launcher::find() {
  if (is_shell(name_)) return shell();
  if (name_ == "ssh") return ssh();
  if (name_ == "expect") return expect();
  if (name_ == "su" || name_ == "runuser") return su();
  if (name_ == "tmux" && !words_.empty()) return tmux();
  if (name_ == "screen") return screen();
  if (name_ == "find") return find_exec();
  if (name_ == "watch" || name_ == "script" || name_ == "parallel") return watch();
  if (name_ == "at" || name_ == "batch") {
    heredoc(UnitKind::shell, Embedding::session, Dialect::posix);
    return;
  }
  if (name_ == "python") return python();
  if (name_ == "torchrun" || name_ == "deepspeed" || name_ == "ipython" || name_ == "streamlit" ||
      (name_ == "accelerate" && word_at(0) == "launch"))
    return python_launcher();
  script_by_path();
}

void Machine::Launcher::shell() {
  const ShellOptions options = shell_options(words_, 0);
  if (options.command && options.next < words_.size()) {
    if (Embedded* inner =
            add(UnitKind::shell, Embedding::dash_c,
                machine_.source_of(words_[options.next], state_), shell_dialect(name_))) {
      inner->login = options.login;
      inner->errexit = options.errexit;
      inner->pipefail = options.pipefail;
      inner->positional.assign(words_.begin() + static_cast<std::ptrdiff_t>(options.next) + 1,
                               words_.end());
      if (!inner->positional.empty()) inner->positional.erase(inner->positional.begin());  // $0
    }
  } else if (!options.standard_input && options.next < words_.size()) {
    bool hook = true;
    for (const Text& text : words_[options.next].value.alternatives())
      hook = hook && machine_.host_.is_hook(text);
    if (hook) {
      event_.hook = CommandEvent::Hook::executed;
    } else {
      launch(Launch::shell_script, options.next, shell_dialect(name_));
      if (!launches_.empty()) launches_.back().errexit = options.errexit;
    }
  } else if (text_input(event_)) {
    if (Embedded* inner = heredoc(UnitKind::shell, Embedding::heredoc, shell_dialect(name_))) {
      inner->login = options.login;
      inner->errexit = options.errexit;
      inner->pipefail = options.pipefail;
    }
  } else if (const RedirectEvent* file = file_input(event_)) {
    Launch& out = launches_.emplace_back();
    out.target.value = file->target;
    out.target.span = file->redirect->target.span;
    out.dialect = shell_dialect(name_);
    out.by_interpreter = true;
  }
}

void Machine::Launcher::find_exec() {
  for (size_t i = 0; i + 3 < words_.size(); ++i) {
    const std::string word = word_at(i);
    if ((word == "-exec" || word == "-execdir" || word == "-ok") &&
        is_shell(paths::basename(word_at(i + 1))) && word_at(i + 2) == "-c") {
      add(UnitKind::shell, Embedding::dash_c, machine_.source_of(words_[i + 3], state_),
          shell_dialect(paths::basename(word_at(i + 1))));
    }
  }
}

void Machine::Launcher::watch() {
  for (size_t i = 0; i < words_.size(); ++i) {
    const std::string word = word_at(i);
    if (name_ == "script" ? (word == "-c" && i + 1 < words_.size())
                          : word.find(' ') != std::string::npos) {
      add(UnitKind::shell, Embedding::dash_c,
          machine_.source_of(words_[name_ == "script" ? i + 1 : i], state_), Dialect::posix);
      return;
    }
  }
}

void Machine::Launcher::python() {
  for (size_t i = 0; i <= words_.size(); ++i) {
    const std::string word = word_at(i);
    if (i == words_.size() || word == "-") {
      heredoc(UnitKind::python, Embedding::heredoc, Dialect::bash);
      return;
    }
    if (word == "-c") {
      if (i + 1 < words_.size())
        add(UnitKind::python, Embedding::dash_c, machine_.source_of(words_[i + 1], state_),
            Dialect::bash);
      return;
    }
    if (word == "-m") {
      launch(Launch::python_module, i + 1, Dialect::bash);
      return;
    }
    if (word == "-W" || word == "-X") {
      ++i;
      continue;
    }
    if (word.starts_with("-") && word.size() > 1) continue;
    launch(Launch::python_file, i, Dialect::bash);
    return;
  }
}

void Machine::Launcher::python_launcher() {
  size_t at = script_index(words_, name_ == "accelerate" ? 1 : 0);
  if (at < words_.size() && (word_at(at) == "-m" || word_at(at) == "--module")) {
    launch(Launch::python_module, at + 1, Dialect::bash);
  } else {
    launch(Launch::python_file, at, Dialect::bash);
  }
}

void Machine::Launcher::script_by_path() {
  const std::string word = event_.word.constant().value_or(
      std::string(event_.word.value.alternatives()[0].known_suffix()));
  if (word.find('/') == std::string::npos) return;
  bool hook = true;
  for (const Text& text : event_.word.value.alternatives())
    hook = hook && machine_.host_.is_hook(text);
  if (hook) {
    event_.hook = CommandEvent::Hook::executed;
    return;
  }
  if (machine_.silent_ > 0) return;
  if (written(event_.word.value, ends_with_any(word, {".py"}) ? UnitKind::python : UnitKind::shell,
              std::nullopt))
    return;
  Launch& out = launches_.emplace_back();
  out.kind = ends_with_any(word, {".py"}) ? Launch::python_file : Launch::shell_script;
  out.target = event_.word;
  out.arguments = words_;
}

}  // namespace preflint::shell
