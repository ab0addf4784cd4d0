#include "cli/explain.h"

#include <algorithm>
#include <iostream>

#include "catalog/builtin.h"
#include "catalog/profile.h"
#include "catalog/selection.h"
#include "catalog/setup.h"
#include "cli/check.h"
#include "cli/emit.h"
#include "output/profile_page.h"
#include "output/rule_page.h"
#include "output/width.h"
#include "workspace/disk_access.h"
#include "workspace/examples.h"

namespace preflint::cli {
namespace {

using catalog::Rule;

constexpr size_t kColumns = 100;

/// The rules here: the built-in ones and the user's own.
std::shared_ptr<const catalog::Setup> setup_here() {
  return catalog::Setups(workspace::disk_access("")).for_folder(absolute("."));
}

int test_rules(const ExplainOptions& options) {
  bool good = true;
  for (const std::string& name : options.test) {
    const std::string path = absolute(name);
    const auto access = workspace::disk_access("");
    // A setup of one line, so that the file is read exactly as a configuration would have it read.
    const std::string config = "/preflint.yaml";
    catalog::FileAccess one = workspace::trusted(access);
    one.read = [&](const std::string& wanted) -> std::optional<catalog::ConfigText> {
      if (wanted == config) return "rules: [\"" + path + "\"]\n";
      return access.read(wanted);
    };
    const auto setup = catalog::read_setup(config, one);
    complain_of(setup->problems);
    if (!setup->problems.empty()) return 2;
    for (const catalog::LoadedRule& own : setup->user_rules) {
      const auto results = workspace::run_examples(own.rule);
      size_t failed = 0;
      for (const workspace::ExampleResult& result : results) {
        if (!result.sentences.empty()) ++failed;
        for (const std::string& sentence : result.sentences) {
          std::cout << name << ": example " << result.number << (result.bad ? " (bad)" : " (good)")
                    << ": " << output::visible(sentence) << '\n';
        }
      }
      std::cout << own.rule.id << ' ' << own.rule.name << ": " << results.size() - failed << " of "
                << results.size() << " examples passed\n";
      good &= failed == 0;
    }
  }
  return good ? 0 : 1;
}

void print_gotcha(const catalog::Profile& profile, std::string_view id, Language language) {
  for (const catalog::Profile::Gotcha& gotcha : profile.gotchas) {
    if (gotcha.id != id) continue;
    std::cout << gotcha.id << ": " << (language == Language::zh ? gotcha.zh : gotcha.en) << "\n\n";
  }
}

}  // namespace

int explain_rules(const ExplainOptions& options) {
  if (!options.test.empty()) return test_rules(options);
  const auto setup = setup_here();
  complain_of(setup->problems);
  std::vector<const Rule*> all = setup->rules();
  std::sort(all.begin(), all.end(), [](const Rule* a, const Rule* b) { return a->id < b->id; });
  std::vector<const Rule*> chosen;
  for (const std::string& name : options.names) {
    if (const auto unknown = catalog::unknown_selector(name, all)) {
      complain(*unknown);
      return 2;
    }
    for (const Rule* rule : all) {
      const bool there = std::find(chosen.begin(), chosen.end(), rule) != chosen.end();
      if (!there && catalog::closeness(name, *rule) > 0) chosen.push_back(rule);
    }
  }
  const bool every = options.all || options.names.empty();
  if (every) chosen = all;
  if (options.format == "json") {
    std::cout << output::rules_json(chosen);
  } else if (options.format == "markdown") {
    if (every)
      std::cout << output::rule_index(chosen, options.language);
    else
      for (const Rule* rule : chosen)
        std::cout << output::rule_markdown(*rule, workspace::sample_of(*rule), options.language);
  } else if (every) {
    std::cout << output::rule_list(chosen, options.language, options.color);
  } else {
    for (const std::string& name : options.names) {
      if (setup->profile) print_gotcha(*setup->profile, name, options.language);
    }
    for (size_t i = 0; i < chosen.size(); ++i) {
      if (i > 0) std::cout << '\n';
      std::cout << output::rule_text(*chosen[i], workspace::sample_of(*chosen[i]), options.language,
                                     options.color, kColumns);
    }
  }
  return std::cout.flush() ? 0 : 2;
}

int list_profiles(const ExplainOptions& options) {
  std::vector<const catalog::Profile*> profiles;
  for (const std::string& name : catalog::builtin_profiles()) {
    if (const auto profile = catalog::builtin_profile(name)) profiles.push_back(*profile);
  }
  std::cout << output::profile_list(profiles, setup_here()->rules(), options.language);
  return std::cout.flush() ? 0 : 2;
}

int show_profile(const ExplainOptions& options) {
  const auto setup = setup_here();
  const std::string& name = options.names.front();
  const bool file = name.find('/') != std::string::npos || name.ends_with(".yaml");
  const catalog::ProfileFile read =
      catalog::read_profile(file ? absolute(name) : name, workspace::disk_access(""));
  if (!read.profile) {
    if (file)
      complain_of(read.problems);
    else
      complain(read.problems.front().error.sentence());
    return 2;
  }
  std::cout << (options.format == "json" ? output::profile_json(*read.profile, setup->rules())
                                         : output::profile_text(*read.profile, setup->rules(),
                                                                options.language, options.color));
  return std::cout.flush() ? 0 : 2;
}

int validate_profile(const ExplainOptions& options) {
  const auto access = workspace::disk_access("");
  const std::string path = absolute(options.names.front());
  if (const auto file = access.read(path); !file || !file->trouble.en.empty()) {
    complain({options.names.front() + ": cannot be read", options.names.front() + "：无法读取"});
    return 2;
  }
  const catalog::ProfileFile read = catalog::read_profile(path, access);
  complain_of(read.problems);
  if (!read.profile) return 1;
  std::cout << options.names.front() << ": "
            << (options.language == Language::zh ? "没有错误" : "no mistakes") << '\n';
  return std::cout.flush() ? 0 : 2;
}

}  // namespace preflint::cli
