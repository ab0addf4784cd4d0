#include <algorithm>
#include <cctype>
#include <set>

#include "project/file_kind.h"
#include "support/rewrite.h"
#include "syntax/shell/ast.h"

namespace preflint::testing {
namespace {

using shell::Command;
using shell::CommandKind;
using shell::List;
using shell::Part;
using shell::PartKind;
using shell::Word;

/// A script and its tree.
struct Script {
  std::string_view text;
  shell::Program program;
  uint32_t body = 0;  // behind the shebang

  /// The statement stands alone before its line's end, but for blanks.
  bool ends_line(uint32_t at) const {
    const size_t next = text.find_first_not_of(" \t", at);
    return next == text.npos || text[next] == '\n';
  }
  uint32_t line_begin(uint32_t at) const {
    const size_t newline = at == 0 ? text.npos : text.rfind('\n', at - 1);
    return newline == text.npos ? 0 : static_cast<uint32_t>(newline + 1);
  }
  bool begins_line(uint32_t at) const {
    return text.substr(line_begin(at), at - line_begin(at)).find_first_not_of(" \t") == text.npos;
  }
  /// A comment stands alone on the line above: it may be a directive for the statement.
  bool follows_comment(uint32_t at) const {
    const uint32_t line = line_begin(at);
    if (line == 0) return false;
    const size_t above = text.find_first_not_of(" \t", line_begin(line - 1));
    return text[above] == '#';
  }
};

std::map<std::string, Script> scripts(const Files& files) {
  std::map<std::string, Script> out;
  for (const auto& [path, text] : files) {
    auto kind = project::kind_by_name(path);
    if (!kind) kind = project::kind_by_shebang(text);
    if (kind != FileKind::shell || text.find('\r') != text.npos) continue;
    Script script{text, shell::parse(text, shell::Dialect::bash)};
    if (!script.program.errors.empty() || script.program.list.items.empty()) continue;
    script.body = script.line_begin(script.program.list.items[0].span.begin);
    while (script.body > 0 && script.follows_comment(script.body) &&
           script.line_begin(script.body - 1) > 0) {
      script.body = script.line_begin(script.body - 1);
    }
    if (script.body == 0 && text.starts_with("#!"))
      script.body = static_cast<uint32_t>(text.find('\n') + 1);
    out.emplace(path, std::move(script));
  }
  return out;
}

/// Everything in a tree, without recursion. Words of heredocs and of embedded lists are walked as
/// well.
struct Walk {
  std::vector<const shell::AndOr*> statements;  // not within words
  std::vector<const Command*> commands;
  std::vector<const Part*> parts;
  std::vector<const shell::Assignment*> assignments;

  explicit Walk(const List& list) {
    struct Open {
      const List* list;
      bool plain;  // not within a word
    };
    std::vector<Open> lists{{&list, true}};
    std::vector<std::pair<const Command*, bool>> open;
    std::vector<const Word*> words;
    std::vector<const Part*> pieces;
    while (!lists.empty() || !open.empty() || !words.empty() || !pieces.empty()) {
      if (!lists.empty()) {
        const Open at = lists.back();
        lists.pop_back();
        for (const shell::AndOr& item : at.list->items) {
          if (at.plain) statements.push_back(&item);
          for (const shell::Pipeline& pipeline : item.pipelines) {
            for (const auto& command : pipeline.commands)
              open.emplace_back(command.get(), at.plain);
          }
        }
      } else if (!open.empty()) {
        const auto [command, plain] = open.back();
        open.pop_back();
        commands.push_back(command);
        for (const Word& word : command->words) words.push_back(&word);
        for (const shell::Assignment& one : command->assignments) {
          assignments.push_back(&one);
          words.push_back(&one.value);
          for (const Word& element : one.elements) words.push_back(&element);
        }
        for (const auto& [index, one] : command->declared) {
          for (const Word& element : one.elements) words.push_back(&element);
        }
        for (const shell::Redirect& redirect : command->redirects) {
          words.push_back(&redirect.target);
          for (const Part& part : redirect.content) pieces.push_back(&part);
        }
        words.push_back(&command->subject);
        std::vector<const shell::Condition*> tests{&command->test};
        while (!tests.empty()) {
          const shell::Condition& test = *tests.back();
          tests.pop_back();
          for (const Word& word : test.words) words.push_back(&word);
          for (const shell::Condition& operand : test.operands) tests.push_back(&operand);
        }
        lists.insert(lists.end(), {{&command->condition, plain}, {&command->body, plain}});
        for (const shell::IfClause& clause : command->clauses) {
          lists.insert(lists.end(), {{&clause.condition, plain}, {&clause.body, plain}});
        }
        if (command->else_body) lists.push_back({&*command->else_body, plain});
        for (const shell::CaseItem& item : command->items) {
          for (const Word& pattern : item.patterns) words.push_back(&pattern);
          lists.push_back({&item.body, plain});
        }
        if (command->definition) open.emplace_back(command->definition.get(), plain);
      } else if (!words.empty()) {
        for (const Part& part : words.back()->parts) pieces.push_back(&part);
        words.pop_back();
      } else {
        const Part& part = *pieces.back();
        pieces.pop_back();
        parts.push_back(&part);
        for (const Part& inner : part.parts) pieces.push_back(&inner);
        for (const Word& word : part.words) words.push_back(&word);
        if (part.list) lists.push_back({part.list.get(), false});
      }
    }
  }
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// How often a name stands in a text as a whole word.
size_t occurrences(std::string_view text, std::string_view name) {
  size_t out = 0;
  for (size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const bool alone = (at == 0 || !is_word(text[at - 1])) &&
                       (at + name.size() == text.size() || !is_word(text[at + name.size()]));
    out += alone;
  }
  return out;
}

/// Where the name stands in `$x`, `${x…}`, `${#x}`, `${!x}`; nothing for special parameters.
std::optional<Span> name_span(const Part& part, std::string_view text) {
  if (part.kind != PartKind::parameter || part.name.empty() ||
      std::isdigit(static_cast<unsigned char>(part.name[0])))
    return {};
  if (!is_word(part.name[0]) || part.op == "names" || part.op == "indirect") return {};
  const size_t at = text.find(part.name, part.span.begin);
  if (at == text.npos || at + part.name.size() > part.span.end) return {};
  return Span{static_cast<uint32_t>(at), static_cast<uint32_t>(at + part.name.size())};
}

/// Puts everything behind the shebang between two texts.
ChangesByPath around(const Files& files, const std::string& head, const std::string& tail,
                     const std::function<bool(const Script&)>& suits) {
  ChangesByPath out;
  for (const auto& [path, script] : scripts(files)) {
    if (!suits(script)) continue;
    out[path].insert(script.body, head);
    out[path].insert(static_cast<uint32_t>(script.text.size()),
                     (script.text.ends_with('\n') ? "" : "\n") + tail);
  }
  return out;
}

}  // namespace

namespace rewrite {

ChangesByPath shell_comments(const Files& files) {
  ChangesByPath out;
  for (const auto& [path, script] : scripts(files)) {
    for (const shell::AndOr* item : Walk(script.program.list).statements) {
      const uint32_t begin = item->span.begin;
      if (begin < script.body || !script.begins_line(begin) || script.follows_comment(begin))
        continue;
      out[path].insert(script.line_begin(begin), "# A remark.\n");
      if (script.ends_line(item->span.end)) out[path].insert(item->span.end, "  # another");
    }
  }
  return out;
}

ChangesByPath shell_blank_lines(const Files& files) {
  ChangesByPath out;
  for (const auto& [path, script] : scripts(files)) {
    for (const shell::AndOr* item : Walk(script.program.list).statements) {
      const uint32_t begin = item->span.begin;
      if (begin < script.body || !script.begins_line(begin) || script.follows_comment(begin))
        continue;
      out[path].insert(script.line_begin(begin), "\n  \n");
    }
  }
  return out;
}

ChangesByPath shell_names(const Files& files) {
  ChangesByPath out;
  const auto all = scripts(files);
  std::map<std::string, std::vector<std::pair<std::string, Span>>> places;
  std::set<std::string> assigned;
  for (const auto& [path, script] : all) {
    const Walk walk(script.program.list);
    for (const Part* part : walk.parts) {
      if (const auto span = name_span(*part, script.text))
        places[part->name].emplace_back(path, *span);
    }
    for (const Command* command : walk.commands) {
      if (command->kind == CommandKind::for_) {
        places[command->name].emplace_back(path, command->name_span);
        assigned.insert(command->name);
      }
      // A prefix is for the command alone: its environment.
      if (command->kind != CommandKind::simple || !command->words.empty()) continue;
      for (const shell::Assignment& one : command->assignments) {
        const auto length = static_cast<uint32_t>(one.name.size());
        places[one.name].emplace_back(path, Span{one.span.begin, one.span.begin + length});
        assigned.insert(one.name);
      }
    }
  }
  for (const std::string& name : assigned) {
    // Each mention is one of these places, in every file: nothing else can see the name.
    size_t mentions = 0;
    for (const auto& [path, text] : files) mentions += occurrences(text, name);
    auto& here = places[name];
    std::sort(here.begin(), here.end());
    here.erase(std::unique(here.begin(), here.end()), here.end());
    if (mentions != here.size()) continue;
    for (const auto& [path, span] : here) out[path].replace(span, name + "_2");
  }
  return out;
}

ChangesByPath shell_quotes(const Files& files) {
  ChangesByPath out;
  for (const auto& [path, script] : scripts(files)) {
    for (const Command* command : Walk(script.program.list).commands) {
      if (command->kind != CommandKind::simple || !command->declared.empty()) continue;
      for (size_t i = 1; i < command->words.size(); ++i) {
        const Word& word = command->words[i];
        if (word.parts.size() != 1) continue;
        const Part& part = word.parts[0];
        const std::string_view written = script.text.substr(part.span.begin, part.span.size());
        if (part.kind == PartKind::literal && written == part.text) {
          out[path].insert(part.span.begin, "'");
          out[path].insert(part.span.end, "'");
        } else if (part.kind == PartKind::single_quoted &&
                   part.text.find_first_of("\"$`\\!") == std::string::npos) {
          out[path].replace({part.span.begin, part.span.begin + 1}, "\"");
          out[path].replace({part.span.end - 1, part.span.end}, "\"");
        } else if (part.kind == PartKind::double_quoted &&
                   written.find_first_of("'$`\\!") == std::string::npos) {
          out[path].replace({part.span.begin, part.span.begin + 1}, "'");
          out[path].replace({part.span.end - 1, part.span.end}, "'");
        }
      }
    }
  }
  return out;
}

ChangesByPath shell_continuations(const Files& files) {
  ChangesByPath out;
  for (const auto& [path, script] : scripts(files)) {
    for (const Command* command : Walk(script.program.list).commands) {
      if (command->kind != CommandKind::simple) continue;
      for (size_t i = 1; i < command->words.size(); ++i) {
        const Span gap{command->words[i - 1].span.end, command->words[i].span.begin};
        if (gap.begin >= gap.end ||
            script.text.substr(gap.begin, gap.size()).find_first_not_of(' ') !=
                std::string_view::npos)
          continue;
        out[path].replace(gap, " \\\n    ");
      }
    }
  }
  return out;
}

ChangesByPath shell_condition(const Files& files) {
  return around(files, "if true; then\n", "fi\n", [](const Script&) { return true; });
}

ChangesByPath shell_group(const Files& files) {
  return around(files, "{\n", "}\n", [](const Script&) { return true; });
}

ChangesByPath shell_function(const Files& files) {
  return around(files, "whole_script() {\n", "}\nwhole_script \"$@\"\n", [](const Script& script) {
    // `declare` makes locals in a function, and `return` leaves it only.
    for (const char* word :
         {"declare", "typeset", "return", "BASH_SOURCE", "FUNCNAME", "shift", "set --"}) {
      if (script.text.find(word) != script.text.npos) return false;
    }
    return true;
  });
}

}  // namespace rewrite

Files sourced(const Files& files) {
  static constexpr const char* kSites[] = {"#SBATCH", "#PBS", "#$ -", "#BSUB", "/mnt/c/", ":\\"};
  Files out = files;
  for (const auto& [path, script] : scripts(files)) {
    const std::string head(script.text.substr(0, script.body));
    // What tells where a script runs (a batch system's directives, paths of Windows) stands in the
    // script itself.
    if (std::any_of(std::begin(kSites), std::end(kSites), [&text = script.text](const char* mark) {
          return text.find(mark) != text.npos;
        }))
      continue;
    // What asks where it stands would get another answer; `return` would leave the inner file.
    const bool suits = head.starts_with("#!") &&
                       head.substr(0, head.find('\n')).find("bash") != head.npos &&
                       script.text.find("BASH_SOURCE") == script.text.npos &&
                       script.text.find("return") == script.text.npos;
    if (!suits) continue;
    const std::string name = path.substr(path.rfind('/') + 1) + ".body.sh";
    out[path] = head + "source \"$(dirname \"${BASH_SOURCE[0]}\")/" + name + "\"\n";
    out[path.substr(0, path.rfind('/') + 1) + name] = script.text.substr(script.body);
  }
  return out;
}

}  // namespace preflint::testing
