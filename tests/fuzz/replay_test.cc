// Every fuzz target over its corpus and over changed seeds, always the same ones: what the dev
// compiler can do of fuzzing, in each run of the tests. `./dev fuzz` looks for new inputs, and so
// does PREFLINT_REPLAY=50: so many times as many changed texts.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "fuzz/mutate.h"
#include "fuzz/promises.h"

// tests/CMakeLists.txt gives the function of each target its file's name.
#define PREFLINT_FUZZ_TARGETS(TARGET)                         \
  TARGET(fuzz_config, "/preflint\\.yaml$", 1, 10)             \
  TARGET(fuzz_fixes, "\\.sh$", 20, 3)                         \
  TARGET(fuzz_lsp, "", 1, 0)                                  \
  TARGET(fuzz_manifests, "", 1, 0)                            \
  TARGET(fuzz_notebook, "\\.ipynb$", 1, 3)                    \
  TARGET(fuzz_positions, "\\.(sh|py)$", 8, 3)                 \
  TARGET(fuzz_probe, "\\.facts$", 1, 200)                     \
  TARGET(fuzz_profile, "^profiles/.*\\.yaml$", 1, 10)         \
  TARGET(fuzz_python, "\\.py$", 4, 3)                         \
  TARGET(fuzz_requirements, "requirements[^/]*\\.txt$", 1, 6) \
  TARGET(fuzz_rules, "^rules/.*\\.yaml$", 1, 2)               \
  TARGET(fuzz_shell, "\\.sh$", 10, 3)

#define PREFLINT_DECLARE(name, seeds, one_of, times) \
  extern "C" int name(const uint8_t* data, size_t size);
PREFLINT_FUZZ_TARGETS(PREFLINT_DECLARE)
#undef PREFLINT_DECLARE

namespace preflint::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr int kMostSeconds = 60;         // of the processor, for one input: they take milliseconds
constexpr size_t kLargestSeed = 4096;    // bytes
constexpr uint64_t kTimesOfCorpus = 25;  // what broke once is looked at more closely

struct Target {
  const char* name;
  int (*run)(const uint8_t* data, size_t size);
  const char* seeds;  // paths of the checkout; those of tests/fuzz/corpus come by themselves
  uint64_t one_of;    // so many seeds are one that is taken: which one, its bytes decide
  uint64_t times;     // changed texts of each seed
};

#define PREFLINT_ENTRY(name, seeds, one_of, times) {#name, name, seeds, one_of, times},
constexpr Target kTargets[] = {PREFLINT_FUZZ_TARGETS(PREFLINT_ENTRY)};
#undef PREFLINT_ENTRY

uint64_t times(uint64_t usual) {
  static const char* const kMore = std::getenv("PREFLINT_REPLAY");
  return usual * (kMore ? std::strtoul(kMore, nullptr, 10) : 1);
}

/// What runs now, for the handler of signals.
std::string input, kept;

/// A broken promise aborts, as libFuzzer wants it: the input is kept before the program ends.
void keep_input(int signal) {
  const int file = ::open(kept.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const auto tell = [](int to, const char* text, size_t size) {
    [[maybe_unused]] const ssize_t written = ::write(to, text, size);
  };
  tell(file, input.data(), input.size());
  constexpr std::string_view kText = "the input that broke it is in ";
  tell(STDERR_FILENO, kText.data(), kText.size());
  tell(STDERR_FILENO, kept.data(), kept.size());
  tell(STDERR_FILENO, "\n", 1);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The texts of the checkout that a target starts from.
std::vector<std::string> seeds(const Target& target) {
  std::vector<std::string> out;
  if (*target.seeds == '\0') return out;
  const fs::path root = PREFLINT_SOURCE_DIR;
  const std::regex wanted(target.seeds);
  for (const char* folder : {"fixtures", "profiles", "rules", "tests/probe"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file() || entry.file_size() > kLargestSeed ||
          !std::regex_search(fs::relative(entry.path(), root).string(), wanted))
        continue;
      std::string text = read(entry.path());
      if (hash(text) % target.one_of == 0) out.push_back(std::move(text));
    }
  }
  return out;
}

class Replay : public ::testing::TestWithParam<Target> {
 protected:
  Replay() {
    one_in = 1;
    kept = std::string(PREFLINT_BINARY_DIR) + "/broke-" + GetParam().name;
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGPROF})
      ::signal(signal, keep_input);
  }
  ~Replay() override {
    limit(0);
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGPROF}) ::signal(signal, SIG_DFL);
  }

  static void limit(int seconds) {
    const itimerval time = {{0, 0}, {seconds, 0}};
    ::setitimer(ITIMER_PROF, &time, nullptr);
  }

  static void run(std::string text) {
    input = std::move(text);
    limit(kMostSeconds);
    GetParam().run(reinterpret_cast<const uint8_t*>(input.data()), input.size());
  }
};

TEST_P(Replay, KeepsItsPromises) {
  const Target& target = GetParam();
  size_t count = 0;
  const fs::path corpus = fs::path(PREFLINT_SOURCE_DIR) / "tests/fuzz/corpus" / target.name;
  if (fs::exists(corpus)) {
    for (const auto& entry : fs::directory_iterator(corpus)) {
      const std::string text = read(entry.path());
      run(text);
      for (uint64_t i = 0; i < times(kTimesOfCorpus); ++i) run(mutated(text, i));
      count += 1 + times(kTimesOfCorpus);
    }
  }
  for (const std::string& text : seeds(target)) {
    for (uint64_t i = 0; i < times(target.times); ++i) run(mutated(text, i));
    count += times(target.times);
  }
  EXPECT_GE(count, 100) << "seeds are missing";
  RecordProperty("inputs", static_cast<int>(count));
}

INSTANTIATE_TEST_SUITE_P(Targets, Replay, ::testing::ValuesIn(kTargets),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace preflint::fuzz
