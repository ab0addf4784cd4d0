#include "project/units.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "project/parallel.h"
#include "project/upkeep.h"
#include "syntax/shell/shebang.h"

namespace preflint::project {

namespace {

/// Does a script without a shebang use builtins that zsh alone has?
bool speaks_zsh(std::string_view text) {
  while (!text.empty()) {
    std::string_view row = take_line(text);
    row.remove_prefix(std::min(row.find_first_not_of(" \t"), row.size()));
    if (row.starts_with("builtin ")) row.remove_prefix(8);
    for (const std::string_view word :
         {"zstyle ", "zmodload ", "zparseopts ", "setopt ", "unsetopt ", "autoload ", "compinit",
          "compdef ", "bindkey "}) {
      if (row.starts_with(word)) return true;
    }
  }
  return false;
}

}  // namespace

ScriptStart script_start(const File& file) {
  ScriptStart out;
  const std::string_view name = file.path;
  if (name.ends_with(".zsh")) out.dialect = shell::Dialect::zsh;
  if (name.ends_with(".ksh")) out.dialect = shell::Dialect::ksh;
  const auto shebang = shell::parse_shebang(file.bytes);
  if (!shebang && speaks_zsh(file.bytes)) out.dialect = shell::Dialect::zsh;
  if (shebang) {
    out.python = shebang->interpreter.starts_with("python");
    if (const auto dialect = shell::dialect_of(shebang->interpreter))
      out.dialect = *dialect;
    else if (!out.python)
      out.dialect = shell::Dialect::zsh;  // bats, zunit: what bash refuses may be right there
    for (const std::string& argument : shebang->arguments) {
      if (argument.size() < 2 || argument[0] != '-' || argument[1] == '-') continue;
      out.errexit = out.errexit || argument.find('e') != std::string::npos;
      out.login = out.login || argument.find('l') != std::string::npos ||
                  argument.find('i') != std::string::npos;
    }
  }
  return out;
}

namespace {

/// Is a folder named as a word or at the start of one?
bool names_folder(std::string_view row, std::string_view folder) {
  constexpr std::string_view kBefore = " \t\"'=(", kBehind = " \t\"'/;&|)\\";
  for (size_t at = row.find(folder); at != std::string_view::npos; at = row.find(folder, at + 1)) {
    const size_t end = at + folder.size();
    if (at > 0 && kBefore.find(row[at - 1]) != std::string_view::npos &&
        (end >= row.size() || kBehind.find(row[end]) != std::string_view::npos))
      return true;
  }
  return false;
}

/// `C:\\Users\\…`, `/mnt/c/…` (WSL), a virtual environment's `Scripts`, in a
/// command, not in a comment.
bool elsewhere(std::string_view row) {
  row.remove_prefix(std::min(row.find_first_not_of(" \t"), row.size()));
  if (row.empty() || row[0] == '#') return false;
  if (row.find("/Scripts/activate") != std::string_view::npos ||
      row.find("\\Scripts\\") != std::string_view::npos)
    return true;
  if (row.find("/mnt/c/") != std::string_view::npos ||
      row.find("/mnt/d/") != std::string_view::npos)
    return true;
  for (size_t at = row.find(":\\"); at != std::string_view::npos; at = row.find(":\\", at + 1)) {
    const bool drive = at > 0 && row[at - 1] >= 'A' && row[at - 1] <= 'Z';
    const bool alone = at < 2 || row[at - 2] == ' ' || row[at - 2] == '"' || row[at - 2] == '\'' ||
                       row[at - 2] == '=';
    if (drive && alone) return true;
  }
  return false;
}

/// `Usage: cd /mnt/d/project && …`
bool runs_in_wsl(std::string_view head) {
  for (size_t at = head.find("/mnt/"); at != std::string_view::npos;
       at = head.find("/mnt/", at + 1)) {
    const std::string_view drive = head.substr(at + 5, 2);
    if (drive.size() == 2 && drive[0] >= 'a' && drive[0] <= 'z' && drive[1] == '/') return true;
  }
  return false;
}

}  // namespace

bool marks_foreign_site(std::string_view text) {
  for (std::string_view rest = text; !rest.empty();) {
    if (elsewhere(take_line(rest))) return true;
  }
  if (runs_in_wsl(head_comment(text))) return true;
  // Directives of batch systems stand in the first comment block.
  for (int line = 0; line < 60 && !text.empty(); ++line) {
    const std::string_view row = take_line(text);
    if (row.starts_with("#SBATCH") || row.starts_with("#PBS ") || row.starts_with("#$ -") ||
        row.starts_with("#BSUB") || row.starts_with("#COBALT")) {
      return true;
    }
  }
  return false;
}

namespace {

/// The text of the first cell, as the file has it, where that is one of prose.
std::string_view opening_prose(std::string_view notebook) {
  constexpr std::string_view kType = "\"cell_type\"";
  const size_t first = notebook.find(kType);
  if (first == std::string_view::npos) return {};
  const std::string_view cell = notebook.substr(first, notebook.find(kType, first + 1) - first);
  const size_t kind = cell.find('"', kType.size());
  return kind != std::string_view::npos && cell.substr(kind).starts_with("\"markdown\"")
             ? cell
             : std::string_view();
}

/// Does a notebook open with the words that it is for Baidu's AI Studio? Google has one of that
/// name that is no place for notebooks, and a link may lead to no more than a data set.
bool for_ai_studio(std::string_view notebook) {
  const std::string_view head = opening_prose(notebook);
  if (head.find("AI Studio") == std::string_view::npos) return false;
  // Written out or escaped, as JSON may have it.
  for (const std::string_view owner :
       {"aistudio.baidu.com", "飞桨", "百度", "\\u98de\\u6868", "\\u767e\\u5ea6", "Baidu"}) {
    if (head.find(owner) != std::string_view::npos)
      return head.find("/datasetdetail/") == std::string_view::npos;
  }
  return false;
}

/// A path with a drive in quotes, as Python takes it on Windows alone: `'D:/data'`, `r"d:\\data"`.
bool quotes_drive(std::string_view row) {
  row.remove_prefix(std::min(row.find_first_not_of(" \t"), row.size()));
  if (row.starts_with('#')) return false;
  for (size_t at = row.find(':'); at != std::string_view::npos; at = row.find(':', at + 1)) {
    if (at < 2 || at + 2 >= row.size()) continue;
    const char letter = row[at - 1], quote = row[at - 2];
    const bool drive = (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
    const bool path = (row[at + 1] == '/' && row[at + 2] != '/') || row[at + 1] == '\\';
    if (drive && path && (quote == '\'' || quote == '"')) return true;
  }
  return false;
}

/// A program whose paths are those of a Windows machine, and that does not ask where it runs.
bool for_windows(std::string_view text) {
  for (const std::string_view mark : {"autodl", "AutoDL", "/root/", "sys.platform", "os.name",
                                      "platform.system", "exists(", "is_dir(", "isdir("}) {
    if (text.find(mark) != std::string_view::npos) return false;
  }
  while (!text.empty()) {
    if (quotes_drive(take_line(text))) return true;
  }
  return false;
}

}  // namespace

bool names_host(std::string_view text, const catalog::Profile& profile) {
  return std::any_of(profile.launch.ssh_hosts.begin(), profile.launch.ssh_hosts.end(),
                     [&](const std::string& host) {
                       const std::string fixed = host.substr(host.rfind('*') + 1);
                       return fixed.size() > 3 && find_text(text, fixed) != std::string_view::npos;
                     });
}

bool drives_over_ssh(const File& file, const catalog::Profile& profile) {
  const std::string_view text = file.bytes;
  const auto says = [&](std::string_view mark) {
    return text.find(mark) != std::string_view::npos;
  };
  return says("paramiko.SSHClient(") && says(".exec_command(") && names_host(text, profile);
}

bool hosted_notebook(const File& file) {
  const std::string_view text = file.bytes;
  const auto says = [&](std::string_view mark) {
    return text.find(mark) != std::string_view::npos;
  };
  for (const std::string_view mark :
       {"google.colab", "/kaggle/", "/content/drive", "import mlx", "from mlx"}) {
    if (says(mark)) return true;
  }
  if (names_folder(text, "/content") || says("%cd /content\"") || says("%cd /content\\n"))
    return true;
  // What only its surroundings tell counts where it names no other place.
  // An application for a desktop is put together on one.
  if (file.kind == FileKind::python)
    return for_windows(text) || says("'pyinstaller'") || says("import PyInstaller");
  if (file.kind != FileKind::notebook || says("autodl") || says("AutoDL")) return false;
  const std::string name = lower(paths::basename(file.path));
  // The kernel it ran with: Colab's had an accelerator, Windows' was built by Microsoft's compiler.
  const bool kernel =
      says("\"gpuType\"") || (says("\"colab\":") && says("\"accelerator\":")) || says("[MSC v.");
  // Where Aliyun's notebooks (DSW, ModelScope) keep their files.
  if (names_folder(text, "/mnt/workspace")) return true;
  // The badge that opens it there, in the first cell.
  const bool badge =
      opening_prose(text).find("colab.research.google.com") != std::string_view::npos;
  return for_ai_studio(text) || kernel || badge || says("\"display_name\": \"mlx") ||
         name.find("colab") != std::string::npos || name.find("kaggle") != std::string::npos;
}

std::shared_ptr<const shell::Program> Units::parse(std::string_view text, shell::Dialect dialect) {
  constexpr size_t kKept = 4096;  // longer texts are scripts, which `script` keeps
  if (text.size() > kKept)
    return std::make_shared<const shell::Program>(shell::parse(text, dialect));
  auto& slot = texts_[{std::string(text), dialect}];
  if (!slot) slot = std::make_shared<const shell::Program>(shell::parse(text, dialect));
  return slot;
}

const Unit* Units::script(const std::shared_ptr<const File>& file) {
  const ScriptStart start = script_start(*file);
  return script(file, start.dialect, start.errexit);
}

const Unit* Units::script(const std::shared_ptr<const File>& file, shell::Dialect dialect,
                          bool errexit) {
  const auto known = scripts_.find({file->path, dialect, errexit});
  if (known != scripts_.end()) return known->second;
  ScriptStart start = script_start(*file);
  start.dialect = dialect;
  start.errexit = errexit;
  return make(file, start,
              std::make_shared<const shell::Program>(shell::parse(file->bytes, dialect)));
}

const Unit* Units::make(const std::shared_ptr<const File>& file, const ScriptStart& start,
                        Parsed parsed) {
  program_.kept.push_back(file);
  Unit& unit = program_.units.emplace_back();
  unit.source = Source(*file);
  unit.dialect = start.dialect;
  unit.errexit = start.errexit;
  unit.login = start.login;
  unit.shell = std::move(parsed);
  return scripts_[{file->path, start.dialect, start.errexit}] = &unit;
}

void Units::prepare(const std::vector<std::shared_ptr<const File>>& files, unsigned threads) {
  struct Ahead {
    ScriptStart start;
    Parsed parsed;
  };
  std::vector<Ahead> ahead(files.size());
  for_each_number(
      files.size(), threads,
      [&](size_t i) {
        ahead[i].start = script_start(*files[i]);
        ahead[i].parsed = std::make_shared<const shell::Program>(
            shell::parse(files[i]->bytes, ahead[i].start.dialect));
      },
      kParsedAtOnce);
  for (size_t i = 0; i < files.size(); ++i)
    make(files[i], ahead[i].start, std::move(ahead[i].parsed));
}

const Unit* Units::embedded(const shell::Embedded& embedded, const Unit& parent, Span parent_span,
                            Site site) {
  Unit& unit = program_.units.emplace_back();
  unit.kind = embedded.kind;
  unit.embedding = embedded.embedding;
  unit.source = embedded.source;
  unit.parent = &parent;
  unit.parent_span = parent_span;
  unit.site = site;
  unit.dialect = embedded.dialect;
  unit.errexit = embedded.errexit;
  unit.pipefail = embedded.pipefail;
  unit.login = embedded.login;
  unit.typed = !embedded.window.empty();
  if (unit.kind == UnitKind::shell) unit.shell = parse(unit.source.text(), unit.dialect);
  return &unit;
}

}  // namespace preflint::project
