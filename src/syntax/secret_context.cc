#include "syntax/secret_context.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "syntax/secrets.h"

namespace preflint::secrets {
namespace {

constexpr size_t kFar = 300;  // bytes that a name may stand before its value

bool name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-';
}

bool blank(char c) { return c == ' ' || c == '\t'; }
bool quote(char c) { return c == '"' || c == '\'' || c == '`' || c == '\\'; }

/// Reads a text backwards.
class Backwards {
 public:
  Backwards(std::string_view text, size_t at)
      : text_(text), at_(at), stop_(at > kFar ? at - kFar : 0) {}

  bool more() const { return at_ > stop_; }
  char last() const { return more() ? text_[at_ - 1] : '\0'; }
  void drop() { at_ -= more() ? 1 : 0; }
  bool take(std::string_view word) {
    if (at_ - stop_ < word.size() || text_.substr(at_ - word.size(), word.size()) != word)
      return false;
    at_ -= word.size();
    return true;
  }
  template <typename Test>
  size_t skip(Test test) {
    size_t count = 0;
    for (; more() && test(last()); ++count) drop();
    return count;
  }
  std::string name() {
    const size_t end = at_;
    skip(name_character);
    return std::string(text_.substr(at_, end - at_));
  }
  /// What precedes on the same line (or command, when it is continued).
  std::string_view line() const {
    size_t begin = at_;
    while (begin > stop_ && text_[begin - 1] != '\n' && text_[begin - 1] != ';' &&
           text_[begin - 1] != '|' && text_[begin - 1] != '&')
      --begin;
    return text_.substr(begin, at_ - begin);
  }
  /// The text back to the parenthesis that encloses this place, that not included; npos without
  /// one.
  size_t open_parenthesis() const {
    int depth = 0;
    for (size_t i = at_; i > stop_; --i) {
      if (text_[i - 1] == ')') ++depth;
      if (text_[i - 1] == '(' && depth-- == 0) return i - 1;
    }
    return std::string_view::npos;
  }
  std::string_view text() const { return text_; }
  size_t at() const { return at_; }

 private:
  std::string_view text_;
  size_t at_, stop_;
};

bool ends_in_any(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [&](std::string_view end) { return text.ends_with(end); });
}

/// What a login of this tool is given, "" when the words are no login.
std::string login_key(std::string_view words) {
  if (words.find("wandb") != std::string_view::npos &&
      words.find("login") != std::string_view::npos)
    return "wandb_key";
  for (const std::string_view tool : {"swanlab", "huggingface-cli", "modelscope", "comet"}) {
    const size_t at = words.find(tool);
    if (at != std::string_view::npos && words.find("login", at) != std::string_view::npos)
      return std::string(tool) + "_api_key";
  }
  return "";
}

/// `f(value)`, `f(key=value)`: what a function of this name is given.
std::string parameter_of(std::string_view before) {
  Backwards callee(before, before.size());
  const size_t end = callee.at();
  callee.skip([](char c) { return name_character(c) || c == '.'; });
  const std::string name = lower(before.substr(callee.at(), end - callee.at()));
  if (name == "wandb.login") return "wandb_key";
  if (ends_in_any(name, {"swanlab.login", "comet_ml.login", "set_api_key"}))
    return name.substr(0, name.find('.')) + "_api_key";
  if (ends_in_any(name, {".login", "set_token", "set_access_token", "notebook_login"}) ||
      name == "login")
    return "login_token";
  return "";
}

/// The option whose default stands here.
std::string option_of(const Backwards& from) {
  const size_t open = from.open_parenthesis();
  if (open == std::string_view::npos) return "";
  const std::string_view arguments = from.text().substr(open, from.at() - open);
  const std::string_view callee = from.text().substr(0, open);
  if (!ends_in_any(callee, {"add_argument", "option", "Option", "Argument", "field", "Field"}))
    return "";
  const size_t dashes = arguments.find("--");
  if (dashes == std::string_view::npos) return "";
  size_t end = dashes + 2;
  while (end < arguments.size() && name_character(arguments[end])) ++end;
  return std::string(arguments.substr(dashes + 2, end - dashes - 2));
}

/// A named value: what stands before `=` or `:`.
std::string assigned(Backwards back) {
  back.skip(blank);
  const size_t after = back.at();
  back.skip([](char c) { return quote(c) || c == ']'; });
  std::string name = back.name();
  if (name.empty()) return "";
  // `name: str = value`: the type is not the name.
  Backwards annotated = back;
  annotated.skip(blank);
  if (after == back.at() + name.size() && annotated.last() == ':' &&
      (name == "str" || name == "String" || name == "SecretStr")) {
    annotated.drop();
    return assigned(annotated);
  }
  if (name == "default") return option_of(back);
  const std::string lowered = lower(name);
  if (lowered == "key" || lowered == "value" || lowered == "token") {
    const size_t open = back.open_parenthesis();
    std::string parameter =
        open == std::string_view::npos ? "" : parameter_of(back.text().substr(0, open));
    if (!parameter.empty()) return parameter;
  }
  return name;
}

bool has_word(std::string_view name, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return name.find(word) != std::string_view::npos;
  });
}

/// Lower case, words joined by '_', no digits at the end.
std::string canonical(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z') out += '_';
    out += c == '-' || c == '.' ? '_' : upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  while (!out.empty() && ((out.back() >= '0' && out.back() <= '9') || out.back() == '_'))
    out.pop_back();
  return out;
}

bool ends_in_word(const std::string& name, std::string_view word) {
  return name == word || (name.size() > word.size() && name.ends_with(word) &&
                          name[name.size() - word.size() - 1] == '_');
}

bool names_password(const std::string& name) {
  constexpr std::array<std::string_view, 6> kWords = {"password", "passwd",  "passphrase",
                                                      "pwd",      "sshpass", "psw"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return ends_in_word(name, word); });
}

}  // namespace

std::string name_before(std::string_view text, size_t at) {
  Backwards back(text, at);
  const size_t quotes = back.skip(quote);
  if (back.last() == 'f' || back.last() == 'b' || back.last() == 'r') {
    Backwards literal = back;
    literal.drop();
    if (quotes > 0 && !name_character(literal.last())) back = literal;
  }
  if (back.take("Bearer ") || back.take("Token ")) return "access_token";
  const size_t blanks = back.skip(blank);
  const char c = back.last();
  if (c == '=' || c == ':') {
    back.drop();
    if (back.last() == '=' || back.last() == '!') return "";  // a comparison
    if (back.last() == ':') back.drop();                      // := and ::
    return assigned(back);
  }
  if (c == '-' && blanks == 0) {
    back.drop();
    if (back.last() == ':') back.drop();
    return back.name();  // ${NAME:-value}, ${NAME-value}
  }
  if (c == ',') {
    back.drop();
    back.skip(blank);
    if (quote(back.last())) {
      back.skip(quote);
      return back.name();
    }
    return "";
  }
  if (c == '(') {
    return parameter_of(text.substr(0, back.at() - 1));
  }
  if (blanks == 0) return "";
  // Words of a command line.
  std::string login = login_key(back.line());
  const std::string word = back.name();
  if (word.starts_with("--") && (login.empty() || names_key(word.substr(2)))) return word.substr(2);
  if (word == "password" || word == "PASSWORD") return login.empty() ? "netrc_token" : login;
  return login;
}

bool names_key(std::string_view given) {
  const std::string name = canonical(given);
  if (ends_in_word(name, "token")) {
    // What a tokenizer calls tokens, and what nuScenes does: the ids of its records.
    return !has_word(name,
                     {"pad_", "eos_", "bos_", "unk_", "sep_", "cls_", "mask_", "special", "image_",
                      "next_", "stop_", "max_", "min_", "num_", "start_", "end_", "per_", "csrf",
                      "sample_", "scene_", "instance_", "annotation_", "ann_", "ego_pose_",
                      "calibrated_", "category_", "visibility_", "frame_"});
  }
  for (const std::string_view word :
       {"api_key",       "apikey",          "secret",        "secret_key",
        "access_key",    "accesskey",       "access_key_id", "access_key_secret",
        "accesskeyid",   "accesskeysecret", "secret_id",     "secret_access_key",
        "auth_key",      "app_key",         "appkey",        "appsecret",
        "authorization", "send_key",        "sendkey",       "license_key"}) {
    if (ends_in_word(name, word)) return true;
  }
  if (ends_in_word(name, "key") || name.ends_with("key")) {
    return has_word(name, {"wandb", "hf_", "swanlab", "openai", "comet", "neptune", "kaggle",
                           "dashscope", "zhipu", "deepseek", "moonshot", "api"});
  }
  return name == "wandb";
}

bool names_secret(std::string_view given) {
  if (given == "PWD" || given == "OLDPWD") return false;
  return names_key(given) || names_password(canonical(given));
}

std::vector<Span> passwords(std::string_view text) {
  std::vector<Span> out;
  const std::string lowered = lower(text);
  const auto literal = [&](size_t at) {
    size_t end = at;
    if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
      end = std::min(text.find(text[at], at + 1), text.size());
      ++at;
    } else {
      while (end < text.size() &&
             std::string_view(" \t\r\n;|&)'\",}`").find(text[end]) == std::string_view::npos)
        ++end;
    }
    if (end <= at || text[at] == '$' || text[at] == '{' || text[at] == '(' || text[at] == '%')
      return;
    out.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(end)});
  };
  for (size_t at = lowered.find("sshpass"); at != std::string::npos;
       at = lowered.find("sshpass", at + 1)) {
    size_t next = at + 7;
    while (next < text.size() && blank(text[next])) ++next;
    if (next == at + 7 || lowered.compare(next, 2, "-p") != 0) continue;
    next += 2;
    while (next < text.size() && blank(text[next])) ++next;
    literal(next);
  }
  for (const std::string_view word : {"password", "passwd", "passphrase", "pwd", "sshpass"}) {
    for (size_t at = lowered.find(word); at != std::string::npos; at = lowered.find(word, at + 1)) {
      size_t next = at + word.size();
      const bool quoted = next < text.size() && quote(text[next]);
      while (next < text.size() && (quote(text[next]) || text[next] == ']')) ++next;
      const size_t name_end = next;
      while (next < text.size() && blank(text[next])) ++next;
      if (next >= text.size() ||
          (text[next] != '=' && text[next] != ':' && !(quoted && text[next] == ',')))
        continue;
      const bool tight = text[next] == '=' && next == name_end;  // a shell's assignment
      do ++next;
      while (next < text.size() && (text[next] == '=' || text[next] == '-'));
      const size_t value = next;
      while (next < text.size() && blank(text[next])) ++next;
      const bool written = next < text.size() && (text[next] == '"' || text[next] == '\'');
      if (written || (tight && next == value)) literal(next);
    }
  }
  return out;
}

}  // namespace preflint::secrets
