#pragma once

#include <map>
#include <optional>
#include <string>

#include "project/context.h"
#include "syntax/document.h"

namespace preflint::project {

/// The files of settings (YAML, JSON) that launches and programs name; each is read once.
class SettingsFiles {
 public:
  explicit SettingsFiles(const Context& context) : reader_(*context.program().reader) {}
  /// Null when it is not there or cannot be read.
  const Document* read(const std::string& path) const;

 private:
  const Reader& reader_;
  mutable std::map<std::string, std::optional<Document>> read_;
};

/// The command of a tool that may be given its options in a file, `llamafactory-cli train x.yaml`,
/// with the options of that file as words behind it; what the command itself says comes first.
/// Nothing for other commands, and where the file is not of the project.
std::optional<shell::CommandEvent> with_settings(const Context& context, const Run& run,
                                                 const shell::CommandEvent& event);

}  // namespace preflint::project
