#include "project/ssh_config.h"

#include <algorithm>

#include "base/text.h"
#include "project/wild_match.h"

namespace preflint::project {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  while (!(text = trimmed(text)).empty()) {
    const bool quoted = text.front() == '"';
    const size_t end =
        std::min(quoted ? text.find('"', 1) : text.find_first_of(" \t"), text.size());
    out.emplace_back(text.substr(quoted, end - quoted));
    text.remove_prefix(std::min(end + (quoted ? 1 : 0), text.size()));
  }
  return out;
}

}  // namespace

std::optional<std::string> SshBlock::value(std::string_view name) const {
  for (const SshSetting& setting : settings) {
    if (setting.name == name) return setting.value;
  }
  return std::nullopt;
}

bool SshBlock::covers(const SshBlock& other) const {
  if (everywhere) return true;
  return !other.patterns.empty() &&
         std::all_of(other.patterns.begin(), other.patterns.end(), [&](const std::string& host) {
           return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
             return wild_match(pattern, host);
           });
         });
}

std::vector<SshBlock> ssh_blocks(const File& file) {
  std::vector<SshBlock> blocks(1);
  blocks[0].everywhere = true;
  const std::string_view text = file.bytes;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view raw = text.substr(at, end - at);
    const std::string_view line = trimmed(raw);
    const auto begin = static_cast<uint32_t>(line.data() - text.data());
    at = end + 1;
    if (line.empty() || line.front() == '#') continue;
    const Span span{begin, static_cast<uint32_t>(begin + line.size())};
    const size_t name_end = std::min(line.find_first_of(" \t="), line.size());
    const std::string name = lower(line.substr(0, name_end));
    std::string_view rest = trimmed(line.substr(name_end));
    if (rest.starts_with('=')) rest = trimmed(rest.substr(1));
    const auto values = words(rest);
    if (name == "host" || name == "match") {
      SshBlock& block = blocks.emplace_back();
      block.head = span;
      block.end = span.end;
      if (name == "host")
        block.patterns = values;
      else
        block.everywhere = values.size() == 1 && values[0] == "all";
      continue;
    }
    SshBlock& block = blocks.back();
    block.settings.push_back({name, values.empty() ? "" : values[0], span});
    block.end = span.end;
    block.indent = std::string(raw.substr(0, static_cast<size_t>(line.data() - raw.data())));
  }
  return blocks;
}

}  // namespace preflint::project
