#include "project/imports.h"

#include <algorithm>
#include <cstring>

namespace preflint::project {
namespace {

bool word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

size_t line_begin(std::string_view text, size_t at) {
  return at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
}

/// Does a backslash join the line to the one before?
bool joined(std::string_view text, size_t line) {
  size_t at = line - 1;
  if (at > 0 && text[at - 1] == '\r') --at;
  return at > 0 && text[at - 1] == '\\';
}

/// Reads over one text; every step moves forward.
class Reader {
 public:
  Reader(std::string_view text, size_t at) : text_(text), at_(at) {}

  void blanks(bool lines) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n'))
        ++at_;
      else if (c == '\\' && at_ + 1 < text_.size() &&
               (text_[at_ + 1] == '\n' || text_[at_ + 1] == '\r'))
        at_ += 2;
      else if (lines && c == '#')
        at_ = std::min(text_.find('\n', at_), text_.size());
      else
        break;
    }
  }
  std::string_view dotted() {
    const size_t begin = at_;
    while (at_ < text_.size() && (word(text_[at_]) || text_[at_] == '.')) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  size_t at() const { return at_; }

 private:
  std::string_view text_;
  size_t at_;
};

/// After `import` or inside `from … import`: names, their aliases left out.
size_t read_names(std::string_view text, size_t at, std::vector<std::string_view>& names) {
  Reader reader(text, at);
  reader.blanks(false);
  const bool bracket = reader.take('(');
  while (true) {
    reader.blanks(bracket);
    const std::string_view name = reader.dotted();
    if (name.empty()) break;
    names.push_back(name);
    reader.blanks(bracket);
    const size_t before = reader.at();
    if (reader.dotted() == "as") {
      reader.blanks(bracket);
      reader.dotted();
      reader.blanks(bracket);
    } else if (reader.at() != before) {
      break;
    }
    if (!reader.take(',')) break;
  }
  return reader.at();
}

}  // namespace

std::vector<WrittenImport> written_imports(std::string_view text) {
  std::vector<WrittenImport> out;
  for (size_t at = 0; at < text.size();) {
    const void* found = ::memmem(text.data() + at, text.size() - at, "import", 6);
    if (!found) break;
    // The line that holds it, or the first of those that backslashes join.
    const size_t newline =
        text.substr(at, static_cast<size_t>(static_cast<const char*>(found) - text.data()) - at)
            .rfind('\n');
    size_t line = newline == std::string_view::npos ? at : at + newline + 1;
    while (line > at && joined(text, line)) line = line_begin(text, line - 1);
    at = std::max(at, line);
    size_t start = at;
    while (start < text.size() && (text[start] == ' ' || text[start] == '\t' || text[start] == ';'))
      ++start;
    const std::string_view rest = text.substr(start, 8);
    const bool plain =
        rest.starts_with("import ") || rest.starts_with("import\t") || rest.starts_with("import\\");
    const bool from =
        rest.starts_with("from ") || rest.starts_with("from\t") || rest.starts_with("from.");
    size_t end = start;
    if (plain) {
      std::vector<std::string_view> modules;
      end = read_names(text, start + 6, modules);
      for (const std::string_view module : modules) out.push_back({module, {}, false});
    } else if (from) {
      Reader reader(text, start + 4);
      reader.blanks(false);
      WrittenImport import;
      while (reader.take('.')) import.relative = true;
      reader.blanks(false);
      import.module = reader.dotted();
      // `from . import x`: the word behind the dots is no module.
      if (import.module == "import") {
        import.module = {};
        end = read_names(text, reader.at(), import.names);
      } else {
        reader.blanks(false);
        if (reader.dotted() == "import")
          end = read_names(text, reader.at(), import.names);
        else
          end = start;
      }
      if (end != start) out.push_back(std::move(import));
    }
    // One-liners such as `try: import x` and `a = 1; import x` go on in the same line.
    const size_t from_here = std::max(end, start);
    const size_t line_end = std::min(text.find('\n', from_here), text.size());
    at = line_end + 1;
    const std::string_view here = text.substr(0, line_end);
    for (size_t mark = here.find_first_of(":;", from_here); mark < line_end;
         mark = here.find_first_of(":;", mark + 1)) {
      const size_t next = here.find_first_not_of(" \t", mark + 1);
      if (next >= line_end) break;
      if (!text.substr(next).starts_with("import ") && !text.substr(next).starts_with("from "))
        continue;
      at = next;
      break;
    }
  }
  return out;
}

void ModuleIndex::add(const std::string& path, size_t number) {
  std::string stem = path.substr(0, path.rfind('.'));
  if (stem.ends_with("/__init__")) stem.resize(stem.size() - 9);
  const std::string last = stem.substr(stem.rfind('/') + 1);
  places_[last].push_back({std::move(stem), number});
}

void ModuleIndex::find(std::string_view dotted, std::vector<size_t>& out) const {
  const size_t dot = dotted.rfind('.');
  const auto at =
      places_.find(std::string(dotted.substr(dot == std::string_view::npos ? 0 : dot + 1)));
  if (at == places_.end()) return;
  std::string ending = "/" + std::string(dotted);
  std::replace(ending.begin(), ending.end(), '.', '/');
  for (const Place& place : at->second) {
    if (place.stem.ends_with(ending)) out.push_back(place.number);
  }
}

void ModuleIndex::find(const WrittenImport& import, std::vector<size_t>& out) const {
  // Every package on the way runs as well.
  for (size_t end = import.module.find('.');; end = import.module.find('.', end + 1)) {
    if (!import.module.empty()) find(import.module.substr(0, end), out);
    if (end == std::string_view::npos) break;
  }
  const std::string prefix = import.module.empty() ? "" : std::string(import.module) + ".";
  for (const std::string_view name : import.names) find(prefix + std::string(name), out);
}

}  // namespace preflint::project
