#include "project/installs.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/one_of.h"
#include "catalog/profile.h"
#include "project/file_contents.h"
#include "project/install_arguments.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

constexpr int kMaxNesting = 24;

/// The outermost run on the same machine.
const Run* machine_of(const Run& run) {
  const Run* at = &run;
  while (at->parent && !at->over_ssh && at->unit->embedding != Embedding::ssh) at = at->parent;
  return at;
}

/// The folders of the environments that a program makes for itself: `conda create -p DIR`,
/// `python -m venv DIR`, `uv venv DIR`. One that is not known, `{$1}`, is the same for the scripts
/// of one start only.
class OwnPrefixes {
 public:
  explicit OwnPrefixes(const Program& program) {
    for (const Run& run : program.runs) {
      if (!run.shell) continue;
      for (const CommandEvent& event : run.shell->commands) take(run, event);
    }
  }

  bool hold(const Run& run, const std::string& prefix) const {
    const std::string path = paths::normalise(prefix);
    if (known_.contains(path)) return true;
    const auto own = by_start_.find(machine_of(run));
    return own != by_start_.end() && own->second.contains(path);
  }

 private:
  void take(const Run& run, const CommandEvent& event) {
    const Argument* first = event.operand();
    if (shell::is_conda(event.name) && first && (first->is("create") || first->is("env"))) {
      for (const char* option : {"-p", "--prefix"}) {
        if (const auto value = event.option_value(option)) add(run, *value);
      }
      return;
    }
    const bool makes = event.name == "virtualenv" ||
                       (event.name == "uv" && first && first->is("venv")) ||
                       (event.name == "python" && event.option_value("-m") &&
                        event.option_value("-m")->is("venv"));
    if (!makes) return;
    for (const Argument& argument : event.arguments) {
      if (!argument.value.known_start().starts_with('-')) add(run, argument.value);
    }
  }

  void add(const Run& run, const Value& value) {
    const std::string shown = value.display();
    if (shown.empty()) return;
    auto& to = value.constant() ? known_ : by_start_[machine_of(run)];
    to.insert(paths::normalise(shown));
  }

  std::set<std::string> known_;
  std::map<const Run*, std::set<std::string>> by_start_;
};

/// Says which environment an install changes.
class Targets {
 public:
  Targets(const Program& program, const catalog::Profile& profile)
      : profile_(profile), own_(program) {}

  Install::Target of(const Run& run, const CommandEvent& event) const {
    for (const shell::Prefix& prefix : event.prefixes) {
      if (const auto named = of_conda_run(prefix)) return *named;
      if (one_of(prefix.name, {"uv", "poetry", "pipenv", "pixi"})) return Install::other;
    }
    if (const auto word = of_word(run, event); word != Install::image) return word;
    // An interpreter named by its path decides over what is activated.
    if (event.word.value.known_start().starts_with('/')) return Install::image;
    if (event.via == "uv") {
      for (const char* name : {"UV_PYTHON", "VIRTUAL_ENV"}) {
        if (const shell::Variable* variable = event.environment.find(name);
            variable && apart(run, variable->value.display()))
          return Install::other;
      }
    }
    if (event.word.value.display().find('/') == std::string::npos && first_on_path(run, event))
      return Install::other;
    return target_named(event.environment.conda_env);
  }

 private:
  /// `conda run -n NAME`, `--prefix=DIR`.
  static std::optional<Install::Target> of_conda_run(const shell::Prefix& prefix) {
    if (!shell::is_conda(prefix.name)) return std::nullopt;
    for (size_t i = 0; i < prefix.arguments.size(); ++i) {
      const std::string word = prefix.arguments[i].value.display();
      const size_t equals = word.find('=');
      const std::string option = word.substr(0, equals);
      if (one_of(option, {"-p", "--prefix"})) return Install::other;
      if (!one_of(option, {"-n", "--name"})) continue;
      if (equals != std::string::npos) return target_named(word.substr(equals + 1));
      if (i + 1 < prefix.arguments.size())
        return target_named(prefix.arguments[i + 1].constant().value_or("?"));
    }
    return std::nullopt;
  }

  /// `$VENV/bin/pip`, `.venv/bin/python -m pip`, `/root/miniconda3/envs/x/bin/pip`: another
  /// interpreter's.
  Install::Target of_word(const Run& run, const CommandEvent& event) const {
    const std::string word = event.word.value.display();
    const size_t bin = word.rfind("/bin/");
    if (bin == std::string::npos) return Install::image;
    const std::string prefix = word.substr(0, bin);
    if (prefix == profile_.python.prefix ||
        one_of(prefix, {"/usr", "/usr/local", "/opt/conda", ""}))
      return Install::image;
    if (own_.hold(run, prefix)) return Install::other;
    if (named_as_environment(prefix)) return Install::other;
    const std::string name = paths::basename(prefix);
    if (name.find("conda") != std::string::npos || name.find("forge") != std::string::npos)
      return Install::image;
    return word.find('{') != std::string::npos ? Install::unknown : Install::other;
  }

  static bool named_as_environment(const std::string& prefix) {
    return prefix.find("/envs/") != std::string::npos || prefix.find("venv") != std::string::npos;
  }

  /// Is it an environment of its own, or the interpreter of one: `$VENV`, `$VENV/bin/python`?
  bool apart(const Run& run, std::string place) const {
    place.erase(std::min(place.rfind("/bin/"), place.size()));
    return named_as_environment(place) || own_.hold(run, place);
  }

  /// `export PATH="$VENV/bin:$PATH"`: is a bare name found in an environment of its own first?
  bool first_on_path(const Run& run, const CommandEvent& event) const {
    const shell::Variable* variable = event.environment.find("PATH");
    if (!variable) return false;
    std::string first = variable->value.display();
    first.erase(std::min(first.find(':'), first.size()));
    constexpr std::string_view kPrograms = "/bin";
    return first.ends_with(kPrograms) &&
           apart(run, first.substr(0, first.size() - kPrograms.size()));
  }

  const catalog::Profile& profile_;
  OwnPrefixes own_;
};

/// `uv venv`, `uv sync`: they make the environment that uv finds in the folder from then on.
bool makes_uv_environment(const CommandEvent& event) {
  const Argument* first = event.operand();
  return event.name == "uv" && first && (first->is("venv") || first->is("sync")) &&
         !event.has_option("--help");
}

/// Does `uv pip` look for a virtual environment itself, as it does where nothing names or activates
/// an environment? The system's Python it takes only when it is told to.
bool looks_for_environment(const CommandEvent& event) {
  for (const char* option : {"--system", "--python", "-p", "--target", "-t", "--prefix"}) {
    if (event.has_option(option)) return false;
  }
  for (const char* name : {"UV_SYSTEM_PYTHON", "UV_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX"}) {
    if (event.environment.find(name)) return false;
  }
  return event.environment.conda_env.empty();
}

/// Goes through runs in the order of execution, with the files as they are by then.
class Collector {
 public:
  Collector(const Program& program, const catalog::Profile& profile, Installs& out)
      : program_(program), targets_(program, profile), out_(out) {}

  void run() {
    for (const Run& run : program_.runs) {
      if (!run.entry()) continue;
      FileContents contents(program_, out_.filters);
      visit(run, contents, 0);
    }
    // A script whose functions make the environment and install into it is started once for each,
    // so that their order says nothing.
    for (Install& install : out_.all) {
      if (install.tool == Install::uv_pip && install.target == Install::image &&
          with_environment_.contains(machine_of(*install.run)) &&
          looks_for_environment(*install.event))
        install.target = Install::other;
    }
  }

 private:
  void visit(const Run& run, FileContents& contents, int nesting) {
    if (nesting > kMaxNesting) return;
    size_t child = 0;
    if (run.shell) {
      for (const CommandEvent& event : run.shell->commands) {
        if (!event.state.elsewhere) command(run, event, contents);
        if (!event.state.elsewhere && makes_uv_environment(event))
          with_environment_.insert(machine_of(run));
        contents.run(run, event);
        while (child < run.children.size() && run.children[child]->launch_command <= event.index) {
          visit(*run.children[child++], contents, nesting + 1);
        }
      }
    }
    while (child < run.children.size()) visit(*run.children[child++], contents, nesting + 1);
  }

  /// `uv run python train.py` first installs what the project is missing, into its environment.
  void uv_run(const Run& run, const CommandEvent& event, const FileContents& contents) {
    for (const shell::Prefix& prefix : event.prefixes) {
      if (prefix.name != "uv") continue;
      const auto given = [&](std::string_view option) {
        return std::any_of(prefix.arguments.begin(), prefix.arguments.end(),
                           [&](const Argument& argument) { return argument.is(option); });
      };
      if (given("--no-sync") || given("--no-project")) return;
      Install install;
      install.run = &run;
      install.event = &event;
      install.tool = Install::uv;
      install.target = Install::other;
      InstallArguments(contents, install).local_project(Value::literal("."), event.word);
      if (!install.files.empty()) out_.all.push_back(std::move(install));
      return;
    }
  }

  void command(const Run& run, const CommandEvent& event, const FileContents& contents) {
    uv_run(run, event, contents);
    Install install;
    install.run = &run;
    install.event = &event;
    const Argument* first = event.operand();
    const std::string sub = first ? first->constant().value_or("") : "";
    if (sub.empty() && event.name != "python") return;
    if (event.has_option("--dry-run") || event.has_option("--help")) return;
    const auto after = [&](const Argument* argument) {
      return static_cast<size_t>(argument - event.arguments.data()) + 1;
    };
    if (event.name == "pip") {
      if (sub == "config") configure(run, event);
      if (sub != "install" && sub != "uninstall" && sub != "sync") return;
      install.tool = event.via == "uv" ? Install::uv_pip : Install::pip;
      install.action = sub == "uninstall" ? Install::uninstall : Install::install;
      install.target = targets_.of(run, event);
      InstallArguments reader(contents, install);
      if (sub == "sync")
        reader.sync(after(first));
      else
        reader.pip(after(first));
      if (install.tool == Install::pip) {
        const auto& own = configured_[machine_of(run)];
        install.indexes.insert(install.indexes.end(), own.begin(), own.end());
      }
      // `cat requirements.txt | xargs pip install`
      if (event.has_prefix("xargs")) {
        InstalledFile file;
        file.span = event.command_span;
        file.shown = "xargs";
        file.content = contents.input(event);
        if (file.content && file.content->from.size() == 1) file.path = file.content->from[0];
        install.files.push_back(std::move(file));
      }
    } else if (shell::is_conda(event.name)) {
      install.tool = Install::conda;
      install.target = targets_.of(run, event);
      InstallArguments reader(contents, install);
      if (one_of(sub, {"install", "update", "upgrade", "remove", "uninstall"})) {
        install.action =
            one_of(sub, {"remove", "uninstall"}) ? Install::uninstall : Install::install;
        install.upgrade = one_of(sub, {"update", "upgrade"});
        reader.conda(after(first));
      } else if (sub == "create") {
        install.action = Install::create;
        reader.conda(after(first));
        install.target = Install::other;
      } else if (sub == "env") {
        const Argument* verb = event.operand(1);
        if (!verb || (!verb->is("create") && !verb->is("update"))) return;
        install.action = verb->is("create") ? Install::create : Install::install;
        if (verb->is("update"))
          install.target = Install::unknown;  // the file may name another environment
        reader.conda(after(verb));
        if (verb->is("create")) {
          install.target = Install::other;
          if (install.files.empty())
            reader.file(InstalledFile::environment, Value::literal("environment.yml"), event.span);
        }
        install.packages.clear();
      } else {
        return;
      }
    } else if (one_of(event.name, {"uv", "poetry", "pdm", "pipenv"})) {
      install.tool = event.name == "uv"       ? Install::uv
                     : event.name == "poetry" ? Install::poetry
                     : event.name == "pdm"    ? Install::pdm
                                              : Install::pipenv;
      if (!one_of(sub, {"sync", "install", "add"})) return;
      install.target = Install::other;
      InstallArguments reader(contents, install);
      if (sub == "add")
        reader.pip(after(first));
      else
        reader.local_project(Value::literal("."), *first);
    } else if (event.name == "python") {
      const Argument* verb = event.operand(1);
      if (!verb || !paths::basename(sub).ends_with("setup.py") ||
          !one_of(verb->constant().value_or(""), {"install", "develop"}))
        return;
      install.target = targets_.of(run, event);
      InstallArguments(contents, install)
          .local_project(
              Value::literal(sub.find('/') == std::string::npos ? "." : paths::dirname(sub)),
              *first);
    } else {
      return;
    }
    out_.all.push_back(std::move(install));
  }

  /// `pip config set global.extra-index-url URL`: every pip from then on asks there, too.
  void configure(const Run& run, const CommandEvent& event) {
    const Argument* verb = event.operand(1);
    const Argument* key = event.operand(2);
    const Argument* value = event.operand(3);
    if (!value || !verb->is("set")) return;
    const std::string name = key->constant().value_or("");
    if (name.ends_with("index-url") || name.ends_with("find-links"))
      configured_[machine_of(run)].push_back(value->value);
  }

  const Program& program_;
  const Targets targets_;
  Installs& out_;
  std::map<const Run*, std::vector<Value>> configured_;  // indexes that pip was told of
  std::set<const Run*> with_environment_;  // runs that have uv make one on their machine
};

}  // namespace

bool there_by_then(const Installs& installs, const Install& install,
                   const req::Requirement& requirement) {
  for (const Install& other : installs.all) {
    if (&other == &install) return false;
    if (other.action != Install::install || other.target != install.target ||
        machine_of(*other.run) != machine_of(*install.run))
      continue;
    for (const InstalledPackage& package : other.packages) {
      const req::Requirement& named = package.line.requirement;
      const bool same = named.project == requirement.project ||
                        (other.tool == Install::conda && named.project == "pytorch" &&
                         requirement.project == "torch");
      const req::Specifier* exact = same ? named.specifiers.exact() : nullptr;
      if (exact && exact->readable && requirement.specifiers.contains(exact->version, true))
        return true;
    }
  }
  return false;
}

Installs installs_of(const Program& program, const catalog::Profile& profile) {
  Installs out;
  Collector(program, profile, out).run();
  return out;
}

}  // namespace preflint::project
