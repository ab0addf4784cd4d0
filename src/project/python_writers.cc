#include "project/python_writers.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "base/one_of.h"
#include "base/text.h"

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

}  // namespace

const py::Argument* PathArgument::of(const CallEvent& call) const {
  if (const py::Argument* found = call.argument(position, {})) return found;
  for (const std::string_view keyword : keywords) {
    if (const py::Argument* found = call.keyword(keyword)) return found;
  }
  return nullptr;
}

bool PathArgument::hidden(const CallEvent& call) const {
  return call.more_positional || call.more_keywords;
}

bool loads_small_files(std::string_view origin) {
  for (const std::string_view small : {"okenizer", "rocessor", "Config", "FeatureExtractor"}) {
    if (origin.find(small) != std::string_view::npos) return true;
  }
  return false;
}

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
    if (loads_small_files(origin)) return std::nullopt;
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

bool copies(std::string_view origin) {
  return one_of(origin, {"shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree",
                         "shutil.move", "distutils.dir_util.copy_tree"});
}

bool uploads(const CallEvent& call) {
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

}  // namespace preflint::project
