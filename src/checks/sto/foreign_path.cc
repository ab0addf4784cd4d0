#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/one_of.h"
#include "base/text.h"
#include "catalog/config.h"
#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/box_signs.h"
#include "project/context.h"
#include "project/remote_calls.h"
#include "project/uncalled.h"
#include "project/upkeep.h"

namespace preflint::checks {

namespace {

using shell::CommandEvent;

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// `C:\data`, `D:/data`; `/mnt/c/…` is how WSL sees them.
bool of_windows(std::string_view path) {
  if (path.size() > 2 && letter(path[0]) && path[1] == ':' && (path[2] == '\\' || path[2] == '/'))
    return path.size() < 4 || path[3] != '/';
  return path.size() > 6 && path.starts_with("/mnt/") && letter(path[5]) && path[6] == '/';
}

/// The machine that a path belongs to, as far as it says: somebody's home, a share, a drive.
std::string root_of(std::string_view path) {
  if (of_windows(path)) return std::string(path.substr(0, path[0] == '/' ? 6 : 2));
  return std::string(path.substr(0, path.find('/', path.find('/', 1) + 1)));
}

/// `/home/xxx/data`, `/home/your_name`, `/mnt/path/to/data`: to be filled in, nobody's machine.
bool placeholder(std::string_view path) {
  if (path.find("/path/to/") != std::string_view::npos) return true;
  if (!path.starts_with("/home/") && !path.starts_with("/Users/")) return false;
  const std::string name = lower(paths::basename(root_of(path)));
  return name.find_first_not_of('x') == std::string::npos || name.starts_with("your") ||
         name.starts_with('<') ||
         one_of(name, {"user", "username", "user_name", "user-name", "name"});
}

/// Commands that print, that make such a place, or that fail loudly without it.
bool indifferent(const CommandEvent& event) {
  for (const std::string_view name :
       {"echo",  "printf", "[",       "test",    "[[",    "alias",  "export", "mkdir",
        "mount", "umount", "ln",      "cd",      "pushd", "source", ".",      "rclone",
        "sshfs", "chown",  "useradd", "adduser", "grep",  "sed",    "docker", "rm",
        "ssh",   "scp",    "rsync",   "sftp",    ""}) {
    if (event.name == name) return true;
  }
  return false;
}

/// Does a function of Python only look at a path, or pass it on, as the default of an option or of
/// a dataclass's field?
bool passes_on(const py::CallEvent& call) {
  for (const std::string_view start : {"builtins.print", "builtins.len",
                                       "builtins.str",   "logging.",
                                       "loguru.",        "re.",
                                       "os.path.",       "pathlib.",
                                       "argparse.",      "dataclasses.field",
                                       "warnings.",      "builtins.isinstance",
                                       "sys.",           "builtins.set",
                                       "builtins.list",  "builtins.dict",
                                       "unittest.",      "pytest.",
                                       "os.environ",     "os.getenv"}) {
    if (call.origin.starts_with(start)) return true;
  }
  for (const std::string_view method :
       {"add_argument", "replace",     "startswith",   "endswith",   "split",  "format",
        "strip",        "lstrip",      "rstrip",       "append",     "insert", "extend",
        "info",         "debug",       "warning",      "error",      "join",   "exists",
        "is_file",      "is_dir",      "add",          "get",        "pop",    "setdefault",
        "update",       "relative_to", "set_defaults", "add_option", "option", "count",
        "index",        "find"}) {
    if (call.method == method) return true;
  }
  return false;
}

class Check {
 public:
  explicit Check(project::Context& context) : context_(context), profile_(context.profile()) {
    context.each_command(
        project::Where::instance, {"mkdir", "mount", "ln", "rclone", "sshfs", "useradd", "adduser"},
        [&](const project::Run&, const CommandEvent& event) {
          for (const shell::Argument& argument : event.arguments) {
            if (const auto path = argument.constant(); path && path->starts_with('/'))
              made_.insert(*path);
          }
          if (event.name == "useradd" || event.name == "adduser") made_.insert("/home");
        });
    context.each_assignment(project::Where::instance,
                            [&](const project::Run& run, const shell::AssignmentEvent& event) {
                              const auto value = event.value.constant();
                              if (event.exported == Tri::yes && !(value && foreign(*value, run)))
                                exported_.insert(event.name);
                            });
    context.each_python_run(project::Where::instance, [&](const project::Run& run) {
      for (const py::CallEvent& call : run.python->calls) {
        if (call.uncalled()) continue;
        filled_by(call);
        if (call.is_call_to("builtins.print") || call.method == "write") {
          const py::Argument* text = call.argument(0);
          const std::string line = text ? text->value.constant().value_or("") : "";
          if (line.starts_with("cd /"))
            worked_in(run, line.substr(3, line.find_first_of(" \n;&", 3) - 3));
        }
      }
    });
  }

  /// A place that no instance of the platform has.
  bool foreign(std::string_view path, const project::Run& run) const {
    // Code that only ever runs on Windows is no code for an instance; a launch from a wrapper is.
    const bool launched = run.parent != nullptr && run.root().shell;
    if (of_windows(path)) return launched;
    if (path.starts_with("/Users/") && !run.root().shell) return false;  // a Mac's, likewise
    const bool candidate = std::any_of(
        std::begin(kRoots), std::end(kRoots),
        [&](std::string_view root) { return path.starts_with(root) && path.size() > root.size(); });
    if (!candidate || path.find_first_of("*?{}[]()|\n ") != std::string_view::npos) return false;
    const catalog::Tier* tier = profile_.tier_of(path);
    if (tier && tier->path != "/") return false;
    const auto within = [&](const std::string& folder) { return paths::under(path, folder); };
    return std::none_of(made_.begin(), made_.end(), within) &&
           std::none_of(context_.config().durable.extra.begin(),
                        context_.config().durable.extra.end(), within);
  }

  void command(const project::Run& run, const CommandEvent& event) {
    if (indifferent(event) || event.function_call || event.uncalled()) return;
    for (const shell::Argument& argument : event.arguments) {
      auto path = argument.constant();
      if (!path) continue;
      if (path->starts_with("-") && path->find('=') != std::string::npos)
        path->erase(0, path->find('=') + 1);
      if (!foreign(*path, run) || looked_for(event, *path)) continue;
      const project::WrittenWord place = project::written_at(run, event, argument);
      if (run.parent && from_caller(event, place.unit->source.slice(place.span))) continue;
      if (first_there(place.unit->source, place.span, *path))
        tell(run, place.unit->source, context_.report(run, *place.unit, place.span, event.frame),
             *path);
    }
    for (const shell::RedirectEvent& redirect : event.redirects) {
      const auto path = redirect.target.constant();
      const Span place = redirect.redirect->target.span;
      if (path && foreign(*path, run) && first_there(event.unit->source, place, *path))
        tell(run, event.unit->source, context_.report(run, event, place), *path);
    }
  }

  void assignment(const project::Run& run, const shell::AssignmentEvent& event) {
    if (event.exported != Tri::yes || event.name.ends_with("PATH") ||
        event.name.starts_with("CUDA"))
      return;
    const auto value = event.value.constant();
    if (!value || !foreign(*value, run)) return;
    handed_on_.insert(*value);
    if (first_there(event.unit->source, event.span, *value))
      tell(run, event.unit->source, context_.report(run, *event.unit, event.span, event.frame),
           *value);
  }

  void python(const project::Run& run) {
    std::set<std::string> tested;  // the program knows that it may be missing
    for (const py::CallEvent& call : run.python->calls) {
      if (!call.is_call_to({"os.path.exists", "os.path.isdir", "os.path.isfile"}) &&
          call.method != "exists" && call.method != "is_dir" && call.method != "is_file")
        continue;
      const py::Argument* path = call.argument(0);
      if (const auto text = path ? path->value.text().constant() : call.receiver.text().constant())
        tested.insert(*text);
    }
    // `os.getenv("DATA", "/home/bob/data")` where a script of the project exports DATA.
    std::vector<const py::CallEvent*> replaced;
    for (const py::CallEvent& call : run.python->calls) {
      const py::Argument* name =
          call.is_call_to({"os.getenv", "os.environ.get"}) ? call.argument(0, {"key"}) : nullptr;
      const auto key = name ? name->value.text().constant() : std::nullopt;
      if (key && exported_.contains(*key)) replaced.push_back(&call);
    }
    const auto default_of_exported = [&](const py::Fragment& fragment) {
      return std::any_of(replaced.begin(), replaced.end(), [&](const py::CallEvent* call) {
        return call->file == fragment.file && call->span.contains(fragment.span);
      });
    };
    const auto look = [&](const py::Value& value, const py::ProgramFile* file, Span place,
                          const py::Frame* frame) {
      const auto text = value.type == py::Type::string ? value.text().constant() : std::nullopt;
      if (!text || !foreign(*text, run)) return;
      const bool asked = std::any_of(tested.begin(), tested.end(), [&](const std::string& path) {
        return paths::under(*text, path);
      });
      if (asked) return;
      for (const py::Fragment& fragment : value.written()) {
        // Where the root of the path is written.
        if (!fragment.file || !fragment.literal) continue;
        if (fragment.file->syntax.slice(fragment.span).find(text->substr(0, 3)) ==
            std::string_view::npos)
          continue;
        if (default_of_exported(fragment)) return;
        told_[fragment.file->path].insert(*text);
        const Source& source = fragment.file->syntax.source;
        if (first_there(source, fragment.span, *text))
          tell(run, source, context_.report(run, source, fragment.span, frame), *text);
        return;
      }
      // What is built from a path that was told has the same cause. A file that writes the path
      // itself has one of its own, once.
      const std::string root = root_of(*text);
      const bool own = file->syntax.source.text().find(root) != std::string_view::npos;
      const auto covers = [&](const std::string& path) { return paths::under(*text, path); };
      const bool told = std::any_of(told_.begin(), told_.end(), [&](const auto& of) {
        return std::any_of(of.second.begin(), of.second.end(), covers);
      });
      const std::set<std::string>& here = told_[file->path];
      const bool again = std::any_of(here.begin(), here.end(), [&](const std::string& path) {
        return path.starts_with(root);
      });
      if (told && (!own || again)) return;
      told_[file->path].insert(*text);
      // From its launch, where the wrapper's text has been looked at.
      const bool given = std::any_of(
          run.arguments.begin(), run.arguments.end(), [&](const shell::Argument& argument) {
            const std::string shown = argument.value.display();
            return paths::under(*text,
                                shown.substr(shown.starts_with("-") ? shown.find('=') + 1 : 0));
          });
      const bool exported = run.parent && std::any_of(handed_on_.begin(), handed_on_.end(), covers);
      if (!given && !exported && first_there(file->syntax.source, place, *text))
        tell(run, file->syntax.source, context_.report(run, file->syntax.source, place, frame),
             *text);
    };
    for (const py::CallEvent& call : run.python->calls) {
      // Behind a choice that no launch makes, another machine's data may stand.
      if (call.project || passes_on(call) || call.uncalled() || call.unexpected() ||
          call.failure_swallowed() || other_machine(call))
        continue;
      for (const py::Argument& argument : call.arguments)
        look(argument.value, call.file, argument.span, call.frame);
    }
    for (const py::EnvironmentWrite& write : run.python->environment_writes) {
      if (!context_.shared<project::UnnamedFunctions>().hold(run, write.frame))
        look(write.value, write.file, write.value_span, write.frame);
    }
  }

 private:
  static constexpr std::string_view kRoots[] = {"/home/", "/Users/", "/mnt/"};

  /// Is what says the path for the machine whose paths it has? So it is where the text does not
  /// name the platform's places while other files do, or while there are more scripts than are
  /// written for one machine. In a project of a few scripts one that starts a program which names
  /// them is for the box, too; in a larger one the program may be everybody's.
  bool for_another_machine(const project::Run& run, const Source& said) {
    const auto [at, first] = for_another_.emplace(std::pair(run.index, said.file().path), false);
    if (first) at->second = !named_around(run, said) && (!few_scripts() || platform_is_named());
    return at->second;
  }

  bool named_around(const project::Run& run, const Source& said) {
    for (const project::Run* at = &run; at; at = at->parent) {
      if (at->shell && names_place(*at)) return true;
    }
    if (!run.shell && (names_place(run) || names_place(run, said))) return true;
    return few_scripts() && named_below(run.root());
  }

  bool named_below(const project::Run& root) const {
    bool named = false;
    project::each_run_below(root, [&](const project::Run& below) { named |= names_place(below); });
    return named;
  }

  /// The text that a run begins with, and what a shell sources.
  bool names_place(const project::Run& run) const {
    if (run.python) return names_place(run, run.unit->source);
    if (!run.unit->shell) return false;
    std::vector<Span> comments;
    for (const shell::Comment& comment : run.unit->shell->comments)
      comments.push_back(comment.span);
    return names_place(run.unit->source.text(), comments) ||
           std::any_of(run.shell->sources.begin(), run.shell->sources.end(),
                       [&](const shell::SourceEvent& event) {
                         return event.target && names_place(event.target->source.text(), {});
                       });
  }

  /// One file of a program.
  bool names_place(const project::Run& run, const Source& source) const {
    if (!run.python) return false;
    return std::any_of(run.python->files.begin(), run.python->files.end(),
                       [&](const py::ProgramFile& file) {
                         return file.syntax.source.file().path == source.file().path &&
                                names_place(file.syntax.source.text(), file.syntax.comments);
                       });
  }

  bool few_scripts() const { return context_.shared<project::FewScripts>().found; }

  /// Apart from comments.
  bool names_place(std::string_view text, const std::vector<Span>& comments) const {
    std::string code(text);
    for (const Span comment : comments)
      std::fill(code.begin() + comment.begin, code.begin() + comment.end, ' ');
    const std::string& python = profile_.python.prefix;
    return project::names_platform(code, profile_) ||
           (!python.empty() && code.find(python) != std::string::npos);
  }

  /// By any file of the project.
  bool platform_is_named() {
    const auto& files = context_.program().files;
    if (!platform_is_named_)
      platform_is_named_ = std::any_of(files.begin(), files.end(), [&](const auto& file) {
        return project::names_platform(file->bytes, profile_);
      });
    return *platform_is_named_;
  }

  /// Where what writes the scripts for the box lets them change to a folder below /home, that home
  /// is there. A script by hand that does so may have come from another machine by halves.
  void worked_in(const project::Run& run, std::string_view folder) {
    if (folder.starts_with("/home/") && !placeholder(folder) && foreign(folder, run) &&
        named_below(run.root()))
      made_.insert(root_of(folder));
  }

  /// A folder directly below /home or /mnt that the project itself fills, like `/home/temp`, is
  /// nobody's home: root makes it on the way.
  void filled_by(const py::CallEvent& call) {
    const bool saves = call.method == "save_pretrained" || call.method == "mkdir" ||
                       call.is_call_to({"os.makedirs", "os.mkdir"});
    const auto fills = [&](const py::Value& value) {
      const auto text = value.type == py::Type::string ? value.text().constant() : std::nullopt;
      if (!text) return;
      const std::string folder = paths::normalise(*text);
      const std::string above = paths::dirname(folder);
      if (above == "/home" || above == "/mnt") made_.insert(folder);
      if (paths::dirname(above) == "/home" && for_results(paths::basename(above)))
        made_.insert(above);
    };
    if (saves) {
      if (const py::Argument* folder = call.argument(0, {"save_directory", "name", "path"}))
        fills(folder->value);
      else if (call.method == "mkdir")
        fills(call.receiver);
    }
    for (const std::string_view name : {"cache_dir", "output_dir", "local_dir"}) {
      if (const py::Argument* folder = call.keyword(name)) fills(folder->value);
    }
  }

  /// Names that no person has.
  static bool for_results(std::string_view name) {
    for (const std::string_view one : {"temp", "tmp", "output", "outputs", "results", "cache",
                                       "checkpoints", "models", "model", "data", "logs"}) {
      if (name == one) return true;
    }
    return false;
  }

  /// `"$data/train"` behind `data=$1`: the caller wrote the path, and is told.
  static bool from_caller(const CommandEvent& event, std::string_view written) {
    if (from_argument(written)) return true;
    const size_t dollar = written.find('$');
    if (dollar == std::string_view::npos) return false;
    const size_t begin = dollar + (written.substr(dollar).starts_with("${") ? 2 : 1);
    size_t end = begin;
    while (end < written.size() && (letter(written[end]) || written[end] == '_')) ++end;
    const shell::Variable* variable =
        event.state.variable(std::string(written.substr(begin, end - begin)));
    return variable && variable->unit && !variable->span.empty() &&
           from_argument(variable->unit->source.slice(variable->span));
  }

  /// `data=$1`
  static bool from_argument(std::string_view written) {
    for (size_t at = written.find('$'); at != std::string_view::npos;
         at = written.find('$', at + 1)) {
      const size_t name = at + (written.substr(at).starts_with("${") ? 2 : 1);
      if (name < written.size() && written[name] >= '1' && written[name] <= '9') return true;
    }
    return false;
  }

  /// `add_argument("--data", default="/home/…")`, `field(default="/home/…")`, `data: str =
  /// "/home/…"` in a class of options, of which a path is made.
  static bool default_of_option(const project::Run& run, const std::string& path) {
    static const RE2 kField(R"((?m)^[ \t]+\w+[ \t]*:[^=\n]*=[ \t]*[rR]?["']([^"'\n]+)["'])");
    for (const py::ProgramFile& file : run.python->files) {
      re2::StringPiece rest = file.syntax.source.text();
      std::string value;
      while (RE2::FindAndConsume(&rest, kField, &value)) {
        if (value.size() > 1 && paths::under(path, value)) return true;
      }
    }
    return std::any_of(
        run.python->calls.begin(), run.python->calls.end(), [&](const py::CallEvent& call) {
          const bool option =
              one_of(call.method, {"add_argument", "add_option", "set_defaults", "option"}) ||
              one_of(call.origin,
                     {"dataclasses.field", "pydantic.Field", "click.option", "typer.Option"});
          return option && std::any_of(call.arguments.begin(), call.arguments.end(),
                                       [&](const py::Argument& argument) {
                                         const auto value = argument.value.text().constant();
                                         return value && value->size() > 1 &&
                                                paths::under(path, *value);
                                       });
        });
  }

  /// Stands under a question that another machine answers differently.
  static bool other_machine(const py::CallEvent& call) {
    return call.guarded_by("platform") || call.guarded_by("hostname") ||
           call.guarded_by("os.name") || call.guarded_by("exists") || call.guarded_by("isdir") ||
           call.guarded_by("isfile") || call.guarded_by("getuser");
  }

  /// `[ -d PATH ] && …`, `if [ -d PATH ]`.
  static bool looked_for(const CommandEvent& event, const std::string& path) {
    for (const shell::Frame* frame = event.frame; frame; frame = frame->parent) {
      std::string condition;
      if (frame->kind == shell::FrameKind::if_body && frame->command &&
          (frame->text != event.unit || frame->command->span.contains(event.span))) {
        for (size_t i = 0; i < frame->command->clauses.size() && i <= frame->index; ++i) {
          condition += frame->text->source.slice(frame->command->clauses[i].condition.span);
        }
      } else if (frame->kind == shell::FrameKind::and_or_right && frame->and_or) {
        condition = frame->text->source.slice(frame->and_or->span);
      }
      if (condition.find("-d") != std::string::npos || condition.find("-e") != std::string::npos ||
          condition.find("-f") != std::string::npos ||
          condition.find("hostname") != std::string::npos ||
          condition.find(path) != std::string::npos) {
        return !condition.empty();
      }
    }
    return false;
  }

  /// All paths of one file that lead to the same machine are one finding, at the first of them.
  bool first_there(const Source& source, Span span, const std::string& path) {
    const Place place = source.place(span);
    const auto at = first_.find({place.path, root_of(path), placeholder(path)});
    if (at == first_.end()) return true;
    std::vector<Note>& others = at->second->related;
    const bool known = at->second->place == place ||
                       std::any_of(others.begin(), others.end(),
                                   [&](const Note& note) { return note.place == place; });
    if (!known) others.push_back(context_.note(source, span, "again-here", {{"path", path}}));
    return false;
  }

  void tell(const project::Run& run, const Source& said, Finding& finding,
            const std::string& path) {
    finding.arguments = {{"path", path}};
    // Of an option's default nothing shows that it is used when nothing starts the program.
    if (for_another_machine(run, said) ||
        (run.python && run.entry() && default_of_option(run, path)))
      finding.severity = Severity::info;
    if (placeholder(path)) {
      finding.severity = Severity::info;
      finding.message = "placeholder";
    }
    // Where another path was told at the same place, this one is thrown away.
    if (!finding.rule.empty())
      first_[{finding.place.path, root_of(path), placeholder(path)}] = &finding;
  }

  project::Context& context_;
  const catalog::Profile& profile_;
  std::map<std::pair<int, std::string>, bool> for_another_;  // by run and file
  std::optional<bool> platform_is_named_;
  std::set<std::string> made_;
  std::set<std::string> handed_on_;  // foreign paths that scripts export
  std::set<std::string> exported_;   // variables that scripts set to places of the box
  std::map<std::string, std::set<std::string>> told_;  // by file
  std::map<std::tuple<std::string, std::string, bool>, Finding*>
      first_;  // by file and machine, those to be filled in apart
};

}  // namespace

void foreign_path(project::Context& context) {
  Check check(context);
  context.each_shell_run(project::Where::instance, [&](const project::Run& run) {
    if (project::uncalled(run)) return;
    for (const CommandEvent& event : run.shell->commands) {
      if (project::applies(project::Where::instance, run, event.state)) check.command(run, event);
    }
  });
  context.each_assignment(project::Where::instance,
                          [&](const project::Run& run, const shell::AssignmentEvent& event) {
                            check.assignment(run, event);
                          });
  // What a launched program says counts more than what one says that nothing launches.
  for (const bool launched : {true, false}) {
    context.each_python_run(project::Where::instance, [&](const project::Run& run) {
      if (run.entry() != launched) check.python(run);
    });
  }
}

}  // namespace preflint::checks
