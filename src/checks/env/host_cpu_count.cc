#include <re2/re2.h>

#include <algorithm>

#include "base/one_of.h"
#include "model/python/trace.h"
#include "project/box_signs.h"
#include "project/context.h"
#include "project/uncalled.h"

namespace preflint::checks {

namespace {

using py::CallEvent;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool counts(std::string_view origin) {
  return one_of(origin, {"os.cpu_count", "multiprocessing.cpu_count", "multiprocess.cpu_count",
                         "torch.multiprocessing.cpu_count", "psutil.cpu_count"});
}

/// Does a parameter, option or variable of this name say how many workers or threads there are?
bool sizes(std::string_view name) {
  const size_t letters = name.find_first_not_of('-');
  if (letters == std::string_view::npos) return false;
  name.remove_prefix(letters);
  if (contains(name, "per_node") || contains(name, "per-node")) return false;
  for (const std::string_view part : {"worker", "thread", "WORKER", "THREAD"}) {
    if (contains(name, part)) return true;
  }
  return one_of(name, {"num_proc", "num-proc", "nproc", "n_proc", "num_procs", "processes",
                       "num_processes", "n_jobs", "num_cpus", "n_cpus", "num_cpu", "jobs"});
}

/// The count that a value comes from; null when it does not.
const CallEvent* count_of(const py::Trace& trace, const py::Value& value) {
  for (const py::Value& one : value.alternatives()) {
    if (one.call < 0 || static_cast<size_t>(one.call) >= trace.calls.size()) continue;
    const CallEvent& call = trace.calls[static_cast<size_t>(one.call)];
    if (counts(call.origin)) return &call;
  }
  return nullptr;
}

/// The parameter that a positional argument of a well-known function is; "" otherwise.
std::string_view positional_size(std::string_view origin, size_t position) {
  const std::string_view name = origin.substr(origin.rfind('.') + 1);
  if (position == 0 && one_of(name, {"Pool", "ThreadPool"})) return "processes";
  if (position == 0 && one_of(name, {"ThreadPoolExecutor", "ProcessPoolExecutor"}))
    return "max_workers";
  if (position == 0 &&
      one_of(name, {"set_num_threads", "set_num_interop_threads", "setNumThreads"}))
    return "threads";
  return position == 5 && name == "DataLoader" ? "num_workers" : "";
}

bool of_threads(const CallEvent& pool) {
  const std::string_view origin = pool.origin;
  return one_of(origin.substr(origin.rfind('.') + 1), {"ThreadPoolExecutor", "ThreadPool"});
}

/// A stretch of Python without blanks and joined lines.
std::string tight(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\\') out += c;
  }
  return out;
}

/// `max(32, os.cpu_count() * 5)`: who wants more threads than there are CPUs has them wait, for
/// answers or for disks. Those are no load.
bool beyond_the_cpus(const CallEvent& count) {
  constexpr uint32_t kNear = 200;
  static const RE2 kMore(R"(^(?:or\d+)?\)*[*+][1-9])");
  static const RE2 kOf(R"((?:(?:^|[^.\d])[1-9]\d*\*\(?|max\(\d\d+,)$)");
  const std::string_view text = count.file->syntax.source.text();
  const uint32_t begin = count.span.begin - std::min(count.span.begin, kNear);
  return RE2::PartialMatch(tight(text.substr(count.span.end, kNear)), kMore) ||
         RE2::PartialMatch(tight(text.substr(begin, count.span.begin - begin)), kOf);
}

/// `if workers is None: workers = cpu_count()`, and the option's default is a number; `if device ==
/// "cpu":`, and it is the GPU: the host is only asked where somebody wants it.
bool mere_fallback(const CallEvent& count) {
  for (const py::Frame* at = count.frame; at; at = at->parent) {
    if (!at->unexpected) continue;
    for (const std::string& name : at->mentions) {
      const std::string_view last = std::string_view(name).substr(name.rfind('.') + 1);
      if (sizes(last) || last == "device") return true;
    }
  }
  return false;
}

/// `cfg.workers or os.cpu_count()`, `config.get("workers", os.cpu_count())`: the host is asked
/// where the settings say nothing, and what they say is not known.
bool behind_settings(const CallEvent& count) {
  constexpr uint32_t kNear = 120;
  static const RE2 kSettings(R"((?i)(?:cfg|conf|hparam|setting|yaml)[\w.\[\]"']*or(?:\w+\()*$)");
  const uint32_t begin = count.span.begin - std::min(count.span.begin, kNear);
  const std::string_view text = count.file->syntax.source.text();
  return RE2::PartialMatch(tight(text.substr(begin, count.span.begin - begin)), kSettings);
}

/// `n = os.cpu_count()`, and then an assignment below a condition: does `limits(n, assignment,
/// condition)` hold for one?
template <typename Limits>
bool assigned_behind(const py::Trace& trace, const CallEvent& count, const Limits& limits) {
  const auto& all = trace.assignments;
  return std::any_of(all.begin(), all.end(), [&](const py::AssignEvent& first) {
    if (first.file != count.file || !first.value_span.contains(count.span)) return false;
    return std::any_of(all.begin(), all.end(), [&](const py::AssignEvent& later) {
      const py::Frame* frame = later.frame;
      return later.order > first.order && frame && frame->kind == py::FrameKind::condition &&
             frame->file && limits(first.target, later, frame->file->syntax.slice(frame->span));
    });
  });
}

/// `if n > 8: n = 8`, `if args.workers > n: args.workers = n`: the count is limited, or limits.
bool limited_after(const py::Trace& trace, const CallEvent& count) {
  return assigned_behind(
      trace, count,
      [&](const std::string& counted, const py::AssignEvent& later, std::string_view condition) {
        if (later.target == counted)
          return condition.starts_with(counted) && contains(condition, ">");
        if (later.file != count.file || later.frame->file != later.file ||
            later.file->syntax.slice(later.value_span) != counted)
          return false;
        const std::string test = tight(condition);
        return contains(test, later.target + ">" + counted) ||
               contains(test, later.target + ">=" + counted);
      });
}

/// Does a call start nothing and only note what it is given?
bool notes_down(const CallEvent& call) {
  for (const std::string_view start :
       {"builtins.dict", "builtins.print", "builtins.str", "json.", "logging.", "loguru.", "wandb.",
        "swanlab.", "mlflow.", "yaml.", "types.SimpleNamespace"}) {
    if (call.origin.starts_with(start)) return true;
  }
  return one_of(call.method, {"format", "info", "debug", "update", "log_params"});
}

void report(project::Context& context, const project::Run& run, const CallEvent& count,
            std::string use, const Source& where, Span span) {
  const Source& source = count.file->syntax.source;
  if (context.shared<project::UnnamedFunctions>().hold(run, count.frame)) return;
  if (mere_fallback(count) || limited_after(*run.python, count)) return;
  // Code that looks at the cgroup or the affinity corrects the number itself.
  if (contains(source.text(), "cgroup") || contains(source.text(), "sched_getaffinity")) return;
  Finding& finding = context.report(run, source, count.span, count.frame);
  finding.arguments = {{"call", std::string(source.slice(count.span))}, {"use", use}};
  // Among many programs one that nothing starts may be for any machine, or for nobody.
  const bool shown = project::box_shown(context, run, source.file()) ||
                     context.shared<project::FewScripts>().found;
  if (!shown || behind_settings(count)) finding.severity = Severity::info;
  if (&where != &source || span.begin > count.span.begin || span.end < count.span.end) {
    finding.related.push_back(context.note(where, span, "used-here", {{"use", std::move(use)}}));
  }
  if (source.slice(count.callee_span) == "os.cpu_count")
    context.edit(finding, source, count.span, "len(os.sched_getaffinity(0))");
}

/// Is a record made, a class of the project without a constructor of its own? It keeps the number;
/// what that is used for follows.
bool keeps_arguments(const py::Trace& trace, const CallEvent& call) {
  if (!call.project) return false;
  const char first = call.origin[call.origin.rfind('.') + 1];
  return first >= 'A' && first <= 'Z' &&
         std::none_of(trace.frames.begin(), trace.frames.end(), [&](const py::Frame& frame) {
           return frame.kind == py::FrameKind::function && frame.name == "__init__" &&
                  frame.span == call.span && frame.file == call.file;
         });
}

void check_python(project::Context& context, const project::Run& run) {
  const py::Trace& trace = *run.python;
  for (const CallEvent& call : trace.calls) {
    if (keeps_arguments(trace, call) || notes_down(call)) continue;
    size_t position = 0;
    const bool option = call.method == "add_argument";
    for (const py::Argument& argument : call.arguments) {
      std::string use(argument.keyword.empty() ? positional_size(call.origin, position++)
                                               : std::string_view(argument.keyword));
      if (option && use == "default") use = call.arguments[0].value.constant().value_or("");
      if (!sizes(use)) continue;
      // A launch that gives the option does not use its default.
      const bool given = option && std::any_of(run.arguments.begin(), run.arguments.end(),
                                               [&](const shell::Argument& word) {
                                                 return word.value.known_start().starts_with(use);
                                               });
      const CallEvent* count = given ? nullptr : count_of(trace, argument.value);
      if (!count || (of_threads(call) && beyond_the_cpus(*count))) continue;
      report(context, run, *count, use, call.file->syntax.source, argument.span);
    }
  }
  for (const py::EnvironmentWrite& write : trace.environment_writes) {
    const auto key = write.key.constant();
    const CallEvent* count = key && sizes(*key) ? count_of(trace, write.value) : nullptr;
    if (count) report(context, run, *count, *key, write.file->syntax.source, write.span);
  }
}

/// Is the number made smaller where it is used: $(( n > 8 ? 8 : n )), `… | sort -n | head -1`?
bool limited(std::string_view text) {
  if (contains(text, "sort") && (contains(text, "head") || contains(text, "tail"))) return true;
  return contains(text, "?") || contains(text, "<") || contains(text, ">") || contains(text, "min");
}

/// Is a variable set anew where it is too large: `[ "$n" -gt 16 ] && n=16`?
bool limited_after(const project::Run& run, const shell::AssignmentEvent& first) {
  static const RE2 kAsks(R"(\s["']?-g[te]["']?\s|\(\([^)]*>)");
  return std::any_of(
      run.shell->assignments.begin(), run.shell->assignments.end(),
      [&](const shell::AssignmentEvent& later) {
        if (later.name != first.name || later.unit != first.unit ||
            later.span.begin <= first.span.begin)
          return false;
        // `n=$((n < 16 ? n : 16))`
        if (limited(later.unit->source.slice(later.value_span))) return true;
        if (!later.frame) return false;
        const shell::Frame& frame = *later.frame;
        const bool list = frame.kind == shell::FrameKind::and_or_right && frame.and_or;
        const bool branch = frame.kind == shell::FrameKind::if_body && frame.command;
        if (frame.text != later.unit || (!list && !branch)) return false;
        const Span whole = list ? frame.and_or->span : frame.command->span;
        return RE2::PartialMatch(later.unit->source.slice({whole.begin, later.span.begin}), kAsks);
      });
}

/// Does an option of this name size the work of whatever program takes it? `--jobs` and the like
/// belong to builds, too, which end.
bool sizes_any_program(const std::string& option) {
  return sizes(option) && (contains(option, "thread") || contains(option, "worker"));
}

/// The option or variable of `command` that the text in `inner` sizes; "" when there is none.
std::string sized_by(const shell::CommandEvent& command, std::string_view reference, Span inner) {
  const bool runs = one_of(command.name, {"python", "torchrun", "accelerate", "deepspeed", "vllm",
                                          "llamafactory-cli", "export"});
  std::string before;
  for (const shell::Argument& argument : command.arguments) {
    const auto constant = argument.constant();
    std::string text =
        constant ? *constant : std::string(command.unit->source.slice(argument.span));
    if (text.starts_with('"')) text.erase(0, 1);
    const bool holds = inner.empty()
                           ? contains(text, reference)
                           : argument.span.begin <= inner.begin && inner.end <= argument.span.end;
    std::string name(text.substr(0, text.find('=')));
    const bool option = text.starts_with('-');
    if (holds && !limited(text) &&
        (runs || sizes_any_program(option                    ? name
                                   : before.starts_with('-') ? before
                                                             : ""))) {
      if (option && sizes(name)) return name;
      if (command.name == "export" && sizes(name)) return name;
      if (!option && before.starts_with('-') && sizes(before)) return before;
    }
    before = std::move(text);
  }
  return "";
}

void check_shell(project::Context& context, const project::Run& run) {
  const auto& commands = run.shell->commands;
  for (const shell::CommandEvent& count : commands) {
    const bool counts_cpus = count.name == "nproc" || (count.name == "getconf" && count.operand() &&
                                                       count.operand()->is("_NPROCESSORS_ONLN"));
    if (!counts_cpus || !count.within(shell::FrameKind::command_substitution)) continue;
    std::string use, variable;
    for (const shell::AssignmentEvent& assignment : run.shell->assignments) {
      const bool here = assignment.unit == count.unit &&
                        assignment.value_span.begin <= count.span.begin &&
                        count.span.end <= assignment.value_span.end;
      if (!here || limited(assignment.unit->source.slice(assignment.value_span))) continue;
      if (limited_after(run, assignment)) continue;
      variable = assignment.name;
      if (assignment.exported != Tri::no && sizes(variable)) use = variable;
    }
    for (const shell::CommandEvent& command : commands) {
      if (!use.empty() || command.index <= count.index || command.unit != count.unit) continue;
      use = sized_by(command, "", count.span);
      if (use.empty() && !variable.empty()) use = sized_by(command, "$" + variable, {});
      if (use.empty() && !variable.empty()) use = sized_by(command, "${" + variable, {});
    }
    if (use.empty()) continue;
    Finding& finding = context.report(run, count);
    finding.arguments = {{"call", std::string(count.unit->source.slice(count.span))}, {"use", use}};
  }
}

}  // namespace

void host_cpu_count(project::Context& context) {
  context.each_python_run(project::Where::instance,
                          [&](const project::Run& run) { check_python(context, run); });
  context.each_shell_run(project::Where::instance,
                         [&](const project::Run& run) { check_shell(context, run); });
}

}  // namespace preflint::checks
