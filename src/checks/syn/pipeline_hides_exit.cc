#include <algorithm>
#include <iterator>
#include <set>

#include "base/one_of.h"
#include "catalog/profile.h"
#include "project/context.h"
#include "project/shell_edits.h"
#include "project/success.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;
using shell::Frame;
using shell::FrameKind;

/// A question that the pipeline shortens for the reader: nothing runs whose failure matters.
bool asks(const CommandEvent& event) {
  return event.has_option("--version") || event.has_option("-V") || event.has_option("--help");
}

/// A program of one's own, written with its path: `./run.sh`, "$BUILD"/bench. What lies in the
/// system's folders is known by its name.
bool by_path(const CommandEvent& event) {
  if (event.function_call || event.word.may_split) return false;
  const Text& word = event.word.value.alternatives()[0];
  const std::string_view end = word.known_suffix();
  const size_t slash = end.rfind('/');
  if (slash == std::string_view::npos || slash + 1 == end.size()) return false;
  const std::string_view start = word.known_prefix();
  return !start.starts_with("/bin/") && !start.starts_with("/usr/") && !start.starts_with("/sbin/");
}

/// A run: a program of Python's or of one's own.
bool runs(const CommandEvent& event) {
  return one_of(event.name, {"python", "torchrun", "accelerate", "deepspeed"}) || by_path(event);
}

/// A command line that only the run knows: `eval "$cmd"`, `"$@"`, `$CMD`. What is written to a log
/// while something asks whether it went well is no filter. (A single quoted word may be one.)
bool not_known(const CommandEvent& event) {
  if (event.name == "eval") return true;
  if (!event.name.empty() || event.function_call) return false;
  const std::string_view written = event.unit->source.slice(event.word.span);
  return !written.starts_with('"') || written.find('@') != std::string_view::npos;
}

/// Keeps what it is given: nobody expects it to end early or to find nothing.
bool logs(const CommandEvent& event) { return one_of(event.name, {"tee", "ts", "ccze"}); }

/// A command whose success is the point of the pipeline that `last` ends.
bool produces(const CommandEvent& event, const CommandEvent& last) {
  if (asks(event)) return false;
  if (runs(event) || (not_known(event) && logs(last))) return true;
  return one_of(event.name, {"pip",
                             "bash",
                             "sh",
                             "make",
                             "cmake",
                             "cp",
                             "mv",
                             "rsync",
                             "scp",
                             "conda",
                             "mamba",
                             "git",
                             "wget",
                             "curl",
                             "npm",
                             "hf",
                             "huggingface-cli",
                             "tar",
                             "unzip",
                             "nvcc",
                             "ninja",
                             "srun",
                             "docker",
                             "uv",
                             "wandb",
                             "modelscope",
                             "llamafactory-cli",
                             "swift",
                             "vllm"});
}

/// A command that only passes the text on: its own status says nothing.
bool passes_on(const CommandEvent& event) {
  return one_of(event.name, {"tee", "tail", "head", "cat", "ts", "sed", "tr", "less", "more", "awk",
                             "cut", "sort", "uniq", "ccze"});
}

/// The frame of the pipeline that an event is the last command of.
const Frame* pipeline_of(const CommandEvent& event) {
  const Frame* frame = event.frame;
  return frame && frame->kind == FrameKind::pipeline ? frame : nullptr;
}

/// The command whose status is that of the first part of a pipeline, given the pipeline's last
/// command: of `{ a; b; } | tee log` it is b. Null when it was not followed.
const CommandEvent* beginning_of(const std::vector<CommandEvent>& commands,
                                 const CommandEvent& last) {
  for (auto i = static_cast<size_t>(last.index); i-- > 0;) {
    bool substituted = false;
    const Frame* at = commands[i].frame;
    for (; at; at = at->parent) {
      if (at->kind == FrameKind::pipeline && at->pipeline == last.frame->pipeline) break;
      substituted = substituted || at->kind == FrameKind::command_substitution ||
                    at->kind == FrameKind::process_substitution;
    }
    if (!at) return nullptr;
    if (at->index == 0 && !substituted) return &commands[i];
  }
  return nullptr;
}

/// Is the pipeline what `{ … }` ends with, and so its status the group's?
bool ends_with(const Frame& group, const shell::Pipeline* pipeline) {
  const auto& items = group.command->body.items;
  return !items.empty() && !items.back().background && &items.back().pipelines.back() == pipeline;
}

/// `… || true`: whatever the status is, nothing depends on it.
bool ignored(const Frame& left) {
  const auto& pipelines = left.and_or->pipelines;
  if (!left.or_operator || left.index + 1 >= pipelines.size()) return false;
  const auto& commands = pipelines[left.index + 1].commands;
  if (commands.size() != 1 || commands[0]->words.size() != 1) return false;
  return one_of(left.text->source.slice(commands[0]->words[0].span), {"true", ":"});
}

/// Does something decide by the status of the pipeline that `last` ends?
bool decides(const CommandEvent& last) {
  const Frame* frame = last.frame;
  for (const Frame* at = frame->parent; at; at = at->parent) {
    if (at->kind == FrameKind::negation) continue;
    // A called function: its body is a group.
    if (at->kind == FrameKind::group && ends_with(*at, frame->pipeline)) continue;
    if (at->kind == FrameKind::function && at != frame->parent) continue;
    if (at->kind == FrameKind::and_or_left) return !ignored(*at);
    return at->kind == FrameKind::if_condition || at->kind == FrameKind::loop_condition;
  }
  return false;
}

/// Is the pipeline a step of a list, so that its failure, were it seen, would end the shell under
/// `set -e`?
bool is_step(const CommandEvent& last) {
  for (const Frame* at = last.frame->parent; at; at = at->parent) {
    if (at->kind == FrameKind::and_or_left || at->kind == FrameKind::if_condition ||
        at->kind == FrameKind::loop_condition || at->kind == FrameKind::negation)
      return false;
  }
  return true;
}

/// Runs inside the call of a function.
bool of_call(const CommandEvent& event, const CommandEvent& call) {
  for (const Frame* at = event.frame; at; at = at->parent) {
    if (at->kind == FrameKind::function && at->unit == call.unit && at->span == call.span)
      return true;
  }
  return false;
}

/// Does a function only print: `log() { echo "[$(date)] $*" | tee -a "$LOG"; }`? Then `text` is
/// what it prints at this call, and `at` the last command of it.
bool only_prints(const std::vector<CommandEvent>& commands, size_t& at, std::string& text) {
  const CommandEvent& call = commands[at];
  while (at + 1 < commands.size() && of_call(commands[at + 1], call)) {
    const CommandEvent& inner = commands[++at];
    if (inner.within(FrameKind::command_substitution)) continue;
    if (!one_of(inner.name, {"echo", "printf", "logger", "tee", "local", "shift", "true", ":", "[",
                             "[[", "test"})) {
      text.clear();
      return false;
    }
    text += project::printed_text(inner) + "\n";
  }
  return !text.empty();
}

/// Does a pipeline begin here whose failure is hidden in the same way: `python b.py | tee log`?
bool hidden_too(const std::vector<CommandEvent>& commands, size_t first) {
  const Frame* frame = pipeline_of(commands[first]);
  if (!frame || !runs(commands[first])) return false;
  for (size_t i = first + 1; i < commands.size(); ++i) {
    const Frame* at = pipeline_of(commands[i]);
    if (at && at->pipeline == frame->pipeline && at->index + 1 == at->count)
      return logs(commands[i]);
  }
  return false;
}

/// The list around a function that is called or a loop; the same list where it is no such body.
const Frame* around(const Frame* list) {
  return list && (list->kind == FrameKind::function || list->kind == FrameKind::group ||
                  list->kind == FrameKind::loop_body)
             ? list->parent
             : list;
}

/// Does the second list enclose the first one, with nothing but functions and loops between them?
bool encloses(const Frame* inner, const Frame* outer) {
  for (;; inner = around(inner)) {
    if (inner == outer) return true;
    if (around(inner) == inner) return false;
  }
}

/// Does what stands in `to` come after what stands in `from` with no decision between: behind a
/// function or a loop, in a call, in another pass?
bool leads_to(const Frame* from, const Frame* to) {
  for (;; from = around(from)) {
    if (encloses(to, from)) return true;
    if (around(from) == from) return false;
  }
}

/// Is what comes next the message that all went well? Whoever reads it takes the run for a good
/// one; under `set -e` it would not have been printed otherwise. Of several runs, each of which a
/// pipe hides, it speaks for all, and behind a function or a loop for what ran there.
bool success_follows(const std::vector<CommandEvent>& commands, const CommandEvent& last,
                     const std::vector<std::string>& words) {
  const Frame* list = last.frame->parent;
  for (size_t i = static_cast<size_t>(last.index) + 1; i < commands.size(); ++i) {
    const CommandEvent& next = commands[i];
    if (next.within(FrameKind::command_substitution)) continue;
    const Frame* pipeline = pipeline_of(next);
    const Frame* place = pipeline ? pipeline->parent : next.frame;
    if (!leads_to(list, place)) return false;
    list = place;
    if (pipeline && pipeline->index > 0) continue;
    if (hidden_too(commands, i)) continue;
    std::string text = project::printed_text(next);
    if (next.function_call) {
      size_t at = i;
      if (!only_prints(commands, at, text)) continue;  // what it does comes next
      i = at;
    }
    if (encloses(last.frame->parent, place) && project::claims_success(text, words)) return true;
    if (text.empty() && !one_of(next.name, {"echo", "printf", "sleep", "return", "true", ":"}))
      return false;
  }
  return false;
}

/// Words by which a run is told to have gone well. Where no status counts, "finished" says when it
/// ended, and "saved" speaks of the log.
std::vector<std::string> words_of_runs(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  std::copy_if(words.begin(), words.end(), std::back_inserter(out), [](const std::string& word) {
    return one_of(word, {"done", "complete", "completed", "success", "successful", "successfully",
                         "succeeded", "ok", "完成", "成功"});
  });
  return out;
}

}  // namespace

void pipeline_hides_exit(project::Context& context) {
  const std::vector<std::string>& words = context.profile().success_words;
  const std::vector<std::string> of_runs = words_of_runs(words);
  context.each_shell_run(project::Where::instance, [&](const project::Run& run) {
    const auto& commands = run.shell->commands;
    for (size_t i = 1; i < commands.size(); ++i) {
      const CommandEvent& last = commands[i];
      const Frame* frame = pipeline_of(last);
      if (!frame || frame->index + 1 != frame->count || frame->count < 2 || !passes_on(last))
        continue;
      if (last.state.pipefail != Tri::no || last.state.opaque) continue;
      const CommandEvent* first = beginning_of(commands, last);
      if (!first || !produces(*first, last)) continue;
      bool used = decides(last);
      for (const shell::StatusRead& read : run.shell->status_reads) {
        if (read.name == "?" && read.status.pipeline == frame->pipeline && read.unit == last.unit)
          used = true;
      }
      const bool unseen = !used && last.state.errexit == Tri::no;
      const bool message = !used && logs(last) && is_step(last) &&
                           last.state.errexit != Tri::maybe && runs(*first) &&
                           success_follows(commands, last, unseen ? of_runs : words);
      if (!used && !message) continue;
      const bool picked = std::any_of(
          run.shell->status_reads.begin(), run.shell->status_reads.end(),
          [&](const shell::StatusRead& read) {
            return read.name == "PIPESTATUS" && read.unit == last.unit &&
                   read.next_command > last.index && read.next_command <= last.index + 3;
          });
      if (picked) continue;
      Finding& finding = context.report(run, last);
      const std::string_view written = first->unit->source.slice(first->word.span);
      finding.arguments = {{"first", first->name.empty() ? std::string(written) : first->name},
                           {"last", last.name}};
      if (message) finding.message = unseen ? "unseen" : "success";
      // Nothing looks at the status, so that seeing it would change nothing.
      if (unseen) finding.severity = Severity::warning;
      if (!unseen && last.unit->embedding == Embedding::file) {
        const uint32_t where = project::after_preamble(last.unit->source.text());
        context.edit(finding, *last.unit, {where, where}, "set -o pipefail\n");
        // With errexit a pipeline elsewhere, into `head` or from `grep`, may end the script then.
        if (message && finding.fix) finding.fix->applicability = Applicability::unsafe;
      }
    }
  });
}

}  // namespace preflint::checks
