#include <algorithm>

#include "base/one_of.h"
#include "model/value_after.h"
#include "project/shell_files.h"

namespace preflint::project {
namespace {

using shell::Argument;

/// `host:path`, `user@host:path`, `$HOST:/path`; not `C:\x` and not a URL.
bool remote(const Value& value) {
  const std::string shown = value.display();
  const size_t colon = shown.find(':');
  if (colon == std::string::npos || colon == 0 || shown.compare(colon, 3, "://") == 0) return false;
  const size_t slash = shown.find('/');
  return slash == std::string::npos || colon < slash;
}

}  // namespace

void ShellFiles::copy() {
  const std::string& name = event_->name;
  // Of rsync, cp and mv, `-P`, `-i`, `-l`, `-c`, `-f` take no value.
  auto files =
      name == "rsync"
          ? operands({"-e", "--rsh", "--exclude", "--include", "--exclude-from", "--include-from",
                      "--files-from", "--filter", "--bwlimit", "--timeout", "--partial-dir",
                      "--log-file", "--backup-dir", "--rsync-path", "--port"})
      : name == "cp" || name == "mv" ? operands({"-t", "--target-directory", "-S", "--suffix"})
                                     : operands({"-t",
                                                 "--target-directory",
                                                 "-S",
                                                 "--suffix",
                                                 "-m",
                                                 "--mode",
                                                 "-o",
                                                 "-g",
                                                 "-e",
                                                 "--rsh",
                                                 "--exclude",
                                                 "--include",
                                                 "--exclude-from",
                                                 "--include-from",
                                                 "--files-from",
                                                 "-f",
                                                 "--filter",
                                                 "-P",
                                                 "-i",
                                                 "-F",
                                                 "-J",
                                                 "-l",
                                                 "-c",
                                                 "--bwlimit",
                                                 "--timeout",
                                                 "--partial-dir",
                                                 "--log-file",
                                                 "--backup-dir",
                                                 "--rsync-path"});
  Value target;
  Span span = event_->command_span;
  if (const auto folder =
          name == "cp" || name == "mv" || name == "install" ? target_option() : std::nullopt) {
    target = folder->value;
    span = folder->span;
  } else {
    if (files.size() < 2) return;
    target = files.back()->value;
    span = files.back()->span;
    files.pop_back();
  }
  const bool to_remote = remote(target);
  const bool from_remote = std::any_of(files.begin(), files.end(),
                                       [](const Argument* file) { return remote(file->value); });
  Artefact& out = add(Artefact::copy, span, to_remote ? Value::unknown("remote") : target);
  out.off_box = to_remote && !from_remote;
  out.pulled = from_remote && !to_remote;
  out.moves = name == "mv" || event_->has_option("--remove-source-files");
  out.recursive = name == "rsync" || name == "mv" || event_->has_option("-r") ||
                  event_->has_option("-R") || event_->has_option("-a") ||
                  event_->has_option("--recursive");
  for (const Argument* file : files)
    out.sources.push_back(remote(file->value) ? file->value : place(file->value));
  if (!to_remote && files.size() == 1 && !out.recursive) name_file(out, target, files[0]->value);
}

std::optional<Argument> ShellFiles::target_option() const {
  for (size_t i = 0; i < event_->arguments.size(); ++i) {
    const std::string word = start_of(event_->arguments[i]);
    if ((word == "-t" || word == "--target-directory") && i + 1 < event_->arguments.size())
      return event_->arguments[i + 1];
    if (word.starts_with("--target-directory=")) {
      Argument out = event_->arguments[i];
      out.value = *event_->option_value("--target-directory");
      return out;
    }
  }
  return std::nullopt;
}

void ShellFiles::name_file(Artefact& out, const Value& target, const Value& source) const {
  if (source.alternatives().size() != 1 || target.alternatives().size() != 1) return;
  const std::string_view tail = source.alternatives()[0].known_suffix();
  const size_t slash = tail.rfind('/');
  if (slash == std::string_view::npos && !source.constant()) return;
  const std::string file(slash == std::string_view::npos ? tail : tail.substr(slash + 1));
  const std::string end(target.alternatives()[0].known_suffix());
  const bool folder =
      end.ends_with('/') || end == "." ||
      (file.find('.') != std::string::npos && paths::basename(end).find('.') == std::string::npos &&
       file != paths::basename(end));
  if (!folder || file.empty() || file.find('*') != std::string::npos) return;
  Value whole = target.concatenated(Value::literal((end.ends_with('/') ? "" : "/") + file));
  out.landing = lander_.land(whole, event_->state.cwd);
}

void ShellFiles::find() {
  const auto words = event_->words();
  find_copies();
  const bool deletes = std::find(words.begin(), words.end(), "-delete") != words.end() ||
                       std::find(words.begin(), words.end(), "rm") != words.end();
  if (!deletes || event_->arguments.empty()) return;
  if (start_of(event_->arguments[0]).starts_with("-")) return;
  add(Artefact::removal, event_->arguments[0].span, found_files()).recursive = true;
}

void ShellFiles::find_copies() {
  auto& words = event_->arguments;
  size_t at = 0;
  while (at < words.size() && !words[at].is("-exec") && !words[at].is("-execdir")) ++at;
  if (++at >= words.size() ||
      !one_of(words[at].constant().value_or(""), {"cp", "mv", "rsync", "scp", "install"}))
    return;
  const Argument* target = nullptr;
  bool last = true;
  for (size_t i = at + 1; i < words.size() && !words[i].is(";") && !words[i].is("+"); ++i) {
    const bool named = words[i - 1].is("-t");
    if (words[i].is("{}") || (!named && start_of(words[i]).starts_with('-'))) continue;
    if (last) target = &words[i];
    last = !named;
  }
  if (!target) return;
  const bool away = remote(target->value);
  Artefact& out =
      add(Artefact::copy, target->span, away ? Value::unknown("remote") : target->value);
  out.tool = words[at].constant().value_or("");
  out.off_box = away;
  out.moves = out.tool == "mv";
  out.sources.push_back(place(found_files()));
}

Value ShellFiles::found_files() const {
  const Value& folder = event_->arguments[0].value;
  const auto name = option({"-name", "-iname"});
  return name ? folder.concatenated(Value::literal("/")).concatenated(name->value) : folder;
}

void ShellFiles::block_copy() {
  for (const Argument& word : event_->arguments) {
    if (!start_of(word).starts_with("of=")) continue;
    const auto target = value_after(word.value, 3);
    if (target && !target->known_start().starts_with("/dev/"))
      add(Artefact::copy, word.span, *target);
  }
}

void ShellFiles::split() {
  const auto files = operands({"-b", "-C", "-l", "-n", "-a"});
  if (files.size() < 2) return;
  Artefact& out = add(Artefact::copy, files[1]->span, files[1]->value);
  if (!files[0]->is("-")) out.sources.push_back(place(files[0]->value));
}

}  // namespace preflint::project
