#include "sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace preflint::generate {

namespace fs = std::filesystem;

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

bool write_if_changed(const fs::path& path, const std::string& text) {
  if (read_file(path) == text) return true;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  return static_cast<bool>(out.flush());
}

std::string Problems::relative(const fs::path& path) const {
  return path.lexically_proximate(root_).generic_string();
}

void Problems::add(const fs::path& path, std::string_view message) {
  lines_.push_back(fmt::format("{}:1:1: error: {}", relative(path), message));
}

void Problems::add(const fs::path& path, std::string_view text, const Error& error) {
  size_t line = 1, column = 1;
  const size_t end = std::min<size_t>(error.where ? error.where->begin : 0, text.size());
  for (size_t i = 0; i < end; ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++column;
    }
  }
  lines_.push_back(fmt::format("{}:{}:{}: error: {}", relative(path), line, column, error.message));
}

std::vector<fs::path> files_below(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> out;
  if (!fs::is_directory(folder)) return out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == extension) {
      out.push_back(entry.path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string with_helpers(const fs::path& source_root, const std::string& text) {
  std::string all = text;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kInclude = "#include \"";
    if (!line.starts_with(kInclude)) continue;
    const size_t end = line.find('"', kInclude.size());
    if (end == std::string::npos) continue;
    const fs::path header = source_root / line.substr(kInclude.size(), end - kInclude.size());
    for (const fs::path& path : {header, fs::path(header).replace_extension(".cc")}) {
      if (const auto more = read_file(path)) all += *more;
    }
  }
  return all;
}

}  // namespace preflint::generate
