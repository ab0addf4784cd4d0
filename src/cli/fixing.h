#pragma once

#include "cli/check.h"
#include "cli/narrow.h"
#include "engine/fixes.h"
#include "output/report.h"
#include "workspace/project.h"

namespace preflint::cli {

/// What --fix and --diff come to.
struct Fixing {
  workspace::Overlay changed;  // the files as they are now, or would be
  size_t count = 0;            // findings that are gone
  bool failed = false;         // a file could not be written; it has been said
};

/// Works out the fixes of what is spoken of in the named files. Nothing is written.
Fixing work_out(const CheckOptions& options, const workspace::Project& project,
                const workspace::LintResult& result, const Narrow& narrow,
                const output::Report& report);

/// Writes them. What cannot be written is left out of `changed`.
void write_fixes(Fixing& fixing, const workspace::Project& project,
                 const workspace::LintResult& result);

/// Everything that would change, as one unified diff.
std::string diff_of(const Fixing& fixing, const workspace::LintResult& result,
                    const std::string& directory);

}  // namespace preflint::cli
