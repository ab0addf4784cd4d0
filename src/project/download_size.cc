#include "project/download_size.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/one_of.h"
#include "base/text.h"

namespace preflint::project {
namespace {

// The families and sizes below are known from use (one format of the weights, the largest member
// that the words do not rule out), not taken from a list.

/// Two bytes for each parameter; 1.5 billion are three gigabytes.
constexpr double kSmallParameters = 1.45e9;

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return c >= 'a' && c <= 'z'; }

/// The largest number of parameters that a name gives: "7b", "1.5b", "8x7b", "560m".
/// `A3B`, the active ones of a mixture, and `4bit` are none. 0 without any.
double parameters_in(std::string_view name) {
  double most = 0;
  for (size_t at = 0; at < name.size(); ++at) {
    if (!digit(name[at])) continue;
    const size_t begin = at;
    double experts = 1, number = 0, place = 0;
    for (;; ++at) {
      if (at < name.size() && digit(name[at])) {
        number = place > 0 ? number + (name[at] - '0') * place : number * 10 + (name[at] - '0');
        place /= 10;
      } else if (at + 1 < name.size() && place == 0 && digit(name[at + 1]) && name[at] == '.') {
        place = 0.1;
      } else if (at + 1 < name.size() && place == 0 && digit(name[at + 1]) && name[at] == 'x') {
        experts = number;
        number = 0;
      } else {
        break;
      }
    }
    const char unit = at < name.size() ? name[at] : ' ';
    const char after = at + 1 < name.size() ? name[at + 1] : ' ';
    if ((unit != 'b' && unit != 'm') || letter(after) || digit(after)) continue;
    if (begin > 0 && letter(name[begin - 1])) continue;
    most = std::max(most, experts * number * (unit == 'b' ? 1e9 : 1e6));
  }
  return most;
}

/// Families whose "base" means pretrained and whose "mini" and "small" have billions of parameters;
/// and sizes beyond the rest of a family.
constexpr std::string_view kLarge[] = {
    "deepseek", "llama",     "vicuna",       "alpaca",  "qwen",     "qwq",     "mistral",
    "mixtral",  "ministral", "gemma",        "phi",     "glm",      "chatglm", "internlm",
    "internvl", "baichuan",  "falcon",       "yi",      "minicpm",  "mpt",     "starcoder",
    "gpt-j",    "gpt-neox",  "kimi",         "hunyuan", "dbrx",     "grok",    "command",
    "nemotron", "minimax",   "olmo",         "longcat", "emu",      "janus",   "diffusion",
    "sdxl",     "flux",      "pixart",       "kolors",  "cogvideo", "cogview", "wan2",
    "llava",    "blip2",     "instructblip", "xlarge",  "xxlarge",  "xl",      "xxl",
    "huge",     "giant",     "enormous",     "bigg",    "vith",     "vitg",    "vit7b"};

/// Word for word: what a name says of its own size.
constexpr std::string_view kSmallWords[] = {"tiny",  "mini",   "small", "base", "nano",
                                            "micro", "distil", "all",   "vits", "vitb"};

/// Beginnings of words: families that have no member of 3 GB but those that `kLarge` names.
constexpr std::string_view kSmallFamilies[] = {
    "minilm",   "distilgpt", "distilroberta", "distiluse", "electra",   "mpnet",
    "xlnet",    "ernie",     "codet5p",       "unixcoder", "bart",      "opus",
    "specter",  "labse",     "text2vec",      "m3e",       "bge",       "gte",
    "e5",       "clip",      "siglip",        "vit",       "deit",      "beit",
    "swin",     "convnext",  "efficientnet",  "mobilenet", "mobilevit", "resnet",
    "resnext",  "densenet",  "regnet",        "vgg",       "inception", "dinov2",
    "detr",     "yolo",      "segformer",     "dpt",       "wav2vec2",  "wavlm",
    "speecht5", "encodec",   "layoutlm",      "trocr",     "blip",      "vae",
    "lpips",    "all",       "paraphrase",    "longformer"};

}  // namespace

DownloadSize model_size(std::string_view id) {
  const std::string low = lower(id);
  const std::string_view name = std::string_view(low).substr(low.rfind('/') + 1);
  if (const double parameters = parameters_in(name); parameters > 0)
    return parameters < kSmallParameters ? DownloadSize::small : DownloadSize::large;
  const std::vector<std::string_view> words = split(name, "-_./:@");
  const auto is_one = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if ((is_one("tiny") && is_one("random")) || name == "sam-vit-huge") return DownloadSize::small;
  const bool large = std::any_of(std::begin(kLarge), std::end(kLarge), [&](std::string_view one) {
    if (one.size() > 3) return name.find(one) != std::string_view::npos;
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
      return word.starts_with(one) && (word.size() == one.size() || digit(word[one.size()]));
    });
  });
  for (const std::string_view beyond : {"giant", "enormous", "bigg", "vitg14", "vit7b"}) {
    if (name.find(beyond) != std::string_view::npos) return DownloadSize::large;
  }
  if (large) return is_one("tiny") ? DownloadSize::small : DownloadSize::unknown;
  if (one_of(name, {"gpt2", "gpt2-medium", "openai-gpt"}) || name.find("bert") != name.npos)
    return DownloadSize::small;
  const bool small = std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return std::find(std::begin(kSmallWords), std::end(kSmallWords), word) !=
               std::end(kSmallWords) ||
           std::any_of(std::begin(kSmallFamilies), std::end(kSmallFamilies),
                       [&](std::string_view family) { return word.starts_with(family); });
  });
  return small ? DownloadSize::small : DownloadSize::unknown;
}

DownloadSize file_size(std::string_view name) {
  for (const std::string_view text : {".json", ".yaml", ".yml", ".txt", ".md", ".py"}) {
    if (name.ends_with(text)) return DownloadSize::small;
  }
  return model_size(name);
}

DownloadSize dataset_size(std::string_view id) {
  const std::string low = lower(id);
  const std::string_view name = std::string_view(low).substr(low.rfind('/') + 1);
  const bool small = one_of(name, {"wikitext",
                                   "glue",
                                   "super_glue",
                                   "squad",
                                   "squad_v2",
                                   "imdb",
                                   "sst2",
                                   "gsm8k",
                                   "ag_news",
                                   "dbpedia_14",
                                   "longbench",
                                   "longbench-v2",
                                   "longalpaca-12k",
                                   "longalpaca",
                                   "quality",
                                   "scrolls",
                                   "ptb_text_only",
                                   "lambada",
                                   "conll2003",
                                   "hellaswag",
                                   "winogrande",
                                   "piqa",
                                   "ai2_arc",
                                   "truthful_qa",
                                   "truthfulqa",
                                   "boolq",
                                   "openbookqa",
                                   "commonsense_qa",
                                   "social_i_qa",
                                   "mmlu",
                                   "mmlu-pro",
                                   "ceval-exam",
                                   "cmmlu",
                                   "math-500",
                                   "competition_math",
                                   "hendrycks_math",
                                   "aime_2024",
                                   "aime24",
                                   "aime25",
                                   "openai_humaneval",
                                   "humaneval",
                                   "mbpp",
                                   "alpaca",
                                   "alpaca-cleaned",
                                   "alpaca_eval",
                                   "metamathqa",
                                   "databricks-dolly-15k",
                                   "oasst1",
                                   "samsum",
                                   "cnn_dailymail",
                                   "xsum",
                                   "hotpot_qa",
                                   "2wikimultihopqa",
                                   "mnist",
                                   "fashion_mnist",
                                   "cifar10",
                                   "cifar100",
                                   "yelp_polarity",
                                   "yelp_review_full",
                                   "rotten_tomatoes",
                                   "emotion",
                                   "tweet_eval",
                                   "multi_nli",
                                   "snli",
                                   "stsb_multi_mt",
                                   "stsb",
                                   "tinystories",
                                   "tiny_shakespeare",
                                   "mt_bench_prompts",
                                   "lima",
                                   "ultrafeedback_binarized",
                                   "hh-rlhf",
                                   "scienceqa",
                                   "mathvista",
                                   "chnsenticorp",
                                   "lcqmc"});
  return small ? DownloadSize::small : DownloadSize::unknown;
}

}  // namespace preflint::project
