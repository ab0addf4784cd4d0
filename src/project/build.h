#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "catalog/config.h"
#include "catalog/profile.h"
#include "catalog/rule.h"
#include "project/program.h"

namespace preflint::project {

class Questions;

struct BuildRequest {
  std::string root;
  std::vector<std::shared_ptr<const File>> files;  // to be linted
  const Reader* reader = nullptr;
  const catalog::Profile* profile = nullptr;
  const catalog::Config* config = nullptr;
  /// The rules that will ask: files in which none of them can find anything are not looked at.
  /// Empty: every file is.
  std::vector<const catalog::Rule*> rules;
  /// What they look for, where it was made before of the same rules and profile.
  std::shared_ptr<const Questions> questions;
  /// The files whose findings are wanted; empty: all.
  std::function<bool(const std::string& path)> focus;
  unsigned threads = 1;
  std::function<bool()> cancelled;
};

/// Runs every program of the project: entries first alone, then each with what it sources and
/// launches, under the environment that it gives them.
std::unique_ptr<Program> build(const BuildRequest& request);

}  // namespace preflint::project
