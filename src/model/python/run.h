#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/python/trace.h"
#include "syntax/notebook.h"
#include "syntax/source.h"

namespace preflint::py {

/// How a program is started.
struct Launch {
  Source source;                 // its text; the file's path is the place imports start from
  std::optional<Module> syntax;  // of `source`, where it was parsed before
  const notebook::Notebook* notebook =
      nullptr;  // when the program is a notebook's; outlives the trace
  /// argv after the script's name; nothing: not known (defaults are then assumptions).
  std::optional<std::vector<preflint::Value>> arguments;
  /// The words of such an argv as far as they are spelled; what may be several words, or none, is
  /// unknown. Options that are named there are given.
  std::vector<preflint::Value> spelled;
  /// What is known of the environment. Other variables may or may not be set.
  std::map<std::string, preflint::Value> environment;
  std::vector<std::string> unset;  // variables that nobody sets where the program runs
  /// The working directory on the machine; empty: unknown.
  preflint::Value cwd = preflint::Value::unknown(kCwdHole);
  /// The script's own path on the machine (`__file__`); unknown by default.
  preflint::Value file = preflint::Value::unknown("__file__");
  std::string home = "/root";  // what `~` stands for
  bool is_main = true;         // false: as an imported module
  std::string entry;           // the function that is called once the module is there; "": none
};

/// The files that imports may reach. Paths are absolute and normalised.
struct Host {
  std::function<bool(const std::string& path)> exists;                       // a regular file
  std::function<std::shared_ptr<const File>(const std::string& path)> open;  // null: none
  /// A file of settings that the program reads by itself, wherever the path leads to; null: none.
  /// Empty: no such file is known.
  std::function<std::shared_ptr<const File>(const preflint::Value& path)> settings;
  /// What all modules directly in a folder that give a name a value agree on, where that is True,
  /// False or None; unknown where they do not; nothing where none does. Empty: nobody looks.
  std::function<std::optional<Value>(const std::string& folder, std::string_view name)> switches;
  /// Folders that imports are tried against after the program's own: the project's root first,
  /// `src` below it.
  std::vector<std::string> roots;
  /// What imports mean, remembered for all runs with these files. Null: each time looked up.
  std::unordered_map<std::string, std::string>* resolved = nullptr;
  std::function<bool()> cancelled;
  /// Is a module, none of the project's, surely missing where the program runs? Empty: none is.
  std::function<bool(std::string_view module)> missing;
  /// Parses a file that is imported; many programs import the same one. Empty: each run parses it.
  std::function<Module(const std::shared_ptr<const File>& file)> parse;
  /// Is a function that nothing calls still to be looked at? What several programs import is looked
  /// at in the first of them only. Empty: always.
  std::function<bool(const std::string& path, Span definition)> look;
};

struct Limits {
  uint64_t steps = 1'000'000;  // nodes evaluated
  int inline_depth = 8;        // project functions called within each other
  size_t modules = 200;        // project files imported
};

/// Runs a program the way Python would, as far as its values are known, and tells what it does.
/// Never fails: what cannot be followed is unknown.
Trace run(const Launch& launch, const Host& host, const Limits& limits = {});

/// The file that `import name` means, "" when it is no file of the project. `level` is the number
/// of leading dots; `importer` the importing file's path; `folders` are where the program looks.
std::string resolve_import(const std::string& name, uint32_t level, const std::string& importer,
                           const std::vector<std::string>& folders, const Host& host);

}  // namespace preflint::py
