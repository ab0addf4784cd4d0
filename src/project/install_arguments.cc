#include "project/install_arguments.h"

#include <algorithm>

#include "base/one_of.h"
#include "project/pip_options.h"

namespace preflint::project {
namespace {

using shell::Argument;

/// `DIR[extra,other]`: the folder, and what stands between the brackets.
std::pair<Value, std::string> apart(const Value& value) {
  if (value.alternatives().size() != 1) return {value, ""};
  const Text& text = value.alternatives()[0];
  const std::string_view end = text.known_suffix();
  const size_t bracket = end.find('[');
  if (bracket == std::string_view::npos) return {value, ""};
  Text folder;
  const auto& pieces = text.pieces();
  for (size_t i = 0; i + 1 < pieces.size(); ++i)
    folder.append(pieces[i].known ? Text::literal(pieces[i].text)
                                  : Text::hole(pieces[i].text, pieces[i].empty));
  folder.append(end.substr(0, bracket));
  const std::string_view extras = end.substr(bracket + 1);
  return {folder, std::string(extras.substr(0, extras.find(']')))};
}

/// A path below the folder in which the project lies, or where the script was started.
bool in_project(const Value& value) {
  if (value.alternatives().size() != 1) return false;
  const auto& pieces = value.alternatives()[0].pieces();
  return !pieces.empty() && !pieces[0].known && one_of(pieces[0].text, {kRootHole, kCwdHole}) &&
         std::all_of(pieces.begin() + 1, pieces.end(), [](const Piece& one) { return one.known; });
}

}  // namespace

Install::Target target_named(const std::string& environment) {
  if (environment.empty() || environment == "base" || environment == "root") return Install::image;
  return Install::other;
}

void InstallArguments::pip(size_t first) {
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
  const char* limits = out_.tool == Install::pip ? "PIP_CONSTRAINT" : "UV_CONSTRAINT";
  if (const shell::Variable* variable = event_.environment.find(limits);
      variable && variable->value.empty() != Tri::yes)
    file(InstalledFile::constraints, variable->value, event_.span);
  for (const char* name : {"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX_URL",
                           "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_DEFAULT_INDEX", "UV_FIND_LINKS"}) {
    const bool uv = std::string_view(name).starts_with("UV");
    if (uv != (out_.tool != Install::pip)) continue;
    if (index_ && one_of(name, {"PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"})) continue;
    if (const shell::Variable* variable = event_.environment.find(name))
      out_.indexes.push_back(variable->value);
  }
}

void InstallArguments::sync(size_t first) {
  syncs_ = true;
  pip(first);
}

void InstallArguments::conda(size_t first) {
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
        out_.target = target_named(value.constant().value_or("?"));
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

void InstallArguments::file(InstalledFile::How how, const Value& value, Span span) {
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

void InstallArguments::local_project(const Value& value, const Argument& argument) {
  const auto [folder, extras] = apart(value);
  bool found = false;
  for (const char* name : {"pyproject.toml", "setup.py", "setup.cfg"}) {
    const Value path = folder.concatenated(Value::literal(std::string("/") + name));
    const FileTarget target = contents_.target(path, event_);
    if (target.path.empty()) continue;
    found = true;
    InstalledFile one;
    one.how = InstalledFile::project;
    one.span = argument.span;
    one.shown = value.display();
    one.path = target.path;
    for (size_t at = 0; at <= extras.size();) {
      const size_t end = std::min(extras.find(',', at), extras.size());
      std::string extra = extras.substr(at, end - at);
      std::erase(extra, ' ');
      if (!extra.empty()) one.extras.push_back(req::normalised_name(extra));
      at = end + 1;
    }
    out_.files.push_back(std::move(one));
  }
  if (!found) out_.partly_unknown = true;  // it is not here
}

void InstallArguments::package(const Argument& argument) {
  if (syncs_) {
    file(InstalledFile::requirements, argument.value, argument.span);
    return;
  }
  const auto text = argument.constant();
  if (!text) {
    if (in_project(argument.value))
      local_project(argument.value, argument);
    else
      out_.partly_unknown = true;
    return;
  }
  if (text->empty()) return;
  const std::string path = text->substr(0, text->find('['));
  if (path == "." || path == ".." || path.starts_with("./") || path.starts_with("../") ||
      (path.starts_with('/') && !path.ends_with(".whl") && !path.ends_with(".tar.gz"))) {
    local_project(argument.value, argument);
    return;
  }
  InstalledPackage one;
  one.argument = &argument;
  one.text = *text;
  one.line = req::read_argument(*text);
  out_.packages.push_back(std::move(one));
}

void InstallArguments::option_with(const std::string& option, const Value& value, Span span,
                                   const Argument& argument) {
  if (one_of(option, {"-r", "--requirement", "--requirements"}))
    file(InstalledFile::requirements, value, span);
  else if (one_of(option, {"-c", "--constraint", "--constraints", "--override", "--overrides"}))
    file(InstalledFile::constraints, value, span);
  else if (one_of(option, {"-i", "--index-url", "--extra-index-url", "-f", "--find-links",
                           "--index", "--default-index"})) {
    if (one_of(option, {"-i", "--index-url", "--default-index"})) {
      if (index_) out_.indexes.erase(out_.indexes.begin() + static_cast<std::ptrdiff_t>(*index_));
      index_ = out_.indexes.size();
    }
    out_.indexes.push_back(value);
    if (!out_.index_span) out_.index_span = span;
  } else if (one_of(option,
                    {"-t", "--target", "--prefix", "--root", "--python", "-p", "-d", "--dest"})) {
    const bool uv_python = out_.tool == Install::uv_pip && (option == "-p" || option == "--python");
    const std::string shown = value.display();
    out_.target = uv_python && shown.find("conda3/bin/python") != std::string::npos
                      ? Install::image
                      : Install::other;
  } else if (option == "-e" || option == "--editable") {
    const bool link = value.display().find("://") != std::string::npos;
    if (!link && (value.constant() || in_project(value)))
      local_project(value, argument);
    else
      out_.partly_unknown = true;
  } else if (option == "--group") {
    if (const auto text = value.constant()) out_.groups.push_back(req::normalised_name(*text));
  } else if (option == "-P" || option == "--upgrade-package") {
    out_.upgrade = true;
  }
}

void InstallArguments::flag(const std::string& option) {
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

}  // namespace preflint::project
