#pragma once

#include <cstdint>
#include <string_view>

namespace preflint::project {

/// How much of a disk a repository takes, as far as its name says: `small` is below about 3 GB, so
/// that it takes many of them to fill a system disk of 30 GB. `unknown`: the name says nothing.
enum class DownloadSize : uint8_t { small, unknown, large };

/// The weights of a model ("Qwen/Qwen2.5-7B", "bert-base-uncased", timm's
/// "vit_base_patch16_224"). A number of parameters in the name decides, at two bytes each; then the
/// families whose members are known.
DownloadSize model_size(std::string_view id);
/// One file of a repository ("sam_vit_b_01ec64.pth", "config.json").
DownloadSize file_size(std::string_view name);
/// A data set of the Hub ("wikitext", "THUDM/LongBench").
DownloadSize dataset_size(std::string_view id);

}  // namespace preflint::project
