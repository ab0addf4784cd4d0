#include <algorithm>
#include <map>

#include "base/one_of.h"
#include "base/text.h"
#include "model/python/trace.h"
#include "project/artefacts.h"
#include "project/dependencies.h"
#include "project/python_needs.h"
#include "project/trackers.h"
#include "project/training.h"

namespace preflint::project {
namespace {

using py::CallEvent;

bool ends_with_one(std::string_view text, std::initializer_list<std::string_view> tails) {
  return std::any_of(tails.begin(), tails.end(),
                     [&](std::string_view tail) { return text.ends_with(tail); });
}

std::string_view package(std::string_view origin) {
  return origin.substr(0, origin.find_first_of(".("));
}

bool lightning(std::string_view origin) {
  return one_of(package(origin), {"lightning", "pytorch_lightning", "lightning_fabric"});
}

/// Tokenizers, processors and configurations are small files.
bool is_small(std::string_view origin) {
  for (const std::string_view small : {"okenizer", "rocessor", "Config", "FeatureExtractor"}) {
    if (origin.find(small) != std::string_view::npos) return true;
  }
  return false;
}

/// Where a function takes the path that it writes.
struct PathArgument {
  int position = -1;
  std::vector<std::string_view> keywords;
  bool repeats = false;  // by itself, while a training runs

  const py::Argument* of(const CallEvent& call) const {
    if (const py::Argument* found = call.argument(position, {})) return found;
    for (const std::string_view keyword : keywords) {
      if (const py::Argument* found = call.keyword(keyword)) return found;
    }
    return nullptr;
  }
  /// It may be among `*x` or `**x`.
  bool hidden(const CallEvent& call) const { return call.more_positional || call.more_keywords; }
};

/// Functions that save a model's state; the path argument of each as documented.
std::optional<PathArgument> saver(const CallEvent& call) {
  const std::string& origin = call.origin;
  const std::string& method = call.method;
  const std::string_view top = package(origin);
  if (one_of(origin,
             {"torch.save", "paddle.save", "torch_xla.core.xla_model.save", "oneflow.save"}))
    return PathArgument{1, {"f", "path"}};
  if (one_of(origin, {"safetensors.torch.save_file", "safetensors.torch.save_model",
                      "safetensors.numpy.save_file", "mindspore.save_checkpoint", "joblib.dump",
                      "tensorflow.saved_model.save", "tensorflow.keras.models.save_model",
                      "keras.models.save_model"})) {
    return PathArgument{1, {"filename", "ckpt_file_name", "export_dir", "filepath"}};
  }
  if (one_of(method, {"save_pretrained", "save_pretrained_merged", "save_pretrained_gguf"})) {
    if (is_small(origin)) return std::nullopt;
    return PathArgument{0, {"save_directory"}};
  }
  if (top == "accelerate" && one_of(method, {"save_state", "save_model"}))
    return PathArgument{method == "save_state" ? 0 : 1, {"output_dir", "save_directory"}};
  if (top == "accelerate" && method == "save") return PathArgument{1, {"f"}};
  if (ends_with_one(origin, {"TrainingArguments", "Seq2SeqTrainingArguments"}) &&
      one_of(top, {"transformers", "sentence_transformers", "setfit"})) {
    return PathArgument{0, {"output_dir"}, true};
  }
  if (top == "trl" && origin.ends_with("Config") && !origin.ends_with("ModelConfig") &&
      origin.find('(') == std::string::npos)
    return PathArgument{0, {"output_dir"}, true};
  if (method == "save_model" && origin.find("Trainer") != std::string::npos)
    return PathArgument{0, {"output_dir"}};
  if (lightning(origin) && origin.ends_with(".ModelCheckpoint"))
    return PathArgument{0, {"dirpath"}, true};
  if (lightning(origin) && origin.ends_with(".Trainer")) {
    const py::Argument* enabled = call.keyword("enable_checkpointing");
    if (enabled && enabled->value.truth() != Tri::yes) return std::nullopt;
    return PathArgument{-1, {"default_root_dir"}, true};
  }
  if (lightning(origin) && method == "save_checkpoint") return PathArgument{0, {"filepath"}};
  if (one_of(top, {"keras", "tensorflow", "tf_keras"})) {
    if (origin.ends_with(".ModelCheckpoint") || origin.ends_with(".BackupAndRestore"))
      return PathArgument{0, {"filepath", "backup_dir"}, true};
    if (origin.ends_with("CheckpointManager")) return PathArgument{1, {"directory"}, true};
    if (one_of(method, {"save", "save_weights"}) && origin.find("()") != std::string::npos)
      return PathArgument{0, {"filepath", "file_prefix"}};
  }
  if (origin == "flax.training.checkpoints.save_checkpoint") return PathArgument{0, {"ckpt_dir"}};
  if (top == "orbax") {
    if (origin.ends_with("CheckpointManager")) return PathArgument{0, {"directory"}, true};
    if (method == "save" && origin.find("Checkpointer()") != std::string::npos)
      return PathArgument{0, {"directory"}};
  }
  if (method == "save_checkpoint" && (top == "deepspeed" || origin.empty()))
    return PathArgument{0, {"save_dir"}};
  if (origin == "sentence_transformers.SentenceTransformer().save")
    return PathArgument{0, {"path"}};
  return std::nullopt;
}

/// `torch.save({"questions": …, "answers": …}, cache)`, `torch.save(features, "features.pt")`: what
/// is saved is data, by what the call and the file's name say, and no state of a model.
bool saves_data(const CallEvent& call, const Value& path) {
  const py::Argument* what = call.argument(0, {"obj"});
  if (call.origin != "torch.save" || !what || !what->expr) return false;
  const std::string written = lower(std::string(call.file->syntax.slice(what->expr->span)));
  if (holds_any(written, {"model", "net", "state", "weight", "param", "optim", "epoch", "step",
                          "ckpt", "checkpoint", "encoder", "decoder", "actor", "critic", "policy",
                          "adapter", "lora", "ema", "save_"}))
    return false;
  const std::string name = lower(paths::basename(path.display()));
  return (written.starts_with('{') && written.find(':') != written.npos) ||
         holds_any(name,
                   {"cache", "feature", "feat", "embed", "dataset", "processed", "pred", "logit",
                    "graph", "vocab", "stat", "label", "split", "token", "result", "data"});
}

/// Functions that write one image or array each.
std::optional<PathArgument> sample_writer(const CallEvent& call) {
  const std::string& origin = call.origin;
  if (call.method == "savefig") return PathArgument{0, {"fname"}};
  if (one_of(origin, {"cv2.imwrite", "imageio.imwrite", "imageio.v2.imwrite", "imageio.v3.imwrite",
                      "skimage.io.imsave", "matplotlib.pyplot.imsave", "numpy.save", "numpy.savez",
                      "numpy.savez_compressed", "numpy.savetxt", "soundfile.write"})) {
    return PathArgument{0, {"filename", "uri", "file", "fname"}};
  }
  if (one_of(origin,
             {"torchvision.utils.save_image", "torchaudio.save", "scipy.io.wavfile.write"})) {
    return PathArgument{origin == "torchvision.utils.save_image" ? 1 : 0,
                        {"fp", "uri", "filename"}};
  }
  if (call.method == "save" && package(origin) == "PIL") return PathArgument{0, {"fp"}};
  return std::nullopt;
}

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
    if (is_copy(call) || uploads(call)) file(call);
    const py::Frame* function = call.enclosing(py::FrameKind::uncalled);
    const bool left_to_trainer = function && function->name.starts_with("on_");
    for (size_t i = before; i < out_.size(); ++i) out_[i].own = true;
    const bool counts =
        out_.size() > before &&
        (left_to_trainer || (!out_.back().off_box && out_.back().landing.durable == Tri::yes));
    if (!counts) out_.resize(before);
  }

  static bool is_copy(const CallEvent& call) { return copies(call.origin); }
  static bool copies(std::string_view origin) {
    return one_of(origin, {"shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree",
                           "shutil.move", "distutils.dir_util.copy_tree"});
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

  /// Sends files to another machine or a service.
  static bool uploads(const CallEvent& call) {
    const std::string_view top = package(call.origin);
    if (one_of(call.method, {"push_to_hub", "push_to_hub_merged", "push_to_hub_gguf"})) return true;
    if (top == "huggingface_hub" || top == "modelscope")
      return call.method.starts_with("upload") || call.method == "push_model" ||
             call.method == "create_commit";
    if (top == "wandb" || top == "mlflow" || top == "swanlab" || top == "comet_ml" ||
        top == "clearml" || top == "neptune") {
      return one_of(call.method, {"save", "log_artifact", "log_artifacts", "log_model",
                                  "use_artifact", "upload_artifact", "upload"});
    }
    if (one_of(call.origin, {"requests.put", "requests.post", "httpx.put", "httpx.post"})) {
      const py::Argument* data = call.keyword("data");
      return call.keyword("files") || (data && data->value.origin().starts_with("builtins.open"));
    }
    if (call.origin.ends_with(".WandbLogger") || call.origin.ends_with(".MLFlowLogger")) {
      const py::Argument* model = call.keyword("log_model");
      return model && model->value.truth() != Tri::no;
    }
    return one_of(call.method, {"put_object_from_file", "upload_file", "upload_fileobj",
                                "fput_object", "put_object", "resumable_upload", "blob_upload"}) ||
           call.origin == "paramiko.SSHClient().open_sftp().put" ||
           (call.method == "put" && call.origin.find("sftp") != std::string::npos);
  }

  static DownloadSize downloaded(const PythonNeed& need) {
    const CallEvent& call = *need.call;
    if (call.origin.starts_with("evaluate.")) return DownloadSize::small;
    if (need.kind == PythonNeed::weights) {
      // One file of weights each; torch.hub has large ones too, and their names say so.
      const py::Argument* model =
          call.argument(call.origin == "torch.hub.load" ? 1 : 0, {"model", "model_name"});
      const bool large =
          model && model_size(model->value.constant().value_or("")) == DownloadSize::large;
      return large ? DownloadSize::large : DownloadSize::small;
    }
    const py::Argument* type = call.keyword("repo_type");
    const bool data = call.origin.starts_with("datasets.") ||
                      call.origin.ends_with("MsDataset.load") ||
                      (type && type->value.is("dataset"));
    if (data) return dataset_size(need.repository);
    DownloadSize size = model_size(need.repository);
    const py::Argument* file =
        call.origin.ends_with("hf_hub_download") ? call.argument(1, {"filename"}) : nullptr;
    if (file && size == DownloadSize::unknown)
      size = file_size(file->value.constant().value_or(""));
    return size == DownloadSize::unknown && call.origin == "timm.create_model" ? DownloadSize::small
                                                                               : size;
  }

  /// `torch.hub.set_dir(…)`, the last one before.
  const CallEvent* hub_folder(int before) const {
    const CallEvent* found = nullptr;
    for (const CallEvent& call : trace_.calls) {
      if (call.order < before && call.origin == "torch.hub.set_dir") found = &call;
    }
    return found;
  }

  void cache(const PythonNeed& need) {
    const CallEvent& call = *need.call;
    if (is_small(call.origin) || need.reach == Reach::local) return;
    std::string tool;
    Value path;
    Span span = call.callee_span;
    const py::Argument* given = call.keyword("local_dir");
    for (const char* name : {"cache_dir", "cache_folder", "model_dir", "root"}) {
      if (!given) given = call.keyword(name);
    }
    const bool named = given && !given->value.is_none();
    if (!named && call.more_keywords) return;  // it may be among them
    if (named) {
      if (call.given(-1, {"local_dir", "cache_dir", "cache_folder", "model_dir", "root"}) !=
          Tri::yes)
        return;
      path = given->value.text();
      span = given->span;
      tool = given->keyword;
    } else if (need.kind == PythonNeed::hub && call.origin.starts_with("datasets.")) {
      path = datasets_cache(need.environment, tool);
    } else if (need.kind == PythonNeed::hub) {
      // Transformers 3 keeps its files beside torch's.
      if (call.origin.starts_with("transformers.") &&
          context_.shared<Dependencies>().keep_below("transformers", "4.0"))
        return;
      path = hub_cache(need.environment, tool);
    } else if (need.kind == PythonNeed::weights) {
      const CallEvent* chosen = hub_folder(call.order);
      if (chosen && (chosen->arguments.empty() || !chosen->arguments[0].value.text().constant()))
        return;
      if (chosen) {
        path = chosen->arguments[0].value.text();
        span = chosen->arguments[0].span;
        tool = "torch.hub.set_dir";
      } else {
        path = torch_cache(need.environment, tool);
      }
    } else if (need.kind == PythonNeed::modelscope) {
      path = modelscope_cache(need.environment, tool);
    } else {
      return;
    }
    Artefact& out = add(Artefact::cache, call, path, span);
    out.defaulted = tool.empty();
    out.size = downloaded(need);
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
