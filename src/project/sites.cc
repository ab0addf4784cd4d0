#include "project/sites.h"

#include <algorithm>

#include "base/one_of.h"
#include "catalog/config.h"
#include "model/shell/interpreter.h"
#include "project/builder.h"
#include "project/remote_calls.h"

namespace preflint::project {
namespace {

bool guarded(const shell::CommandEvent& event) {
  const shell::Frame* left = event.enclosing(shell::FrameKind::and_or_left);
  return (left && left->or_operator) || event.enclosing(shell::FrameKind::if_body) ||
         event.enclosing(shell::FrameKind::case_body) ||
         event.enclosing(shell::FrameKind::and_or_right) || event.uncalled();
}

/// The folders of Colab, Kaggle and other rentals.
bool hosted_folder(const shell::Argument& argument,
                   const std::vector<std::string_view>& elsewhere) {
  const std::string_view path = argument.value.known_start();
  if (std::any_of(elsewhere.begin(), elsewhere.end(),
                  [&](std::string_view place) { return path.starts_with(place); }))
    return true;
  for (const std::string_view folder : {"/content", "/kaggle"}) {
    if (path.starts_with(folder) &&
        (path.size() == folder.size() || path[folder.size()] == '/' || path[folder.size()] == '\r'))
      return true;
  }
  return false;
}

/// `/d/ProgramData`, `/cygdrive/c`: the drives of Windows, as Git's bash and Cygwin have them.
bool on_drive(std::string_view path) {
  return path.starts_with("/cygdrive/") ||
         (path.size() > 3 && path[0] == '/' && path[1] >= 'c' && path[1] <= 'h' && path[2] == '/');
}

/// A robot, a camera: nobody rents those.
bool has_hardware(const shell::Trace& trace) {
  const auto device = [](const Value& value) {
    const std::string shown = value.display();
    return shown.find("/dev/ttyACM") != std::string::npos ||
           shown.find("/dev/ttyUSB") != std::string::npos ||
           shown.find("/dev/video") != std::string::npos;
  };
  return std::any_of(trace.assignments.begin(), trace.assignments.end(),
                     [&](const shell::AssignmentEvent& event) { return device(event.value); }) ||
         std::any_of(
             trace.commands.begin(), trace.commands.end(), [&](const shell::CommandEvent& event) {
               return std::any_of(event.arguments.begin(), event.arguments.end(),
                                  [&](const shell::Argument& one) { return device(one.value); });
             });
}

/// Tools that a rented container does not have: of a cluster, of other clouds and machines, of
/// containers themselves; and the places of hosted notebooks.
bool of_another_kind(const shell::CommandEvent& event,
                     const std::vector<std::string_view>& elsewhere) {
  // Other providers' own programs, whatever is asked before.
  if (one_of(event.name, {"modal", "runpodctl", "vastai"}) ||
      (event.name == "python" && event.arguments.size() > 1 && event.arguments[0].is("-m") &&
       event.arguments[1].is("modal")))
    return true;
  if (guarded(event)) return false;
  if (std::any_of(
          event.arguments.begin(), event.arguments.end(),
          [&](const shell::Argument& argument) { return hosted_folder(argument, elsewhere); }))
    return true;
  if (event.has_prefix("srun") ||
      one_of(event.name, {"kubectl", "gcloud", "brew", "choco", "winget"}))
    return true;
  const shell::Argument* first = event.operand();
  const std::string shown = first ? first->value.display() : "";
  if (one_of(event.name, {"cd", "source", "."}) && on_drive(shown)) return true;
  if (event.name == "cd")
    return shown.find("SLURM_SUBMIT_DIR") != std::string::npos ||
           shown.find("PBS_O_WORKDIR") != std::string::npos || shown.starts_with("/Users/");
  if (event.name == "systemctl")
    return one_of(shown, {"start", "restart", "enable", "daemon-reload", "reload"});

  return one_of(event.name, {"docker", "podman", "docker-compose"}) &&
         one_of(shown, {"run", "build", "exec", "compose", "up", "push", "pull"});
}

/// `CONDA_BASE="${CONDA_BASE:-/home/someone/anaconda3}"`: whose conda it was written for.
bool conda_of_another_machine(const shell::AssignmentEvent& event) {
  const auto& texts = event.value.alternatives();
  return std::any_of(texts.begin(), texts.end(), [](const Text& one) {
    const std::string_view path = one.known_prefix();
    return (path.starts_with("/home/") || path.starts_with("/mnt/") ||
            path.starts_with("/Users/")) &&
           (path.ends_with("conda3") || path.ends_with("/conda") || path.ends_with("miniforge3"));
  });
}

/// `[ -d /home/someone/project ] || exit 1`: without a folder of another machine it does nothing.
bool needs_another_machine(const shell::Trace& trace) {
  bool some = false;
  for (const shell::CommandEvent& event : trace.commands) {
    if (event.function_call || event.uncalled() || shell::is_builtin(event.name) ||
        one_of(event.name, {"", "date", "dirname", "basename", "hostname", "whoami", "uname",
                            "clear", "cat", "mkdir", "nvidia-smi", "sleep"}))
      continue;
    if (!event.state.elsewhere) return false;
    some = true;
  }
  return some;
}

/// Environment modules are a cluster's, and so is a login file below another machine's home or
/// mount.
bool of_another_machine(const shell::CommandEvent& event) {
  const shell::Argument* first = event.operand();
  if (!first) return false;
  if (event.name == "module") return first->is("load") || first->is("purge") || first->is("swap");
  if (event.name != "source" && event.name != ".") return false;
  const std::string path = first->constant().value_or("");
  return (path.starts_with("/mnt/") || path.starts_with("/home/")) && !guarded(event);
}

}  // namespace

bool works_on_a_box(const shell::Trace& trace, const catalog::Profile& profile) {
  for (const shell::CommandEvent& event : trace.commands) {
    if (event.hook != shell::CommandEvent::Hook::none) return true;
    if (event.name == "ssh" || event.name == "scp" || event.name == "rsync" ||
        event.name == "sftp" || event.name == "echo" || event.name == "printf" ||
        event.name.empty()) {
      continue;
    }
    for (const shell::Argument& argument : event.arguments) {
      const std::string_view start = argument.value.known_start();
      if (!start.starts_with('/')) continue;
      const catalog::Tier* tier = profile.tier_of(start);
      if (tier && tier->path != "/") return true;
    }
    if (!profile.python.prefix.empty() &&
        event.word.value.known_start().starts_with(profile.python.prefix))
      return true;
  }
  return false;
}

bool goes_elsewhere(const shell::Trace& trace) {
  if (trace.commands.empty() || trace.commands[0].name != "cd") return false;
  const shell::Argument* folder = trace.commands[0].operand();
  const std::string_view path = folder ? folder->value.known_start() : std::string_view();
  return path.starts_with("/media/") || path.starts_with("/home/") || path.starts_with("/Users/");
}

bool on_another_server(const shell::CommandEvent& event, const catalog::Profile& profile) {
  const auto call = remote_call(event);
  return call && another_server(*call, profile);
}

bool reaches_the_box(const shell::CommandEvent& event, const catalog::Profile& profile) {
  const auto call = remote_call(event);
  if (!call || !call->target) return false;
  const auto& texts = call->target->value.alternatives();
  return std::any_of(texts.begin(), texts.end(), [&](const Text& text) {
    std::string host = text.display();
    host.erase(0, host.find('@') + 1);
    host.resize(std::min(host.find(':'), host.size()));
    return catalog::Profile::host_in(host, profile.launch.ssh_hosts);
  });
}

bool drives_a_box(const shell::CommandEvent& event) {
  if (event.name == "ssh" || event.name == "sshpass") return event.operand() != nullptr;
  if (event.name != "scp" && event.name != "rsync" && event.name != "sftp") return false;
  for (const shell::Argument& argument : event.arguments) {
    const std::string shown = argument.value.display();
    if (shown.starts_with("-")) continue;
    const size_t colon = shown.find(':');
    if (colon != std::string::npos && colon > 0 && shown.find('/') > colon &&
        shown.find("://") == std::string::npos)
      return true;
  }
  return false;
}

bool matches_any(const std::vector<std::string>& patterns, const std::string& folder,
                 const std::string& path) {
  const std::string relative = paths::under(path, folder) && path.size() > folder.size() + 1
                                   ? path.substr(folder == "/" ? 1 : folder.size() + 1)
                                   : path;
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return catalog::glob_matches(pattern, relative);
  });
}

/// The examples of a published library show how it is used. Whoever rents a box for them names the
/// platform somewhere.
bool Builder::mere_example(const File& file) const {
  if (!library_example(file, request_.root, *request_.reader)) return false;
  if (!for_platform_) {
    for_platform_ = std::any_of(request_.files.begin(), request_.files.end(), [&](const auto& one) {
      return meant_for_platform(one->bytes, *request_.profile);
    });
  }
  return !*for_platform_;
}

bool Builder::for_others(const File& file) const {
  if (!own_folders_) own_folders_.emplace(request_.files, request_.root, *request_.profile);
  return kept_for_others(file, request_.root, *request_.profile, *request_.reader, *own_folders_);
}

/// A fork keeps the examples of the library that it was made from. Where the author's own scripts
/// name the platform, those that do not are as they came, unless one that does starts them.
bool Builder::left_example(const File& file) const {
  const auto example = [&](const std::string& path) { return among_examples(path, request_.root); };
  if (file.kind != FileKind::shell || !example(file.path) ||
      !packaged(request_.root, *request_.reader))
    return false;
  if (!own_scripts_) {
    own_scripts_ = std::any_of(request_.files.begin(), request_.files.end(), [&](const auto& one) {
      return one->kind == FileKind::shell && !example(one->path) &&
             names_platform(one->bytes, *request_.profile);
    });
  }
  return *own_scripts_ && !meant_for_platform(file.bytes, *request_.profile);
}

/// Where `scripts/autodl/` holds the scripts for the platform, one that lies elsewhere, that none
/// of them starts and that does not name the platform is for another machine.
bool Builder::beside_platform_folder(const File& file) const {
  const auto inside = [&](const std::string& path) {
    return in_platform_folder(path, request_.root, *request_.profile);
  };
  if (!platform_folder_) {
    platform_folder_ = std::any_of(
        request_.files.begin(), request_.files.end(),
        [&](const auto& one) { return one->kind == FileKind::shell && inside(one->path); });
  }
  return *platform_folder_ && !inside(file.path) &&
         !meant_for_platform(file.bytes, *request_.profile);
}

Site Builder::site_of(const Unit& unit, const shell::Trace& trace) const {
  const std::string& path = unit.file().path;
  const auto& sites = request_.config->sites;
  if (matches_any(sites.local, request_.config->folder, path)) return Site::local;
  if (matches_any(sites.instance, request_.config->folder, path)) return Site::instance;
  if (marks_foreign_site(unit.source.text())) return Site::foreign;
  if (has_hardware(trace) ||
      std::any_of(trace.commands.begin(), trace.commands.end(), of_another_machine))
    return Site::foreign;
  if (std::any_of(trace.assignments.begin(), trace.assignments.end(), conda_of_another_machine) &&
      !meant_for_platform(unit.file().bytes, *request_.profile))
    return Site::foreign;
  const std::vector<std::string_view> elsewhere = places_elsewhere(*request_.profile);
  if (std::any_of(
          trace.commands.begin(), trace.commands.end(),
          [&](const shell::CommandEvent& event) { return of_another_kind(event, elsewhere); }) &&
      !works_on_a_box(trace, *request_.profile))
    return Site::foreign;
  const bool kept_all =
      for_others(unit.file()) &&
      std::all_of(trace.sources.begin(), trace.sources.end(), [&](const shell::SourceEvent& event) {
        return !event.target || for_others(event.target->file());
      });
  if (kept_all || mere_example(unit.file()) || left_example(unit.file()) ||
      beside_platform_folder(unit.file()))
    return Site::foreign;
  const bool drives =
      std::any_of(trace.commands.begin(), trace.commands.end(), drives_a_box) ||
      std::any_of(trace.embedded.begin(), trace.embedded.end(),
                  [&](const shell::Embedded& embedded) {
                    const std::string_view text = embedded.source.text();
                    return trace.commands[static_cast<size_t>(embedded.command)].name == "expect" &&
                           (text.starts_with("ssh ") || text.starts_with("scp ") ||
                            text.starts_with("rsync ") || text.starts_with("sftp "));
                  }) ||
      std::any_of(trace.launches.begin(), trace.launches.end(), [&](const shell::Launch& launch) {
        return launch.kind == shell::Launch::shell_script && !launch.over_ssh &&
               box_drivers_.contains(
                   target_of(launch, trace.commands[static_cast<size_t>(launch.command)]));
      });
  if (!drives && !needs_another_machine(trace)) return Site::instance;
  if (works_on_a_box(trace, *request_.profile)) return Site::instance;
  return drives ? Site::local : Site::foreign;
}

}  // namespace preflint::project
