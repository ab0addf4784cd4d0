#include "project/unchecked_copy.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <set>

#include "base/one_of.h"
#include "base/text.h"
#include "catalog/profile.h"
#include "project/asked_before.h"
#include "project/success.h"

namespace preflint::project {
namespace {

using shell::CommandEvent;
using shell::FrameKind;

/// Commands that may stand between a copy and the message about it.
bool incidental(const CommandEvent& event) {
  if (event.function_call) return true;  // what it runs is looked at by itself
  for (const std::string_view name :
       {"echo",  "printf", "logger",   "mkdir",  "sleep", "cd",    "ls",    "date",
        "sync",  "wait",   "[",        "test",   "rm",    "chmod", "du",    "true",
        ":",     "set",    "export",   "tee",    "cat",   "local", "touch", "popd",
        "pushd", "break",  "continue", "return", "exit"}) {
    if (event.name == name) return true;
  }
  return false;
}

/// As a word of its own: "workspaces" is no "workspace".
bool has_name(std::string_view text, std::string_view name) {
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const size_t end = at + name.size();
    if ((at == 0 || !letter(text[at - 1]) || !letter(name.front())) &&
        (end == text.size() || !letter(text[end]) || !letter(name.back())))
      return true;
  }
  return false;
}

/// Does the text name the file or folder that was copied?
bool names(const std::string& text, const CommandEvent& copy) {
  for (const shell::Argument& argument : copy.arguments) {
    const std::string shown = argument.value.display();
    if (shown.starts_with("-")) continue;
    const std::string base = paths::basename(shown);
    // What is not known is no name: two holes that look alike need not be.
    if (base.size() >= 4 && base.find('{') == std::string::npos && has_name(text, base))
      return true;
  }
  return false;
}

/// `jq … a.json > tmp && mv tmp a.json`: it edits a file and copies nothing.
bool puts_back(const CommandEvent& copy) {
  const shell::Frame* right = copy.enclosing(FrameKind::and_or_right);
  const shell::Argument* from = copy.operand();
  if (copy.name != "mv" || !right || right->or_operator || !from || copy.operand(2)) return false;
  if (right->text != copy.unit) return false;
  const std::string_view word = copy.unit->source.slice(from->span);
  const std::string_view before =
      copy.unit->source.slice({right->and_or->span.begin, copy.span.begin});
  return before.find("> " + std::string(word)) != std::string_view::npos ||
         before.find(">" + std::string(word)) != std::string_view::npos;
}

/// The innermost frame of a kind, in the function that the copy stands in.
const shell::Frame* around(const CommandEvent& copy, FrameKind kind) {
  for (const shell::Frame* frame = copy.frame; frame && frame->kind != FrameKind::function;
       frame = frame->parent) {
    if (frame->kind == kind) return frame;
  }
  return nullptr;
}

/// `copy || return 1`: the failure is handed on.
bool hands_on(const Run& run, const shell::AndOr* list) {
  const auto leaves = [&](const CommandEvent& event) {
    if (event.name != "return" && event.name != "exit") return false;
    const shell::Frame* right = around(event, FrameKind::and_or_right);
    return right && right->and_or == list && right->or_operator;
  };
  return std::any_of(run.shell->commands.begin(), run.shell->commands.end(), leaves);
}

bool masked(const Run& run, const CommandEvent& copy) {
  if (around(copy, FrameKind::background) || around(copy, FrameKind::pipeline)) return true;
  const shell::Frame* left = around(copy, FrameKind::and_or_left);
  if (left && left->or_operator && !hands_on(run, left->and_or)) return true;
  if (left && !left->or_operator) {  // a && b || true
    for (const shell::AndOr::Operator op : left->and_or->operators) {
      if (op == shell::AndOr::or_if) return true;
    }
  }
  for (const shell::RedirectEvent& redirect : copy.redirects) {
    if (redirect.redirect->fd == 2 && redirect.target.is("/dev/null")) return true;
    const bool both = redirect.redirect->kind == shell::RedirectKind::both;
    if (both && redirect.target.is("/dev/null")) return true;
  }
  return false;
}

/// How a script meets the jobs that it put into the background: not at all, by a bare `wait`, which
/// gives 0 whatever they did, or in some way that may tell how they ended.
enum class Met : uint8_t { never, blindly, asked };

Met met(const Run& run, const CommandEvent& copy, const CommandEvent& message) {
  const shell::Frame* job = copy.frame;
  while (job && (job->kind != FrameKind::background || encloses(job, message.frame)))
    job = job->parent;
  if (!job) return Met::never;
  const auto& commands = run.shell->commands;
  const CommandEvent* wait = nullptr;
  for (int i = copy.index + 1; i < message.index; ++i) {
    const CommandEvent& event = commands[static_cast<size_t>(i)];
    if (event.name == "wait" && !encloses(job, event.frame)) {
      if (!event.arguments.empty()) return Met::asked;
      wait = &event;
    }
    // What leaves the script behind the jobs has some reason: a file that they wrote, a count.
    if (wait && (event.name == "exit" || event.name == "return")) return Met::asked;
  }
  if (!wait) return Met::never;
  // `wait; if [ ! -s failed.txt ]; then echo "uploaded"; fi`
  for (const shell::Frame* frame = message.frame; frame; frame = frame->parent) {
    const bool decides = frame->kind == FrameKind::if_body || frame->kind == FrameKind::case_body ||
                         frame->kind == FrameKind::and_or_right;
    if (decides && !encloses(frame, copy.frame) && !encloses(frame, wait->frame) &&
        !(frame->and_or && wait->enclosing(FrameKind::and_or_left) &&
          wait->enclosing(FrameKind::and_or_left)->and_or == frame->and_or))
      return Met::asked;
  }
  return Met::blindly;
}

/// What a script sets by how the copy ended: `copy || failed=1`, `if copy; then ok=true; fi`,
/// `copy || ((errors++))`. Read from the text of what the status decides.
std::set<std::string> flags_of(const CommandEvent& copy) {
  static const RE2 kSet(
      R"((?:^|[\s;({])(?:let\s+["']?)?(?:(?:\+\+|--)([A-Za-z_]\w*)|([A-Za-z_]\w*)(?:\+\+|--|\s*[-+]?=[^=])))");
  std::set<std::string> out;
  for (const shell::Frame* frame = copy.frame; frame; frame = frame->parent) {
    const Unit* unit = frame->text;
    std::string_view text;
    if (frame->kind == FrameKind::and_or_left) text = unit->source.slice(frame->and_or->span);
    if (frame->kind == FrameKind::if_condition) text = unit->source.slice(frame->command->span);
    std::string counted, name;
    re2::StringPiece rest(text.data(), text.size());
    while (RE2::FindAndConsume(&rest, kSet, &counted, &name))
      out.insert(counted.empty() ? name : counted);
  }
  return out;
}

bool mentions(std::string_view text, const std::set<std::string>& names) {
  static const RE2 kWord(R"(([A-Za-z_]\w*))");
  std::string name;
  re2::StringPiece rest(text.data(), text.size());
  while (RE2::FindAndConsume(&rest, kWord, &name)) {
    if (names.contains(name)) return true;
  }
  return false;
}

/// Does one of the variables decide whether the command runs?
bool depends_on(const CommandEvent& event, const std::set<std::string>& names) {
  for (const shell::Frame* frame = event.frame; frame; frame = frame->parent) {
    const auto slice = [&](Span span) { return frame->text->source.slice(span); };
    if (frame->kind == FrameKind::and_or_right || frame->kind == FrameKind::and_or_left) {
      for (size_t i = 0; i < frame->index; ++i) {
        if (mentions(slice(frame->and_or->pipelines[i].span), names)) return true;
      }
    } else if (frame->kind == FrameKind::if_body) {
      const auto& clauses = frame->command->clauses;
      for (size_t i = 0; i < clauses.size() && i <= frame->index; ++i) {
        if (mentions(slice(clauses[i].condition.span), names)) return true;
      }
    } else if (frame->kind == FrameKind::case_body) {
      if (mentions(slice(frame->command->subject.span), names)) return true;
    }
  }
  return false;
}

/// Has the script written down how the copy ended, and asks for it before it prints the message?
bool recorded(const Run& run, const CommandEvent& copy, const CommandEvent& message) {
  const std::set<std::string> names = flags_of(copy);
  if (names.empty()) return false;
  if (depends_on(message, names)) return true;
  const auto& commands = run.shell->commands;
  return std::any_of(
      commands.begin() + copy.index + 1, commands.begin() + message.index,
      [&](const CommandEvent& event) {
        return (event.name == "exit" || event.name == "return" || event.name == "continue") &&
               depends_on(event, names);
      });
}

/// "copied $ok files": a message that gives the number of successes, which the script has counted.
bool tally(const Run& run, const CommandEvent& message) {
  const std::string_view text = message.unit->source.slice(message.span);
  const std::string_view whole = message.unit->source.text();
  for (size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    size_t begin = at + 1;
    if (begin < text.size() && text[begin] == '{') ++begin;
    size_t end = begin;
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
      ++end;
    if (end == begin) continue;
    const std::string name(text.substr(begin, end - begin));
    if (whole.find("((" + name) != std::string_view::npos ||
        whole.find("let " + name) != std::string_view::npos)
      return true;
    for (const shell::AssignmentEvent& event : run.shell->assignments) {
      if (event.name == name && event.unit == message.unit &&
          event.unit->source.slice(event.value_span).find("$((") != std::string_view::npos)
        return true;
    }
  }
  return false;
}

/// Does a text speak of copies?
bool of_copies(const std::string& low) {
  return holds_any(
      low, {"sync",     "sav",    "upload",  "back",   "cop",  "mov",  "transfer", "migrat", "push",
            "download", "archiv", "extract", "unpack", "同步", "保存", "上传",     "备份",   "复制",
            "拷贝",     "移动",   "迁移",    "推送",   "下载", "打包", "解压"});
}

/// `copy`, and then `if [ $? -eq 0 ]`: does the command ask how the copy ended?
bool asks_status_of(const CommandEvent& copy, const shell::Frame& body) {
  for (const shell::Frame* at = copy.frame; at; at = at->parent) {
    if (at->kind == FrameKind::if_condition && at->command == body.command) return true;
  }
  const auto& clauses = body.command->clauses;
  const uint32_t end = copy.command->span.end;
  if (body.text != copy.unit || clauses.empty() || body.command->span.begin < end) return false;
  const Source& source = copy.unit->source;
  if (source.slice(clauses[0].condition.span).find("$?") == std::string_view::npos) return false;
  std::string_view between = source.slice({end, body.command->span.begin});
  while (!between.empty()) {
    const std::string_view line = trimmed(take_line(between));
    if (!line.empty() && line != ";" && !line.starts_with('#')) return false;
  }
  return true;
}

/// Is the reader told where the copy failed: `if copy; then …; else echo "failed: x"; fi`?
bool announced(const Run& run, const CommandEvent& copy, const CommandEvent& message) {
  const auto& commands = run.shell->commands;
  return std::any_of(
      commands.begin() + copy.index + 1, commands.begin() + message.index,
      [&](const CommandEvent& event) {
        const std::string said = lower(printed_text(event));
        static const RE2 kFailure(R"(fail|error|could not|unable|失败|错误|出错|异常)");
        if (said.empty() || !RE2::PartialMatch(said, kFailure)) return false;
        for (const shell::Frame* frame = event.frame; frame; frame = frame->parent) {
          if (frame->kind == FrameKind::if_body && asks_status_of(copy, *frame)) return true;
        }
        return false;
      });
}

/// Has a message between the two said already that the copy is done? What then closes the whole
/// and speaks of no copy is about more than that.
bool claimed(const Context& context, const Run& run, const CommandEvent& copy,
             const CommandEvent& message) {
  const auto& commands = run.shell->commands;
  return std::any_of(commands.begin() + copy.index + 1, commands.begin() + message.index,
                     [&](const CommandEvent& event) {
                       const std::string said = printed_text(event);
                       return !said.empty() &&
                              claims_success(said, context.profile().success_words);
                     });
}

/// Is the message printed by a function that does something before, and in which the copy does not
/// stand? It tells of what that function did: `extract_frames "$scene"` behind the copy of the
/// scene.
bool in_other_step(const Run& run, const CommandEvent& copy, const CommandEvent& message) {
  for (const shell::Frame* at = message.frame; at; at = at->parent) {
    if (at->kind != FrameKind::function) continue;
    if (encloses(at, copy.frame)) return false;
    for (int i = message.index - 1; i > copy.index; --i) {
      const CommandEvent& before = run.shell->commands[static_cast<size_t>(i)];
      if (encloses(at, before.frame) && !incidental(before)) return true;
    }
  }
  return false;
}

/// Does the message stand right behind a command that does something else than copying? It tells
/// of that one: `ln -s "$disk" "$cache"; echo "$cache now leads to the data disk"`.
bool behind_another(const Run& run, const CommandEvent& message) {
  if (message.index == 0) return false;
  const CommandEvent& before = run.shell->commands[static_cast<size_t>(message.index) - 1];
  return before.frame == message.frame && !incidental(before) && !is_copy(before);
}

/// Does the message speak of something else than the copies before it: "Setup complete" and the
/// like?
bool of_something_else(const std::string& text) {
  const std::string low = lower(text);
  if (of_copies(low)) return false;
  return holds_any(low, {"setup",    "set up",  "install", "build",  "built", "environment",
                         "training", "trained", "compil",  "test",   "eval",  "initiali",
                         "clean",    "delet",   "安装",    "环境",   "训练",  "构建",
                         "编译",     "测试",    "评估",    "初始化", "清理",  "删除"});
}

/// Does the text print what the function around it was given: `"$1"`, or `"$msg"` after
/// `msg="$1"`?
bool prints_argument(std::string_view text, std::string_view whole) {
  for (const std::string_view given : {"$*", "$@", "$1", "${1", "${*", "${@"}) {
    if (text.find(given) != std::string_view::npos) return true;
  }
  static const RE2 kVariable(R"(\$\{?([A-Za-z_]\w*))");
  std::string name;
  re2::StringPiece rest(text.data(), text.size());
  while (RE2::FindAndConsume(&rest, kVariable, &name)) {
    for (const std::string_view value : {"=\"$1\"", "=$1", "=\"$*\"", "=\"$@\"", "=\"${1"}) {
      if (whole.find(name + std::string(value)) != std::string_view::npos) return true;
    }
  }
  return false;
}

}  // namespace

Written written_at(const CommandEvent& message) {
  const std::string_view text = message.unit->source.slice(message.span);
  const shell::Frame* call = message.enclosing(FrameKind::function);
  if (call && call->unit && prints_argument(text, message.unit->source.text()))
    return {call->unit, call->span, call->parent};
  return {message.unit, message.span, message.frame};
}

std::optional<UncheckedCopy> unchecked_copy(const Context& context, const Run& run,
                                            const CommandEvent& message) {
  const std::string text = printed_text(message);
  if (text.empty() || !message.state.may_have_failed ||
      !claims_success(text, context.profile().success_words))
    return std::nullopt;
  // What it says of the files it has counted there.
  const bool counts = std::any_of(
      message.arguments.begin(), message.arguments.end(), [](const shell::Argument& argument) {
        return argument.value.display().find("$(wc)") != std::string::npos;
      });
  if (counts || tally(run, message)) return std::nullopt;
  const auto& commands = run.shell->commands;
  const CommandEvent* nearest = nullptr;
  bool direct = true;
  for (int i = message.index - 1; i >= 0; --i) {
    const CommandEvent& before = commands[static_cast<size_t>(i)];
    if (is_copy(before)) {
      nearest = &before;
      break;
    }
    if (!incidental(before)) direct = false;
    if (message.index - i > 12) break;
  }
  if (nearest && (decided_by(*nearest, message.frame) || recorded(run, *nearest, message)))
    return std::nullopt;
  if (nearest && direct && of_something_else(text) && !names(text, *nearest)) return std::nullopt;
  // "All items processed" behind the failures that were told one by one claims none of the copies.
  if (nearest && direct && !of_copies(lower(text)) && !names(text, *nearest) &&
      announced(run, *nearest, message))
    return std::nullopt;
  if (nearest && puts_back(*nearest) && !names(text, *nearest)) direct = false;
  const auto found = [&](const CommandEvent& copy) -> std::optional<UncheckedCopy> {
    if (!of_copies(lower(text)) && claimed(context, run, copy, message)) return std::nullopt;
    const Met jobs = met(run, copy, message);
    if (jobs == Met::asked) return std::nullopt;
    const bool waited = jobs == Met::blindly;
    return UncheckedCopy{&copy, waited || masked(run, copy), waited};
  };
  if (nearest && direct && message.state.failed(nearest->index)) return found(*nearest);
  if (nearest && direct) return std::nullopt;  // it speaks of a copy that was checked
  for (const int site : *message.state.may_have_failed) {
    const CommandEvent& copy = commands[static_cast<size_t>(site)];
    if (is_copy(copy) && names(text, copy) && !of_something_else(text) &&
        !decided_by(copy, message.frame) && !recorded(run, copy, message) &&
        (of_copies(lower(text)) ||
         (!in_other_step(run, copy, message) && !behind_another(run, message))))
      return found(copy);
  }
  return std::nullopt;
}

}  // namespace preflint::project
