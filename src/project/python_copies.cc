#include "project/python_copies.h"

#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "base/one_of.h"
#include "project/python_statements.h"
#include "project/success.h"

namespace preflint::project {
namespace {

using py::CallEvent;
using py::Frame;
using py::FrameKind;

constexpr size_t kMaxBetween = 12;  // calls looked at between a copy and its message

/// Functions that copy, and raise when they fail.
bool raising_copy(const CallEvent& call) {
  if (one_of(call.origin, {"shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree",
                           "shutil.move", "shutil.make_archive", "shutil.unpack_archive",
                           "distutils.dir_util.copy_tree", "os.rename", "os.replace"})) {
    return true;
  }
  return call.origin.starts_with("huggingface_hub.") &&
         one_of(call.method.empty() ? call.origin.substr(16) : call.method,
                {"upload_file", "upload_folder", "upload_large_folder"});
}

bool starts_process(const CallEvent& call) {
  return one_of(call.origin, {"os.system", "subprocess.run", "subprocess.call", "subprocess.Popen",
                              "subprocess.check_call", "subprocess.check_output"});
}

/// The copying command of the shell text or argument list that a call runs; null when there is
/// none.
const shell::CommandEvent* shell_copy(const Run& run, const CallEvent& call) {
  for (const Run* child : run.children) {
    if (!child->shell || child->launch_span != call.span ||
        &child->unit->file() != &call.file->syntax.source.file())
      continue;
    for (const shell::CommandEvent& event : child->shell->commands) {
      if (is_copy(event)) return &event;
    }
  }
  return nullptr;
}

/// The try statement, `with suppress(…)` around a call that lets its exception pass without a word;
/// null when there is none.
const Frame* silencer(const CallEvent& call) {
  for (const Frame* at = call.frame; at; at = at->parent) {
    if (at->kind == FrameKind::with) {
      const bool suppresses =
          std::any_of(at->mentions.begin(), at->mentions.end(),
                      [](const std::string& name) { return name == "contextlib.suppress"; });
      if (suppresses) return at;
    }
    if (at->kind != FrameKind::try_body || !at->file) continue;
    const py::Stmt* statement = statement_at(at->file->syntax, at->span.begin, py::StmtKind::try_);
    if (!statement) return nullptr;
    for (const py::Block& handler : statement->blocks) {
      const bool silent =
          std::all_of(handler.body.begin(), handler.body.end(), [](const py::Stmt* s) {
            const bool constant = s->kind == py::StmtKind::expression && !s->exprs.empty() &&
                                  s->exprs[0]->kind != py::ExprKind::call;
            return s->kind == py::StmtKind::pass || constant;
          });
      if (silent) return at;
    }
    return nullptr;  // a handler says something, or raises
  }
  return nullptr;
}

/// Is the message reached when what `silencer` encloses has failed?
bool reached_after(const CallEvent& message, const Frame& silencer) {
  for (const Frame* at = message.frame; at; at = at->parent) {
    if (at == &silencer) return false;
  }
  if (silencer.kind == FrameKind::with) return true;
  const py::Stmt* statement =
      statement_at(silencer.file->syntax, silencer.span.begin, py::StmtKind::try_);
  if (!statement || message.file != silencer.file) return true;
  const bool inside =
      statement->span.begin <= message.span.begin && message.span.end <= statement->span.end;
  const bool finally =
      !statement->final.empty() && statement->final.front()->span.begin <= message.span.begin;
  return !inside || finally;
}

/// The names by which what the function around the `try` gives back is known where the message
/// stands: `ok = save(image)`, and the function's own in `if save(image):`.
void add_results(const Frame& silencer, const CallEvent& message, std::set<std::string>& out) {
  static const RE2 kAssigned(R"(([A-Za-z_][\w.]*)\s*(?::[^=\n]*)?=\s*$)");
  for (const Frame* at = silencer.parent; at; at = at->parent) {
    if (at->kind != FrameKind::function || !at->file) continue;
    if (within(message.frame, at)) return;
    out.insert(at->name);
    const std::string_view text = at->file->syntax.source.text();
    const size_t line = text.rfind('\n', at->span.begin) + 1;
    std::string name;
    if (RE2::PartialMatch(text.substr(line, at->span.begin - line), kAssigned, &name))
      out.insert(name);
  }
}

/// Does the program write down in the `try` how the copy ended (`saved = True`,
/// `failed.append(f)`), and ask for it before it prints the message?
bool recorded(const Frame& silencer, const CallEvent& message) {
  if (silencer.kind == FrameKind::with) return false;
  const py::Module& module = silencer.file->syntax;
  const py::Stmt* statement = statement_at(module, silencer.span.begin, py::StmtKind::try_);
  if (!statement) return false;
  static const RE2 kSet(
      R"((?m:^[ \t]*(?:nonlocal |global )?([A-Za-z_][\w.]*)(?:\s*[-+|]?=[^=]|\.(?:append|add|extend|update)\()))");
  const std::string_view text = module.slice(statement->span);
  re2::StringPiece rest(text.data(), text.size());
  std::set<std::string> set;
  for (std::string name; RE2::FindAndConsume(&rest, kSet, &name);) set.insert(name);
  add_results(silencer, message, set);
  for (const Frame* at = message.frame; at; at = at->parent) {
    const bool asks = std::any_of(at->mentions.begin(), at->mentions.end(),
                                  [&](const std::string& name) { return set.contains(name); });
    if (asks) return true;
  }
  return false;
}

/// Does nobody look at how the process ended?
bool unchecked(const CallEvent& call) {
  if (call.tested) return false;
  const py::Argument* check = call.keyword("check");
  if (check && check->value.truth() != Tri::no) return false;
  return std::none_of(call.read.begin(), call.read.end(), [](const std::string& name) {
    return one_of(name, {"returncode", "check_returncode", "wait", "communicate", "poll"});
  });
}

bool raises(const CallEvent& call) {
  const py::Argument* check = call.keyword("check");
  return (check && check->value.truth() == Tri::yes) ||
         one_of(call.origin, {"subprocess.check_call", "subprocess.check_output"});
}

bool prints(const CallEvent& call) {
  if (call.origin == "builtins.print" || call.origin == "rich.print") return true;
  const bool logger = call.origin.starts_with("logging.") || call.origin.starts_with("loguru.") ||
                      call.origin.starts_with("accelerate.logging.");
  return logger && one_of(call.origin.substr(call.origin.rfind('.') + 1),
                          {"info", "success", "warning", "debug"});
}

std::string printed(const CallEvent& call) {
  std::string out;
  for (const py::Argument& argument : call.arguments) {
    if (!argument.keyword.empty()) continue;
    if (!out.empty()) out += ' ';
    out += argument.value.str().display();
  }
  return out;
}

/// Calls that may stand between a copy and the message about it.
bool incidental(const CallEvent& call) {
  for (const std::string_view start : {"os.path.", "time.", "datetime.", "builtins.", "logging.",
                                       "pathlib.Path().", "str.", "list.", "os.environ."}) {
    if (call.origin.starts_with(start)) return true;
  }
  return one_of(call.origin, {"os.makedirs", "os.mkdir", "os.listdir", "os.getcwd", "os.sync"}) ||
         call.project;
}

/// Does the text name a file or folder that was copied?
bool names(const std::string& text, const CallEvent& copy, const shell::CommandEvent* command) {
  const auto named = [&](const std::string& path) {
    const std::string base = paths::basename(path);
    return base.size() >= 4 && text.find(base) != std::string::npos;
  };
  if (command) {
    return std::any_of(command->arguments.begin(), command->arguments.end(),
                       [&](const shell::Argument& argument) {
                         const std::string shown = argument.value.display();
                         return !shown.starts_with('-') && named(shown);
                       });
  }
  return std::any_of(copy.arguments.begin(), copy.arguments.end(),
                     [&](const py::Argument& argument) {
                       return argument.value.is_string() && named(argument.value.text().display());
                     });
}

}  // namespace

std::vector<PythonCopy> unchecked_python_copies(const Run& run,
                                                const std::vector<std::string>& words) {
  std::vector<PythonCopy> out;
  const auto& calls = run.python->calls;
  for (size_t i = 0; i < calls.size(); ++i) {
    const CallEvent& message = calls[i];
    if (!prints(message)) continue;
    const std::string text = printed(message);
    if (!claims_success(text, words)) continue;
    bool direct = true;
    for (size_t k = i, steps = 0; k-- > 0 && steps < kMaxBetween; ++steps) {
      const CallEvent& copy = calls[k];
      const bool library = raising_copy(copy);
      const shell::CommandEvent* command =
          !library && starts_process(copy) ? shell_copy(run, copy) : nullptr;
      if (!library && !command) {
        direct = direct && incidental(copy);
        continue;
      }
      if (copy.function() != message.function() && !direct) break;
      if (!direct && !names(text, copy, command)) continue;
      const Frame* silent = library || raises(copy) ? silencer(copy) : nullptr;
      const bool hidden = silent ? reached_after(message, *silent) && !recorded(*silent, message)
                                 : command && !raises(copy) && unchecked(copy);
      if (hidden) out.push_back({&copy, &message, command ? command->name : copy.origin});
      break;  // it speaks of this one
    }
  }
  return out;
}

}  // namespace preflint::project
