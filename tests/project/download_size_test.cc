#include "project/download_size.h"

#include <gtest/gtest.h>

namespace preflint::project {
namespace {

TEST(DownloadSize, NumbersOfParametersDecide) {
  for (const char* small : {"Qwen/Qwen2.5-0.5B-Instruct", "Qwen/Qwen3-0.6B", "facebook/opt-125m",
                            "bigscience/bloom-560m", "meta-llama/Llama-3.2-1B",
                            "facebook/esm2_t33_650M_UR50D", "google/gemma-3-270m"})
    EXPECT_EQ(model_size(small), DownloadSize::small) << small;
  for (const char* large :
       {"Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-1.5B", "intfloat/e5-mistral-7b-instruct",
        "mistralai/Mixtral-8x7B-v0.1", "Qwen/Qwen3-30B-A3B", "t5-3b", "facebook/dinov3-vit7b16",
        "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B", "Salesforce/blip2-opt-2.7b",
        "unsloth/Llama-3-70b-bnb-4bit"})
    EXPECT_NE(model_size(large), DownloadSize::small) << large;
  EXPECT_EQ(model_size("Qwen/Qwen2.5-7B"), DownloadSize::large);
  EXPECT_EQ(model_size("dinov2_vitg14"), DownloadSize::large);
}

TEST(DownloadSize, FamiliesOfSmallModels) {
  for (const char* small : {"bert-base-uncased",
                            "google-bert/bert-large-uncased",
                            "dmis-lab/biobert-v1.1",
                            "sentence-transformers/all-MiniLM-L6-v2",
                            "BAAI/bge-large-zh-v1.5",
                            "intfloat/e5-large-v2",
                            "openai/clip-vit-base-patch32",
                            "openai/clip-vit-large-patch14",
                            "facebook/dinov2-base",
                            "google/vit-base-patch16-224",
                            "vit_base_patch16_224",
                            "resnet50",
                            "microsoft/resnet-18",
                            "openai/whisper-small",
                            "facebook/wav2vec2-base-960h",
                            "t5-small",
                            "google/flan-t5-base",
                            "gpt2",
                            "distilgpt2",
                            "sshleifer/tiny-gpt2",
                            "hf-internal-testing/tiny-random-LlamaForCausalLM",
                            "hfl/chinese-roberta-wwm-ext",
                            "stabilityai/sd-vae-ft-mse"})
    EXPECT_EQ(model_size(small), DownloadSize::small) << small;
}

TEST(DownloadSize, TheirGiantsAndTheWordsOfOthers) {
  for (const char* id :
       {"acme/widget", "", "gpt2-xl", "deepseek-ai/DeepSeek-V3-Base",
        "microsoft/Phi-3-mini-4k-instruct", "mistralai/Mistral-Small-Instruct-2409",
        "stabilityai/stable-diffusion-xl-base-1.0", "black-forest-labs/FLUX.1-dev",
        "laion/CLIP-ViT-bigG-14-laion2B-39B-b160k", "facebook/dinov2-giant", "microsoft/phi-2",
        "Salesforce/instructblip-vicuna", "openai/whisper-large-v3",
        "runwayml/stable-diffusion-v1-5", "google/flan-t5-xxl", "BAAI/bge-reranker-v2-gemma"})
    EXPECT_NE(model_size(id), DownloadSize::small) << id;
}

TEST(DownloadSize, Files) {
  EXPECT_EQ(file_size("checkpoints/sam_vit_b_01ec64.pth"), DownloadSize::small);
  EXPECT_EQ(file_size("config.json"), DownloadSize::small);
  EXPECT_EQ(file_size("qwen2.5-7b-instruct-q4_k_m.gguf"), DownloadSize::large);
  EXPECT_EQ(file_size("model.safetensors"), DownloadSize::unknown);
}

TEST(DownloadSize, DataSets) {
  for (const char* small : {"wikitext", "Salesforce/wikitext", "openai/gsm8k", "THUDM/LongBench",
                            "glue", "rajpurkar/squad", "imdb"})
    EXPECT_EQ(dataset_size(small), DownloadSize::small) << small;
  for (const char* unknown : {"allenai/c4", "acme/widgets", "HuggingFaceFW/fineweb", "wikipedia"})
    EXPECT_EQ(dataset_size(unknown), DownloadSize::unknown) << unknown;
}

}  // namespace
}  // namespace preflint::project
