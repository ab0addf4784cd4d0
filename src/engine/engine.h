#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "catalog/rule.h"
#include "project/reader.h"
#include "syntax/source.h"

namespace preflint::catalog {
struct Config;
struct Profile;
}  // namespace preflint::catalog

namespace preflint::project {
class Questions;
struct Program;
}  // namespace preflint::project

namespace preflint::engine {

/// A mistake of ours that ended the work of a rule on a project: what it would have found is
/// missing.
struct Fault {
  std::string root;  // of the project
  std::string rule;  // id; "" when no rule could begin
  std::string what;  // as the library or the compiler says it
};

/// A set of files that share a configuration, to be linted as one project.
struct Request {
  std::string root;  // directory that paths in scripts are tried against after the script's own
  std::vector<std::shared_ptr<const File>> files;  // to be linted, sorted by path
  const project::Reader* reader = nullptr;         // everything they reach
  const catalog::Config* config = nullptr;
  const catalog::Profile* profile = nullptr;
  /// Rules beside the built-in ones (the user's own).
  std::vector<const catalog::Rule*> user_rules;
  /// Which rules may report (config and command line already combined).
  std::function<bool(const catalog::Rule&)> selected;
  /// Asked now and then; true stops the work and whatever is found so far is returned.
  std::function<bool()> cancelled;
  /// The files whose findings are wanted; empty: all.
  std::function<bool(const std::string& path)> focus;
  /// Told of a rule that broke off, while the others go on; without it a fault is thrown. Memory
  /// that the system does not give is always thrown.
  std::function<void(const Fault&)> fault;
  unsigned threads = 1;
  /// Look at every file, also where no rule can find anything: the slow way, to compare with.
  bool everything = false;
  /// `questions` of an earlier request with the same rules, selection and profile: whoever lints
  /// often need not put them together each time.
  std::shared_ptr<const project::Questions> questions;
};

/// What the rules of a request look for in texts.
std::shared_ptr<const project::Questions> questions(const Request& request);

/// What the request's files do, with every file looked at: for pictures of the job. Rules, focus
/// and threads do not count.
std::unique_ptr<project::Program> program_of(const Request& request);

/// All findings of the request's files in order of output, suppressed ones marked, unused
/// suppressions added, severities as the configuration has them. Pure: the same request gives the
/// same answer; nothing but the reader is asked.
std::vector<Finding> analyse(const Request& request);

}  // namespace preflint::engine
