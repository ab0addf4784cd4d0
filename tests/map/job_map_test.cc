#include "map/job_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "support/marks.h"

namespace preflint::map {
namespace {

namespace fs = std::filesystem;

const std::string kFixture = PREFLINT_SOURCE_DIR "/fixtures/job-kept";

JobMap map_folder(const std::string& folder, const std::vector<std::string>& profiles = {}) {
  workspace::LintRequest request;
  request.paths = {folder};
  request.ceiling = folder;
  return map_of(request, profiles);
}

/// The item whose path holds the text.
const Item* item(const JobMap& map, Item::Kind kind, std::string_view path, size_t sheet = 0) {
  for (const Entry& entry : map.sheets.at(sheet).entries) {
    for (const Item& one : entry.items) {
      if (one.kind == kind && one.where.find(path) != std::string::npos) return &one;
    }
  }
  return nullptr;
}

/// What a release does to the parts of a job that is laid out as it should be.
void expect_survival(const JobMap& map) {
  const Item* best = item(map, Item::copy, "best.pth");
  ASSERT_TRUE(best);
  EXPECT_EQ(best->tier, "shared");
  EXPECT_EQ(best->release, true);
  const Item* latest = item(map, Item::checkpoint, "latest.pth");
  ASSERT_TRUE(latest);
  EXPECT_EQ(latest->tier, "data");
  EXPECT_EQ(latest->stop, true);
  EXPECT_EQ(latest->release, false);
  EXPECT_EQ(latest->days, 15);
  EXPECT_EQ(latest->kept_as, "");
  const Item* events = item(map, Item::event_files, "/root/tf-logs/");
  ASSERT_TRUE(events);
  EXPECT_EQ(events->release, false);
  const Item* cache = item(map, Item::cache, "huggingface_cache");
  ASSERT_TRUE(cache);
  EXPECT_EQ(cache->release, false);
  const Item* saved = item(map, Item::checkpoint, "best.pth");
  ASSERT_TRUE(saved);
  EXPECT_NE(saved->kept_as.find("/root/autodl-fs/"), std::string::npos);
}

TEST(Map, SaysWhatSurvives) {
  expect_survival(map_folder(kFixture));
  const std::string conformance = PREFLINT_SOURCE_DIR "/../shared/conformance/08-clean";
  if (fs::is_directory(conformance)) expect_survival(map_folder(fs::canonical(conformance)));
}

TEST(Map, StepsAreInOrderWithResolvedArguments) {
  const JobMap map = map_folder(kFixture);
  ASSERT_EQ(map.sheets.size(), 1u);
  const Entry* found = nullptr;
  for (const Entry& entry : map.sheets[0].entries) {
    if (entry.name == "run_queue.sh") found = &entry;
  }
  ASSERT_TRUE(found);
  std::vector<std::string> names;
  for (const Node& node : found->nodes) names.push_back(node.name);
  EXPECT_EQ(names, (std::vector<std::string>{"run_queue.sh", "run_one.sh", "train.py"}));
  std::vector<Step::Kind> kinds;
  const Step* launch = nullptr;
  for (const Step& step : found->steps) {
    kinds.push_back(step.kind);
    if (step.kind == Step::launch && step.target == "train.py") launch = &step;
    if (step.kind == Step::external) {
      EXPECT_EQ(step.hooked, Tri::yes) << step.text;
    }
  }
  ASSERT_TRUE(launch);
  EXPECT_NE(launch->text.find("--out /root/autodl-tmp/runs/"), std::string::npos) << launch->text;
  EXPECT_EQ(launch->path, "run_one.sh");
  const auto at = [&](Step::Kind kind) {
    return std::find(kinds.begin(), kinds.end(), kind) - kinds.begin();
  };
  EXPECT_LT(at(Step::hook), at(Step::external));
  EXPECT_LT(at(Step::external), at(Step::copy));
}

TEST(Map, ProfilesSideBySide) {
  const JobMap map = map_folder(kFixture, {"autodl", "runpod", "vastai"});
  ASSERT_EQ(map.sheets.size(), 3u);
  const auto release = [&](size_t sheet) {
    const Item* copy = item(map, Item::copy, "best.pth", sheet);
    return copy ? copy->release : std::nullopt;
  };
  EXPECT_EQ(release(0), true);
  EXPECT_EQ(release(1), false);
  EXPECT_EQ(release(2), false);
  const Item* latest = item(map, Item::checkpoint, "latest.pth", 1);
  ASSERT_TRUE(latest);
  EXPECT_EQ(latest->stop, false);  // a container disk is wiped
  const std::string text = render(map, Format::text, Language::en);
  EXPECT_NE(text.find("Profiles side by side"), std::string::npos);
  EXPECT_NE(text.find("Vast.ai"), std::string::npos);
}

TEST(Map, UnknownProfilesAreNamed) {
  const JobMap map = map_folder(kFixture, {"autodl", "autodll"});
  ASSERT_EQ(map.problems.size(), 1u);
  EXPECT_NE(map.problems[0].en.find("autodll"), std::string::npos);
}

TEST(Map, JsonHoldsTheSame) {
  const auto json = nlohmann::json::parse(render(map_folder(kFixture), Format::json, Language::zh));
  EXPECT_EQ(json.at("version"), 1);
  const auto& profile = json.at("profiles").at(0);
  EXPECT_EQ(profile.at("autoReleaseDays"), 15);
  bool found = false;
  for (const auto& entry : profile.at("entries")) {
    for (const auto& artefact : entry.at("artefacts")) {
      if (artefact.at("kind") != "event-files") continue;
      found = true;
      EXPECT_EQ(artefact.at("survives").at("release"), false);
      EXPECT_EQ(artefact.at("survives").at("savedImage"), true);
      EXPECT_EQ(artefact.at("atRisk"), true);
    }
  }
  EXPECT_TRUE(found);
}

TEST(Map, DrawingsNameScriptsAndTiers) {
  const JobMap map = map_folder(kFixture);
  const std::string mermaid = render(map, Format::mermaid, Language::en);
  EXPECT_TRUE(mermaid.starts_with("flowchart TD\n"));
  for (const char* part : {"run_one.sh", "([\"train.py", "shared /root/autodl-fs", "-->"}) {
    EXPECT_NE(mermaid.find(part), std::string::npos) << part;
  }
  const std::string dot = render(map, Format::dot, Language::zh);
  EXPECT_TRUE(dot.starts_with("digraph job {"));
  EXPECT_NE(dot.find("共享存储 /root/autodl-fs"), std::string::npos);
  EXPECT_EQ(std::count(dot.begin(), dot.end(), '{'), std::count(dot.begin(), dot.end(), '}'));
}

/// Every element is closed by its own end tag; the page uses no void element but `meta`.
std::string unbalanced(const std::string& html) {
  std::vector<std::string> open;
  const std::regex tag(R"(<(/?)([a-z0-9]+)((?:[^>"]|"[^"]*")*?)(/?)>)");
  const size_t style = html.find("<style>"), end = html.find("</style>");
  const std::string body = html.substr(0, style) + html.substr(end + 8);
  for (std::sregex_iterator it(body.begin(), body.end(), tag), last; it != last; ++it) {
    const std::string name = (*it)[2];
    if (name == "meta" || (*it)[4] == "/") continue;
    if ((*it)[1] != "/") {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return "</" + name + ">";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "<" + open.back() + ">";
}

TEST(Map, PageIsWholeAndNeedsNothing) {
  for (const Language language : {Language::en, Language::zh}) {
    const std::string page =
        render(map_folder(kFixture, {"autodl", "runpod"}), Format::html, language);
    EXPECT_EQ(unbalanced(page), "");
    EXPECT_EQ(page.find("http"), std::string::npos);
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_NE(page.find("prefers-color-scheme:dark"), std::string::npos);
    EXPECT_NE(page.find("width=device-width"), std::string::npos);
    EXPECT_NE(page.find(language == Language::zh ? "<html lang=\"zh-CN\">" : "<html lang=\"en\">"),
              std::string::npos);
    EXPECT_NE(page.find("<tr data-kind=\"copy\" data-release=\"yes\">"), std::string::npos);
    EXPECT_NE(page.find("<tr data-kind=\"event files\" data-release=\"no\">"), std::string::npos);
    EXPECT_NE(page.find("<section data-profile=\"runpod\">"), std::string::npos);
    EXPECT_NE(page.find(language == Language::zh ? "释放后消失" : "lost at a release"),
              std::string::npos);
    const std::regex drawing(R"(<svg viewBox="0 0 360 \d+")");
    EXPECT_TRUE(std::regex_search(page, drawing));
  }
}

TEST(Map, TextIsAlignedInBothLanguages) {
  const JobMap map = map_folder(kFixture);
  const std::string english = render(map, Format::text, Language::en);
  EXPECT_NE(english.find("Not durable"), std::string::npos);
  EXPECT_NE(english.find("event files /root/tf-logs/"), std::string::npos);
  const std::string chinese = render(map, Format::text, Language::zh);
  EXPECT_NE(chinese.find("无法长期保留"), std::string::npos);
  EXPECT_NE(chinese.find("关机 15 天"), std::string::npos);
}

}  // namespace
}  // namespace preflint::map
