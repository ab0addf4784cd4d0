#include <algorithm>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/box_signs.h"
#include "project/call_made.h"
#include "project/context.h"
#include "project/event_files.h"
#include "project/panel.h"
#include "project/unwritten.h"

namespace preflint::checks {

namespace {

/// Puts the panel's directory before what is written there.
void prefix(project::Context& context, Finding& finding, const project::EventFiles& files) {
  const std::string& panel = context.profile().panel.directory;
  if (!files.call) return;
  if (files.by_default) {
    // SummaryWriter(…): the directory is the first parameter, and nobody gives it.
    const bool first = files.writer == "SummaryWriter" && files.call->arguments.empty() &&
                       !files.call->more_positional;
    const uint32_t at = files.call->span.end - 1;
    if (first && files.call->callee_span.end + 1 == at) {
      context.edit(finding, *files.source, {at, at},
                   "\"" + paths::join(panel, *files.directory.constant()) + "\"");
    }
    return;
  }
  const py::Argument* named = nullptr;
  for (const py::Argument& argument : files.call->arguments) {
    if (argument.span == files.span) named = &argument;
  }
  const auto written = named ? py::source_of(named->value) : std::nullopt;
  if (!written) return;
  const std::string_view text = written->text();
  if (text.starts_with('/')) {
    std::string last = paths::basename(text);
    if (last.find_first_of("${}") != std::string::npos) return;
    context.edit(finding, *written, {0, static_cast<uint32_t>(text.size())}, panel + "/" + last);
    return;
  }
  const uint32_t skip = text.starts_with("./") ? 2 : 0;
  if (text.starts_with("..") || text.starts_with("${")) return;
  context.edit(finding, *written, {0, skip}, panel + "/");
}

/// In a function that nothing calls, a variable of the environment may have replaced the directory
/// that is written there.
bool may_be_replaced(const project::Run& run, const project::EventFiles& files) {
  const py::Frame* function = files.call ? files.call->enclosing(py::FrameKind::uncalled) : nullptr;
  if (!function) return false;
  const bool assumed = std::any_of(files.call->arguments.begin(), files.call->arguments.end(),
                                   [&](const py::Argument& argument) {
                                     return argument.span == files.span && argument.value.assumed;
                                   });
  return assumed &&
         std::any_of(run.python->calls.begin(), run.python->calls.end(),
                     [&](const py::CallEvent& call) {
                       return (call.origin == "os.environ.get" || call.origin == "os.getenv") &&
                              call.enclosing(py::FrameKind::uncalled) == function;
                     });
}

/// Is the directory a default, in a launch that hands over words which are not known?
bool assumed_directory(const project::Run& run, const project::EventFiles& files) {
  return run.parent && files.call &&
         std::any_of(files.call->arguments.begin(), files.call->arguments.end(),
                     [&](const py::Argument& argument) {
                       return argument.span == files.span && argument.value.assumed;
                     });
}

/// `D:/logs`: the program is another machine's.
bool on_a_drive(const Value& directory) {
  return std::all_of(
      directory.alternatives().begin(), directory.alternatives().end(), [](const Text& text) {
        const std::string_view start = text.known_prefix();
        return start.size() > 2 && start[1] == ':' && (start[2] == '/' || start[2] == '\\');
      });
}

/// Does a program that no script starts write to a place of a Mac? Then it runs there (STO011 says
/// nothing of it, either).
bool on_a_mac(const project::Run& run, const project::EventFiles& files) {
  return !run.root().shell && files.directory.constant().value_or("").starts_with("/Users/");
}

/// A path for a message, up to what is not known: nobody would find `{self.scene}` in their code.
std::string known_part(const Text& path) {
  Text out;
  for (const Piece& piece : path.pieces()) {
    const bool place = piece.text == kRootHole || piece.text == kCwdHole;
    if (!piece.known && !place && !out.pieces().empty()) return out.display() + "…";
    if (piece.known)
      out.append(piece.text);
    else
      out.append(Text::hole(piece.text, piece.empty));
  }
  return out.display();
}

/// The frames that leave open whether a writer is made, outermost last.
std::vector<const py::Frame*> open_frames(const project::Run& run, const py::CallEvent& call) {
  std::vector<const py::Frame*> out;
  for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
    if (project::decides(run, *frame)) out.push_back(frame);
  }
  return out;
}

/// `if args.resume: SummaryWriter(a) else: SummaryWriter(b)`, both outside of the panel: one of
/// them is made, whatever the condition says.
bool either_way(const project::Run& run, const py::CallEvent& call,
                const std::vector<const py::CallEvent*>& others) {
  const auto frames = open_frames(run, call);
  return frames.size() == 1 &&
         std::any_of(others.begin(), others.end(), [&](const py::CallEvent* other) {
           const auto of_other = open_frames(run, *other);
           return of_other.size() == 1 && of_other[0]->file == frames[0]->file &&
                  of_other[0]->span == frames[0]->span && of_other[0]->taken != frames[0]->taken;
         });
}

/// `if platform.system() == "Windows":`, the rest behind `if os.path.exists("/root/tf-logs"):
/// return …`: what asks for the machine has a branch for another one, and this is it.
bool for_another_machine(const project::Run& run, const py::CallEvent& call,
                         std::string_view panel) {
  for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
    if (!frame->conditional() || !frame->file) continue;
    const std::string_view test = frame->file->syntax.slice(frame->span);
    for (const std::string_view word :
         {std::string_view("platform.system"), std::string_view("os.name"),
          std::string_view("sys.platform"), panel}) {
      if (test.find(word) != std::string_view::npos) return run.site == Site::instance;
    }
  }
  return false;
}

/// Are the event files sent to a hosted tracker, where their curves are looked at?
bool synced(const project::Context& context, const project::Run& run) {
  return std::any_of(run.python->calls.begin(), run.python->calls.end(),
                     [&](const py::CallEvent& call) {
                       const py::Argument* sync =
                           call.origin == "wandb.init" ? call.keyword("sync_tensorboard") : nullptr;
                       return ((sync && sync->value.truth() == Tri::yes) ||
                               call.origin.starts_with("swanlab.sync_tensorboard")) &&
                              project::call_made(context, run, call) == Tri::yes;
                     });
}

}  // namespace

void tensorboard_dir_outside_panel(project::Context& context) {
  const std::string& panel = context.profile().panel.directory;
  if (panel.empty()) return;
  const project::Panel shown(context);
  const auto check = [&](const project::Run& run) {
    std::vector<project::EventFiles> outside;
    std::vector<const py::CallEvent*> writers;
    for (project::EventFiles& files : project::event_files(context, run)) {
      if (shown.shows(files) != Tri::no || may_be_replaced(run, files) ||
          on_a_drive(files.directory) || on_a_mac(run, files))
        continue;
      if (files.call) writers.push_back(files.call);
      outside.push_back(std::move(files));
    }
    for (const project::EventFiles& files : outside) {
      const Tri made = files.call ? project::call_made(context, run, *files.call) : Tri::yes;
      if (made == Tri::no || (files.call && (project::nothing_written(*run.python, *files.call) ||
                                             for_another_machine(run, *files.call, panel))))
        continue;
      if (project::is_test_file(files.source->file().path, context.program().root)) continue;
      Finding& finding = files.call
                             ? context.report(run, *files.source, files.span, files.call->frame)
                             : context.report(run, *files.command, files.span);
      finding.arguments = {
          {"writer", files.writer},
          {"directory", known_part(paths::normalise(files.directory.alternatives()[0]))},
          {"option", files.option},
          {"panel", panel}};
      const bool may = (made == Tri::maybe && !either_way(run, *files.call, writers)) ||
                       assumed_directory(run, files);
      if (files.by_default)
        finding.message = may ? "default-may" : "default";
      else if (may)
        finding.message = "may";
      if (may || !project::box_shown(context, run, files.source->file()))
        finding.severity = Severity::warning;
      if (files.call && synced(context, run)) finding.severity = Severity::info;
      prefix(context, finding, files);
    }
  };
  context.each_python_run(project::Where::instance, check);
  context.each_shell_run(project::Where::instance, check);
}

}  // namespace preflint::checks
