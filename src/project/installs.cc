#include "project/installs.h"

#include <algorithm>
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

/// `$VENV/bin/pip`, `.venv/bin/python -m pip`, `/root/miniconda3/envs/x/bin/pip`: another
/// interpreter's.
Install::Target target_of_word(const CommandEvent& event, const catalog::Profile& profile) {
  const std::string word = event.word.value.display();
  const size_t bin = word.rfind("/bin/");
  if (bin == std::string::npos) return Install::image;
  const std::string prefix = word.substr(0, bin);
  if (prefix == profile.python.prefix || one_of(prefix, {"/usr", "/usr/local", "/opt/conda", ""}))
    return Install::image;
  if (prefix.find("/envs/") != std::string::npos || prefix.find("venv") != std::string::npos)
    return Install::other;
  const std::string name = paths::basename(prefix);
  if (name.find("conda") != std::string::npos || name.find("forge") != std::string::npos)
    return Install::image;
  return word.find('{') != std::string::npos ? Install::unknown : Install::other;
}

Install::Target target_of(const CommandEvent& event, const catalog::Profile& profile) {
  for (const shell::Prefix& prefix : event.prefixes) {
    if (shell::is_conda(prefix.name)) {
      for (size_t i = 0; i + 1 < prefix.arguments.size(); ++i) {
        if (prefix.arguments[i].is("-n") || prefix.arguments[i].is("--name")) {
          return target_named(prefix.arguments[i + 1].constant().value_or("?"));
        }
        if (prefix.arguments[i].is("-p") || prefix.arguments[i].is("--prefix"))
          return Install::other;
      }
    }
    if (one_of(prefix.name, {"uv", "poetry", "pipenv", "pixi"})) return Install::other;
  }
  if (const auto word = target_of_word(event, profile); word != Install::image) return word;
  // An interpreter named by its path decides over what is activated.
  if (event.word.value.known_start().starts_with('/')) return Install::image;
  return target_named(event.environment.conda_env);
}

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

/// The outermost run on the same machine.
const Run* machine_of(const Run& run) {
  const Run* at = &run;
  while (at->parent && !at->over_ssh && at->unit->embedding != Embedding::ssh) at = at->parent;
  return at;
}

/// Goes through runs in the order of execution, with the files as they are by then.
class Collector {
 public:
  Collector(const Program& program, const catalog::Profile& profile, Installs& out)
      : program_(program), profile_(profile), out_(out) {}

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

  void command(const Run& run, const CommandEvent& event, const FileContents& contents) {
    Install install;
    install.run = &run;
    install.event = &event;
    const Argument* first = event.operand();
    const std::string sub = first ? first->constant().value_or("") : "";
    if (sub.empty() && event.name != "python") return;
    const auto after = [&](const Argument* argument) {
      return static_cast<size_t>(argument - event.arguments.data()) + 1;
    };
    if (event.name == "pip") {
      if (sub != "install" && sub != "uninstall" && sub != "sync") return;
      install.tool = event.via == "uv" ? Install::uv_pip : Install::pip;
      install.action = sub == "uninstall" ? Install::uninstall : Install::install;
      install.target = target_of(event, profile_);
      InstallArguments reader(contents, install);
      reader.pip(after(first));
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
      install.target = target_of(event, profile_);
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
        reader.local_project(".", *first);
    } else if (event.name == "python") {
      const Argument* verb = event.operand(1);
      if (!verb || !paths::basename(sub).ends_with("setup.py") ||
          !one_of(verb->constant().value_or(""), {"install", "develop"}))
        return;
      install.target = target_of(event, profile_);
      InstallArguments(contents, install)
          .local_project(sub.find('/') == std::string::npos ? "." : paths::dirname(sub), *first);
    } else {
      return;
    }
    out_.all.push_back(std::move(install));
  }

  const Program& program_;
  const catalog::Profile& profile_;
  Installs& out_;
  std::set<const Run*> with_environment_;  // runs that have uv make one on their machine
};

}  // namespace

Installs installs_of(const Program& program, const catalog::Profile& profile) {
  Installs out;
  Collector(program, profile, out).run();
  return out;
}

}  // namespace preflint::project
