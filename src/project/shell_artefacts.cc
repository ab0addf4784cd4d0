#include <algorithm>

#include "base/one_of.h"
#include "project/shell_files.h"
#include "project/training.h"
#include "project/uncalled.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;
using shell::FrameKind;

bool one_of_kind(shell::RedirectKind kind, std::initializer_list<shell::RedirectKind> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

std::string ShellFiles::start_of(const Argument& argument) {
  return argument.constant().value_or(std::string(argument.value.known_start()));
}

std::vector<const Argument*> ShellFiles::operands(
    std::initializer_list<std::string_view> with_value) const {
  std::vector<const Argument*> out;
  bool only = false;
  for (size_t i = 0; i < event_->arguments.size(); ++i) {
    const std::string word = start_of(event_->arguments[i]);
    if (!only && word == "--") {
      only = true;
    } else if (!only && word.size() > 1 && word[0] == '-') {
      if (one_of(word, with_value)) ++i;
    } else {
      out.push_back(&event_->arguments[i]);
    }
  }
  return out;
}

Artefact& ShellFiles::add(Artefact::Kind kind, Span span, const Value& path) {
  Artefact& out = out_.emplace_back();
  out.kind = kind;
  out.landing = lander_.land(path, event_->state.cwd);
  out.tool = event_->name;
  out.in_loop = event_->within(FrameKind::loop_body);
  out.run = &run_;
  out.command = event_;
  out.text = &event_->unit->source;
  out.span = span;
  return out;
}

Artefact& ShellFiles::bring_away() {
  Artefact& out = add(Artefact::copy, event_->command_span, Value::unknown("remote"));
  out.off_box = true;
  return out;
}

Value ShellFiles::place(const Value& path) const {
  return lander_.land(path, event_->state.cwd).path;
}

std::optional<Argument> ShellFiles::option(std::initializer_list<std::string_view> names) const {
  for (size_t i = 0; i < event_->arguments.size(); ++i) {
    const std::string word = start_of(event_->arguments[i]);
    for (const std::string_view name : names) {
      if (word == name && i + 1 < event_->arguments.size()) return event_->arguments[i + 1];
      const bool joined = name.starts_with("--") ? word.starts_with(std::string(name) + "=")
                                                 : word.size() > 2 && word.starts_with(name);
      if (!joined) continue;
      if (const auto value = event_->option_value(name)) {
        Argument out = event_->arguments[i];
        out.value = *value;
        return out;
      }
    }
  }
  return std::nullopt;
}

void ShellFiles::read(const CommandEvent& event) {
  event_ = &event;
  if (event.function_call || event.uncalled()) return;
  const std::string& name = event.name;
  redirects();
  if (one_of(name, {"cp", "mv", "install", "rsync", "scp"}))
    copy();
  else if (one_of(name, {"tar", "bsdtar"}))
    tar();
  else if (one_of(name, {"zip", "7z", "7za"}))
    zip();
  else if (one_of(name, {"unzip", "unrar"}))
    unzip();
  else if (name == "tee")
    for_each_operand(Artefact::log, "tee", {});
  else if (name == "mkdir")
    for_each_operand(Artefact::folder, "mkdir", {"-m", "--mode"});
  else if (one_of(name, {"rm", "unlink", "rmdir"}))
    remove();
  else if (name == "find")
    find();
  else if (name == "git")
    git();
  else if (name == "pip")
    pip();
  else if (shell::is_conda(name))
    conda();
  else if (one_of(name, {"virtualenv", "uv"}))
    venv();
  else if (one_of(name, {"hf", "huggingface-cli", "modelscope"}))
    hub();
  else if (name == "dd")
    block_copy();
  else if (name == "split")
    split();
  else if (one_of(name, {"nc", "ncat", "netcat", "socat", "ssh"}))
    streamed();
  else if (one_of(name, {"cat", "gzip", "pigz", "zstd", "xz", "bzip2", "lz4"}))
    written_out();
  else if (uploads(event))
    bring_away();
  if (runs_python(event)) launch();
}

void ShellFiles::redirects() {
  for (const shell::RedirectEvent& redirect : event_->redirects) {
    using shell::RedirectKind;
    const RedirectKind kind = redirect.redirect->kind;
    if (!one_of_kind(kind, {RedirectKind::output, RedirectKind::append, RedirectKind::both,
                            RedirectKind::both_append}))
      continue;
    if (redirect.target.known_start().starts_with("/dev/")) continue;
    add(Artefact::log, redirect.redirect->target.span, redirect.target).tool = ">";
  }
}

void ShellFiles::for_each_operand(Artefact::Kind kind, std::string_view tool,
                                  std::initializer_list<std::string_view> with_value) {
  for (const Argument* operand : operands(with_value))
    add(kind, operand->span, operand->value).tool = tool;
}

void ShellFiles::remove() {
  const bool recursive =
      event_->has_option("-r") || event_->has_option("-R") || event_->has_option("--recursive");
  for (const Argument* operand : operands({}))
    add(Artefact::removal, operand->span, operand->value).recursive = recursive;
}

void add_shell_artefacts(const Lander& lander, const Run& run, std::vector<Artefact>& out) {
  if (uncalled(run)) return;
  ShellFiles reader(lander, run, out);
  for (const CommandEvent& event : run.shell->commands) reader.read(event);
}

}  // namespace preflint::project
