#include <algorithm>
#include <array>

#include "model/python/trace.h"
#include "project/context.h"
#include "project/login_files.h"
#include "project/python_needs.h"
#include "project/python_statements.h"
#include "project/uncalled.h"

namespace preflint::checks {

namespace {

constexpr std::array<std::string_view, 8> kVariables = {
    "HF_ENDPOINT",           "HF_HOME",
    "HF_HUB_CACHE",          "HF_HUB_DISABLE_XET",
    "HF_HUB_OFFLINE",        "TRANSFORMERS_CACHE",
    "HUGGINGFACE_HUB_CACHE", "HF_HUB_ENABLE_HF_TRANSFER"};

template <size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

uint32_t line_start(std::string_view text, uint32_t at) {
  const size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return newline == std::string_view::npos ? 0 : static_cast<uint32_t>(newline + 1);
}

/// Moves the statement above the import, when both stand at the beginning of lines of the same
/// file.
void move(project::Context& context, Finding& finding, const py::EnvironmentWrite& write,
          const py::ImportEvent& import, const py::Trace& trace) {
  const Source& source = write.file->syntax.source;
  if (write.file != import.file || source.embedded() ||
      py::enclosing(write.frame, py::FrameKind::function))
    return;
  const py::Stmt* statement = project::statement_around(write.file->syntax, write.span);
  const py::Stmt* target = project::statement_around(write.file->syntax, import.span);
  const std::string_view text = source.text();
  if (!statement || !target || line_start(text, statement->span.begin) != statement->span.begin)
    return;
  if (line_start(text, target->span.begin) != target->span.begin) return;
  const size_t end = text.find('\n', statement->span.end);
  if (end == std::string_view::npos ||
      text.substr(statement->span.end, end - statement->span.end).find_first_not_of(" \t\r") !=
          std::string_view::npos) {
    return;
  }
  const auto last = static_cast<uint32_t>(end + 1);
  const bool os_known =
      std::any_of(trace.imports.begin(), trace.imports.end(), [&](const py::ImportEvent& other) {
        return other.module == "os" && other.file == write.file && other.order < import.order;
      });
  const std::string line(text.substr(statement->span.begin, last - statement->span.begin));
  context.edit(finding, source, {target->span.begin, target->span.begin},
               (os_known ? "" : "import os\n") + line);
  context.edit(finding, source, {statement->span.begin, last}, "");
}

/// Is the variable meant for programs that this one starts?
bool for_children(const project::Context& context, const project::Run& run, int order) {
  const auto& calls = run.python->calls;
  const bool starts = std::any_of(calls.begin(), calls.end(), [&](const py::CallEvent& call) {
    return call.order > order && (call.origin.starts_with("subprocess.") ||
                                  call.origin == "os.system" || call.origin == "os.execv");
  });
  const auto& needs = context.needs(run);
  const bool used = std::any_of(needs.begin(), needs.end(), [&](const project::PythonNeed& need) {
    return need.kind == project::PythonNeed::hub && need.call->order > order;
  });
  return starts && !used;
}

/// Too late, and it makes no difference: the default place, or what the variable held anyway.
bool changes_nothing(std::string_view key, const py::Value& value) {
  if (const auto text = value.text().constant())
    return key == "HF_HOME" && text->ends_with("/.cache/huggingface") &&
           (text->starts_with("/root/") || text->starts_with("~/"));
  return value.name().find(key) != std::string::npos;
}

/// A call to one of the Hub's libraries that may fetch something.
bool may_fetch(const py::CallEvent& call) {
  const std::string_view origin = call.origin, top = origin.substr(0, origin.find('.'));
  return !call.project &&
         one_of(top, std::array<std::string_view, 8>{"huggingface_hub", "transformers", "datasets",
                                                     "diffusers", "peft", "sentence_transformers",
                                                     "evaluate", "timm"}) &&
         one_of(origin.substr(origin.rfind('.') + 1),
                std::array<std::string_view, 10>{"from_pretrained", "load_dataset", "load_metric",
                                                 "load", "snapshot_download", "hf_hub_download",
                                                 "create_model", "pipeline", "SentenceTransformer",
                                                 "CrossEncoder"});
}

/// Does every call that may fetch say this itself, and is there one?
template <typename Says>
bool each_says(const py::Trace& trace, int order, const Says& says) {
  bool some = false;
  for (const py::CallEvent& call : trace.calls) {
    if (call.order < order || !may_fetch(call)) continue;
    if (!says(call)) return false;
    some = true;
  }
  return some;
}

/// The library has looked before, but the calls are told themselves what the variable says:
/// `snapshot_download(…, endpoint=os.environ["HF_ENDPOINT"])`, `cache_dir=os.environ["HF_HOME"]`,
/// `local_files_only=True`.
bool handed_on(const project::Context& context, const project::Run& run,
               const py::EnvironmentWrite& write) {
  const auto gives = [](std::string_view keyword) {
    return [keyword](const py::CallEvent& call) {
      const py::Argument* given = call.keyword(keyword);
      return given && !given->value.is_none();
    };
  };
  if (write.key.is("HF_HUB_OFFLINE"))
    return each_says(*run.python, 0, [](const py::CallEvent& call) {
      const py::Argument* given = call.keyword("local_files_only");
      return given && given->value.truth() == Tri::yes;
    });
  if (!write.key.is("HF_ENDPOINT"))
    return write.key.constant().value_or("").find("XET") == std::string::npos &&
           write.key.constant().value_or("").find("TRANSFER") == std::string::npos &&
           each_says(*run.python, write.order, gives("cache_dir"));
  bool some = false;
  for (const project::PythonNeed& need : context.needs(run)) {
    if (need.kind != project::PythonNeed::hub || need.call->order < write.order) continue;
    if (!need.endpoint) return false;
    some = true;
  }
  // A download of which nothing says that it happens.
  return some ||
         std::any_of(
             run.python->calls.begin(), run.python->calls.end(), [&](const py::CallEvent& call) {
               return call.order > write.order && may_fetch(call) && gives("endpoint")(call);
             });
}

/// `os.environ[…] = x; from datasets import …` in a function that a loop or a table of functions
/// calls: what it sets stands before its own import, and which call comes first is not known.
bool imports_itself(const py::EnvironmentWrite& write, const py::ImportEvent& import) {
  const py::Frame* writes = py::enclosing(write.frame, py::FrameKind::function);
  const py::Frame* imports = py::enclosing(import.frame, py::FrameKind::function);
  const bool in_order = !py::enclosing(write.frame, py::FrameKind::loop) &&
                        !py::enclosing(write.frame, py::FrameKind::uncalled);
  return writes && imports && !in_order && writes->name == imports->name &&
         write.file == import.file && write.span.begin < import.span.begin;
}

/// Whoever logs in after the project's set-up has the same value already.
bool exported_at_login(const project::Context& context, const project::Run& run,
                       const py::EnvironmentWrite& write) {
  const auto key = write.key.constant();
  const auto value = write.value.text().constant();
  return key && value && context.shared<project::LoginFiles>().exports(*key, *value, run);
}

void check_python(project::Context& context, const project::Run& run) {
  const py::Trace& trace = *run.python;
  for (const py::EnvironmentWrite& write : trace.environment_writes) {
    const auto key = write.key.constant();
    if (!key || !one_of(*key, kVariables) || write.how == py::EnvironmentWrite::remove) continue;
    if (run.environment.set(*key) == Tri::yes) continue;
    const py::ImportEvent* import = project::hub_import_before(trace, write);
    if (!import) continue;
    const bool before =
        std::any_of(trace.environment_writes.begin(), trace.environment_writes.end(),
                    [&](const py::EnvironmentWrite& other) {
                      return other.order < import->order && other.key.constant() == key;
                    });
    if (before || imports_itself(write, *import) || changes_nothing(*key, write.value) ||
        exported_at_login(context, run, write) || handed_on(context, run, write) ||
        for_children(context, run, write.order) ||
        context.shared<project::UnnamedFunctions>().hold(run, write.frame))
      continue;
    const py::Stmt* whole = write.how == py::EnvironmentWrite::assign
                                ? project::statement_around(write.file->syntax, write.span)
                                : nullptr;
    Finding& finding = context.report(run, write.file->syntax.source,
                                      whole ? whole->span : write.span, write.frame);
    finding.arguments = {{"name", *key}, {"module", import->module}};
    finding.related.push_back(context.note(import->file->syntax.source, import->span,
                                           "imported-before", {{"module", import->module}}));
    if (write.how != py::EnvironmentWrite::magic) move(context, finding, write, *import, trace);
  }
}

bool uses_hub(const project::Context& context, const project::Run& run,
              const shell::CommandEvent& event) {
  if (const auto call = project::network_call(run, event, context.profile()))
    return call->tool == project::NetworkCall::hub;
  return std::any_of(run.children.begin(), run.children.end(), [&](const project::Run* child) {
    if (child->launch_command != event.index || !child->python) return false;
    const auto& needs = context.needs(*child);
    return std::any_of(needs.begin(), needs.end(), [](const project::PythonNeed& need) {
      return need.kind == project::PythonNeed::hub;
    });
  });
}

}  // namespace

void hf_env_after_import(project::Context& context) {
  context.each_python_run(project::Where::instance,
                          [&](const project::Run& run) { check_python(context, run); });
  context.each_assignment(project::Where::instance, [&](const project::Run& run,
                                                        const shell::AssignmentEvent& event) {
    if (!one_of(event.name, kVariables) || event.state.variable(event.name) || event.frame) return;
    const shell::CommandEvent* user = nullptr;
    bool later = false;
    for (const shell::CommandEvent& command : run.shell->commands) {
      if (command.environment.set(event.name) == Tri::yes || !uses_hub(context, run, command))
        continue;
      if (command.index < event.next_command && !command.frame) user = &command;
    }
    for (const shell::CommandEvent& command : run.shell->commands) {
      const bool starts = !command.name.empty() && command.index >= event.next_command;
      later = later || (starts && (uses_hub(context, run, command) || command.name == "python" ||
                                   command.name == "bash" || command.function_call));
    }
    if (!user || later) return;
    Finding& finding = context.report(run, *event.unit, event.span, event.frame);
    finding.message = "launch";
    finding.arguments = {{"name", event.name}, {"command", user->name}};
    finding.related.push_back(context.note(*user->unit, user->span, "started-here"));
  });
}

}  // namespace preflint::checks
