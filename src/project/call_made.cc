#include "project/call_made.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "base/one_of.h"
#include "base/text.h"
#include "project/named_switches.h"
#include "project/python_statements.h"
#include "project/uncalled.h"
#include "project/unset_switches.h"

namespace preflint::project {
namespace {

using py::CallEvent;
using py::FrameKind;

constexpr std::string_view kProcesses[] = {
    "rank",    "main_process",   "master",      "primary",    "process_index", "global_zero",
    "is_main", "is_initialized", "distributed", "world_size", "process_zero",  "chief"};

constexpr std::string_view kSettings[] = {"cfg",  "conf", "CFG",   "CONF",    "Conf",  "param",
                                          "yaml", "json", "hydra", "setting", "hparam"};

/// What a tracker is switched by.
constexpr std::string_view kSwitches[] = {"wandb",  "debug",   "log",    "track",
                                          "report", "offline", "online", "tensorboard",
                                          "writer", "tb",      "summary"};

/// `config = parser.parse_args()`: is a mention `config.wandb` an option of the launch, whatever
/// the variable is called?
bool parsed_option(const Run& run, const std::string& mention) {
  const size_t dot = mention.find('.');
  if (dot == std::string::npos || mention.rfind('.') != dot) return false;
  const std::string root = mention.substr(0, dot), attribute = mention.substr(dot + 1);
  const auto names = [&](const CallEvent& call) {
    if (call.method != "add_argument") return false;
    const py::Argument* dest = call.keyword("dest");
    if (dest) return dest->value.text().is(attribute);
    return std::any_of(call.arguments.begin(), call.arguments.end(), [&](const py::Argument& flag) {
      std::string name = flag.value.text().constant().value_or("");
      name.erase(0, std::min(name.find_first_not_of('-'), name.size()));
      std::replace(name.begin(), name.end(), '-', '_');
      return flag.keyword.empty() && name == attribute;
    });
  };
  const auto otherwise = [&](const py::AssignEvent& event) {
    return event.target == root &&
           event.file->syntax.slice(event.value_span).find("parse_") == std::string_view::npos;
  };
  return std::any_of(run.python->calls.begin(), run.python->calls.end(), names) &&
         std::none_of(run.python->assignments.begin(), run.python->assignments.end(), otherwise);
}

/// The rest of a block behind `if …: raise`: whoever does not come there sees an error.
bool behind_refusal(const py::Frame& frame) {
  if (frame.kind != FrameKind::after_exit || !frame.file) return false;
  bool refuses = false;
  each_statement(frame.file->syntax, [&](const py::Stmt& statement) {
    if (statement.kind == py::StmtKind::if_ && !statement.blocks.empty() &&
        statement.blocks[0].test && statement.blocks[0].test->span == frame.span)
      refuses = ends_program(statement.blocks[0].body);
  });
  return refuses;
}

/// Does the condition only ask whether TensorBoard is there, which the images have: `if HAS_TB:`
/// behind `try: from torch.utils.tensorboard import …; HAS_TB = True except ImportError: …`?
bool asks_for_tensorboard(const Run& run, const py::Frame& frame) {
  constexpr std::string_view kModule = "torch.utils.tensorboard";
  const auto told_by_import = [&](const std::string& mention) {
    const auto of_import = [&](const py::AssignEvent& event) {
      if (event.target != mention) return false;
      const py::Frame* handler = py::enclosing(event.frame, FrameKind::handler);
      return handler && std::any_of(run.python->imports.begin(), run.python->imports.end(),
                                    [&](const py::ImportEvent& import) {
                                      return import.file == event.file && import.frame &&
                                             import.frame->kind == FrameKind::try_body &&
                                             import.frame->parent == handler->parent &&
                                             import.module.starts_with(kModule);
                                    });
    };
    return mention.starts_with(kModule) ||
           std::any_of(run.python->assignments.begin(), run.python->assignments.end(), of_import);
  };
  const auto& mentions = frame.undecided.empty() ? frame.mentions : frame.undecided;
  return !mentions.empty() && std::all_of(mentions.begin(), mentions.end(), told_by_import);
}

}  // namespace

bool named_as_settings(std::string_view name) {
  return std::any_of(std::begin(kSettings), std::end(kSettings), [&](std::string_view word) {
    return name.find(word) != std::string_view::npos;
  });
}

bool names_process(std::string_view text) {
  return std::any_of(std::begin(kProcesses), std::end(kProcesses), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

bool asks_which_process(const py::Frame& frame) {
  bool some = false;
  const auto& mentions = frame.undecided.empty() ? frame.mentions : frame.undecided;
  const bool only = std::all_of(mentions.begin(), mentions.end(), [&](const std::string& mention) {
    const std::string name = lower(mention);
    if (one_of(name, {"os.environ.get", "os.environ", "os.getenv", "environ", "environ.get", "int",
                      "str", "builtins.int", "builtins.str", "-1", "0", "1", ""}))
      return true;
    const bool asks = names_process(name);
    some |= asks;
    return asks;
  });
  return some && only;
}

bool switched_by_file(const Run& run, const CallEvent& call) {
  const auto by_file = [&](const std::string& mention) {
    const std::string low = lower(mention);
    const auto has = [&](std::string_view word) { return low.find(word) != std::string::npos; };
    if (has("rank") || has("main") || has("master")) return false;
    return std::any_of(std::begin(kSwitches), std::end(kSwitches), has) &&
           !parsed_option(run, mention) && named_as_settings(mention);
  };
  const auto asks_by_key = [&](const py::Frame& frame) {
    const std::vector<std::string> keys = keys_asked(run, frame);
    return std::any_of(keys.begin(), keys.end(), by_file);
  };
  for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
    if (frame->conditional() &&
        (std::any_of(frame->mentions.begin(), frame->mentions.end(), by_file) ||
         asks_by_key(*frame)))
      return true;
  }
  return false;
}

bool decides(const Run& run, const py::Frame& frame) {
  return frame.conditional() && !(frame.by_default && run.entry()) && !asks_which_process(frame) &&
         !behind_refusal(frame);
}

Tri call_made(const Context& context, const Run& run, const CallEvent& call) {
  if (context.shared<UnnamedFunctions>().hold(run, call.frame) || not_come_to(run, call.frame))
    return Tri::no;
  const Tri on = switched_on(context, run, call);
  if (on == Tri::no || (on == Tri::maybe && (call.unexpected() || switched_by_file(run, call))) ||
      behind_unset_switch(context, run, call))
    return Tri::no;
  for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
    if (frame->kind == FrameKind::uncalled || frame->kind == FrameKind::handler ||
        (decides(run, *frame) && !asks_for_tensorboard(run, *frame) && on != Tri::yes))
      return Tri::maybe;
  }
  return Tri::yes;
}

}  // namespace preflint::project
