#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/profile.h"
#include "model/unit.h"
#include "project/program.h"

namespace preflint::project {

/// What a script's first line and name say about who runs it.
struct ScriptStart {
  shell::Dialect dialect = shell::Dialect::bash;
  bool python = false;
  bool errexit = false, pipefail = false, login = false;
};
ScriptStart script_start(const File& file);

/// Makes and keeps the units of a program: one for each script file, and the embedded ones. Parsed
/// texts are kept, so that a script reached ten times is parsed once.
class Units {
 public:
  explicit Units(Program& program) : program_(program) {}

  /// The unit of a shell script, by its file; `dialect` from its shebang or extension.
  const Unit* script(const std::shared_ptr<const File>& file);
  /// The same script run by a shell that was named (`sh x.sh`): the shebang does not count.
  const Unit* script(const std::shared_ptr<const File>& file, shell::Dialect dialect, bool errexit);
  /// Makes the units of scripts ahead, on several threads.
  void prepare(const std::vector<std::shared_ptr<const File>>& files, unsigned threads);
  const Unit* embedded(const shell::Embedded& embedded, const Unit& parent, Span parent_span,
                       Site site);
  std::shared_ptr<const shell::Program> parse(std::string_view text, shell::Dialect dialect);

 private:
  struct Key {
    std::string path;
    shell::Dialect dialect;
    bool errexit;
    auto operator<=>(const Key&) const = default;
  };
  using Parsed = std::shared_ptr<const shell::Program>;
  const Unit* make(const std::shared_ptr<const File>& file, const ScriptStart& start,
                   Parsed parsed);

  Program& program_;
  std::map<Key, const Unit*> scripts_;
  std::map<std::pair<std::string, shell::Dialect>, std::shared_ptr<const shell::Program>> texts_;
};

/// The file's site as its text shows it: batch systems, hosted notebooks and Windows paths mark
/// code that does not run on a rented box.
bool marks_foreign_site(std::string_view text);
/// Does a program lead a rented box over ssh, by the platform's address? Then it runs on the
/// machine of whoever rents it.
bool drives_over_ssh(const File& file, const catalog::Profile& profile);
/// Does a text name a host of the platform: ".seetacloud.com" of "region-*.seetacloud.com"?
bool names_host(std::string_view text, const catalog::Profile& profile);
/// The same of a notebook or Python file: made for Colab, Kaggle, a Mac or Windows.
bool hosted_notebook(const File& file);

}  // namespace preflint::project
