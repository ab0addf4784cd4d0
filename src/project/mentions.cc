#include "project/mentions.h"

#include <re2/re2.h>

#include <algorithm>
#include <initializer_list>

#include "model/value.h"

namespace preflint::project {
namespace {

bool name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("_.-+@%~").find(c) != std::string_view::npos;
}

bool script_ending(std::string_view name) {
  for (const std::string_view ending : {".sh", ".bash", ".zsh", ".ksh", ".dash", ".py", ".ipynb"}) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

/// The command behind which a bare word is a script's name.
bool starter(std::string_view word) {
  for (const std::string_view one : {"bash", "sh", "zsh", "ksh", "dash", "source", ".", "exec"}) {
    if (word == one) return true;
  }
  return false;
}

bool path_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == '/' || static_cast<unsigned char>(c) >= 0x80;
}

/// A path without the dots that it begins with: "../tools/train.py" is "tools/train.py".
std::string_view tail_of(std::string_view word) {
  while (word.starts_with("./") || word.starts_with("../") || word.starts_with('/'))
    word.remove_prefix(word.find('/') + 1);
  return word;
}

}  // namespace

void ScriptNames::add(const std::string& path, size_t number) {
  const std::string name = path.substr(path.rfind('/') + 1);
  if (std::all_of(name.begin(), name.end(), name_byte))
    by_name_[name].push_back(number);
  else
    odd_.push_back(number);
  all_.push_back(number);
}

std::vector<size_t> ScriptNames::named_in(std::string_view text) const {
  std::vector<size_t> out = odd_;
  std::string_view before;  // the word before, when only blanks and quotes stand between
  for (size_t at = 0; at < text.size();) {
    if (!name_byte(text[at])) {
      const char c = text[at];
      if (c != ' ' && c != '\t' && c != '"' && c != '\'') before = {};
      ++at;
      continue;
    }
    const size_t begin = at;
    while (at < text.size() && name_byte(text[at])) ++at;
    const std::string_view word = text.substr(begin, at - begin);
    const char left = begin == 0 ? '\n' : text[begin - 1];
    const bool ends = script_ending(word);
    // `$stage.sh`, `${stage}.sh`, `*.sh`, "$stage".sh
    const bool made = ends && (left == '$' || left == '}' || left == ')' || left == '*' ||
                               left == '`' || left == '?' || left == ']' || word[0] == '.' ||
                               word.find('%') != std::string_view::npos);
    if (made) return all_;
    if (ends || left == '/' || starter(before)) {
      const auto found = by_name_.find(std::string(word));
      if (found != by_name_.end())
        out.insert(out.end(), found->second.begin(), found->second.end());
    }
    before = word;
  }
  return out;
}

void each_script_name(std::string_view text, const std::function<void(const std::string&)>& take) {
  for (size_t at = 0; at < text.size(); ++at) {
    if (!path_byte(text[at])) continue;
    const size_t begin = at;
    while (at < text.size() && path_byte(text[at])) ++at;
    std::string_view word = text.substr(begin, at - begin);
    while (word.ends_with('.')) word.remove_suffix(1);
    for (const std::string_view ending : {".sh", ".bash", ".py", ".ipynb"}) {
      if (word.ends_with(ending) && paths::basename(word).size() > ending.size())
        take(std::string(tail_of(word)));
    }
  }
  static const RE2 kModule(
      R"((?m)(?:^[ \t"]*(?:from|import)|-m)[ \t]+([A-Za-z_][\w.]*)(?:[ \t]+import[ \t]+(\w+))?)");
  std::string module, member;
  for (re2::StringPiece rest(text.data(), text.size());
       RE2::FindAndConsume(&rest, kModule, &module, &member);) {
    std::replace(module.begin(), module.end(), '.', '/');
    take(module + ".py");
    if (!member.empty()) take(module + "/" + member + ".py");
  }
}

}  // namespace preflint::project
