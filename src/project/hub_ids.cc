#include "project/hub_ids.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/one_of.h"
#include "base/text.h"

namespace preflint::project {
namespace {

/// The Hub's own models and data sets and those of sentence-transformers are asked for without an
/// owner. Any other bare name ("Qwen2-7B-Instruct") can only be a folder.
bool ownerless(std::string_view name) {
  for (const std::string_view family :
       {"albert-",    "bert-",       "distilbert-", "distilroberta-", "roberta-",   "gpt2-",
        "openai-gpt", "t5-",         "xlm-",        "xlnet-",         "camembert-", "transfo-xl-",
        "all-",       "paraphrase-", "multi-qa-",   "msmarco-",       "distiluse-", "clip-ViT-",
        "stsb-",      "nli-",        "gtr-t5-",     "sentence-t5-",   "quora-",     "nq-"}) {
    if (name.starts_with(family)) return true;
  }
  return one_of(name, {"gpt2", "distilgpt2", "ctrl", "LaBSE", "imdb", "glue", "squad", "wikitext",
                       "mnist", "cifar10", "allenai-specter"});
}

/// Does the first part of a path look like a folder for models, or for what training leaves?
bool folder_name(std::string_view name) {
  const std::vector<std::string_view> words = split(name, "-_.");
  return std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return one_of(
        word, {"ckt", "ckpt", "ckpts", "checkpoint", "checkpoints", "output", "outputs", "weights",
               "saved", "results", "logs", "runs", "merged", "save", "saves", "model", "models"});
  });
}

/// What training calls the states that it leaves: "checkpoint-500", "epoch_3", "ep3",
/// "global_step_100".
bool stage_of_training(std::string_view name) {
  if (name.starts_with("checkpoint-") || name.starts_with("global_step")) return true;
  for (const std::string_view word :
       {"epoch", "ep", "step", "iter", "round", "stage", "fold", "run", "seed", "exp"}) {
    if (!name.starts_with(word)) continue;
    std::string_view rest = name.substr(word.size());
    while (rest.starts_with('-') || rest.starts_with('_')) rest.remove_prefix(1);
    if (!rest.empty() && rest.find_first_not_of("0123456789") == std::string_view::npos)
      return true;
  }
  return false;
}

}  // namespace

bool is_hub_id(std::string_view text) {
  if (text.empty() || text.front() == '/' || text.front() == '.' || text.front() == '~' ||
      text.back() == '/')
    return false;
  const auto slashes = std::count(text.begin(), text.end(), '/');
  if (slashes > 1) return false;
  if (text.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") !=
      std::string_view::npos)
    return false;
  const std::string_view last = text.substr(text.find('/') + 1);
  for (const std::string_view ending : {".pt", ".pth", ".bin", ".json", ".ckpt", ".safetensors",
                                        ".py", ".yaml", ".txt", ".csv", ".onnx"}) {
    if (last.ends_with(ending)) return false;
  }
  const std::string_view first = text.substr(0, text.find('/'));
  if (slashes == 1 &&
      one_of(first, {"models",       "model",     "checkpoints", "checkpoint", "ckpt",
                     "ckpts",        "data",      "datasets",    "dataset",    "output",
                     "outputs",      "results",   "weights",     "pretrained", "pretrained_models",
                     "saved_models", "runs",      "cache",       "saves",      "logs",
                     "local",        "root",      "tmp",         "exp",        "save",
                     "pretrain",     "hf_models", "assets",      "src",        "configs",
                     "work_dirs"})) {
    return false;
  }
  if (slashes == 1 && (folder_name(first) || stage_of_training(last) ||
                       one_of(last, {"best", "final", "last", "latest", "checkpoint", "best_model",
                                     "final_model"})))
    return false;
  return slashes == 1 || ownerless(last);
}

bool is_ownerless_dataset(std::string_view name) {
  return one_of(name, {"ag_news",
                       "ai2_arc",
                       "amazon_polarity",
                       "bookcorpus",
                       "boolq",
                       "c4",
                       "cifar10",
                       "cifar100",
                       "cnn_dailymail",
                       "common_voice",
                       "commonsense_qa",
                       "conll2003",
                       "dbpedia_14",
                       "emotion",
                       "glue",
                       "gsm8k",
                       "hellaswag",
                       "imdb",
                       "lambada",
                       "librispeech_asr",
                       "mbpp",
                       "mnist",
                       "openai_humaneval",
                       "openbookqa",
                       "piqa",
                       "race",
                       "rotten_tomatoes",
                       "samsum",
                       "squad",
                       "squad_v2",
                       "sst2",
                       "super_glue",
                       "trivia_qa",
                       "truthful_qa",
                       "tweet_eval",
                       "wikipedia",
                       "wikitext",
                       "winogrande",
                       "wmt14",
                       "wmt16",
                       "xnli",
                       "xsum",
                       "yelp_review_full"});
}

bool is_small_text(std::string_view file) {
  for (const std::string_view ending : {".json", ".txt", ".md", ".yaml", ".yml", ".py", ".jinja"}) {
    if (file.ends_with(ending)) return true;
  }
  return false;
}

}  // namespace preflint::project
