// Reads what files of each kind say of dependencies: requirements, pyproject.toml, setup.cfg,
// environment.yml.
#include <algorithm>

#include "base/text.h"
#include "project/dependencies.h"
#include "syntax/document.h"

namespace preflint::project {
namespace {

/// The physical line of a span when nothing else stands on it but blanks and `around`; else empty.
Span own_line(std::string_view text, Span span, std::string_view before, std::string_view after) {
  // Only what stands beside it is looked at: thousands of entries may share one line.
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  size_t begin = span.begin, end = span.end;
  const auto step_back = [&] {
    while (begin > 0 && blank(text[begin - 1])) --begin;
  };
  const auto step_on = [&] {
    while (end < text.size() && blank(text[end])) ++end;
  };
  step_back();
  if (!text.substr(0, begin).ends_with(before)) return {};
  begin -= before.size();
  step_back();
  if (begin > 0 && text[begin - 1] != '\n') return {};
  step_on();
  if (text.substr(end).starts_with(after)) end += after.size();
  step_on();
  if (end < text.size() && text[end] == '#') end = std::min(text.find('\n', end), text.size());
  if (end < text.size() && text[end] != '\n') return {};
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(std::min(end + 1, text.size()))};
}

/// Collects entries of one file.
class FileReader {
 public:
  FileReader(const Program& program, std::shared_ptr<const File> file) : program_(program) {
    out_.file = std::move(file);
    source_ = Source(*out_.file);
  }

  DependencyFile read() && {
    switch (out_.file->kind) {
      case FileKind::pyproject:
        pyproject();
        break;
      case FileKind::setup_cfg:
        setup_cfg();
        break;
      case FileKind::conda_environment:
        conda();
        break;
      default:
        requirements();
    }
    return std::move(out_);
  }

 private:
  void include(std::string written, Span span, bool constraint) {
    // As conda's documentation writes it: `-r file:requirements.txt`.
    if (written.starts_with("file:") && !written.starts_with("file:/")) written.erase(0, 5);
    if (written.empty() || written.find("://") != std::string::npos ||
        written.find('$') != std::string::npos)
      return;
    DependencyFile::Include one;
    one.written = written;
    one.path = written[0] == '/' ? paths::normalise(written)
                                 : paths::join(paths::dirname(out_.file->path), written);
    one.span = span;
    one.constraint = constraint;
    one.exists = program_.reader->exists(one.path);
    out_.includes.push_back(std::move(one));
  }

  void requirements() {
    auto read = std::make_shared<req::RequirementsFile>(req::read_requirements(out_.file->bytes));
    out_.requirements = read;
    // Its words are no packages. What pip says when it is given such a file, it says of the first
    // line.
    if (read->prose) {
      for (const req::Line& line : read->lines) {
        if (line.kind != req::LineKind::invalid) continue;
        out_.bad.push_back({source_, line.reason_span, line.text, line.reason});
        break;
      }
      return;
    }
    const bool limits = paths::basename(out_.file->path).starts_with("constraints");
    for (const req::Line& line : read->lines) {
      switch (line.kind) {
        case req::LineKind::include:
          include(line.target, line.target_span, false);
          break;
        case req::LineKind::constraint:
          include(line.target, line.target_span, true);
          break;
        case req::LineKind::invalid:
          if (!read->conda_export)
            out_.bad.push_back({source_, line.reason_span, line.text, line.reason});
          break;
        case req::LineKind::option:
          if (line.option == "--index-url" || line.option == "--extra-index-url" ||
              line.option == "--find-links") {
            out_.indexes.push_back(line.target);
          }
          break;
        default: {
          if (line.requirement.project.empty()) break;
          Dependency& entry =
              add(line.requirement, quoted_text(line.requirement, line.text), line.span, "");
          entry.archive = line.archive;
          entry.constraint = limits;
          entry.line = &line;
          entry.whole = line.whole;
        }
      }
    }
  }

  Dependency& add(req::Requirement requirement, std::string_view text, Span span,
                  const std::string& group) {
    Dependency& entry = out_.entries.emplace_back();
    entry.source = source_;
    entry.span = span;
    entry.text = text;
    entry.requirement = std::move(requirement);
    entry.group = group;
    return entry;
  }

  /// A PEP 508 text at a place of the file.
  void pep508(std::string_view text, Span place, bool exact, const std::string& group, Span whole) {
    if (text.find("${") != std::string_view::npos) return;
    auto read = req::Requirement::parse(text);
    if (!read) {
      const Span inner = read.error().where.value_or(Span());
      const Span span =
          exact ? Span{place.begin + inner.begin, place.begin + std::max(inner.end, inner.begin)}
                : place;
      out_.bad.push_back({source_, span, std::string(text), read.error().message});
      return;
    }
    const std::string shown = quoted_text(*read, text);
    Dependency& entry = add(*std::move(read), shown, place, group);
    entry.archive = req::archive_named(entry.requirement.url);
    entry.whole = whole;
  }

  void strings(const Document* list, const std::string& group) {
    if (!list || !list->is_list()) return;
    for (const Document& item : list->items) {
      if (!item.is_string()) continue;
      pep508(item.text, item.exact.value_or(item.span), item.exact.has_value(), group,
             own_line(source_.text(), item.span, "", ","));
    }
  }

  void pyproject() {
    auto parsed = parse_toml(source_.text());
    if (!parsed) return;
    const Document& top = *parsed;
    strings(top.at({"project", "dependencies"}), "");
    if (const Document* extras = top.at({"project", "optional-dependencies"})) {
      for (const auto& member : extras->members)
        strings(&member.value, req::normalised_name(member.key));
    }
    if (const Document* groups = top.at({"dependency-groups"})) {
      for (const auto& member : groups->members)
        strings(&member.value, req::normalised_name(member.key));
    }
    strings(top.at({"tool", "uv", "dev-dependencies"}), "dev");
    if (const Document* groups = top.at({"tool", "pdm", "dev-dependencies"})) {
      for (const auto& member : groups->members)
        strings(&member.value, req::normalised_name(member.key));
    }
    poetry_table(top.at({"tool", "poetry", "dependencies"}), "");
    poetry_table(top.at({"tool", "poetry", "dev-dependencies"}), "dev");
    if (const Document* groups = top.at({"tool", "poetry", "group"})) {
      for (const auto& member : groups->members)
        poetry_table(member.value.find("dependencies"), req::normalised_name(member.key));
    }
    indexes(top);
  }

  /// Where single packages come from: uv's sources and indexes, poetry's and pdm's sources.
  void indexes(const Document& top) {
    std::map<std::string, std::string> urls;
    for (const Document* list :
         {top.at({"tool", "uv", "index"}), top.at({"tool", "poetry", "source"}),
          top.at({"tool", "pdm", "source"})}) {
      if (!list || !list->is_list()) continue;
      for (const Document& one : list->items) {
        const Document* name = one.find("name");
        const Document* url = one.find("url");
        if (!url) continue;
        out_.indexes.push_back(url->text);
        if (name) urls[name->text] = url->text;
      }
    }
    for (const char* key : {"extra-index-url", "find-links"}) {
      const Document* list = top.at({"tool", "uv", key});
      if (!list || !list->is_list()) continue;
      for (const Document& one : list->items) out_.indexes.push_back(one.text);
    }
    const Document* sources = top.at({"tool", "uv", "sources"});
    out_.for_uv = sources || top.at({"tool", "uv", "index"});
    if (!sources || !sources->is_map()) return;
    for (const auto& member : sources->members) {
      std::string index;
      bool other = false;
      const auto look = [&](const Document& one) {
        if (const Document* named = one.find("index")) {
          const auto at = urls.find(named->text);
          if (at != urls.end() && index.empty()) index = at->second;
        }
        other = other || one.find("git") || one.find("path") || one.find("url") ||
                one.find("workspace");
      };
      if (member.value.is_list()) {
        for (const Document& one : member.value.items) look(one);
      } else {
        look(member.value);
      }
      const std::string project = req::normalised_name(member.key);
      // From a repository or a path: no release of PyPI.
      if (other)
        std::erase_if(out_.entries, [&](const Dependency& entry) {
          return entry.requirement.project == project;
        });
      for (Dependency& entry : out_.entries) {
        if (entry.requirement.project == project) entry.index = index;
      }
    }
  }

  void poetry_table(const Document* table, const std::string& group) {
    if (!table || !table->is_map()) return;
    for (const auto& member : table->members) {
      if (member.key == "python") continue;
      if (member.value.is_list()) {
        for (const Document& one : member.value.items)
          poetry_entry(member.key, one, one.span, group);
      } else {
        poetry_entry(member.key, member.value, {member.key_span.begin, member.value.span.end},
                     group);
      }
    }
  }

  void poetry_entry(const std::string& name, const Document& value, Span span,
                    const std::string& group) {
    const Document* version = value.is_map() ? value.find("version") : &value;
    if (!version || !version->is_string()) return;
    const auto specifiers = req::poetry_specifiers(version->text);
    if (!specifiers) return;
    req::Requirement requirement;
    requirement.name = name;
    requirement.project = req::normalised_name(name);
    requirement.specifiers = *specifiers;
    std::string in_group = group;
    if (value.is_map()) {
      if (const Document* optional = value.find("optional"); optional && optional->boolean)
        in_group = "optional";
      if (const Document* markers = value.find("markers")) {
        if (auto marker = req::Marker::parse(markers->text))
          requirement.marker = *std::move(marker);
      } else if (const Document* python = value.find("python")) {
        // A range of Pythons is a marker, too.
        std::string text;
        if (const auto range = req::poetry_specifiers(python->text)) {
          for (const req::Specifier& one : range->all) {
            const std::string clause = one.str();
            const size_t digits = clause.find_first_of("0123456789");
            (text += text.empty() ? "" : " and ") +=
                "python_version " + clause.substr(0, digits) + " '" + clause.substr(digits) + "'";
          }
        }
        if (auto marker = req::Marker::parse(text)) requirement.marker = *std::move(marker);
      }
      if (const Document* platform = value.find("platform")) {
        if (auto marker = req::Marker::parse("sys_platform == '" + platform->text + "'"))
          requirement.marker = *std::move(marker);
      }
    }
    Dependency& entry =
        add(std::move(requirement), name + " = \"" + version->text + "\"", span, in_group);
    entry.form = Dependency::poetry;
  }

  /// `[options] install_requires =` and `[options.extras_require]`: values go on in indented lines.
  void setup_cfg() {
    const std::string_view text = source_.text();
    std::string section, key;
    size_t at = 0;
    const auto value = [&](std::string_view part) {
      part = trimmed(part);
      if (part.empty() || part[0] == '#' || part[0] == ';' || part.starts_with("file:") ||
          part.starts_with("attr:"))
        return;
      std::string group;
      if (section == "options.extras_require")
        group = req::normalised_name(key);
      else if (section != "options" || key != "install_requires")
        return;
      const auto begin = static_cast<uint32_t>(part.data() - text.data());
      const Span place{begin, begin + static_cast<uint32_t>(part.size())};
      pep508(part, place, true, group, own_line(text, place, "", ""));
    };
    while (at < text.size()) {
      const size_t end = std::min(text.find('\n', at), text.size());
      const std::string_view line = text.substr(at, end - at);
      at = end + 1;
      const std::string_view content = trimmed(line);
      if (content.empty() || content[0] == '#' || content[0] == ';') continue;
      if (line[0] == ' ' || line[0] == '\t') {
        value(content);
      } else if (content[0] == '[') {
        section = content.substr(1, content.find(']') - 1);
        key.clear();
      } else {
        const size_t equals = content.find_first_of("=:");
        if (equals == std::string_view::npos) continue;
        key = trimmed(content.substr(0, equals));
        value(content.substr(equals + 1));
      }
    }
  }

  void conda() {
    auto parsed = parse_yaml(source_.text());
    if (!parsed) return;
    if (const Document* name = parsed->find("name")) out_.environment = name->text;
    const Document* list = parsed->find("dependencies");
    if (!list || !list->is_list()) return;
    for (const Document& item : list->items) {
      if (item.is_string()) {
        if (auto requirement = req::conda_requirement(item.text)) {
          Dependency& entry = add(*std::move(requirement), item.text, item.span, "");
          entry.form = Dependency::conda;
          entry.whole = own_line(source_.text(), item.span, "-", "");
        }
        continue;
      }
      const Document* pip = item.find("pip");
      if (!pip || !pip->is_list()) continue;
      for (const Document& one : pip->items) {
        if (one.is_string()) pip_line(one);
      }
    }
  }

  void pip_line(const Document& item) {
    const req::Line line = req::read_argument(item.text);
    const Span place = item.exact.value_or(item.span);
    if (line.kind == req::LineKind::invalid) {
      const Span reason = item.exact ? Span{place.begin + line.reason_span.begin,
                                            place.begin + line.reason_span.end}
                                     : place;
      out_.bad.push_back({source_, reason, item.text, line.reason});
    } else if (line.kind == req::LineKind::include || line.kind == req::LineKind::constraint) {
      include(line.target, place, line.kind == req::LineKind::constraint);
    } else if (line.kind == req::LineKind::option) {
      if (!line.target.empty()) out_.indexes.push_back(line.target);
    } else if (!line.requirement.project.empty()) {
      Dependency& entry =
          add(line.requirement, quoted_text(line.requirement, item.text), place, "");
      entry.archive = line.archive;
      entry.whole = own_line(source_.text(), item.span, "-", "");
    }
  }

  const Program& program_;
  DependencyFile out_;
  Source source_;
};

}  // namespace

std::string quoted_text(const req::Requirement& requirement, std::string_view written) {
  if (!requirement.url.empty()) {
    const std::string_view url =
        std::string_view(requirement.url).substr(0, requirement.url.find('#'));
    return std::string(url.substr(url.find_last_of('/') + 1));
  }
  if (requirement.specifiers.empty()) return std::string(written);
  return requirement.name + requirement.specifiers.str();
}

DependencyFile read_dependencies(const Program& program, std::shared_ptr<const File> file) {
  return FileReader(program, std::move(file)).read();
}

}  // namespace preflint::project
