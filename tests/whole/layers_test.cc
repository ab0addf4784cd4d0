#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace preflint {
namespace {

namespace fs = std::filesystem;

using Layers = std::map<std::string, std::set<std::string>>;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

/// What each layer may include, itself included: the closure of the USES lists of
/// src/CMakeLists.txt, which is what the linker goes by too.
Layers allowed(const std::string& cmake) {
  Layers layers;
  const std::regex entry(R"(preflint_layer\((\w+)([^)]*)\))");
  for (std::sregex_iterator it(cmake.begin(), cmake.end(), entry), end; it != end; ++it) {
    std::set<std::string>& uses = layers[(*it)[1]];
    uses.insert((*it)[1]);
    std::istringstream words((*it)[2]);
    bool in_uses = false;
    for (std::string word; words >> word;) {
      if (word == "USES" || word == "LIBRARIES") {
        in_uses = word == "USES";
      } else if (in_uses) {
        uses.insert(word);
      }
    }
  }
  for (bool grown = true; grown;) {
    grown = false;
    for (auto& [name, uses] : layers) {
      const std::set<std::string> before = uses;
      for (const std::string& used : before) {
        uses.insert(layers[used].begin(), layers[used].end());
      }
      grown |= uses.size() != before.size();
    }
  }
  return layers;
}

/// One sentence for each `#include` by which `file` of `layer` reaches into a layer that it may not
/// use.
std::vector<std::string> violations(const std::string& layer, const std::string& file,
                                    const std::string& text, const Layers& layers) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  const std::regex include(R"re(^\s*#\s*include\s*"([^"/]+)/[^"]*")re");
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::smatch match;
    if (!std::regex_search(line, match, include)) continue;
    const std::string target = match[1];
    if (layers.at(layer).contains(target)) continue;
    found.push_back(file + ":" + std::to_string(number) + " includes " + target + "/, but layer '" +
                    layer + "' may not use '" + target +
                    "'. Move the code to a layer that may, or pass in what it needs.");
  }
  return found;
}

TEST(Layers, IncludeOnlyWhatTheirLinkListAllows) {
  const fs::path source = fs::path(PREFLINT_SOURCE_DIR) / "src";
  const Layers layers = allowed(read(source / "CMakeLists.txt"));
  ASSERT_GE(layers.size(), 10u);
  int files = 0;
  for (const auto& [layer, uses] : layers) {
    if (!fs::exists(source / layer)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(source / layer)) {
      const std::string extension = entry.path().extension();
      if (extension != ".cc" && extension != ".h" && extension != ".inc") continue;
      ++files;
      const std::string name = fs::relative(entry.path(), source.parent_path());
      for (const std::string& sentence : violations(layer, name, read(entry.path()), layers)) {
        ADD_FAILURE() << sentence;
      }
    }
  }
  EXPECT_GT(files, 10);
}

TEST(Layers, NobodyIncludesAFileOfChecks) {
  const fs::path source = fs::path(PREFLINT_SOURCE_DIR) / "src";
  for (const auto& entry : fs::recursive_directory_iterator(source)) {
    if (!entry.is_regular_file() ||
        fs::relative(entry.path(), source).string().starts_with("checks/")) {
      continue;
    }
    EXPECT_EQ(read(entry.path()).find("#include \"checks/"), std::string::npos)
        << fs::relative(entry.path(), source.parent_path()).string()
        << " includes a file of checks/: checks are found by their names, never by a header.";
  }
}

TEST(Layers, EveryFolderOfSrcIsALayer) {
  const fs::path source = fs::path(PREFLINT_SOURCE_DIR) / "src";
  const Layers layers = allowed(read(source / "CMakeLists.txt"));
  for (const auto& entry : fs::directory_iterator(source)) {
    if (!entry.is_directory() || entry.path().filename() == "cli") continue;
    EXPECT_TRUE(layers.contains(entry.path().filename())) << entry.path();
  }
}

TEST(Layers, AForbiddenIncludeIsNamedWithFileAndLine) {
  const Layers layers = allowed(
      "preflint_layer(base)\npreflint_layer(syntax USES base LIBRARIES fmt)\n"
      "preflint_layer(engine USES syntax)\n");
  EXPECT_TRUE(
      violations("engine", "src/engine/a.cc", "#include \"base/span.h\"\n", layers).empty());
  const auto found =
      violations("base", "src/base/a.cc", "#include <vector>\n#include \"engine/x.h\"\n", layers);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(
      found[0],
      "src/base/a.cc:2 includes engine/, but layer 'base' may not use 'engine'. Move the code to a "
      "layer that may, or pass in what it needs.");
}

}  // namespace
}  // namespace preflint
