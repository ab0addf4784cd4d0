#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "model/python/trace.h"
#include "project/context.h"
#include "project/data_at_hand.h"
#include "project/hub_ids.h"
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

/// What the calls that follow have of a variable that came too late.
enum class Use : uint8_t {
  none,     // each names a folder of the box, or says itself what the variable says
  unknown,  // what they ask for is not known, or only where something is missing
  some,     // the Hub is asked, or nothing is loaded in what is seen
};

/// Does the call say itself what the variable says?
bool says_itself(const py::CallEvent& call, std::string_view key) {
  if (key == "HF_HUB_OFFLINE") {
    const py::Argument* given = call.keyword("local_files_only");
    return given && given->value.truth() == Tri::yes;
  }
  const bool place = key == "HF_HOME" || key.ends_with("_CACHE");
  const py::Argument* given = key == "HF_ENDPOINT" ? call.keyword("endpoint")
                              : place              ? call.keyword("cache_dir")
                                                   : nullptr;
  return given && !given->value.is_none();
}

/// Does the name of what is loaded begin like a path?
bool names_folder(const py::Value& name) {
  const preflint::Value texts = name.text();
  return name.is_path ||
         std::all_of(texts.alternatives().begin(), texts.alternatives().end(), [](const Text& one) {
           const std::string_view start = one.known_prefix();
           return start.starts_with('/') || start.starts_with("./") || start.starts_with("../") ||
                  start.starts_with('~');
         });
}

/// What one call that may fetch has of the variable.
Use use_of(const project::Context& context, const project::Run& run, const py::CallEvent& call,
           std::string_view key) {
  if (says_itself(call, key)) return Use::none;
  const std::string_view origin = call.origin;
  const bool by_name = origin.ends_with("_download");
  const bool data = origin.starts_with("datasets.") || origin.starts_with("evaluate.");
  // Of peft's own classes a model comes first, of a pipeline its task.
  const bool second = origin.starts_with("peft.Peft") || origin == "transformers.pipeline";
  const py::Argument* name =
      call.argument(second ? 1 : 0, {"pretrained_model_name_or_path", "model_name_or_path", "path",
                                     "repo_id", "model_id", "model_name", "model"});
  if (!name) return call.more_keywords || call.more_positional ? Use::unknown : Use::some;
  if (!by_name && names_folder(name->value)) return Use::none;
  for (const char* asked : {"exists", "isdir", "is_dir", "isfile", "is_file"}) {
    if (call.guarded_by(asked)) return Use::unknown;
  }
  if (project::data_at_hand(context, run, call)) return Use::unknown;
  const auto text = name->value.constant();
  if (by_name || origin == "timm.create_model") return Use::some;
  if (!text) return Use::unknown;
  if (data)
    return one_of(*text, std::array<std::string_view, 9>{"json", "csv", "text", "parquet", "arrow",
                                                         "imagefolder", "audiofolder", "webdataset",
                                                         "pandas"})
               ? Use::none
               : Use::some;
  return project::is_hub_id(*text) ? Use::some : Use::none;
}

Use use_after(const project::Context& context, const project::Run& run,
              const py::EnvironmentWrite& write, std::string_view key) {
  bool loads = false;
  Use out = Use::none;
  for (const py::CallEvent& call : run.python->calls) {
    if (call.order < write.order || !may_fetch(call)) continue;
    loads = true;
    out = std::max(out, use_of(context, run, call, key));
  }
  return loads ? out : Use::some;
}

/// `os.environ.setdefault("HF_HOME", settings.hf_home)`: a value that is not known may well be what
/// the environment said itself, and then it is there already.
bool may_repeat(const py::EnvironmentWrite& write) {
  return write.how == py::EnvironmentWrite::set_default && !write.value.constant();
}

/// The value that the library takes where nobody sets the variable: nothing hangs on it, unless the
/// box sets another.
bool default_anyway(std::string_view key, const py::Value& value) {
  const std::string text = lower(value.constant().value_or("-"));
  if (key == "HF_ENDPOINT") return text.starts_with("https://huggingface.co");
  return (key == "HF_HUB_OFFLINE" || key == "HF_HUB_ENABLE_HF_TRANSFER" ||
          key == "HF_HUB_DISABLE_XET") &&
         one_of(text, std::array<std::string_view, 5>{"0", "false", "no", "off", ""});
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

/// Does a module do it as it is imported, outside of its functions? (The import itself may stand in
/// one.)
bool at_top_level(const py::Frame* frame) {
  const py::Frame* module = py::enclosing(frame, py::FrameKind::import);
  const py::Frame* function = py::enclosing(frame, py::FrameKind::function);
  return !function || (module && !py::within(function, module));
}

/// The write stands above the imports of its own file, which is a program of its own: started as
/// that it sets the variable in time. It is late only in another program that imports the file.
bool in_time_as_program(const py::Trace& trace, const py::EnvironmentWrite& write) {
  if (write.file == &trace.main() || !at_top_level(write.frame) ||
      write.file->syntax.source.text().find("__main__") == std::string_view::npos)
    return false;
  const py::Frame* module = py::enclosing(write.frame, py::FrameKind::import);
  bool imports = false;
  for (const py::ImportEvent& import : trace.imports) {
    if (!project::imports_hub(import) || !py::within(import.frame, module)) continue;
    // Its own order is wrong as well, be it through a module that it imports above.
    if (import.order < write.order) return false;
    imports |= import.file == write.file && at_top_level(import.frame);
  }
  return imports;
}

/// Whoever logs in after the project's set-up has the same value already.
bool exported_at_login(const project::Context& context, const project::Run& run,
                       const py::EnvironmentWrite& write) {
  const auto key = write.key.constant();
  const auto value = write.value.text().constant();
  return key && value && context.shared<project::LoginFiles>().exports(*key, *value, run);
}

/// Is it read after all: the program starts itself anew or loads the library's module again, or
/// sets what the library has kept of it (`huggingface_hub.constants.ENDPOINT = …`)?
bool read_anew(const py::Trace& trace, const py::EnvironmentWrite& write, const std::string& key) {
  const bool again =
      std::any_of(trace.calls.begin(), trace.calls.end(), [&](const py::CallEvent& call) {
        return call.order > write.order &&
               (call.origin == "importlib.reload" || call.origin.starts_with("os.exec"));
      });
  if (again) return true;
  const RE2 kept("constants\\." + (key == "HF_ENDPOINT" ? "ENDPOINT" : key) + R"(\s*=[^=])");
  return std::any_of(trace.files.begin(), trace.files.end(), [&](const py::ProgramFile& file) {
    const std::string_view text = file.syntax.source.text();
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), kept);
  });
}

/// Does a script start a server (`uvicorn service:app`), whose program is not followed, with the
/// variable in its environment?
bool served_with(const project::Context& context, const std::string& key) {
  bool some = false;
  context.each_command(
      project::Where::anywhere, {"uvicorn", "gunicorn", "hypercorn", "python"},
      [&](const project::Run&, const shell::CommandEvent& event) {
        const auto module = event.name == "python" ? event.option_value("-m") : std::nullopt;
        const bool serves =
            event.name != "python" || (module && (module->is("uvicorn") || module->is("gunicorn")));
        some |= serves && event.environment.set(key) != Tri::no;
      });
  return some;
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
        for_children(context, run, write.order) || read_anew(trace, write, *key) ||
        context.shared<project::UnnamedFunctions>().hold(run, write.frame) ||
        (run.entry() && served_with(context, *key)))
      continue;
    const py::Stmt* whole = write.how == py::EnvironmentWrite::assign
                                ? project::statement_around(write.file->syntax, write.span)
                                : nullptr;
    Finding& finding = context.report(run, write.file->syntax.source,
                                      whole ? whole->span : write.span, write.frame);
    finding.arguments = {{"name", *key}, {"module", import->module}};
    const Use use = use_after(context, run, write, *key);
    // Whether the other program is started is not known, unless a script or a program starts it.
    const bool of_other = (!run.parent || use == Use::unknown) && in_time_as_program(trace, write);
    if (use == Use::none || may_repeat(write) || of_other) finding.severity = Severity::info;
    // Of a program that nothing starts, through other files: another's order may be right.
    else if (use == Use::unknown || default_anyway(*key, write.value) ||
             (run.entry() && write.file != import->file))
      finding.severity = Severity::warning;
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
