#include <algorithm>
#include <map>

#include "base/one_of.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/python_downloads.h"
#include "project/python_needs.h"
#include "project/python_writers.h"
#include "project/trackers.h"

namespace preflint::project {
namespace {

using py::CallEvent;

/// Reads the calls of one Python run for what they do to files: what add_python_artefacts adds.
class PythonFiles {
 public:
  PythonFiles(const Context& context, const Lander& lander, const Run& run,
              std::vector<Artefact>& out)
      : context_(context), lander_(lander), run_(run), trace_(*run.python), out_(out) {}

  void read() {
    for (const CallEvent& call : trace_.calls) {
      if (call.method == "replace" || call.method == "rename" || call.origin == "shutil.move")
        note_rename(call);
    }
    std::map<int, const PythonNeed*> needs;
    for (const PythonNeed& need : context_.needs(run_)) needs.emplace(need.call->index, &need);
    for (const CallEvent& call : trace_.calls) {
      if (call.project) continue;
      call_ = &call;
      if (call.uncalled()) {
        in_callback(call);
        continue;
      }
      const auto need = needs.find(call.index);
      if (need != needs.end()) cache(*need->second);
      if (const auto argument = saver(call)) {
        save(*argument);
        if (argument->repeats) hand_over(call);
      } else if (const auto sample = sample_writer(call)) {
        write_sample(*sample);
      } else {
        file(call);
      }
    }
    std::stable_sort(out_.begin(), out_.end(), [](const Artefact& a, const Artefact& b) {
      return (a.call ? a.call->order : 1 << 30) < (b.call ? b.call->order : 1 << 30);
    });
  }

 private:
  struct Rename {
    int order;
    Value from, to;
  };

  /// What is saved under one name and renamed is saved under the other.
  void note_rename(const CallEvent& call) {
    if (call.project) return;
    const bool method = call.receiver.is_path && call.origin != "os.replace" &&
                        call.origin != "os.rename" && call.origin != "shutil.move";
    const py::Argument* from = method ? nullptr : call.argument(0, {"src"});
    const py::Argument* to = call.argument(method ? 0 : 1, {"dst", "target"});
    if (!to || (!method && (!from || !one_of(call.origin, {"os.replace", "os.rename", "shutil.move",
                                                           "os.renames"}))))
      return;
    renames_.push_back(
        {call.order, method ? call.receiver.text() : from->value.text(), to->value.text()});
  }

  Text cwd(const CallEvent& call) const {
    (void)call;
    return run_.environment.here();
  }

  Artefact& add(Artefact::Kind kind, const CallEvent& call, const Value& path, Span span) {
    Artefact& out = out_.emplace_back();
    out.kind = kind;
    out.landing = lander_.land(path, cwd(call));
    out.tool = call.origin.empty() ? call.method : call.origin;
    out.in_loop = call.loop_depth() > 0;
    out.run = &run_;
    out.call = &call;
    out.text = &call.file->syntax.source;
    out.span = span;
    return out;
  }

  /// The path that an argument means: of the file, when it is an open one.
  Value path_of(const py::Value& value) const {
    if (value.is_string()) return value.text();
    if (value.call >= 0 && value.type == py::Type::reference) {
      const CallEvent& opened = trace_.calls[static_cast<size_t>(value.call)];
      if (opened.method == "open" || opened.origin == "builtins.open") {
        if (opened.receiver.is_path) return opened.receiver.text();
        if (const py::Argument* path = opened.argument(0, {"file"})) return path->value.text();
      }
    }
    return value.text();
  }

  void save(const PathArgument& where) {
    const CallEvent& call = *call_;
    const py::Argument* argument = where.of(call);
    if (where.repeats) {
      for (const char* name : {"save_strategy", "save_steps"}) {
        const py::Argument* strategy = call.keyword(name);
        if (strategy && strategy->value.is("no")) return;
      }
    }
    if (!argument || argument->value.is_none()) {
      // An unknown `**options` may hold it, and so may a default of the class that made the
      // receiver.
      if (!where.repeats || where.hidden(call) || !call.origin.ends_with("TrainingArguments"))
        return;
      Artefact& out =
          add(Artefact::checkpoint, call, Value::literal("trainer_output"), call.callee_span);
      out.defaulted = out.live = true;
      return;
    }
    const Value path = path_of(argument->value);
    if (saves_data(call, path)) return;
    Artefact& out = add(Artefact::checkpoint, call, path, argument->span);
    out.live = where.repeats || out.in_loop;
    for (const Rename& rename : renames_) {
      if (rename.order < call.order || !(rename.from == path)) continue;
      out.landing = lander_.land(rename.to, cwd(call));
      out.replaced = true;
      break;
    }
  }

  /// Settings of a Trainer by which it brings its checkpoints away itself: `push_to_hub=True`, and
  /// WANDB_LOG_MODEL where it reports to W&B.
  void hand_over(const CallEvent& call) {
    const py::Argument* push = call.keyword("push_to_hub");
    const Tri pushes = push ? push->value.truth() : Tri::no;
    const py::Argument* trackers = call.keyword("report_to");
    const bool artifacts =
        sets_log_model(call) && (!trackers || names_tracker(trackers->value, "wandb") != Tri::no);
    if (pushes == Tri::no && !artifacts) return;
    Artefact& out =
        add(Artefact::copy, call, Value::unknown("remote"), push ? push->span : call.callee_span);
    out.off_box = pushes == Tri::yes || artifacts;
    out.own = true;
  }

  bool sets_log_model(const CallEvent& call) const {
    if (logs_model(run_.environment)) return true;
    return std::any_of(trace_.environment_writes.begin(), trace_.environment_writes.end(),
                       [&](const py::EnvironmentWrite& write) {
                         return write.order < call.order && write.key.is(kLogModel) &&
                                !write.value.is("false");
                       });
  }

  void write_sample(const PathArgument& where) {
    const py::Argument* argument = where.of(*call_);
    if (argument) add(Artefact::sample, *call_, path_of(argument->value), argument->span);
  }

  /// A function that the program hands to others or leaves to its trainer (`on_train_end`): when it
  /// copies to where files survive, or uploads, it does so for the run.
  void in_callback(const CallEvent& call) {
    const size_t before = out_.size();
    if (copies(call.origin) || uploads(call)) file(call);
    const py::Frame* function = call.enclosing(py::FrameKind::uncalled);
    const bool left_to_trainer = function && function->name.starts_with("on_");
    for (size_t i = before; i < out_.size(); ++i) out_[i].own = true;
    const bool counts =
        out_.size() > before &&
        (left_to_trainer || (!out_.back().off_box && out_.back().landing.durable == Tri::yes));
    if (!counts) out_.resize(before);
  }

  /// `atexit.register(shutil.copytree, a, b)`, `pool.submit(shutil.copy, a, b)`: what is copied
  /// then.
  void handed_over(const CallEvent& call) {
    const py::Argument* from = call.argument(1, {});
    const py::Argument* to = call.argument(2, {});
    if (!from || !to) return;
    Artefact& out = add(Artefact::copy, call, to->value.text(), to->span);
    out.recursive = true;
    out.sources.push_back(lander_.land(from->value.text(), cwd(call)).path);
  }

  /// `shutil.make_archive(base, format, folder)`, `tarfile.open(path, "w:gz")`.
  void archive(const CallEvent& call) {
    const bool made = call.origin == "shutil.make_archive";
    const py::Argument* path = call.argument(0, {"base_name", "name", "file"});
    const py::Argument* mode = made ? nullptr : call.argument(1, {"mode"});
    const std::string how = mode ? mode->value.constant().value_or("") : "";
    if (!path || (!made && !how.starts_with('w') && !how.starts_with('x'))) return;
    Artefact& out = add(Artefact::copy, call, path->value.text(), path->span);
    out.archive = true;
    if (const py::Argument* folder = made ? call.argument(2, {"root_dir"}) : nullptr)
      out.sources.push_back(lander_.land(folder->value.text(), cwd(call)).path);
  }

  void file(const CallEvent& call) {
    const std::string& origin = call.origin;
    const py::Argument* first = call.argument(0, {"src", "path", "name"});
    if (copies(origin)) {
      const py::Argument* target = call.argument(1, {"dst"});
      if (!first || !target) return;
      Artefact& out = add(Artefact::copy, call, target->value.text(), target->span);
      out.moves = origin == "shutil.move";
      out.recursive = origin.ends_with("tree") || out.moves;
      out.sources.push_back(lander_.land(first->value.text(), cwd(call)).path);
    } else if ((origin == "atexit.register" || call.method == "submit") &&
               copies(call.argument(0, {}) ? call.argument(0, {})->value.origin() : "")) {
      handed_over(call);
    } else if (one_of(origin, {"shutil.make_archive", "tarfile.open", "zipfile.ZipFile"})) {
      archive(call);
    } else if (one_of(origin, {"shutil.rmtree", "os.remove", "os.unlink", "os.removedirs"})) {
      if (first)
        add(Artefact::removal, call, first->value.text(), first->span).recursive =
            origin == "shutil.rmtree";
    } else if (call.receiver.is_path && one_of(call.method, {"unlink", "rmdir"})) {
      add(Artefact::removal, call, call.receiver.text(), call.callee_span);
    } else if (one_of(origin, {"os.makedirs", "os.mkdir"})) {
      if (first) add(Artefact::folder, call, first->value.text(), first->span);
    } else if (call.receiver.is_path && call.method == "mkdir") {
      add(Artefact::folder, call, call.receiver.text(), call.callee_span);
    } else if (one_of(origin, {"shutil.unpack_archive", "tarfile.open().extractall",
                               "zipfile.ZipFile().extractall", "tarfile.TarFile().extractall"})) {
      const py::Argument* target = origin == "shutil.unpack_archive"
                                       ? call.argument(1, {"extract_dir"})
                                       : call.argument(0, {"path"});
      add(Artefact::unpacked, call, target ? target->value.text() : Value::literal("."),
          target ? target->span : call.span);
    } else if (origin == "builtins.open" ||
               (call.receiver.is_path &&
                one_of(call.method, {"open", "write_text", "write_bytes"}))) {
      opened(call);
    } else if (uploads(call)) {
      add(Artefact::copy, call, Value::unknown("remote"), call.span).off_box = true;
    }
  }

  /// A file that is opened to be written anew.
  void opened(const CallEvent& call) {
    const bool method = call.receiver.is_path;
    const py::Argument* mode = call.argument(method ? 0 : 1, {"mode"});
    const bool writes = call.method.starts_with("write_") ||
                        (mode && (mode->value.constant().value_or("").starts_with("w") ||
                                  mode->value.constant().value_or("").starts_with("x")));
    const py::Argument* path = method ? nullptr : call.argument(0, {"file"});
    if (!writes) return;
    if (method) {
      add(Artefact::sample, call, call.receiver.text(), call.callee_span);
    } else if (path) {
      add(Artefact::sample, call, path->value.text(), path->span);
    }
  }

  /// What a call downloads, and the text that sets the variable which says where to.
  void cache(const PythonNeed& need) {
    const CallEvent& call = *need.call;
    const auto place = download_place(context_, trace_, need);
    if (!place) return;
    const std::string& tool = place->tool;
    Artefact& out = add(Artefact::cache, call, place->path, place->span);
    out.defaulted = tool.empty();
    out.size = size_of_download(need);
    if (tool.empty()) return;
    out.tool = tool;
    if (const shell::Variable* set = run_.environment.find(tool); set && set->unit) {
      out.said = &set->unit->source;
      out.said_span = set->span;
    }
    for (const py::EnvironmentWrite& write : trace_.environment_writes) {
      if (write.order > call.order || !write.key.is(tool) || !write.file) continue;
      out.said = &write.file->syntax.source;
      out.said_span = write.span;
    }
  }

  const Context& context_;
  const Lander& lander_;
  const Run& run_;
  const py::Trace& trace_;
  std::vector<Artefact>& out_;
  std::vector<Rename> renames_;
  const CallEvent* call_ = nullptr;
};

}  // namespace

void add_python_artefacts(const Context& context, const Lander& lander, const Run& run,
                          std::vector<Artefact>& out) {
  PythonFiles(context, lander, run, out).read();
}

}  // namespace preflint::project
