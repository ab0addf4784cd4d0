#include "project/python_needs.h"

#include <algorithm>
#include <functional>
#include <set>

#include "base/one_of.h"
#include "base/text.h"
#include "project/call_made.h"
#include "project/checked_files.h"
#include "project/context.h"
#include "project/data_at_hand.h"
#include "project/dependencies.h"
#include "project/fetched_before.h"
#include "project/hub_ids.h"
#include "project/local_folders.h"
#include "project/named_switches.h"
#include "project/output_options.h"
#include "project/python_commands.h"
#include "project/python_statements.h"
#include "project/required_paths.h"
#include "project/trackers.h"
#include "project/training.h"
#include "project/unset_switches.h"

namespace preflint::project {
namespace {

using py::CallEvent;

/// Is the origin in this package ("transformers" holds "transformers.AutoModel.from_pretrained")?
bool in_package(std::string_view origin, std::initializer_list<std::string_view> packages) {
  const std::string_view top = origin.substr(0, origin.find_first_of(".("));
  return one_of(top, packages);
}

/// Is it a class whose files on the Hub are json and vocabularies ("transformers.AutoTokenizer
/// .from_pretrained")?
bool of_text_files(std::string_view origin) {
  const std::string_view owner = origin.substr(0, origin.rfind('.'));
  for (const std::string_view kind : {"Tokenizer", "TokenizerFast", "Processor", "ProcessorFast",
                                      "FeatureExtractor", "Config", "Scheduler"}) {
    if (owner.ends_with(kind)) return true;
  }
  return false;
}

/// Does a download name nothing but small texts: `hf_hub_download(id, "config.json")`,
/// `allow_patterns=["*.json"]`?
bool of_small_texts(const CallEvent& call) {
  const bool one_file = call.origin.ends_with("hf_hub_download");
  const py::Argument* named =
      one_file ? call.argument(1, {"filename"}) : call.keyword("allow_patterns");
  if (!named) return false;
  const bool several = named->value.type == py::Type::list || named->value.type == py::Type::tuple;
  if (several && (named->value.open || named->value.items().empty())) return false;
  const auto& names = several ? named->value.items() : std::vector<py::Value>{named->value};
  return std::all_of(names.begin(), names.end(), [](const py::Value& name) {
    const auto text = name.constant();
    return text && is_small_text(*text);
  });
}

/// Does the project ask for a timm before 0.8? That one fetches its weights from URLs into torch's
/// cache; the Hub came with 0.8.
struct OldTimm {
  explicit OldTimm(const Context& context)
      : pinned(context.shared<Dependencies>().keep_below("timm", "0.8.0")) {}
  bool pinned;
};

struct Judge {
  const Context& context;
  const Run& run;
  const Program& program;
  const catalog::Profile& profile;
  std::vector<const CallEvent*> modelscope = {};  // calls to it, or to a helper named after it

  /// Has the project this path itself (a checkout of the model, a dataset folder)?
  bool in_project(const std::string& path) const {
    const std::string folder = paths::dirname(run.unit->file().path);
    return program.reader->directory(paths::join(program.root, path)) ||
           program.reader->directory(paths::join(folder, path)) ||
           program.reader->exists(paths::join(program.root, path));
  }

  /// A Hub id that the program surely asks the Hub for; "" otherwise.
  std::string hub_id(const CallEvent& call, int position,
                     std::initializer_list<std::string_view> keywords) const {
    const py::Argument* argument = call.argument(position, keywords);
    if (!argument || argument->value.is_path) return "";
    // Whichever of several it is, when all are ids of the Hub.
    std::string first;
    for (const py::Value& one : argument->value.alternatives()) {
      const auto text = one.constant();
      if (!text || one.is_path || !fetched(call, *text)) return "";
      if (first.empty()) first = *text;
    }
    return first;
  }

  /// Does a call that is given this name ask the Hub for it?
  bool fetched(const CallEvent& call, const std::string& text) const {
    const bool known = call.origin == "datasets.load_dataset" && is_ownerless_dataset(text);
    if ((!known && !is_hub_id(text)) || in_project(text)) return false;
    if (context.shared<LocalFolders>().holds(text) || checked_by_wrapper(run, text)) return false;
    // The program saved it there itself, or cloned it.
    for (const CallEvent& other : run.python->calls) {
      if (other.order >= call.order) break;
      if (other.method != "save_pretrained" && other.method != "save_model" &&
          other.method != "save_to_disk")
        continue;
      const py::Argument* target = other.argument(0, {"save_directory", "output_dir"});
      if (target && target->value.is(text)) return false;
    }
    const py::Argument* local = call.keyword("local_files_only");
    if (local && local->value.truth() != Tri::no) return false;
    return !path_required(*run.python, call, text);
  }

  /// Rests what is asked for on a default that something unseen may override: `train.py "$@"`? What
  /// is but the value of an option, `--seed=$1`, is taken for one word.
  bool by_default(const CallEvent& call, const PythonNeed& need) const {
    const shell::CommandEvent* launcher = run.launcher();
    if (need.kind != PythonNeed::hub || need.repository.empty() || !launcher) return false;
    bool open = false, takes_next = false, known = true;
    for (const shell::Argument& word : launcher->arguments) {
      const bool all = word.value.display().find("@}") != std::string::npos;
      open |= word.value.known_start().empty() && !word.constant() && (all || !takes_next);
      takes_next = word.value.known_start().starts_with('-');
      known &= word.constant().has_value();
    }
    // Where every word is known it was a variable that was asked for.
    return (open || known) &&
           std::any_of(call.arguments.begin(), call.arguments.end(), [&](const auto& one) {
             return one.value.assumed && one.value.is(need.repository);
           });
  }

  /// Lies the file that torch's own downloader would fetch in its cache already, for all we know?
  bool cached_by_torch(const CallEvent& call, const PythonNeed& need) const {
    if (need.kind != PythonNeed::weights && call.origin != "torch.hub.load_state_dict_from_url" &&
        call.origin != "torch.utils.model_zoo.load_url")
      return false;
    const shell::Variable* home = need.environment.find("TORCH_HOME");
    const catalog::Tier* tier =
        home ? profile.tier_of(home->value.constant().value_or("")) : nullptr;
    return (tier && tier->durable) || call.keyword("model_dir") ||
           std::any_of(run.python->calls.begin(), run.python->calls.end(), [&](const auto& other) {
             return other.order < call.order && other.origin == "torch.hub.set_dir";
           });
  }

  /// `root=` of a data set of torchvision.
  static std::string root_of(const CallEvent& call) {
    const py::Argument* root = call.argument(0, {"root"});
    const Value text = root ? root->value.text() : Value();
    return text.alternatives().size() == 1 ? std::string(text.alternatives()[0].known_prefix())
                                           : "";
  }

  /// `settings=wandb.Settings(mode=…)`.
  const py::Argument* setting_of(const py::Argument& settings) const {
    if (settings.value.call < 0) return nullptr;
    const CallEvent& made = run.python->calls[static_cast<size_t>(settings.value.call)];
    return made.origin == "wandb.Settings" ? made.keyword("mode") : nullptr;
  }

  /// A question that gives up soon, whose failure the program has foreseen: it cannot stall.
  static bool gives_up(const CallEvent& call) {
    if (call.method == "head") return true;
    const py::Argument* timeout = call.keyword("timeout");
    if (!timeout || timeout->value.is_none() || !call.failure_swallowed()) return false;
    // Whoever leaves the time to the caller has thought of it.
    return timeout->value.type != py::Type::integer || timeout->value.number <= 10;
  }

  /// Is it the rest of a name that is not known, of which the program asks first what it begins
  /// with: `if folder.startswith("hub:"): snapshot_download(folder[4:])`?
  static bool by_its_form(const CallEvent& call, const py::Argument& id) {
    if (!id.expr || id.value.constant() || id.value.type == py::Type::either) return false;
    std::vector<std::string_view> names;
    std::vector<const py::Expr*> open{id.expr};
    while (!open.empty()) {
      const py::Expr* at = open.back();
      open.pop_back();
      if (!at) continue;
      if (at->kind == py::ExprKind::name) names.push_back(at->text);
      open.insert(open.end(), at->children.begin(), at->children.end());
    }
    for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
      if (frame->kind == py::FrameKind::function || frame->kind == py::FrameKind::import) break;
      if (frame->kind != py::FrameKind::condition || !frame->file) continue;
      const py::Expr* condition = expression_at(frame->file->syntax, frame->span);
      if (condition && std::any_of(names.begin(), names.end(), [&](std::string_view name) {
            return asks_for_start(*condition, name);
          }))
        return true;
    }
    return false;
  }

  /// `name.startswith(…)`, anywhere in a condition.
  static bool asks_for_start(const py::Expr& condition, std::string_view name) {
    if (condition.kind == py::ExprKind::call) {
      const py::Expr& callee = *condition.children[0];
      if (callee.kind == py::ExprKind::attribute && callee.text == "startswith" &&
          callee.children[0]->kind == py::ExprKind::name && callee.children[0]->text == name)
        return true;
    }
    return std::any_of(
        condition.children.begin(), condition.children.end(),
        [&](const py::Expr* child) { return child && asks_for_start(*child, name); });
  }

  /// A download by its name: the Hub is asked whatever the id is, unless the call is told to look
  /// at home only or stands under a question about what is there.
  std::optional<std::string> downloaded_id(const CallEvent& call) const {
    const py::Argument* id = call.argument(0, {"repo_id"});
    if (!id) return std::nullopt;
    if (id->value.constant()) {
      std::string known = hub_id(call, 0, {"repo_id"});
      return known.empty() ? std::nullopt : std::optional(std::move(known));
    }
    if (id->value.is_path || call.more_keywords || by_its_form(call, *id)) return std::nullopt;
    const py::Argument* local = call.keyword("local_files_only");
    if (local && local->value.truth() != Tri::no) return std::nullopt;
    for (const char* asked :
         {"exists", "isdir", "is_dir", "isfile", "is_file", "offline", "local_files", "local_path",
          "local_dir", "local_model", "is_local", "cache", "modelscope"}) {
      if (call.guarded_by(asked)) return std::nullopt;
    }
    return "";
  }

  /// Does a program that leaves the mode of wandb open say anywhere that it may be off?
  bool speaks_of_offline() const {
    return std::any_of(run.python->files.begin(), run.python->files.end(),
                       [](const py::ProgramFile& file) {
                         const std::string_view text = file.syntax.source.text();
                         return text.find("offline") != std::string_view::npos ||
                                text.find("disabled") != std::string_view::npos ||
                                text.find("dryrun") != std::string_view::npos;
                       });
  }

  /// May wandb be online with this mode? What a configuration says is not known, and so is no
  /// violation.
  bool may_be_online(const py::Value& mode) const {
    if (mode.is_none()) return true;
    if (const auto text = mode.constant()) return *text == "online" || text->empty();
    if (speaks_of_offline()) return false;
    return !named_as_settings(mode.name());
  }

  /// In a handler: the same was tried at ModelScope, and that has failed.
  bool last_resort(const CallEvent& call) const {
    const py::Frame* handler = call.enclosing(py::FrameKind::handler);
    return handler &&
           std::any_of(
               run.python->calls.begin(), run.python->calls.end(), [&](const CallEvent& other) {
                 const py::Frame* tried =
                     other.order < call.order ? other.enclosing(py::FrameKind::try_body) : nullptr;
                 return tried && tried->parent == handler->parent &&
                        in_package(other.origin, {"modelscope"});
               });
  }

  /// Stands in a branch that nothing known decides, and ModelScope is asked in its counterpart:
  /// where the program goes is the configuration's choice.
  bool one_of_two_sources(const CallEvent& call) const {
    return std::any_of(modelscope.begin(), modelscope.end(), [&](const CallEvent* other) {
      return call.branch_apart(*other) != nullptr;
    });
  }

  /// Was the same asked for at ModelScope before, in a try that lets a failure pass?
  static bool gave_the_same(const CallEvent& other, const CallEvent& call) {
    const py::Argument* there = other.argument(0, {"model_id"});
    const py::Argument* here = call.argument(0, {"repo_id", "pretrained_model_name_or_path"});
    return there && here && other.failure_swallowed() && there->value.constant() &&
           there->value.constant() == here->value.constant();
  }

  /// Has the program put another address into the Hub's library before, or had ModelScope take its
  /// place (`huggingface_hub.constants.ENDPOINT = …`, `patch_hub()`)?
  bool diverted(const CallEvent& call) const {
    return std::any_of(run.python->assignments.begin(), run.python->assignments.end(),
                       [&](const py::AssignEvent& event) {
                         return event.order < call.order &&
                                one_of(event.target.substr(event.target.rfind('.') + 1),
                                       {"ENDPOINT", "HF_ENDPOINT", "_HF_DEFAULT_ENDPOINT"}) &&
                                event.target.find('.') != std::string::npos;
                       }) ||
           std::any_of(modelscope.begin(), modelscope.end(), [&](const CallEvent* other) {
             return other->order < call.order &&
                    (other->origin.ends_with("patch_hub") ||
                     other->origin.ends_with("patch_context") || gave_the_same(*other, call));
           });
  }

  /// `endpoint=` of a call to the Hub, or of the client that it is made through. None is no
  /// address.
  const py::Argument* endpoint_of(const CallEvent& call) const {
    const py::Argument* given = call.keyword("endpoint");
    if (!given && call.receiver_call >= 0) {
      const CallEvent& client = run.python->calls[static_cast<size_t>(call.receiver_call)];
      if (client.origin == "huggingface_hub.HfApi") given = client.argument(0, {"endpoint"});
    }
    return given && !given->value.is_none() ? given : nullptr;
  }

  /// The URL of a request: as it is written, or as an object was made of it before.
  const py::Argument* url_of(const CallEvent& call, int position) const {
    const py::Argument* url = call.argument(position, {"url"});
    if (!url || url->value.call < 0) return url;
    const CallEvent& made = run.python->calls[static_cast<size_t>(url->value.call)];
    return made.origin == "urllib.request.Request" ? made.argument(0, {"url"}) : url;
  }

  /// Libraries that know addresses of weights by name: `clip.load("ViT-B/32")`.
  static std::optional<PythonNeed> by_its_name(const CallEvent& call) {
    PythonNeed out;
    out.call = &call;
    out.kind = PythonNeed::weights;
    const py::Argument* model = call.argument(0, {"name", "pretrained_model_name_or_path"});
    const std::string name = model ? model->value.constant().value_or("") : "";
    if (one_of(call.origin, {"clip.load", "clip.clip.load"})) {
      if (!one_of(name, {"RN50", "RN101", "RN50x4", "RN50x16", "RN50x64", "ViT-B/32", "ViT-B/16",
                         "ViT-L/14", "ViT-L/14@336px"}))
        return std::nullopt;
      out.target = "openaipublic.azureedge.net";
      out.may = call.keyword("download_root") != nullptr;
      return out;
    }
    if (call.method == "from_pretrained" && in_package(call.origin, {"pytorch_pretrained_bert"}) &&
        name.starts_with("bert-") && is_hub_id(name)) {
      out.target = "s3.amazonaws.com";
      out.may = call.keyword("cache_dir") != nullptr;
      return out;
    }
    return std::nullopt;
  }

  std::optional<PythonNeed> need(const CallEvent& call) const {
    PythonNeed out;
    out.call = &call;
    const std::string& origin = call.origin;
    if (call.project || origin.empty()) return std::nullopt;
    const auto hub = [&](std::string id) -> std::optional<PythonNeed> {
      if (id.empty()) return std::nullopt;
      out.kind = PythonNeed::hub;
      out.repository = std::move(id);
      return out;
    };
    if (call.method == "from_pretrained" &&
        in_package(origin, {"transformers", "diffusers", "peft", "sentence_transformers", "trl",
                            "open_clip", "optimum", "timm", "unsloth", "auto_gptq", "tokenizers",
                            "adapters", "vllm"})) {
      out.large = !of_text_files(origin);
      // Of peft's own classes a model comes first.
      const bool adapter = origin.starts_with("peft.Peft");
      return hub(hub_id(call, adapter ? 1 : 0,
                        {"pretrained_model_name_or_path", "model_id", "model_name"}));
    }
    if (one_of(origin, {"huggingface_hub.snapshot_download", "huggingface_hub.hf_hub_download"}) ||
        (in_package(origin, {"huggingface_hub"}) &&
         one_of(call.method, {"snapshot_download", "hf_hub_download"}))) {
      auto id = downloaded_id(call);
      if (!id) return std::nullopt;
      out.large = !of_small_texts(call);
      out.kind = PythonNeed::hub;
      out.repository = std::move(*id);
      return out;
    }
    if (origin == "evaluate.load") {
      // Its own metrics are asked for without an owner.
      const py::Argument* name = call.argument(0, {"path"});
      const std::string metric = name ? name->value.constant().value_or("") : "";
      if (one_of(metric, {"accuracy", "rouge", "bleu", "sacrebleu", "f1", "wer", "cer", "meteor",
                          "perplexity", "exact_match", "bertscore", "seqeval", "precision",
                          "recall", "chrf", "bleurt"}) &&
          !in_project(metric) && !in_project(metric + ".py")) {
        out.large = false;
        return hub("evaluate-metric/" + metric);
      }
    }
    if (origin == "datasets.load_dataset" || origin == "evaluate.load" ||
        origin == "datasets.load_metric") {
      const py::Argument* name = call.argument(0, {"path"});
      const auto text = name ? name->value.constant() : std::nullopt;
      if (text && one_of(*text, {"json", "csv", "text", "parquet", "arrow", "imagefolder",
                                 "audiofolder", "webdataset", "pandas", "xml", "sql"})) {
        return std::nullopt;
      }
      const py::Argument* streaming = call.keyword("streaming");
      out.large = !streaming || streaming->value.truth() == Tri::no;
      return hub(hub_id(call, 0, {"path"}));
    }
    if (origin == "sentence_transformers.SentenceTransformer" ||
        origin == "sentence_transformers.CrossEncoder") {
      return hub(hub_id(call, 0, {"model_name_or_path", "model_name"}));
    }
    if (origin == "transformers.pipeline") return hub(hub_id(call, 1, {"model"}));
    if (origin == "timm.create_model") {
      const py::Argument* pretrained = call.argument(1, {"pretrained"});
      if (!pretrained || pretrained->value.truth() != Tri::yes || call.keyword("checkpoint_path"))
        return std::nullopt;
      if (call.keyword("pretrained_cfg_overlay") || call.keyword("pretrained_cfg"))
        return std::nullopt;
      const py::Argument* model = call.argument(0, {"model_name"});
      const std::string name = model ? model->value.constant().value_or("") : "";
      if (name.starts_with("local-dir:")) return std::nullopt;
      if (name.empty() || name.starts_with("hf") || !context.shared<OldTimm>().pinned)
        return hub(name);
      out.kind = PythonNeed::weights;
      out.target = "github.com";
      return out;
    }
    if (in_package(origin, {"modelscope"}) &&
        (call.method == "from_pretrained" ||
         one_of(origin, {"modelscope.snapshot_download",
                         "modelscope.hub.snapshot_download.snapshot_download"}) ||
         origin.ends_with("MsDataset.load"))) {
      const py::Argument* model = call.argument(0, {"model_id", "pretrained_model_name_or_path"});
      const auto text = model ? model->value.constant() : std::nullopt;
      if (!text || !is_hub_id(*text) || in_project(*text)) return std::nullopt;
      out.kind = PythonNeed::modelscope;
      out.repository = *text;
      return out;
    }
    if (origin == "wandb.init" || origin == "wandb.login" || origin == "wandb.agent" ||
        origin == "wandb.sweep") {
      const py::Argument* mode = call.keyword("mode");
      // `**options` may hold it.
      if (!mode && call.given(-1, {"mode"}) == Tri::maybe) return std::nullopt;
      if (const py::Argument* settings = mode ? nullptr : call.keyword("settings"))
        mode = setting_of(*settings);
      if (mode && !may_be_online(mode->value)) return std::nullopt;
      out.kind = PythonNeed::tracker;
      out.target = "api.wandb.ai";
      return out;
    }
    // Settings that a parser fills from the command line.
    const shell::CommandEvent* launcher = parses_settings(call) ? run.launcher() : nullptr;
    const auto named = launcher ? launch_option(*launcher, "--report_to") : std::nullopt;
    if (named ? named->is("wandb") && trains(*run.python)
              : reports_to(*run.python, call, "wandb")) {
      out.kind = PythonNeed::tracker;
      out.target = "api.wandb.ai";
      return out;
    }
    if (origin.ends_with(".WandbLogger") &&
        in_package(origin, {"lightning", "pytorch_lightning"})) {
      const py::Argument* offline = call.keyword("offline");
      const py::Argument* mode = call.keyword("mode");
      if ((offline && offline->value.truth() != Tri::no) || mode) return std::nullopt;
      out.kind = PythonNeed::tracker;
      out.target = "api.wandb.ai";
      return out;
    }
    if (auto weights = by_its_name(call)) {
      const py::Argument* name = call.argument(0);
      if (name && in_project(name->value.constant().value_or(""))) return std::nullopt;
      return weights;
    }
    if (origin == "torch.hub.load") {
      const py::Argument* source = call.keyword("source");
      if (source && !source->value.is("github")) return std::nullopt;
      const py::Argument* repo = call.argument(0, {"repo_or_dir"});
      const auto text = repo ? repo->value.constant() : std::nullopt;
      if (!text || !is_hub_id(text->substr(0, text->find(':')))) return std::nullopt;
      out.kind = PythonNeed::weights;
      out.target = "github.com";
      return out;
    }
    if (origin.starts_with("torchvision.models.")) {
      const py::Argument* pretrained = call.argument(-1, {"pretrained"});
      const py::Argument* weights = call.argument(-1, {"weights"});
      const bool wanted = (pretrained && pretrained->value.truth() == Tri::yes) ||
                          (weights && !weights->value.is_none() && !weights->value.is_unknown() &&
                           weights->value.type != py::Type::either);
      if (!wanted) return std::nullopt;
      out.kind = PythonNeed::weights;
      out.target = "download.pytorch.org";
      return out;
    }
    if (origin.starts_with("torchvision.datasets.") || origin.starts_with("torchaudio.datasets.")) {
      const py::Argument* download = call.keyword("download");
      if (!download || download->value.truth() != Tri::yes) return std::nullopt;
      // The platform's own data sets lie there, and in a folder of the box what was brought before.
      const std::string root = root_of(call);
      const catalog::Tier* tier = root.starts_with('/') ? profile.tier_of(root) : nullptr;
      if (tier && tier->read_only) return std::nullopt;
      out.kind = PythonNeed::other;
      out.may = root.starts_with('/') || context.shared<StockedCaches>().holds(root);
      out.target = origin.ends_with("MNIST") ? "ossci-datasets.s3.amazonaws.com" : "a foreign host";
      return out;
    }
    if (one_of(origin, {"urllib.request.urlopen", "urllib.request.urlretrieve", "requests.get",
                        "requests.post", "requests.head", "requests.request", "wget.download",
                        "torch.hub.load_state_dict_from_url", "torch.hub.download_url_to_file",
                        "torch.utils.model_zoo.load_url", "httpx.get", "httpx.post",
                        "gdown.download", "nltk.download"})) {
      if (origin == "gdown.download" || origin == "nltk.download") {
        out.kind = PythonNeed::other;
        out.target = origin == "nltk.download" ? "raw.githubusercontent.com" : "drive.google.com";
        return out;
      }
      const py::Argument* url = url_of(call, origin == "requests.request" ? 1 : 0);
      if (!url || !url->value.is_string() || gives_up(call)) return std::nullopt;
      const py::Argument* proxies = call.keyword("proxies");
      if (proxies && !proxies->value.is_none()) return std::nullopt;
      out.kind = PythonNeed::url;
      const Value address = url->value.text();
      // Of several addresses another may be asked, or asked first.
      const bool abroad = std::all_of(
          address.alternatives().begin(), address.alternatives().end(),
          [&](const Text& one) { return reach_of(Value(one), profile) == Reach::foreign; });
      if (!abroad) return std::nullopt;
      out.reach = reach_of(address, profile, &out.target);
      return out;
    }
    return std::nullopt;
  }
};

/// Has the import surely happened when the write is reached: is it no deeper in conditions and
/// uncalled functions?
bool certain(const py::Frame* import, const py::Frame* write) {
  for (const py::Frame* at = import; at; at = at->parent) {
    const bool decides = at->kind == py::FrameKind::uncalled ||
                         at->kind == py::FrameKind::condition || at->kind == py::FrameKind::handler;
    if (decides && !py::within(write, at)) return false;
  }
  return true;
}

/// Is the value that a variable has before an event one that the Hub's library no longer looks at?
bool set_too_late(const Run& run, std::string_view name, int order) {
  const py::EnvironmentWrite* last = nullptr;
  for (const py::EnvironmentWrite& write : run.python->environment_writes) {
    if (write.order < order && write.key.is(name)) last = &write;
  }
  const py::ImportEvent* import = last ? hub_import_before(*run.python, *last) : nullptr;
  if (!import || run.environment.set(name) == Tri::yes) return false;
  return std::none_of(run.python->environment_writes.begin(), run.python->environment_writes.end(),
                      [&](const py::EnvironmentWrite& write) {
                        return write.order < import->order && write.key.is(name);
                      });
}

/// The first import of a library of the Hub that has surely happened when an event is reached.
const py::ImportEvent* hub_import(const py::Trace& trace, int order, const py::Frame* frame) {
  for (const py::ImportEvent& event : trace.imports) {
    if (event.order > order) break;
    if (imports_hub(event) && certain(event.frame, frame)) return &event;
  }
  return nullptr;
}

}  // namespace

bool imports_hub(const py::ImportEvent& import) {
  const std::string_view top = std::string_view(import.module).substr(0, import.module.find('.'));
  return !import.project && one_of(top, {"huggingface_hub", "transformers", "datasets", "diffusers",
                                         "peft", "sentence_transformers"});
}

const py::ImportEvent* hub_import_before(const py::Trace& trace,
                                         const py::EnvironmentWrite& write) {
  return hub_import(trace, write.order, write.frame);
}

shell::Environment hub_environment(const Run& run, const CallEvent& call) {
  const py::ImportEvent* import = hub_import(*run.python, call.order, call.frame);
  return environment_before(run.environment, *run.python, import ? import->order : call.order);
}

std::vector<PythonNeed> python_needs(const Context& context, const Run& run) {
  const catalog::Profile& profile = context.profile();
  std::vector<PythonNeed> out;
  if (!run.python) return out;
  Judge judge{context, run, context.program(), profile};
  for (const CallEvent& call : run.python->calls) {
    if (lower(call.origin).find("modelscope") != std::string::npos)
      judge.modelscope.push_back(&call);
  }
  for (const CallEvent& call : run.python->calls) {
    if (call.uncalled() || judge.last_resort(call)) continue;
    auto need = judge.need(call);
    if (!need) continue;
    // Off unless somebody says otherwise, and no file of the settings does.
    if (call.unexpected() && switched_on(context, run, call) != Tri::yes) continue;
    if (data_at_hand(context, run, call) || behind_unset_switch(context, run, call)) continue;
    need->environment = environment_before(run.environment, *run.python, call.order);
    need->may |= judge.by_default(call, *need) || judge.cached_by_torch(call, *need);
    if (need->kind == PythonNeed::hub) {
      need->target = "huggingface.co";
      if (set_too_late(run, "HF_HUB_OFFLINE", call.order))
        need->environment.variables.erase("HF_HUB_OFFLINE");
      if (const shell::Variable* endpoint = need->environment.find("HF_ENDPOINT"))
        reach_of(endpoint->value, profile, &need->target);
      const py::Argument* endpoint = need->endpoint = judge.endpoint_of(call);
      need->reach = endpoint ? reach_of(endpoint->value.text(), profile, &need->target)
                             : hub_reach(need->environment, profile,
                                         in_package(call.origin, {"datasets", "evaluate"}));
      // `os.environ.get("HF_ENDPOINT", …)` where something unseen may have set it.
      if (endpoint && endpoint->value.assumed && need->environment.opaque)
        need->reach = Reach::unknown;
      // `**options` may hold it.
      if (call.origin.ends_with("_download") && call.given(-1, {"endpoint"}) == Tri::maybe)
        need->reach = Reach::unknown;
      if (need->reach == Reach::foreign && (judge.one_of_two_sources(call) || judge.diverted(call)))
        need->reach = Reach::unknown;
      if (!endpoint && set_too_late(run, "HF_ENDPOINT", call.order))
        need->reach = Reach::unknown;  // NET012 says why
    } else if (need->kind == PythonNeed::tracker) {
      if (tracker_off(need->environment) || chosen_away(run.arguments)) continue;
      const Tri on = switched_on(context, run, call);
      if (on == Tri::no || (on == Tri::maybe && switched_by_file(run, call))) continue;
      need->reach = wandb_reach(need->environment, profile, &need->target);
    } else if (need->kind == PythonNeed::modelscope) {
      need->reach = Reach::domestic;
      need->target = "modelscope.cn";
    } else if (need->kind != PythonNeed::url) {
      need->reach = Reach::foreign;
    }
    out.push_back(std::move(*need));
  }
  return out;
}

const std::vector<PythonNeed>& Context::needs(const Run& run) const {
  auto& slot = needs_[run.index];
  if (!slot) slot = std::make_shared<const std::vector<PythonNeed>>(python_needs(*this, run));
  return *slot;
}

}  // namespace preflint::project
