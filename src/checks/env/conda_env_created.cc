#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "catalog/profile.h"
#include "project/conda_names.h"
#include "project/context.h"
#include "project/dependencies.h"
#include "project/image_pins.h"
#include "project/local_builds.h"
#include "project/order.h"
#include "project/python_commands.h"
#include "project/uncalled.h"
#include "project/uv_lock.h"

namespace preflint::checks {

namespace {

/// What an environment that a command makes gets from the project, as far as that can be read.
class Contents {
 public:
  explicit Contents(const project::Context& context)
      : reader_(*context.program().reader),
        pins_(context.shared<project::ImagePins>()),
        dependencies_(context.shared<project::Dependencies>()) {}

  /// Is all known that goes into it, and no framework among it?
  bool without_framework(const project::Run& run, const shell::CommandEvent& event) const {
    const bool syncs = event.name == "uv" && event.operand()->is("sync");
    // A branch that is not taken today may install more.
    const project::Run& program = of_python(run) ? *run.parent : run;
    if (!syncs && speaks_of_framework(program.unit->source.text())) return false;
    bool listed = false;
    for (const project::Install& install : dependencies_.installs().all) {
      const bool itself = install.event == &event;
      const bool concerned = itself ? syncs || !install.files.empty()  // conda env create -f FILE
                                    : !syncs && install.action == project::Install::install &&
                                          follows(run, event, install);
      if (!concerned) continue;
      if (install.partly_unknown || !spares(install)) return false;
      listed = listed || !install.files.empty() || !install.packages.empty();
    }
    return listed;
  }

  /// `conda create -n media ffmpeg nodejs`: is it for programs and holds no Python that anything is
  /// installed for?
  bool for_tools(const project::Run& run, const shell::CommandEvent& event) const {
    bool tools = false;
    for (const project::Install& install : dependencies_.installs().all) {
      if (install.event == &event) {
        const auto python = [](const auto& package) {
          return one_of(package.line.requirement.project, {"python", "pip", "anaconda"});
        };
        tools = install.action == project::Install::create && install.files.empty() &&
                !install.packages.empty() && !install.partly_unknown && spares(install) &&
                std::none_of(install.packages.begin(), install.packages.end(), python);
      } else if (install.target != project::Install::image &&
                 install.action == project::Install::install && follows(run, event, install) &&
                 !spares(install)) {
        return false;
      }
    }
    return tools;
  }

  /// Is a framework chosen for it, by its version or by the index that it comes from? Then it was
  /// made because of that.
  bool own_framework(const project::Run& run, const shell::CommandEvent& event) const {
    const bool syncs = event.name == "uv" && event.operand()->is("sync");
    return std::any_of(dependencies_.installs().all.begin(), dependencies_.installs().all.end(),
                       [&](const project::Install& install) {
                         if (install.run != &run || install.action == project::Install::uninstall)
                           return false;
                         const bool concerned =
                             syncs ? install.event == &event : install.event->index >= event.index;
                         return concerned &&
                                (chooses_in_command(install) || chooses_in_list(install));
                       });
  }

 private:
  bool chooses_in_command(const project::Install& install) const {
    const auto form = install.tool == project::Install::conda ? project::Dependency::conda
                                                              : project::Dependency::pip;
    return std::any_of(install.packages.begin(), install.packages.end(), [&](const auto& package) {
      const req::Requirement& requirement = package.line.requirement;
      return pins_.framework(project::ImagePins::framework_name(requirement, form)) &&
             (!requirement.specifiers.empty() || !requirement.url.empty() ||
              (!install.indexes.empty() && project::asks_other_index(install)));
    });
  }

  /// `torch = { index = "pytorch-cu126" }` for uv.
  bool chooses_in_list(const project::Install& install) const {
    if (install.tool != project::Install::uv) return false;
    return std::any_of(install.files.begin(), install.files.end(), [&](const auto& file) {
      const project::DependencyFile* list =
          file.path.empty() ? nullptr : dependencies_.file(file.path);
      return list &&
             std::any_of(list->entries.begin(), list->entries.end(), [&](const auto& entry) {
               return pins_.framework(entry.requirement.project) && !entry.index.empty();
             });
    });
  }

  static bool speaks_of_framework(std::string_view text) {
    return std::any_of(std::begin(kBrings), std::end(kBrings), [&](std::string_view name) {
      return text.find(name) != std::string_view::npos;
    });
  }

  /// Is the run a command of a Python program?
  static bool of_python(const project::Run& run) {
    return run.unit->embedding == Embedding::os_call && run.parent && run.parent->python;
  }

  /// Does an install come after a command, in its script or in the Python program that runs both?
  static bool follows(const project::Run& run, const shell::CommandEvent& event,
                      const project::Install& install) {
    if (install.run == &run) return install.event->index > event.index;
    return of_python(run) && of_python(*install.run) && install.run->parent == run.parent &&
           project::happens_before(run, event.index, *install.run, install.event->index)
               .value_or(false);
  }

  bool spares(const project::Install& install) const {
    const auto brings = [&](const auto& package) {
      return framework(package.line.requirement, false);
    };
    if (std::any_of(install.packages.begin(), install.packages.end(), brings)) return false;
    const bool by_uv = install.tool == project::Install::uv;
    return std::all_of(install.files.begin(), install.files.end(), [&](const auto& file) {
      if (!by_uv)
        return !list_brings(file.path, nullptr) &&
               (list_states(file.path) ||
                std::any_of(install.files.begin(), install.files.end(), [&](const auto& other) {
                  return other.how == project::InstalledFile::project && file.how == other.how &&
                         paths::dirname(other.path) == paths::dirname(file.path) &&
                         list_states(other.path);
                }));
      const auto list = file.path.empty() ? nullptr : reader_.open(file.path);
      if (!list) return false;
      const project::UvChoice choice = project::UvChoice::of(*install.event).resolved(list->bytes);
      const auto lock = reader_.open(paths::dirname(file.path) + "/uv.lock");
      return lock ? lock_spares(lock->bytes, choice) : list_spares(file.path, &choice);
    });
  }

  /// Every package of the environment is in the lock.
  bool lock_spares(std::string_view lock, const project::UvChoice& choice) const {
    const auto names = project::locked_packages(lock, choice);
    return !names.empty() && std::none_of(names.begin(), names.end(),
                                          [&](const auto& name) { return pins_.framework(name); });
  }

  /// Does it say what it asks for? A project that names no dependencies, and has none computed, has
  /// none.
  bool list_states(const std::string& path) const {
    const project::DependencyFile* top = path.empty() ? nullptr : dependencies_.file(path);
    if (!top) return false;
    const std::string& text = top->file->bytes;
    return !top->entries.empty() ||
           (top->file->kind == FileKind::pyproject && text.find("[project]") != std::string::npos &&
            text.find("dynamic") == std::string::npos);
  }

  bool list_spares(const std::string& path, const project::UvChoice* choice) const {
    const project::DependencyFile* top = path.empty() ? nullptr : dependencies_.file(path);
    return top && !top->entries.empty() && !list_brings(path, choice);
  }

  /// `choice`: what a `uv sync` takes, which installs nothing else; null for what people install by
  /// hand.
  bool list_brings(const std::string& path, const project::UvChoice* choice) const {
    const project::DependencyFile* top = path.empty() ? nullptr : dependencies_.file(path);
    if (!top) return !path.empty() && !path.ends_with("setup.py");
    for (const project::DependencyFile* file : dependencies_.with_includes(*top)) {
      for (const project::Dependency& entry : file->entries) {
        const bool taken = choice ? choice->takes(entry.group) : dependencies_.chosen(*file, entry);
        if (taken && framework(entry.requirement, choice != nullptr)) return true;
      }
    }
    return false;
  }

  /// A framework, or what is known to ask for one. `alone`: nothing else will be installed beside
  /// the list. A person who fetches transformers by hand fetches torch, too; the package itself
  /// asks for it only in its extras.
  bool framework(const req::Requirement& requirement, bool alone) const {
    const std::string& name = requirement.project;
    if (name.empty() || !requirement.url.empty()) return true;  // not known
    if (alone && requirement.extras.empty() && one_of(name, {"transformers", "diffusers"}))
      return false;
    if (name == "modelscope") return !requirement.extras.empty();
    return pins_.framework(name) || name.find("torch") != std::string::npos ||
           name.find("lightning") != std::string::npos || name.find("jax") != std::string::npos ||
           name.starts_with("tensorflow") || name.starts_with("keras") ||
           one_of(name, {"accelerate",
                         "peft",
                         "trl",
                         "timm",
                         "transformers",
                         "diffusers",
                         "sentence-transformers",
                         "ultralytics",
                         "vllm",
                         "sglang",
                         "deepspeed",
                         "xformers",
                         "flash-attn",
                         "bitsandbytes",
                         "openai-whisper",
                         "fairseq",
                         "monai",
                         "kornia",
                         "smplx",
                         "fastai",
                         "optimum",
                         "unsloth",
                         "lpips",
                         "easyocr",
                         "stable-baselines3",
                         "llamafactory",
                         "ms-swift",
                         "demucs",
                         "funasr",
                         "gfpgan",
                         "basicsr"});
  }

  static constexpr std::string_view kBrings[] = {"torch", "tensorflow", "jax", "vllm"};

  const project::Reader& reader_;
  const project::ImagePins& pins_;
  const project::Dependencies& dependencies_;
};

/// `sed -i 's/include-system-site-packages = false/…true/' .venv/pyvenv.cfg`
bool sees_the_image_later(const project::Run& run) {
  return run.unit->source.text().find("include-system-site-packages") != std::string_view::npos;
}

/// `uv sync` into a folder that a line before made with --system-site-packages: what the image has
/// is there.
bool sees_the_image(const project::Run& run, const shell::CommandEvent& sync) {
  const auto& commands = run.shell->commands;
  return std::any_of(commands.begin(), commands.end(), [&](const shell::CommandEvent& event) {
    return event.index < sync.index && event.has_option("--system-site-packages") &&
           one_of(event.name, {"uv", "python", "virtualenv"});
  });
}

/// `options+=(--system-site-packages)` under a condition, then `python -m venv "${options[@]}"`.
bool may_see_the_image(const shell::CommandEvent& event) {
  const std::string_view text = event.unit->source.text();
  const auto may = [&](const shell::Argument& argument) {
    const std::string_view word = event.unit->source.slice(argument.span);
    const size_t open = word.find("${"), close = word.find('[');
    if (!argument.may_split || open == word.npos || close == word.npos) return false;
    const std::string more = std::string(word.substr(open + 2, close - open - 2)) + "+=(";
    for (size_t at = text.find(more); at != text.npos; at = text.find(more, at + 1)) {
      const std::string_view line = text.substr(at, text.find('\n', at) - at);
      if (line.find("--system-site-packages") != line.npos) return true;
    }
    return false;
  };
  return std::any_of(event.arguments.begin(), event.arguments.end(), may);
}

/// `if echo "$(which python)" | grep -q conda; then …; else python -m venv …; fi`: the branch for a
/// machine whose Python is not conda's, as the box's is.
bool without_conda(const shell::CommandEvent& event) {
  for (const shell::Frame* at = event.frame; at; at = at->parent) {
    if (at->kind != shell::FrameKind::if_body || !at->command || !at->text) continue;
    const auto& clauses = at->command->clauses;
    const bool asks =
        at->index == clauses.size() &&
        std::all_of(clauses.begin(), clauses.end(), [&](const shell::IfClause& clause) {
          const std::string_view text = at->text->source.slice(clause.condition.span);
          return text.find("conda") != text.npos && text.find("grep") != text.npos &&
                 text.find('!') == text.npos;
        });
    if (asks) return true;
  }
  return false;
}

}  // namespace

void conda_env_created(project::Context& context) {
  const auto& python = context.profile().python;
  if (python.base_is_environment != Tri::yes) return;
  const Contents contents(context);
  context.each_command(
      project::Where::instance, {"conda", "mamba", "micromamba", "python", "virtualenv", "uv"},
      [&](const project::Run& run, const shell::CommandEvent& event) {
        const shell::Argument* first = event.operand();
        const std::string sub = first ? first->constant().value_or("") : "";
        if (event.has_option("--help") || event.has_option("--dry-run")) return;
        if (event.name == "python") {
          if (!event.option_value("-m") || !event.option_value("-m")->is("venv")) return;
          if (event.has_option("--system-site-packages")) return;
        } else if (event.name == "virtualenv" || event.name == "uv") {
          if (event.name == "uv" && sub != "venv" && sub != "sync") return;
          if (!first || event.has_option("--system-site-packages")) return;
        } else {
          const shell::Argument* second = event.operand(1);
          const bool creates = sub == "create" || (sub == "env" && second && second->is("create"));
          if (!creates || project::clones_base(event, python.prefix))  // ENV004 speaks of those
            return;
        }
        if (sub == "sync" && sees_the_image(run, event)) return;
        if (sees_the_image_later(run)) return;
        if (context.shared<project::UnnamedShellFunctions>().hold(run, event)) return;
        const bool conda =
            event.name != "python" && event.name != "virtualenv" && event.name != "uv";
        if (conda && contents.for_tools(run, event)) return;
        const bool tools = contents.without_framework(run, event);
        if (!conda && (project::open_ended(event) || may_see_the_image(event) ||
                       without_conda(event) || tools))
          return;
        Finding& finding = context.report(run, event);
        finding.arguments = {{"command", event.name}, {"interpreter", python.interpreter}};
        if (!conda) {
          finding.severity = Severity::warning;
          finding.message = sub == "sync" ? "uv-sync" : "venv";
        }
        // What somebody has made on purpose is theirs to weigh.
        if (contents.own_framework(run, event)) {
          finding.message = "own-framework";
          finding.severity = Severity::warning;
        }
        if (tools) finding.severity = Severity::info;
      });
}

}  // namespace preflint::checks
