#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace preflint::project {

/// A module that a Python text says it imports, by its words alone: `import a.b`, `from .a import
/// b, c`.
struct WrittenImport {
  std::string_view module;              // "a.b"; of a relative import without its dots, may be ""
  std::vector<std::string_view> names;  // after `from … import`
  bool relative = false;
};

/// The import statements of a text, found line by line without parsing it. What stands in a string
/// at the start of a line counts as well: the list may be longer than the truth, never shorter.
std::vector<WrittenImport> written_imports(std::string_view text);

/// Finds the files that imports may mean, wherever the program's folder turns out to be: every file
/// whose path ends like the module's name.
class ModuleIndex {
 public:
  /// `path` without its extension is kept under its last component, a package under its folder's.
  void add(const std::string& path, size_t number);
  /// The numbers of all files that an import may load, in no order, some of them twice.
  void find(const WrittenImport& import, std::vector<size_t>& out) const;

 private:
  void find(std::string_view dotted, std::vector<size_t>& out) const;
  struct Place {
    std::string stem;  // "/project/a/b" of a/b.py and a/b/__init__.py
    size_t number;
  };
  std::unordered_map<std::string, std::vector<Place>> places_;  // by last component
};

}  // namespace preflint::project
