#include <algorithm>
#include <utility>

#include "base/one_of.h"
#include "model/shell/machine.h"

namespace preflint::shell {

void Machine::set_variable(State& state, const std::string& name, Variable variable) {
  const Variable* old = state.variable(name);
  if (old && variable.exported == Tri::no) variable.exported = old->exported;
  if (state.allexport == Tri::yes) variable.exported = Tri::yes;
  state.variables.set(name, std::move(variable));
  note_proxy(state, name);
}

bool looks_at_files(std::string_view name) {
  return one_of(
      name, {"ls", "stat", "cmp", "diff", "md5sum", "sha1sum", "sha256sum", "cksum", "du", "wc"});
}

void Machine::note_proxy(State& state, const std::string& name) {
  if (name == "PATH") {
    const Variable* path = state.variable(name);
    if (path && host_.path_has_interpreter(path->value)) state.activated = Tri::yes;
    return;
  }
  if (!is_proxy_variable(name)) return;
  // Any proxy variable that is exported and not empty serves; the last one gone means no proxy.
  bool some = false, maybe = false;
  for (const char* proxy :
       {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const Variable* variable = state.variable(proxy);
    if (!variable || variable->set == Tri::no || variable->exported == Tri::no) continue;
    const Tri empty = variable->value.empty();
    if (empty == Tri::yes) continue;
    if (variable->set == Tri::yes && variable->exported == Tri::yes)
      some = true;
    else
      maybe = true;
  }
  if (some) {
    state.proxy = state.proxy.may_be(Proxy::kFresh) && state.proxy.surely(Proxy::kFresh)
                      ? Proxy::kFresh
                      : Proxy::kActive;
  } else if (!maybe) {
    state.proxy = state.proxy.with(Proxy::kActive | Proxy::kFresh, Proxy::kDropped);
    // Emptying what was never set changes nothing.
  }
}

void Machine::assign(const Assignment& assignment, State& state, Tri exported) {
  Variable variable;
  variable.unit = unit_;
  variable.span = assignment.span;
  variable.exported = exported;
  const Variable* old = state.variable(assignment.name);
  Span value_span = assignment.value.span;
  if (assignment.array) {
    variable.array = true;
    if (assignment.append && old && old->array) variable.elements = old->elements;
    std::vector<Argument> words = expand_words(assignment.elements, state);
    bool known = true;
    if (assignment.append && old && old->elements.empty() && old->value.empty() != Tri::yes)
      variable.elements.push_back(more_elements());
    for (Argument& word : words) {
      const bool more = word.may_split;
      if (more && !variable.elements.empty() && are_more_elements(variable.elements.back()))
        continue;
      variable.elements.push_back(more ? more_elements() : std::move(word.value));
    }
    // `a=()` has no elements, and that is known.
    for (const Word& element : assignment.elements) {  // [key]=value
      const std::string* head = element.parts.empty() ? nullptr : &element.parts.front().text;
      if (head && head->starts_with('[') && head->find("]=") != std::string::npos) known = false;
    }
    if (!known) variable.elements.clear();
    variable.value = variable.elements.empty() || are_more_elements(variable.elements.front())
                         ? Value::unknown("$" + assignment.name)
                         : variable.elements.front();
    if (known && variable.elements.empty()) variable.value = Value();
    if (!assignment.elements.empty()) {
      value_span = {assignment.elements.front().span.begin, assignment.elements.back().span.end};
    }
  } else if (assignment.index) {
    variable.array = true;
    variable.value = Value::unknown("$" + assignment.name);
    expand(assignment.value, state);
  } else {
    Value value = expand(assignment.value, state);
    if (assignment.append) {
      value = (old && old->set != Tri::no ? old->value : Value()).concatenated(value);
    }
    variable.value = std::move(value);
  }
  if (silent_ == 0) {
    AssignmentEvent event;
    event.unit = unit_;
    event.span = assignment.span;
    event.value_span = value_span;
    event.frame = frame_;
    event.name = assignment.name;
    event.value = variable.value;
    event.exported = exported == Tri::yes || state.allexport == Tri::yes ? Tri::yes
                     : old                                               ? old->exported
                                                                         : Tri::no;
    event.append = assignment.append;
    event.state = state;
    event.next_command = static_cast<int>(trace_.commands.size());
    trace_.assignments.push_back(std::move(event));
  }
  set_variable(state, assignment.name, std::move(variable));
}

void Machine::expand_redirects(const Command& command, State& state,
                               std::vector<RedirectEvent>& out) {
  for (const Redirect& redirect : command.redirects) {
    RedirectEvent event;
    event.redirect = &redirect;
    if (redirect.kind == RedirectKind::heredoc) {
      if (!redirect.quoted) event.target = expand(redirect.content, state, true);
    } else {
      event.target = expand(redirect.target, state);
    }
    out.push_back(std::move(event));
  }
}

void Machine::describe_redirects(CommandEvent& event) const {
  const auto apply = [&](const Redirect& redirect) {
    switch (redirect.kind) {
      case RedirectKind::input:
      case RedirectKind::heredoc:
      case RedirectKind::here_string:
      case RedirectKind::read_write:
        if (redirect.fd <= 0) event.stdin_attached = false;
        break;
      case RedirectKind::both:
      case RedirectKind::both_append:
        event.stdout_attached = event.stderr_attached = false;
        break;
      case RedirectKind::output:
      case RedirectKind::append:
        if (redirect.fd == 2)
          event.stderr_attached = false;
        else if (redirect.fd < 0 || redirect.fd == 1)
          event.stdout_attached = false;
        break;
      case RedirectKind::duplicate: {
        const auto target = redirect.target.literal();
        const bool reads = redirect.fd == 0;
        if (reads)
          event.stdin_attached = false;
        else if (redirect.fd == 2 && target == "1")
          event.stderr_attached = event.stdout_attached;
        else if ((redirect.fd == 1 || redirect.fd < 0) && target == "2")
          event.stdout_attached = event.stderr_attached;
        break;
      }
    }
  };
  // Outer compounds were redirected first; the command's own redirects come last.
  std::vector<const Command*> around;
  for (const Frame* frame = event.frame; frame; frame = frame->parent) {
    if (frame->kind == FrameKind::pipeline) {
      if (frame->index > 0) {
        event.stdin_piped = true;
        event.stdin_attached = false;
      }
      if (frame->index + 1 < frame->count) {
        event.stdout_piped = true;
        event.stdout_attached = false;
      }
    }
    if (frame->kind == FrameKind::command_substitution) event.stdout_attached = false;
    if (frame->command && frame->kind != FrameKind::if_condition) around.push_back(frame->command);
  }
  for (auto it = around.rbegin(); it != around.rend(); ++it) {
    for (const Redirect& redirect : (*it)->redirects) apply(redirect);
  }
  for (const Redirect& redirect : event.command->redirects) apply(redirect);
}

CommandEvent Machine::make_event(const Command& command, std::vector<Argument> words,
                                 const State& state) {
  CommandEvent event;
  event.unit = unit_;
  event.command = &command;
  event.frame = frame_;
  event.state = state;
  event.environment = environment_of(state);
  event.in_subshell = in_child_ > 0;
  if (!words.empty()) event.span = {words.front().span.begin, words.back().span.end};
  for (const Argument& word : words) event.span.end = std::max(event.span.end, word.span.end);
  event.errexit = state.errexit == Tri::yes && suppressed_ == 0;
  for (const Frame* frame = frame_; frame; frame = frame->parent) {
    event.background = event.background || frame->kind == FrameKind::background;
  }
  describe_redirects(event);
  unwrap(event, std::move(words));
  return event;
}

int Machine::record(CommandEvent event) {
  if (silent_ > 0) return -1;
  Work::done(8 * Work::kStep);  // it is kept, with the state before it
  event.index = static_cast<int>(trace_.commands.size());
  if (const Argument* verb = event.operand()) {
    if (event.name == "unset" || verb->is("config")) trace_.configs.push_back(event.index);
    // `-C FOLDER` may stand before the verb.
    const bool remote =
        event.name == "git" &&
        std::any_of(event.arguments.begin(), event.arguments.end(), [](const Argument& argument) {
          return argument.is("remote") || argument.is("clone");
        });
    if (remote) trace_.remotes.push_back(event.index);
  }
  trace_.commands.push_back(std::move(event));
  return trace_.commands.back().index;
}

Outcome Machine::decided_status(State state, int site, Tri success) {
  state.pipe_status = nullptr;
  Outcome out = both(state);
  std::vector<int> sites;
  if (site >= 0) sites.push_back(site);
  out.ok.status = std::make_shared<const Status>(Status{sites, nullptr, Tri::yes});
  out.fail.status = std::make_shared<const Status>(Status{sites, nullptr, Tri::no});
  if (success == Tri::yes) out.fail.reachable = false;
  if (success == Tri::no) out.ok.reachable = false;
  return out;
}

Outcome Machine::simple(const Command& command, State state) {
  if (command.words.empty()) {
    std::vector<RedirectEvent> redirects;
    substitution_.reset();
    for (const Assignment& assignment : command.assignments) assign(assignment, state, Tri::no);
    expand_redirects(command, state, redirects);
    if (!substitution_) return decided_status(std::move(state), -1, Tri::yes);
    // The status of `x=$(cmd)` is that of cmd.
    Outcome out = both(state);
    out.ok.remove_failed(substitution_->sites);
    out.ok.status = std::make_shared<const Status>(Status{substitution_->sites, nullptr, Tri::yes});
    out.fail.status =
        std::make_shared<const Status>(Status{substitution_->sites, nullptr, Tri::no});
    return out;
  }
  std::vector<Argument> words = expand_words(command.words, state);
  std::vector<RedirectEvent> redirects;
  expand_redirects(command, state, redirects);
  if (words.empty()) {  // `$EMPTY`: nothing runs
    for (const Assignment& assignment : command.assignments) assign(assignment, state, Tri::no);
    return decided_status(std::move(state), -1, Tri::maybe);
  }
  // Assignments before the command are for it alone.
  State with_assignments = state;
  std::vector<std::pair<std::string, Value>> assigned;
  for (const Assignment& assignment : command.assignments) {
    assign(assignment, with_assignments, Tri::yes);
    if (const Variable* variable = with_assignments.variable(assignment.name)) {
      assigned.emplace_back(assignment.name, variable->value);
    }
  }
  CommandEvent event = make_event(command, std::move(words), with_assignments);
  event.state = state;
  event.redirects = std::move(redirects);
  event.assignments.insert(event.assignments.begin(), assigned.begin(), assigned.end());
  if (!command.assignments.empty()) {
    event.span.begin = std::min(event.span.begin, command.assignments.front().span.begin);
  }

  // A function of this name comes before builtins and files.
  const bool plain = std::all_of(event.prefixes.begin(), event.prefixes.end(),
                                 [](const Prefix& prefix) { return prefix.name == "time"; });
  const FunctionDefinition* function = nullptr;
  if (plain) {
    if (const auto name = event.word.constant()) function = state.functions.find(*name);
  }
  if (function) {
    event.name = "";
    event.function_call = true;
    const FunctionDefinition definition = *function;
    const CommandEvent copy = event;
    record(std::move(event));
    const bool has_assignments = !command.assignments.empty();
    Outcome out = call_function(definition, copy, has_assignments ? with_assignments : state);
    restore(command.assignments, state, out);
    return out;
  }
  const bool runs_builtin = is_builtin(event.name);
  event.tracked = !runs_builtin && is_tracked(event);
  std::vector<Embedded> embedded;
  std::vector<Launch> launches;
  if (!runs_builtin) find_embedded(event, embedded, launches);
  find_cron(event, embedded);
  const bool for_builtin = runs_builtin && !command.assignments.empty();
  event.index = record(event);
  if (silent_ == 0) note_written(event);
  if (event.index >= 0) {
    for (Embedded& inner : embedded) {
      inner.command = event.index;
      trace_.embedded.push_back(inner);
    }
    for (Launch& launch : launches) {
      launch.command = event.index;
      trace_.launches.push_back(std::move(launch));
    }
  }
  if (!runs_builtin) {
    for (const Embedded& inner : embedded) note_lost_hook(inner, event, state);
    return external(event, std::move(state));
  }
  Outcome out = builtin(event, for_builtin ? std::move(with_assignments) : state);
  restore(command.assignments, state, out);
  return out;
}

/// `A=b command` is over with the command, also where the shell itself ran it.
void Machine::restore(const std::vector<Assignment>& assignments, const State& before,
                      Outcome& out) {
  for (const Assignment& assignment : assignments) {
    for (State* end : {&out.ok, &out.fail}) {
      if (const Variable* old = before.variable(assignment.name))
        end->variables.set(assignment.name, *old);
      else
        end->variables.erase(assignment.name);
      if (is_proxy_variable(assignment.name)) end->proxy = before.proxy;
      if (assignment.name == "PATH") end->activated = before.activated;
    }
  }
}

void Machine::note_lost_hook(const Embedded& embedded, const CommandEvent& event, State& state) {
  if (embedded.kind != UnitKind::shell || embedded.fresh || !embedded.window.empty() ||
      !host_.mentions_hook(embedded.source.text()))
    return;
  if (event.background || !state.proxy.may_be(Proxy::kInactive | Proxy::kDropped)) return;
  Unit inner;
  inner.embedding = embedded.embedding;
  inner.source = embedded.source;
  inner.dialect = embedded.dialect;
  inner.shell = host_.parse(inner.source.text(), inner.dialect);
  RunLimits limits = limits_;
  limits.sourced = false;  // this trace is not kept
  const Trace trace =
      shell::run(inner, child_state(event.environment, inner, state.script, {}), host_, limits);
  for (const CommandEvent& command : trace.commands) {
    if (command.hook != CommandEvent::Hook::lost) continue;
    state.proxy = state.proxy.with(Proxy::kInactive | Proxy::kDropped, Proxy::kExplained);
  }
}

Outcome Machine::external(const CommandEvent& event, State state) {
  if (event.hook == CommandEvent::Hook::executed) {
    state.proxy = state.proxy.with(Proxy::kInactive | Proxy::kDropped, Proxy::kExplained);
  }
  state.proxy = state.proxy.with(Proxy::kFresh, Proxy::kActive);
  const Argument* first = event.operand();
  if (is_conda(event.name) && first && first->is("activate")) {
    const Argument* environment = event.operand(1);
    state.activated = Tri::yes;
    state.conda_env = environment ? environment->constant().value_or("?") : "base";
  }
  if (is_conda(event.name) && first && first->is("deactivate") && !state.conda_env.empty())
    state.conda_env = "base";
  if (event.name == "deactivate") state.conda_env.clear();  // a virtual environment's function
  // `proxy_on`, `clashon`, `turbo_on`: a function of the user's start-up files.
  if (event.name.find("proxy") != std::string::npos || event.name.starts_with("clash") ||
      event.name.find("turbo") != std::string::npos)
    state.proxy = Proxy::kUnknown;
  if (event.name == "module" ||
      event.name == "workon") {  // site modules and virtualenvwrapper set what they like
    state.opaque = true;
    state.activated = Tri::yes;
  }
  const Value shown = output_ ? stdout_of(event, state) : Value();
  Outcome out = decided_status(std::move(state), event.index, Tri::maybe);
  print(shown, event, out);
  if (event.name == "false") out.ok.reachable = false;
  // `$copied || exit 1`
  if (const Part* flag = sole_parameter(event.word.word)) {
    know_flag(out.ok, flag->name, Value::literal("true"));
    know_flag(out.fail, flag->name, Value::literal("false"));
  }
  // Looking at the destination is checking it.
  if (looks_at_files(event.name)) {
    out.ok.clear_failed();
    look_ = event.name;
  }
  if (event.tracked && event.index >= 0) out.fail.add_failed(event.index);
  if (event.tracked && event.index >= 0) out.ok.remove_failed({event.index});
  bool exec = false;
  for (const Prefix& prefix : event.prefixes) exec = exec || prefix.name == "exec";
  if (exec) {  // the shell is gone
    exits_.exit = join(exits_.exit, out.either());
    out.ok.reachable = out.fail.reachable = false;
  }
  return out;
}

bool is_tracked(const CommandEvent& event) {
  static constexpr std::string_view kNames[] = {"cp",
                                                "mv",
                                                "rsync",
                                                "scp",
                                                "mkdir",
                                                "tar",
                                                "aws",
                                                "rclone",
                                                "ossutil",
                                                "ossutil64",
                                                "unzip",
                                                "hf",
                                                "huggingface-cli",
                                                "git",
                                                "ln",
                                                "dd",
                                                "install",
                                                "zip",
                                                "gzip",
                                                "python",
                                                "torchrun",
                                                "accelerate",
                                                "deepspeed",
                                                "sftp",
                                                "bypy",
                                                "gsutil",
                                                "azcopy",
                                                "coscmd",
                                                "coscli",
                                                "oss",
                                                "obsutil",
                                                "s3cmd",
                                                "mc",
                                                "sshpass",
                                                "ssh",
                                                "bash",
                                                "sh",
                                                "wandb",
                                                "modelscope",
                                                "7z",
                                                "cat",
                                                "wget",
                                                "curl",
                                                "sync",
                                                "robocopy",
                                                "ditto",
                                                "lftp",
                                                "baidupcs-go",
                                                "BaiduPCS-Go",
                                                "aliyunpan",
                                                "rm",
                                                "pip",
                                                "kaggle",
                                                "tee",
                                                "split",
                                                "pv",
                                                "pigz",
                                                "zstd",
                                                "sha256sum",
                                                "md5sum",
                                                "cmp",
                                                "diff"};
  return std::find(std::begin(kNames), std::end(kNames), event.name) != std::end(kNames);
}

}  // namespace preflint::shell
