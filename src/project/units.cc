#include "project/units.h"

#include <utility>

#include "syntax/shell/shebang.h"

namespace preflint::project {

ScriptStart script_start(const File& file) {
  ScriptStart out;
  const std::string_view name = file.path;
  if (name.ends_with(".zsh")) out.dialect = shell::Dialect::zsh;
  if (name.ends_with(".ksh")) out.dialect = shell::Dialect::ksh;
  if (const auto shebang = shell::parse_shebang(file.bytes)) {
    out.python = shebang->interpreter.starts_with("python");
    if (const auto dialect = shell::dialect_of(shebang->interpreter)) out.dialect = *dialect;
    for (const std::string& argument : shebang->arguments) {
      if (argument.size() < 2 || argument[0] != '-' || argument[1] == '-') continue;
      out.errexit = out.errexit || argument.find('e') != std::string::npos;
      out.login = out.login || argument.find('l') != std::string::npos || argument.find('i') != std::string::npos;
    }
  }
  return out;
}

bool marks_foreign_site(std::string_view text) {
  // Directives of batch systems stand in the first comment block.
  size_t at = 0;
  for (int line = 0; line < 60 && at < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view row = text.substr(at, end - at);
    if (row.starts_with("#SBATCH") || row.starts_with("#PBS ") || row.starts_with("#$ -") || row.starts_with("#BSUB") ||
        row.starts_with("#COBALT")) {
      return true;
    }
    at = end + 1;
  }
  return false;
}

std::shared_ptr<const shell::Program> Units::parse(std::string_view text, shell::Dialect dialect) {
  constexpr size_t kKept = 4096;  // longer texts are scripts, which `script` keeps
  if (text.size() > kKept) return std::make_shared<const shell::Program>(shell::parse(text, dialect));
  auto& slot = texts_[{std::string(text), dialect}];
  if (!slot) slot = std::make_shared<const shell::Program>(shell::parse(text, dialect));
  return slot;
}

const Unit* Units::script(const std::shared_ptr<const File>& file) {
  const ScriptStart start = script_start(*file);
  return script(file, start.dialect, start.errexit);
}

const Unit* Units::script(const std::shared_ptr<const File>& file, shell::Dialect dialect, bool errexit) {
  const Unit*& slot = scripts_[{file->path, dialect, errexit}];
  if (slot) return slot;
  const ScriptStart start = script_start(*file);
  program_.kept.push_back(file);
  Unit& unit = program_.units.emplace_back();
  unit.source = Source(*file);
  unit.dialect = dialect;
  unit.errexit = errexit;
  unit.login = start.login;
  unit.shell = std::make_shared<const shell::Program>(shell::parse(file->bytes, dialect));
  return slot = &unit;
}

const Unit* Units::embedded(const shell::Embedded& embedded, const Unit& parent, Span parent_span, Site site) {
  Unit& unit = program_.units.emplace_back();
  unit.kind = embedded.kind;
  unit.embedding = embedded.embedding;
  unit.source = embedded.source;
  unit.parent = &parent;
  unit.parent_span = parent_span;
  unit.site = site;
  unit.dialect = embedded.dialect;
  unit.errexit = embedded.errexit;
  unit.login = embedded.login;
  if (unit.kind == UnitKind::shell) unit.shell = parse(unit.source.text(), unit.dialect);
  return &unit;
}

}  // namespace preflint::project
