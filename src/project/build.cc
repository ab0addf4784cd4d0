#include "project/build.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "model/shell/interpreter.h"
#include "project/builder.h"
#include "project/sites.h"

namespace preflint::project {
namespace {

constexpr size_t kMaxRuns = 20'000;
// Steps of all runs together: a text may be started over and over, by functions that are called
// over and over.
constexpr uint64_t kSteps = 6'000'000;
constexpr uint64_t kStepsPerByte = 50;
constexpr size_t kProgramBytes = 50'000;   // what is longer holds data: it grants no more steps
constexpr uint64_t kLeastShare = 200'000;  // of an entry, when others have taken most

}  // namespace

Builder::Builder(const BuildRequest& request)
    : request_(request),
      demand_(request),
      program_(std::make_unique<Program>()),
      resolver_(request.root, *request.reader),
      units_(*program_),
      host_(*request.profile, *request.config, resolver_, *request.reader, units_) {
  program_->root = request.root;
  program_->files = request.files;
  program_->reader = request.reader;
  program_->threads = request.threads;
  for (const auto& file : request.files)
    steps_left_ += kStepsPerByte * std::min(file->bytes.size(), kProgramBytes);
  steps_left_ += kSteps;
  installed_ = console_scripts(request);
  if (!demand_.small()) unlaunched_.most = 60'000;
}

bool Builder::stopped() {
  const uint64_t steps = work_.steps();
  steps_left_ -= std::min(steps, steps_left_);
  share_left_ -= std::min(steps, share_left_);
  if (program_->runs.size() >= kMaxRuns || steps_left_ == 0) program_->incomplete = true;
  return program_->incomplete || (request_.cancelled && request_.cancelled());
}

void Builder::begin_entry() {
  stopped();  // what was done until now is the others'
  share_left_ = std::max(kLeastShare, steps_left_ / 4);
}

bool Builder::entry_stopped(const Run* run) {
  if (stopped()) return true;
  if (share_left_ > 0) return false;
  if (run) program_->runs[static_cast<size_t>(run->root().index)].cut_off = true;
  return true;
}

Run& Builder::add(const Unit& unit, const Run* parent) {
  Run& run = program_->runs.emplace_back();
  run.index = static_cast<int>(program_->runs.size()) - 1;
  run.unit = &unit;
  run.parent = parent;
  if (parent) run.site = parent->site;
  return run;
}

void Builder::collect_links() {
  for (const Run& run : program_->runs) {
    if (run.python) collect_python_links(run);
    if (!run.shell) continue;
    for (const shell::CommandEvent& event : run.shell->commands) {
      if (event.name != "ln" || !(event.has_option("-s") || event.has_option("--symbolic")))
        continue;
      std::vector<const shell::Argument*> operands;
      for (size_t n = 0; const shell::Argument* operand = event.operand(n); ++n)
        operands.push_back(operand);
      if (operands.size() == 1) {  // into the working directory
        const std::string name = paths::basename(operands[0]->value.display());
        program_->links.push_back({operands[0]->value, Value::literal(name), &run, event.index});
      }
      for (size_t i = 0; i + 1 < operands.size(); ++i) {
        program_->links.push_back({operands[i]->value, operands.back()->value, &run, event.index});
      }
    }
  }
}

std::shared_ptr<const shell::Trace> Builder::execute_alone(const Unit& unit) {
  return execute(unit, shell::fresh_state(unit, resolver_.on_box(unit.file().path)));
}

/// Runs each script by itself, to learn what it reaches.
std::vector<Builder::Candidate> Builder::try_scripts() {
  std::vector<std::shared_ptr<const File>> scripts;
  for (const auto& file : request_.files) {
    if (file->kind == FileKind::shell && demand_.wanted(file->path)) scripts.push_back(file);
  }
  units_.prepare(scripts, request_.threads);
  std::vector<Candidate> out;
  for (const auto& file : scripts) {
    if (stopped()) break;
    Candidate& candidate = out.emplace_back();
    begin_entry();
    candidate.unit = units_.script(file);
    candidate.trace = execute_alone(*candidate.unit);
    candidate.number = host_.run();
    candidate.passed_over = host_.passed_over();
    collect_targets(*candidate.unit, *candidate.trace, 0);
  }
  return out;
}

/// Makes a script that was tried the start of a run.
void Builder::start(Candidate& candidate) {
  const Unit* unit = candidate.unit;
  begin_entry();
  if (!candidate.trace) candidate.trace = execute_alone(*unit);
  const Site site = site_of(*unit, *candidate.trace);
  bool again =
      std::any_of(candidate.passed_over.begin(), candidate.passed_over.end(),
                  [&](const ShellHost::PassedOver& one) { return !host_.passes_over(one); });
  if (site != Site::instance) {
    // HOME and the like are another machine's.
    Unit& local = program_->units.emplace_back(*unit);
    local.site = site;
    unit = &local;
    again = true;
  }
  if (again) {
    host_.forget(candidate.number);
    candidate.trace.reset();  // before there is another one
    candidate.trace = execute_alone(*unit);
  }
  Run& run = add(*unit, nullptr);
  run.site = site;
  run.shell = std::move(candidate.trace);
  start_children(run, 0);
}

std::unique_ptr<Program> Builder::build() {
  std::vector<Candidate> candidates = try_scripts();
  // A script that another one sources or starts is seen through that one. In a cycle the first file
  // by path is taken for the entry.
  const auto covers = [&](const std::string& path) {
    const auto from = reached_.find(path);
    return from != reached_.end() &&
           std::any_of(from->second.begin(), from->second.end(), [&](const std::string& caller) {
             const auto back = reached_.find(caller);
             const bool mutual = back != reached_.end() && back->second.contains(path);
             return !mutual || caller < path;
           });
  };
  for (Candidate& candidate : candidates) {
    candidate.covered = covers(candidate.unit->file().path);
    if (!candidate.covered) continue;
    const auto& commands = candidate.trace->commands;
    if (std::any_of(commands.begin(), commands.end(),
                    [&](const auto& one) { return reaches_the_box(one, *request_.profile); }) &&
        !works_on_a_box(*candidate.trace, *request_.profile))
      box_drivers_.insert(candidate.unit->file().path);
    host_.forget(candidate.number);
    candidate.trace.reset();
  }
  for (Candidate& candidate : candidates) {
    if (candidate.covered) continue;
    if (stopped()) break;
    start(candidate);
  }
  // Only reached in circles or past the limits: looked at alone.
  std::set<std::string> seen;
  for (const Run& run : program_->runs) {
    seen.insert(run.unit->file().path);
    if (!run.shell) continue;
    for (const shell::SourceEvent& event : run.shell->sources) {
      if (event.target) seen.insert(event.target->file().path);
    }
  }
  for (Candidate& candidate : candidates) {
    if (candidate.covered && !seen.contains(candidate.unit->file().path) && !stopped())
      start(candidate);
  }
  run_unlaunched_python();
  check_syntax();
  collect_links();
  return std::move(program_);
}

const shell::CommandEvent* Run::launcher() const {
  if (!parent || !parent->shell || launch_command < 0) return nullptr;
  return &parent->shell->commands[static_cast<size_t>(launch_command)];
}

bool Program::linted(const File& file) const {
  return std::any_of(files.begin(), files.end(),
                     [&](const auto& one) { return one->path == file.path; });
}

std::unique_ptr<Program> build(const BuildRequest& request) { return Builder(request).build(); }

}  // namespace preflint::project
