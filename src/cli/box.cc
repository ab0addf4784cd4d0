#include "cli/box.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "cli/check.h"
#include "cli/save_file.h"
#include "probe/destination.h"
#include "probe/printable.h"
#include "probe/run.h"
#include "probe/script.h"

namespace preflint::cli {
namespace {

using probe::Answer;
using probe::Run;
using probe::Verdict;

/// Reads a file or, for "-", standard input; at most what a probe may print.
bool read_captured(const std::string& name, std::string& text, std::optional<Sentence>& complaint) {
  std::FILE* in = name == "-" ? stdin : std::fopen(name.c_str(), "rbe");
  if (in == nullptr) {
    complaint = verbatim(name + ": " + std::strerror(errno));
    return false;
  }
  char buffer[1 << 15];
  errno = 0;
  for (size_t count = 0;
       text.size() < probe::kMostBytes && (count = std::fread(buffer, 1, sizeof buffer, in)) > 0;) {
    text.append(buffer, count);
  }
  const bool bad = std::ferror(in) != 0;
  if (bad) complaint = verbatim(name + ": " + std::strerror(errno));
  if (in != stdin) std::fclose(in);
  return !bad;
}

/// The last line of ssh's own words, short enough for a sentence.
std::string last_line(const std::string& errors) {
  std::string_view text = errors;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const size_t line = text.rfind('\n');
  if (line != std::string_view::npos) text.remove_prefix(line + 1);
  return probe::printable(text.substr(0, 160));
}

/// What keeps the facts from being all: an answer of PRB001.
void add_trouble(Box& box, std::string key, Arguments arguments) {
  Answer answer;
  answer.rule = "PRB001";
  answer.verdict = Verdict::unknown;
  answer.message = key == "failed" ? "" : std::move(key);
  answer.arguments = std::move(arguments);
  answer.arguments["target"] = box.target;
  answer.span = box.facts.span("");
  answer.essential = true;
  box.answers.push_back(std::move(answer));
}

std::string ssh_program() {
  const char* own = std::getenv("PREFLINT_SSH");
  return own != nullptr && *own != '\0' ? own : "ssh";
}

void judge(Box& box, const Run& run, const BoxOptions& options, const probe::Here& here) {
  box.facts = probe::Facts::parse(box.output->bytes);
  std::string failure;
  if (!options.host.empty() || run.end != Run::End::exited) failure = probe::failure_of(run);
  const Arguments details = {
      {"detail", last_line(run.errors)},
      {"limit", run.end == Run::End::too_much ? std::to_string(probe::kMostBytes >> 20)
                                              : fmt::format("{:g}", options.timeout)},
      {"status", std::to_string(run.status)},
      {"program", options.host.empty() ? "/bin/sh" : ssh_program()},
      {"last", box.facts.last()}};
  if (!box.facts.complete()) {
    if (failure.empty()) failure = box.facts.began() ? "cut-off" : "no-facts";
    add_trouble(box, failure, details);
  }
  if (!box.facts.began()) return;
  const auto answers = probe::judge(box.facts, *box.profile, here);
  box.answers.insert(box.answers.end(), answers.begin(), answers.end());
  box.image = probe::image_of(box.facts, *box.profile);
}

}  // namespace

Box look_at(const BoxOptions& options, const catalog::Profile& profile) {
  Box box;
  box.profile = &profile;
  const int ways = !options.host.empty() + !options.from.empty() + !options.root.empty();
  if (ways > 1)
    box.complaint = Sentence{"--host, --from and --root exclude each other",
                             "--host、--from 和 --root 只能选一个"};
  if (!options.host.empty()) {
    if (const auto sentence = probe::bad_destination(options.host)) box.complaint = *sentence;
  }
  std::string root;
  if (!options.root.empty()) {
    root = absolute(options.root);
    std::error_code error;
    if (!std::filesystem::is_directory(root, error)) {
      box.complaint = Sentence{options.root + ": no such folder", options.root + "：没有这个目录"};
    }
  }
  if (box.complaint) return box;

  Run run;
  probe::Here here;
  std::string path = absolute("box.facts");
  if (!options.from.empty()) {
    box.target = options.from == "-" ? "stdin" : options.from;
    if (options.from != "-") path = absolute(options.from);
    if (!read_captured(options.from, run.output, box.complaint)) return box;
  } else {
    box.target = !options.host.empty() ? options.host : root.empty() ? "this machine" : root;
    const auto shell = options.host.empty()
                           ? probe::shell_here()
                           : probe::shell_there(ssh_program(), options.host, options.port);
    run = probe::run(shell, probe::script(profile, root), options.timeout, probe::kMostBytes);
    here.clock = static_cast<long long>(std::time(nullptr));
  }
  here.target = box.target;
  box.output = std::make_shared<const File>(File{path, FileKind::other, std::move(run.output)});
  judge(box, run, options, here);
  box.verdict = probe::overall(box.answers);
  if (!options.capture.empty()) {
    if (const std::string fault = save_file(options.capture, box.output->bytes); !fault.empty()) {
      box.complaint = verbatim(fault);
    }
  }
  return box;
}

}  // namespace preflint::cli
