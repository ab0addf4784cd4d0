#include "project/installs.h"

#include <algorithm>

#include "catalog/profile.h"
#include "project/file_contents.h"
#include "project/pip_options.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

constexpr int kMaxNesting = 24;

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool conda_like(const CommandEvent& event) {
  return one_of(event.name, {"conda", "mamba", "micromamba"});
}

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

Install::Target target_of_environment(const std::string& environment) {
  if (environment.empty() || environment == "base" || environment == "root") return Install::image;
  return Install::other;
}

Install::Target target_of(const CommandEvent& event, const catalog::Profile& profile) {
  for (const shell::Prefix& prefix : event.prefixes) {
    if (prefix.name == "conda" || prefix.name == "mamba" || prefix.name == "micromamba") {
      for (size_t i = 0; i + 1 < prefix.arguments.size(); ++i) {
        if (prefix.arguments[i].is("-n") || prefix.arguments[i].is("--name")) {
          return target_of_environment(prefix.arguments[i + 1].constant().value_or("?"));
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
  return target_of_environment(event.environment.conda_env);
}

/// Reads the arguments of one installing command.
class ArgumentReader {
 public:
  ArgumentReader(const Program& program, const FileContents& contents, Install& out)
      : program_(program), contents_(contents), out_(out), event_(*out.event) {}

  void pip(size_t first) {
    const auto& arguments = event_.arguments;
    for (size_t i = first; i < arguments.size(); ++i) {
      const Argument& argument = arguments[i];
      const auto text = argument.constant();
      const std::string word = text.value_or(std::string(argument.value.known_start()));
      if (word.size() < 2 || word[0] != '-') {
        package(argument);
        continue;
      }
      if (word.starts_with("--")) {
        const size_t equals = word.find('=');
        const std::string option = word.substr(0, equals);
        if (equals != std::string::npos) {
          if (const auto value = event_.option_value(option))
            option_with(option, *value, argument.span, argument);
        } else if (pip_option_takes_value(option) && i + 1 < arguments.size()) {
          ++i;
          option_with(option, arguments[i].value, arguments[i].span, arguments[i]);
        } else {
          flag(option);
        }
        continue;
      }
      // -r FILE, -rFILE, -qr FILE, -Uq
      for (size_t j = 1; j < word.size(); ++j) {
        const std::string option = std::string("-") + word[j];
        if (!pip_option_takes_value(option)) {
          flag(option);
        } else if (j + 1 < word.size() || !text) {
          option_with(option,
                      text ? Value::literal(text->substr(j + 1))
                           : event_.option_value(option).value_or(Value::unknown()),
                      argument.span, argument);
          break;
        } else if (i + 1 < arguments.size()) {
          ++i;
          option_with(option, arguments[i].value, arguments[i].span, arguments[i]);
        }
      }
    }
    for (const char* name :
         {"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX_URL",
          "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_DEFAULT_INDEX", "UV_FIND_LINKS"}) {
      const bool uv = std::string_view(name).starts_with("UV");
      if (uv != (out_.tool != Install::pip)) continue;
      if (const shell::Variable* variable = event_.environment.find(name))
        out_.indexes.push_back(variable->value);
    }
  }

  /// Match specifications and files of conda.
  void conda(size_t first) {
    const auto& arguments = event_.arguments;
    for (size_t i = first; i < arguments.size(); ++i) {
      const Argument& argument = arguments[i];
      const auto text = argument.constant();
      if (!text) {
        out_.partly_unknown = true;
        continue;
      }
      if (text->size() > 1 && (*text)[0] == '-') {
        const size_t equals = text->find('=');
        const std::string option = text->substr(0, equals);
        if (!one_of(option, {"-n", "--name", "-p", "--prefix", "-c", "--channel", "-f", "--file",
                             "--clone", "--solver", "-e"}))
          continue;
        if (equals == std::string::npos) ++i;
        if (i >= arguments.size()) break;
        const Value value = equals == std::string::npos ? arguments[i].value
                                                        : Value::literal(text->substr(equals + 1));
        if (option == "-f" || option == "--file")
          file(InstalledFile::environment, value, arguments[i].span);
        if (option == "-n" || option == "--name")
          out_.target = target_of_environment(value.constant().value_or("?"));
        if (option == "-p" || option == "--prefix") out_.target = Install::other;
        continue;
      }
      const auto requirement = req::conda_requirement(*text);
      if (!requirement) continue;
      InstalledPackage one;
      one.argument = &argument;
      one.text = *text;
      one.line.requirement = *requirement;
      one.line.text = *text;
      out_.packages.push_back(std::move(one));
    }
  }

  void file(InstalledFile::How how, const Value& value, Span span) {
    InstalledFile one;
    one.how = how;
    one.span = span;
    // A URL or `-`: nothing of ours.
    const std::string shown = value.display();
    if (shown.find("://") != std::string::npos) return;
    if (shown == "/dev/stdin" || shown == "-") {
      one.shown = shown;
      one.content = contents_.input(event_);
      if (one.content && one.content->from.size() == 1) one.path = one.content->from[0];
      out_.files.push_back(std::move(one));
      return;
    }
    const FileTarget target = contents_.target(value, event_);
    one.shown = target.shown;
    one.path = target.path;
    one.content = contents_.content(target);
    one.missing = target.missing && !one.content && !contents_.may_be_written(target);
    out_.files.push_back(std::move(one));
  }

  /// `.`, `./sub`, `.[extra]`: the project that lies there.
  void local_project(const std::string& text, const Argument& argument) {
    const size_t bracket = text.find('[');
    const Value folder = Value::literal(text.substr(0, bracket));
    for (const char* name : {"pyproject.toml", "setup.py", "setup.cfg"}) {
      const Value path = folder.concatenated(Value::literal(std::string("/") + name));
      const FileTarget target = contents_.target(path, event_);
      if (target.path.empty()) continue;
      InstalledFile one;
      one.how = InstalledFile::project;
      one.span = argument.span;
      one.shown = text;
      one.path = target.path;
      if (bracket != std::string::npos) {
        std::string extras = text.substr(bracket + 1, text.find(']') - bracket - 1);
        for (size_t at = 0; at <= extras.size();) {
          const size_t end = std::min(extras.find(',', at), extras.size());
          std::string extra = extras.substr(at, end - at);
          std::erase(extra, ' ');
          if (!extra.empty()) one.extras.push_back(req::normalised_name(extra));
          at = end + 1;
        }
      }
      out_.files.push_back(std::move(one));
    }
  }

 private:
  void package(const Argument& argument) {
    const auto text = argument.constant();
    if (!text) {
      out_.partly_unknown = true;
      return;
    }
    if (text->empty()) return;
    const std::string path = text->substr(0, text->find('['));
    if (path == "." || path == ".." || path.starts_with("./") || path.starts_with("../") ||
        (path.starts_with('/') && !path.ends_with(".whl") && !path.ends_with(".tar.gz"))) {
      local_project(*text, argument);
      return;
    }
    InstalledPackage one;
    one.argument = &argument;
    one.text = *text;
    one.line = req::read_argument(*text);
    out_.packages.push_back(std::move(one));
  }

  void option_with(const std::string& option, const Value& value, Span span,
                   const Argument& argument) {
    if (one_of(option, {"-r", "--requirement", "--requirements"}))
      file(InstalledFile::requirements, value, span);
    else if (one_of(option, {"-c", "--constraint"}))
      file(InstalledFile::constraints, value, span);
    else if (one_of(option, {"-i", "--index-url", "--extra-index-url", "-f", "--find-links",
                             "--index", "--default-index"})) {
      out_.indexes.push_back(value);
      if (!out_.index_span) out_.index_span = span;
    } else if (one_of(option,
                      {"-t", "--target", "--prefix", "--root", "--python", "-p", "-d", "--dest"})) {
      const bool uv_python =
          out_.tool == Install::uv_pip && (option == "-p" || option == "--python");
      const std::string shown = value.display();
      out_.target = uv_python && shown.find("conda3/bin/python") != std::string::npos
                        ? Install::image
                        : Install::other;
    } else if (option == "-e" || option == "--editable") {
      if (const auto text = value.constant()) {
        if (text->find("://") == std::string::npos) local_project(*text, argument);
      }
    } else if (option == "--group") {
      if (const auto text = value.constant()) out_.groups.push_back(req::normalised_name(*text));
    } else if (option == "-P" || option == "--upgrade-package") {
      out_.upgrade = true;
    }
  }

  void flag(const std::string& option) {
    if (option == "-U" || option == "--upgrade")
      out_.upgrade = true;
    else if (option == "--force-reinstall" || option == "-I" || option == "--ignore-installed" ||
             option == "--reinstall")
      out_.force_reinstall = true;
    else if (option == "--no-deps")
      out_.no_deps = true;
    else if (option == "--no-index")
      out_.no_index = true;
  }

  const Program& program_;
  const FileContents& contents_;
  Install& out_;
  const CommandEvent& event_;
};

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
  }

 private:
  void visit(const Run& run, FileContents& contents, int nesting) {
    if (nesting > kMaxNesting) return;
    size_t child = 0;
    if (run.shell) {
      for (const CommandEvent& event : run.shell->commands) {
        command(run, event, contents);
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
      ArgumentReader reader(program_, contents, install);
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
    } else if (conda_like(event)) {
      install.tool = Install::conda;
      install.target = target_of(event, profile_);
      ArgumentReader reader(program_, contents, install);
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
      ArgumentReader reader(program_, contents, install);
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
      ArgumentReader(program_, contents, install)
          .local_project(sub.find('/') == std::string::npos ? "." : paths::dirname(sub), *first);
    } else {
      return;
    }
    out_.all.push_back(std::move(install));
  }

  const Program& program_;
  const catalog::Profile& profile_;
  Installs& out_;
};

}  // namespace

Installs installs_of(const Program& program, const catalog::Profile& profile) {
  Installs out;
  Collector(program, profile, out).run();
  return out;
}

}  // namespace preflint::project
