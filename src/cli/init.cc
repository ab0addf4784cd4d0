#include "cli/init.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace preflint::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kConfig = R"(# What preflint judges this project against.
profile: autodl
# The image and the GPU of the instance; requirements are compared with them.
# `preflint profile show autodl` lists the names.
# image: pytorch-2.8.0-cu128-py3.12
# gpu: RTX 5090
# Code that runs on your own machine, not on the instance:
# sites: {local: ["scripts/laptop/**"]}
# exclude: [experiments/old/**]
)";

constexpr std::string_view kConfigZh = R"(# preflint 按这里写的平台检查本项目。
profile: autodl
# 实例的镜像与显卡，依赖会和它们比对；名称见 `preflint profile show autodl`。
# image: pytorch-2.8.0-cu128-py3.12
# gpu: RTX 5090
# 在自己电脑上运行、不在实例上运行的代码：
# sites: {local: ["scripts/laptop/**"]}
# exclude: [experiments/old/**]
)";

constexpr std::string_view kHook = R"(  - repo: https://github.com/preflint/preflint
    rev: v{}
    hooks:
      - id: preflint
)";

constexpr std::string_view kGithub = R"(name: preflint
on: [push, pull_request]
permissions:
  contents: read
  security-events: write
jobs:
  preflint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: preflint/preflint@v{}
)";

constexpr std::string_view kGitlab = R"(preflint:
  image: node:20-slim
  script:
    - npx --yes preflint@{} check --output-format text --output-format gitlab --output-file gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
)";

/// A tag stands for a release: what git adds after it ("-3-gabc-dirty") names no published version.
std::string release_of(const std::string& version) { return version.substr(0, version.find('-')); }

std::string contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

enum class Written { yes, exists, failed };

/// Creates the file only where there is none, whoever else may be creating it.
Written create(const fs::path& path, const std::string& text) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) return errno == EEXIST ? Written::exists : Written::failed;
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(file, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<size_t>(count);
  }
  const int fault = done == text.size() ? 0 : errno;
  if (::close(file) == 0 && fault == 0) return Written::yes;
  ::unlink(path.c_str());
  errno = fault;
  return Written::failed;
}

}  // namespace

std::vector<Proposal> proposals(bool gitlab, const std::string& version, Language language) {
  const std::string release = release_of(version);
  const std::string hook = fmt::format(kHook, release);
  std::vector<Proposal> list;
  list.push_back(
      {"preflint.yaml", std::string(language == Language::zh ? kConfigZh : kConfig), ""});
  list.push_back({".pre-commit-config.yaml", "repos:\n" + hook, hook});
  if (gitlab) {
    const std::string job = fmt::format(kGitlab, release);
    list.push_back({".gitlab-ci.yml", job, job});
  } else {
    list.push_back({".github/workflows/preflint.yml", fmt::format(kGithub, release), ""});
  }
  return list;
}

int init(const std::string& directory, const std::string& version, Language language,
         std::ostream& out, std::ostream& error) {
  const bool zh = language == Language::zh;
  const fs::path root(directory);
  std::error_code ignored;
  const bool gitlab = fs::exists(root / ".gitlab-ci.yml", ignored);
  int status = 0;
  for (const Proposal& proposal : proposals(gitlab, version, language)) {
    const fs::path path = root / proposal.path;
    switch (create(path, proposal.text)) {
      case Written::yes:
        out << (zh ? "已写入 " : "wrote ") << proposal.path << '\n';
        break;
      case Written::exists:
        out << (zh ? "保留原有的 " : "kept ") << proposal.path << '\n';
        if (!proposal.entry.empty() && contents(path).find("preflint") == std::string::npos) {
          out << (zh ? "  请把下面这段加进去：\n\n" : "  add this to it:\n\n") << proposal.entry
              << '\n';
        }
        break;
      case Written::failed:
        error << "preflint: " << proposal.path << ": " << std::strerror(errno) << '\n';
        status = 2;
        break;
    }
  }
  return status;
}

}  // namespace preflint::cli
