#include "project/uncalled.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "base/text.h"
#include "model/python/trace.h"
#include "project/guides.h"
#include "project/python_statements.h"

namespace preflint::project {
namespace {

/// `fire.Fire()` makes a command of each function of its file.
constexpr std::string_view kByName[] = {"fire.Fire(", "Fire()", "globals()",          "locals()",
                                        "vars()",     "eval(",  "getattr(sys.modules"};

/// Is the text of this run written in a function of its parent that nothing calls?
bool started_uncalled(const Run& run) {
  if (const shell::CommandEvent* launcher = run.launcher()) return launcher->uncalled();
  if (!run.parent->python) return false;
  const auto& calls = run.parent->python->calls;
  return std::any_of(calls.begin(), calls.end(), [&](const py::CallEvent& call) {
    return call.uncalled() && call.span == run.launch_span &&
           (!run.launch_file || call.file == run.launch_file);
  });
}

bool name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Does a text say a name where it is neither defined nor remarked upon, nor that of a file?
bool says(std::string_view text, std::string_view name) {
  for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::string_view before = text.substr(0, at), behind = text.substr(at + name.size());
    if (!before.empty() && name_byte(before.back())) continue;
    if (!behind.empty() && name_byte(behind.front())) continue;
    if (behind.starts_with(".py") || behind.starts_with(".sh")) continue;
    const std::string_view line = before.substr(before.rfind('\n') + 1);
    if (trimmed(line).ends_with("def") || line.find('#') != std::string_view::npos) continue;
    return true;
  }
  return false;
}

/// Does a file call functions by names that it is given?
bool calls_by_name(std::string_view text) {
  return std::any_of(std::begin(kByName), std::end(kByName), [&](std::string_view word) {
    for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
      // `model.eval()` is a method of something else.
      const char before = at == 0 ? '\n' : text[at - 1];
      if (!name_byte(before) && (before != '.' || word == "Fire(")) return true;
    }
    return false;
  });
}

/// Does pytest call a function of this name in this file?
bool collected(const std::string& path, std::string_view name) {
  const std::string file = paths::basename(path);
  return name.starts_with("test") && (file.starts_with("test") || file.ends_with("_test.py"));
}

/// The definition around a frame that is a plain function which nothing calls; null when it is a
/// method, decorated or collected by pytest.
const py::Stmt* plain_uncalled(const Run& run, const py::Frame* frame) {
  if (!frame || !frame->file || !frame->class_name.empty() ||
      collected(frame->file->path, frame->name) || run.unit->file().kind == FileKind::notebook)
    return nullptr;
  const py::Stmt* function = statement_around(frame->file->syntax, frame->span);
  const bool plain =
      function && function->kind == py::StmtKind::function && function->decorators.empty();
  return plain ? function : nullptr;
}

/// Is this a program: started by something of the project, or with a main part?
bool program(const Run& run) {
  return run.parent || run.unit->source.text().find("__main__") != std::string_view::npos;
}

/// Does an expression hold a function by its name, otherwise than to call it?
bool holds_function(const py::Expr* expr, std::string_view name, bool callee = false) {
  if (!expr) return false;
  const bool named = (expr->kind == py::ExprKind::name || expr->kind == py::ExprKind::attribute) &&
                     expr->text == name;
  if (named && !callee) return true;
  const bool calls = expr->kind == py::ExprKind::call;
  for (size_t i = 0; i < expr->children.size(); ++i) {
    if (holds_function(expr->children[i], name, calls && i == 0)) return true;
  }
  for (const py::Clause& clause : expr->clauses) {
    if (holds_function(clause.iterable, name)) return true;
  }
  return false;
}

/// Is a function by this name passed on, kept or renamed in the file?
bool passed_on(const py::Module& file, std::string_view name) {
  bool out = false;
  each_statement(file, [&](const py::Stmt& s) {
    const auto holds = [&](const py::Expr* expr) { return holds_function(expr, name); };
    out = out || std::any_of(s.exprs.begin(), s.exprs.end(), holds) ||
          std::any_of(s.decorators.begin(), s.decorators.end(), holds) ||
          std::any_of(s.blocks.begin(), s.blocks.end(),
                      [&](const py::Block& block) { return holds(block.test); }) ||
          std::any_of(s.names.begin(), s.names.end(), [&](const py::Alias& alias) {
            return alias.name == name && !alias.alias.empty() && alias.alias != name;
          });
  });
  return out;
}

}  // namespace

bool not_come_to(const Run& run, const py::Frame* frame) {
  frame = py::enclosing(frame, py::FrameKind::uncalled);
  if (!run.python || run.python->incomplete || !program(run) || !plain_uncalled(run, frame))
    return false;
  return std::none_of(
      run.python->files.begin(), run.python->files.end(), [&](const py::ProgramFile& file) {
        return calls_by_name(file.syntax.source.text()) || passed_on(file.syntax, frame->name);
      });
}

bool uncalled(const Run& run, const shell::CommandEvent& event) {
  return event.uncalled() || uncalled(run);
}

bool uncalled(const Run& run) {
  // A script of its own is there to be started by hand as well.
  for (const Run* at = &run; at->parent && at->unit->parent; at = at->parent) {
    if (started_uncalled(*at)) return true;
  }
  return false;
}

namespace {

/// `"$@"`, `"$COMMAND"`, `"cmd_${1:-train}"`, `eval "$STEP"`: may a command be a function of this
/// name, given another value than the default?
bool may_call(const shell::CommandEvent& command, std::string_view name) {
  if (command.name.empty() && !command.function_call && !command.word.constant()) return true;
  if (command.name == "eval" && !command.arguments.empty()) {
    // `eval "$(conda shell.bash hook)"` is no call of the script's own.
    const std::string_view text = command.unit->source.slice(command.arguments[0].span);
    if (text.find('$') != std::string_view::npos && text.find("$(") == std::string_view::npos)
      return true;
  }
  const std::string_view written = command.unit->source.slice(command.word.span);
  const size_t dollar = written.find('$');
  if (dollar == std::string_view::npos) return false;
  if (command.function_call) return true;
  const size_t quote = written.starts_with('"') ? 1 : 0;
  return dollar > quote && name.starts_with(written.substr(quote, dollar - quote));
}

}  // namespace

bool UnnamedShellFunctions::hold(const Run& run, const shell::CommandEvent& event) const {
  const shell::Frame* function = event.enclosing(shell::FrameKind::uncalled);
  if (!function || function->unit->parent || run.unit->embedding != Embedding::file) return false;
  const std::string name(function->unit->source.slice(function->span));
  const auto& commands = run.shell->commands;
  return std::none_of(commands.begin(), commands.end(),
                      [&](const shell::CommandEvent& other) { return may_call(other, name); }) &&
         !named(function->unit->file(), name);
}

bool UnnamedShellFunctions::named(const File& defined_in, const std::string& name) const {
  const auto [at, fresh] = named_.try_emplace({defined_in.path, name}, false);
  if (!fresh) return at->second;
  const auto names = [&](const std::shared_ptr<const File>& file) {
    const std::string_view text = file->bytes;
    for (size_t i = text.find(name); i != std::string_view::npos; i = text.find(name, i + 1)) {
      const std::string_view before = text.substr(0, i), behind = text.substr(i + name.size());
      if (!before.empty() && (name_byte(before.back()) || before.back() == '-')) continue;
      if (!behind.empty() && (name_byte(behind.front()) || behind.front() == '-')) continue;
      const std::string_view line = before.substr(before.rfind('\n') + 1);
      const std::string_view head = trimmed(line);
      const bool definition = head == "function" ||
                              (head.empty() && trimmed(behind.substr(0, behind.find(')'))) == "(");
      // `# make_env: …` tells what it is for.
      const bool remark = file->path == defined_in.path && !head.empty() &&
                          head.find_first_not_of("# \t") == std::string_view::npos;
      if (!definition && !remark) return true;
    }
    return false;
  };
  const Program& program = context_.program();
  const auto& guides = context_.shared<Guides>().files;
  at->second = std::any_of(program.files.begin(), program.files.end(), names) ||
               std::any_of(program.kept.begin(), program.kept.end(), names) ||
               std::any_of(guides.begin(), guides.end(), names);
  return at->second;
}

bool UnnamedFunctions::hold(const Run& run, const py::Frame* frame) const {
  frame = py::enclosing(frame, py::FrameKind::uncalled);
  return plain_uncalled(run, frame) && program(run) &&
         !calls_by_name(frame->file->syntax.source.text()) &&
         !named(frame->file->path, frame->name);
}

bool UnnamedFunctions::named(const std::string& path, const std::string& name) const {
  const auto [at, fresh] = named_.try_emplace({path, name}, false);
  if (fresh) {
    // A common word, `test`, is said in many ways. Who means the function names its module as
    // well, or takes everything from somewhere.
    std::string module = paths::basename(path);
    module.erase(std::min(module.rfind('.'), module.size()));
    const auto names = [&](const std::shared_ptr<const File>& file) {
      if (!says(file->bytes, name)) return false;
      return module == "__init__" || file->path == path ||
             file->bytes.find(module) != std::string::npos ||
             file->bytes.find("import *") != std::string::npos;
    };
    const Program& program = context_.program();
    at->second = std::any_of(program.files.begin(), program.files.end(), names) ||
                 std::any_of(program.kept.begin(), program.kept.end(), names);
  }
  return at->second;
}

}  // namespace preflint::project
