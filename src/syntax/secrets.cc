#include "syntax/secrets.h"

#include <algorithm>
#include <array>
#include <bitset>

#include "base/text.h"
#include "syntax/secret_context.h"

namespace preflint::secrets {
namespace {

constexpr size_t kShortest = 16;  // of everything that is looked for

enum class Kind : uint8_t {
  alnum,
  word,
  hex,
  upper,
  uuid
};  // word: alnum, '_', '-'; uuid: hex, '-'

/// A kind of key that its prefix gives away.
struct Form {
  std::string_view prefix;
  size_t least, most;  // length of what follows the prefix
  Kind kind;
  std::string_view service;
};

constexpr std::array kForms = {
    Form{"hf_", 30, 40, Kind::alnum, "Hugging Face"},
    Form{"api_org_", 30, 40, Kind::alnum, "Hugging Face"},
    Form{"wandb_v1_", 30, 120, Kind::word, "Weights & Biases"},
    Form{"sk-ant-", 40, 200, Kind::word, "Anthropic"},
    Form{"sk-or-v1-", 60, 70, Kind::hex, "OpenRouter"},
    Form{"sk-proj-", 40, 220, Kind::word, "OpenAI"},
    Form{"sk-svcacct-", 40, 220, Kind::word, "OpenAI"},
    Form{"sk_live_", 20, 120, Kind::alnum, "Stripe"},
    Form{"sk-", 20, 120, Kind::alnum, "LLM API"},
    Form{"AKIA", 16, 16, Kind::upper, "AWS"},
    Form{"ASIA", 16, 16, Kind::upper, "AWS"},
    Form{"LTAI", 12, 26, Kind::alnum, "Aliyun"},
    Form{"AKID", 28, 40, Kind::alnum, "Tencent Cloud"},
    Form{"ghp_", 36, 36, Kind::alnum, "GitHub"},
    Form{"gho_", 36, 36, Kind::alnum, "GitHub"},
    Form{"ghu_", 36, 36, Kind::alnum, "GitHub"},
    Form{"ghs_", 36, 36, Kind::alnum, "GitHub"},
    Form{"ghr_", 36, 36, Kind::alnum, "GitHub"},
    Form{"github_pat_", 40, 100, Kind::word, "GitHub"},
    Form{"glpat-", 20, 40, Kind::word, "GitLab"},
    Form{"AIza", 35, 35, Kind::word, "Google"},
    Form{"xoxb-", 30, 120, Kind::word, "Slack"},
    Form{"xoxp-", 30, 120, Kind::word, "Slack"},
    Form{"npm_", 36, 36, Kind::alnum, "npm"},
    Form{"pypi-AgEI", 40, 250, Kind::word, "PyPI"},
    Form{"gsk_", 40, 60, Kind::alnum, "Groq"},
    Form{"nvapi-", 50, 80, Kind::word, "NVIDIA"},
    Form{"r8_", 37, 37, Kind::alnum, "Replicate"},
    Form{"rpa_", 36, 60, Kind::alnum, "RunPod"},
    Form{"tvly-", 24, 60, Kind::word, "Tavily"},
    Form{"jina_", 50, 70, Kind::word, "Jina"},
    Form{"ms-", 36, 36, Kind::word, "ModelScope"},
};

/// An address that is a key itself: whoever has it writes to the group or the phone behind it.
struct Address {
  std::string_view before;  // the secret part; '#' stands for a number, '*' for letters and digits
  size_t least, most;       // length of the secret part
  Kind kind;
  std::string_view service;
};

constexpr std::array kAddresses = {
    Address{"open.feishu.cn/open-apis/bot/v2/hook/", 36, 36, Kind::uuid, "Feishu"},
    Address{"open.feishu.cn/open-apis/bot/hook/", 32, 36, Kind::uuid, "Feishu"},
    Address{"feishu.cn/flow/api/trigger-webhook/", 32, 32, Kind::hex, "Feishu"},
    Address{"open.larksuite.com/open-apis/bot/v2/hook/", 36, 36, Kind::uuid, "Lark"},
    Address{"oapi.dingtalk.com/robot/send?access_token=", 64, 64, Kind::hex, "DingTalk"},
    Address{"qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", 36, 36, Kind::uuid, "WeCom"},
    Address{"hooks.slack.com/services/*/*/", 24, 24, Kind::alnum, "Slack"},
    Address{"discord.com/api/webhooks/#/", 60, 80, Kind::word, "Discord"},
    Address{"discordapp.com/api/webhooks/#/", 60, 80, Kind::word, "Discord"},
    Address{"api.telegram.org/bot#:", 35, 35, Kind::word, "Telegram"},
    Address{"sctapi.ftqq.com/", 30, 60, Kind::alnum, "ServerChan"},
    Address{"sc.ftqq.com/", 30, 60, Kind::alnum, "ServerChan"},
    Address{"pushplus.plus/send?token=", 32, 32, Kind::hex, "PushPlus"},
    Address{"pushplus.plus/send/", 32, 32, Kind::hex, "PushPlus"},
    Address{"api.day.app/", 22, 22, Kind::alnum, "Bark"},
};

/// A service whose keys have no form of their own, and the parameter of its requests that they go
/// into.
struct Service {
  std::string_view host, parameter, name;
};

constexpr std::array kServices = {
    Service{"restapi.amap.com", "key", "Amap"},
    Service{"api.map.baidu.com", "ak", "Baidu Maps"},
    Service{"apis.map.qq.com", "key", "Tencent Maps"},
    Service{"serpapi.com", "api_key", "SerpApi"},
    Service{"qweather.com", "key", "QWeather"},
    Service{"api.seniverse.com", "key", "Seniverse"},
    Service{"api.openweathermap.org", "appid", "OpenWeather"},
    Service{"juhe.cn", "key", "Juhe"},
    Service{"tianapi.com", "key", "TianAPI"},
};

/// For each byte the kinds that it belongs to, a bit each.
constexpr std::array<uint8_t, 256> kinds_of_bytes() {
  std::array<uint8_t, 256> out{};
  const auto add = [&](char from, char to, std::initializer_list<Kind> kinds) {
    for (int c = static_cast<unsigned char>(from); c <= static_cast<unsigned char>(to); ++c) {
      for (const Kind kind : kinds)
        out[static_cast<size_t>(c)] |= static_cast<uint8_t>(1U << static_cast<unsigned>(kind));
    }
  };
  add('0', '9', {Kind::alnum, Kind::word, Kind::hex, Kind::upper, Kind::uuid});
  add('a', 'f', {Kind::alnum, Kind::word, Kind::hex, Kind::uuid});
  add('g', 'z', {Kind::alnum, Kind::word});
  add('A', 'Z', {Kind::alnum, Kind::word, Kind::upper});
  add('_', '_', {Kind::word});
  add('-', '-', {Kind::word, Kind::uuid});
  return out;
}

constexpr std::array<uint8_t, 256> kKinds = kinds_of_bytes();

bool has(Kind kind, char c) {
  return (kKinds[static_cast<unsigned char>(c)] >> static_cast<unsigned>(kind) & 1U) != 0;
}

bool all(Kind kind, std::string_view text) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return has(kind, c); });
}

/// Words that nobody's real key holds.
bool filler(std::string_view lowered) {
  for (const std::string_view word : {"your",
                                      "xxx",
                                      "***",
                                      "...",
                                      "example",
                                      "placeholder",
                                      "dummy",
                                      "fake",
                                      "changeme",
                                      "replace",
                                      "insert",
                                      "_here",
                                      "todo",
                                      "sample",
                                      "redacted",
                                      "secret",
                                      "password",
                                      "apikey",
                                      "api_key",
                                      "api-key",
                                      "token",
                                      "12345678",
                                      "abcdefg",
                                      "a1b2c3",
                                      "1a2b3c",
                                      "00000",
                                      "no-key",
                                      "not-needed",
                                      "mykey",
                                      "d41d8cd98f00b204",
                                      "da39a3ee5e6b4b0d",
                                      "e3b0c44298fc1c14",  // digests of nothing
                                      "2yotnfzfejr1zcsicmwpaa",
                                      "tgzv3jokf0xg5qx2tlkwia",  // the tokens that RFC 6749 prints
                                      "my_",
                                      "my-",
                                      "test_",
                                      "test-",
                                      "demo_",
                                      "demo-"}) {
    if (lowered.find(word) != std::string_view::npos) return true;
  }
  return false;
}

/// Do neighbours follow each other as in "abcd", "1234" or "aaaa" more often than chance has it?
bool regular(std::string_view text) {
  size_t steps = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    const int step = text[i] - text[i - 1];
    steps += step == 0 || step == 1;
  }
  return steps * 5 > text.size() * 2;
}

size_t distinct(std::string_view text) {
  std::bitset<256> seen;
  for (const char c : text) seen.set(static_cast<unsigned char>(c));
  return seen.count();
}

/// Is every letter drawn by chance? Then many are there, few of them are vowels or pair as those of
/// English do, and none follow each other as in "abc" or "xxx" or by the keyboard, as in "asdf".
bool random_letters(std::string_view text) {
  static constexpr std::string_view kPairs =
      " th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le "
      "ve "
      "co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ";
  static constexpr std::string_view kRows[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm"};
  size_t pairs = 0, vowels = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] < 'a' || text[i] > 'z') return false;
    vowels += std::string_view("aeiou").find(text[i]) != std::string_view::npos;
    pairs += i > 0 &&
             kPairs.find(" " + std::string(text.substr(i - 1, 2)) + " ") != std::string_view::npos;
    if (i < 2) continue;
    const int before = text[i - 1] - text[i - 2], step = text[i] - text[i - 1];
    if (before == step && step >= -1 && step <= 1) return false;
    if (i < 3) continue;
    const std::string_view four = text.substr(i - 3, 4);
    if (text.substr(i + 1).find(four) != std::string_view::npos) return false;
    for (const std::string_view row : kRows) {
      if (row.find(four) != std::string_view::npos) return false;
    }
  }
  return distinct(text) >= 18 && pairs * 4 <= text.size() && vowels * 3 < text.size();
}

enum class Class : uint8_t { lower, upper, digit, other };

Class class_of(char c) {
  return c >= '0' && c <= '9'   ? Class::digit
         : c >= 'a' && c <= 'z' ? Class::lower
         : c >= 'A' && c <= 'Z' ? Class::upper
                                : Class::other;
}

/// Holds a stretch that is mixed as only a machine mixes: `Qwen2_5-7B-Instruct` is made of words.
bool mixed(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_of("-_.", at), text.size());
    const std::string_view part = text.substr(at, end - at);
    size_t changes = 0, digits = 0;
    for (size_t i = 0; i < part.size(); ++i) {
      digits += class_of(part[i]) == Class::digit;
      changes += i > 0 && class_of(part[i]) != class_of(part[i - 1]);
    }
    if (part.size() >= 12 && digits >= 2 && changes * 5 >= part.size()) return true;
    at = end + 1;
  }
  return false;
}

/// What every key of no known form is.
bool machine_made(std::string_view value) {
  return value.size() >= 20 && (all(Kind::hex, value) || mixed(value));
}

/// Nobody's key is longer: that is data, such as a picture in a notebook.
constexpr size_t kLongest = 512;

/// A key whose name is known may also hold what base64 writes.
std::string_view extended(std::string_view text, size_t begin, size_t end) {
  while (end < text.size() && end - begin <= kLongest &&
         (has(Kind::word, text[end]) || text[end] == '/' || text[end] == '+' || text[end] == '='))
    ++end;
  return text.substr(begin, end - begin);
}

bool is_jwt(std::string_view text, size_t begin, size_t end) {
  return text.substr(begin).starts_with("eyJ") && text.substr(end).starts_with(".eyJ");
}

/// Where a pattern of kAddresses begins that ends at `at`; npos when it does not.
size_t begin_of(std::string_view pattern, std::string_view text, size_t at) {
  for (size_t i = pattern.size(); i-- > 0;) {
    if (pattern[i] != '*' && pattern[i] != '#') {
      if (at == 0 || text[at - 1] != pattern[i]) return std::string_view::npos;
      --at;
      continue;
    }
    const size_t end = at;
    while (at > 0 && (pattern[i] == '#' ? class_of(text[at - 1]) == Class::digit
                                        : has(Kind::alnum, text[at - 1])))
      --at;
    if (at == end) return std::string_view::npos;
  }
  return at;
}

/// The address that ends in a run of word characters, from its scheme on.
std::optional<Secret> of_address(std::string_view text, size_t begin, size_t end) {
  const std::string_view key = text.substr(begin, end - begin);
  if (begin == 0 || std::string_view("/=:").find(text[begin - 1]) == std::string_view::npos)
    return std::nullopt;
  for (const Address& address : kAddresses) {
    if (key.size() < address.least || key.size() > address.most || !all(address.kind, key))
      continue;
    size_t first = begin_of(address.before, text, begin);
    if (first == std::string_view::npos || !looks_real(key)) continue;
    for (const std::string_view more : {"www.", "https://", "http://"}) {
      if (text.substr(0, first).ends_with(more)) first -= more.size();
    }
    Secret out;
    out.span = {static_cast<uint32_t>(first), static_cast<uint32_t>(end)};
    out.service = address.service;
    out.shown = static_cast<uint32_t>(begin - first);
    out.address = true;
    return out;
  }
  return std::nullopt;
}

/// Does the text hand this variable to a request as the parameter: `&key={KEY}`, `"key": KEY`,
/// `key=KEY`?
bool handed_over(std::string_view text, std::string_view parameter, std::string_view variable) {
  for (size_t at = text.find(parameter); at != std::string_view::npos;
       at = text.find(parameter, at + 1)) {
    if (at > 0 && has(Kind::word, text[at - 1])) continue;
    std::string_view rest = text.substr(at + parameter.size());
    const auto skip = [&](std::string_view bytes) {
      rest.remove_prefix(std::min(rest.find_first_not_of(bytes), rest.size()));
    };
    skip("\"'");
    skip(" ");
    if (rest.empty() || (rest[0] != '=' && rest[0] != ':')) continue;
    rest.remove_prefix(1);
    skip(" \"'+${");
    if (rest.starts_with("self.")) rest.remove_prefix(5);
    if (rest.starts_with(variable) &&
        (rest.size() == variable.size() || !has(Kind::word, rest[variable.size()])))
      return true;
  }
  return false;
}

/// Does the value stand in a request itself: `…?key=VALUE`, `{"key": "VALUE"}`?
bool in_request(std::string_view text, size_t value) {
  if (value == 0 || text[value - 1] == '=') return value > 0;
  const auto skip = [&](std::string_view bytes) {
    const size_t last = text.substr(0, value).find_last_not_of(bytes);
    value = last == std::string_view::npos ? 0 : last + 1;
  };
  skip("\"'");
  skip(" ");
  return value > 1 && text[value - 1] == ':' && (text[value - 2] == '"' || text[value - 2] == '\'');
}

/// The service that a value is the key of, as the text uses it: it stands in a request to the
/// service's host, or in a variable that goes into one. Null when nothing shows that.
const Service* service_of(std::string_view text, size_t value, const std::string& holder) {
  constexpr size_t kNear = 600;  // bytes from a request's parameters to its address
  for (const Service& service : kServices) {
    if (text.find(service.host) == std::string_view::npos) continue;
    if (handed_over(text, service.parameter, holder)) return &service;
    const size_t from = value - std::min(value, kNear);
    if (holder == service.parameter && in_request(text, value) &&
        text.substr(from, 2 * kNear).find(service.host) != std::string_view::npos)
      return &service;
  }
  return nullptr;
}

/// What a text that sends a credential along says somewhere.
constexpr std::string_view kRequestMarks[] = {"Authorization", "Bearer ", "headers", "pushplus",
                                              "login(",        "?token=", "&token="};

/// Data sets call the ids of their records tokens (nuScenes: `sample_token`, `{"token":
/// "4367ec13…"}`), and programs that work on them have variables for such ids. One looks like any
/// other value of 32 hexadecimal digits: it is a credential only where the name says for what, or
/// the text sends it along with a request.
bool record_token(std::string_view text, std::string_view given, std::string_view value) {
  const std::string name = lower(given);
  if (!name.ends_with("token") || !all(Kind::hex, value) ||
      (value.size() != 32 && value.size() != 24))
    return false;
  for (const std::string_view mark :
       {"sample_token", "scene_token", "sample_data_token", "ego_pose", "nuscenes", "NuScenes"}) {
    if (text.find(mark) != std::string_view::npos) return true;
  }
  for (const std::string_view use :
       {"api",     "access",  "auth",    "bearer", "bot",     "push",       "git",
        "login",   "refresh", "session", "user",   "service", "admin",      "client",
        "webhook", "swanlab", "wandb",   "hf_",    "hugging", "modelscope", "secret"}) {
    if (name.find(use) != std::string::npos) return false;
  }
  return std::none_of(
      std::begin(kRequestMarks), std::end(kRequestMarks),
      [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

/// What is called a key or token and is meant to be public: the part of a Firebase link that lets
/// anybody download the file, the search key of a site's documentation, the token that Eastmoney's
/// own pages send.
bool meant_to_be_public(std::string_view text, size_t begin, std::string_view given,
                        std::string_view value) {
  const std::string name = lower(given);
  for (const std::string_view search : {"typesense", "algolia", "docsearch", "search_api"}) {
    if (name.find(search) != std::string::npos && name.find("admin") == std::string::npos)
      return true;
  }
  if (value == "D43BF722C8E33BDC906FB84D85E326E8") return true;
  const size_t line = text.rfind('\n', begin) + 1;
  return text.substr(line, begin - line).find("firebasestorage.googleapis.com/") !=
         std::string_view::npos;
}

/// The secret in a run of word characters, if it is one.
std::optional<Secret> in_run(std::string_view text, size_t begin, size_t end) {
  while (begin < end && text[begin] == '-') ++begin;  // of `${NAME:-value}`
  if (auto known = of_known_form(text.substr(begin, end - begin))) {
    known->span = {static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + known->span.end)};
    known->name = name_before(text, begin);
    return known;
  }
  if (auto address = of_address(text, begin, end)) return address;
  Secret out;
  if (is_jwt(text, begin, end)) {
    while (end < text.size() && (has(Kind::word, text[end]) || text[end] == '.')) ++end;
    // The one that jwt.io shows to everybody, of John Doe.
    if (text.substr(begin, end - begin).find(".SflKxwRJSMeKKF2QT4fwp") != std::string_view::npos)
      return std::nullopt;
    out.span = {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
    out.service = "JWT";
    return out;
  }
  // Most are long names, which tell that sooner than what stands before them.
  if (begin > 0 && (text[begin - 1] == '+' || text[begin - 1] == '/')) return std::nullopt;
  const std::string_view value = extended(text, begin, end);
  if (value.size() > kLongest || !machine_made(value)) return std::nullopt;
  out.name = name_before(text, begin);
  if (out.name.empty()) return std::nullopt;
  if (!names_key(out.name)) {
    const Service* service = service_of(text, begin, out.name);
    if (!service) return std::nullopt;
    out.service = service->name;
  }
  // A path, a call or a part of something longer is no key.
  if (begin + value.size() < text.size() &&
      std::string_view("({[.$:@").find(text[begin + value.size()]) != std::string_view::npos)
    return std::nullopt;
  if (!fits(out.name, value) || record_token(text, out.name, value) ||
      meant_to_be_public(text, begin, out.name, value))
    return std::nullopt;
  out.span = {static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + value.size())};
  return out;
}

/// Private keys: each `-----BEGIN … PRIVATE KEY-----` that something follows.
void private_keys(std::string_view text, std::vector<Secret>& out) {
  constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "PRIVATE KEY-----";
  for (size_t at = text.find(kBegin); at != std::string_view::npos;
       at = text.find(kBegin, at + 1)) {
    const std::string_view head = text.substr(at, 64);
    const size_t end = head.find(kEnd);
    if (end == std::string_view::npos || head.substr(0, end).find('\n') != std::string_view::npos)
      continue;
    // A line of the key itself has to follow, perhaps after headers.
    const std::string_view body = text.substr(at + end + kEnd.size(), 300);
    size_t run = 0, longest = 0;
    for (const char c : body) {
      run = has(Kind::alnum, c) || c == '+' || c == '/' ? run + 1 : 0;
      longest = std::max(longest, run);
    }
    if (longest < 40) continue;
    Secret& key = out.emplace_back();
    key.span = {static_cast<uint32_t>(at), static_cast<uint32_t>(at + end + kEnd.size())};
    key.shown = key.span.size();
    key.private_key = true;
  }
}

}  // namespace

std::optional<Secret> of_known_form(std::string_view value) {
  for (const Form& form : kForms) {
    if (value.empty() || value[0] != form.prefix[0] || !value.starts_with(form.prefix)) continue;
    size_t end = form.prefix.size();
    while (end < value.size() && has(form.kind, value[end])) ++end;
    const std::string_view rest = value.substr(form.prefix.size(), end - form.prefix.size());
    if (end < value.size() && has(Kind::word, value[end])) continue;
    if (rest.size() < form.least || rest.size() > form.most) continue;
    // SiliconFlow's are of small letters only.
    const bool letters =
        form.prefix == "sk-" && rest.size() == 48 && !filler(rest) && random_letters(rest);
    if (!letters && !looks_real(rest)) continue;
    Secret out;
    out.span = {0, static_cast<uint32_t>(end)};
    out.service = form.service;
    out.shown = static_cast<uint32_t>(form.prefix.size());
    return out;
  }
  return std::nullopt;
}

bool fits(std::string_view name, std::string_view value) {
  if (of_known_form(value)) return true;
  const bool wandb = lower(name).find("wandb") != std::string::npos;
  return (wandb ? all(Kind::hex, value) && value.size() == 40 : machine_made(value)) &&
         looks_real(value);
}

bool looks_real(std::string_view value) {
  if (value.size() < 12 || filler(lower(value)) || regular(value)) return false;
  const auto has_class = [&](Class wanted) {
    return std::any_of(value.begin(), value.end(), [&](char c) { return class_of(c) == wanted; });
  };
  const int classes = has_class(Class::digit) + has_class(Class::lower) + has_class(Class::upper);
  return classes >= 2 && distinct(value) >= 8;
}

bool quoted_key(std::string_view text) {
  for (size_t at = 0; at + kShortest <= text.size();) {
    size_t back = at + kShortest;
    while (back > at && has(Kind::word, text[back - 1])) --back;
    if (back > at) {
      at = back;
      continue;
    }
    size_t end = at + kShortest;
    while (end < text.size() && has(Kind::word, text[end])) ++end;
    const char quote = at == 0 ? '\0' : text[at - 1];
    if ((quote == '"' || quote == '\'') && end < text.size() && text[end] == quote &&
        fits("token", text.substr(at, end - at)))
      return true;
    at = end;
  }
  return false;
}

std::vector<Secret> find(std::string_view text) {
  std::vector<Secret> out;
  private_keys(text, out);
  for (size_t at = 0; at + kShortest <= text.size();) {
    size_t back = at + kShortest;
    while (back > at && has(Kind::word, text[back - 1])) --back;
    if (back > at) {  // no run of this length starts before `back`
      at = back;
      continue;
    }
    size_t end = at + kShortest;
    while (end < text.size() && has(Kind::word, text[end])) ++end;
    if (auto secret = in_run(text, at, end)) {
      at = std::max<size_t>(secret->span.end, end);
      out.push_back(std::move(*secret));
    } else {
      at = end;
    }
  }
  std::sort(out.begin(), out.end(),
            [](const Secret& a, const Secret& b) { return a.span < b.span; });
  return out;
}

bool placeholder(std::string_view password) {
  const std::string lowered = lower(password);
  if (password.size() < 4 || filler(lowered) || distinct(password) < 3) return true;
  if (password.front() == '<' || password.front() == '$' || password.front() == '{' ||
      password.front() == '%')
    return true;
  for (const std::string_view word : {"你的", "密码", "填", "none", "null", "empty", "pass",
                                      "passwd", "pwd", "changeit", "root", "admin"}) {
    if (lowered == word ||
        (static_cast<unsigned char>(word[0]) >= 0x80 && lowered.find(word) != std::string::npos))
      return true;
  }
  return false;
}

std::string shortened(std::string_view value, uint32_t shown) {
  return std::string(value.substr(0, shown)) + "****";
}

std::string masked(std::string_view text, const std::vector<Span>& known) {
  std::string out(text);
  const auto star = [&](Span span) {
    for (size_t i = span.begin; i < span.end && i < out.size(); ++i) out[i] = '*';
  };
  for (const Secret& secret : find(text)) {
    if (!secret.private_key) {
      star({secret.span.begin + secret.shown, secret.span.end});
      continue;
    }
    const size_t end = std::min(text.find("-----END", secret.span.end), text.size());
    for (size_t i = secret.span.end; i < end; ++i) {
      if (text[i] != '\n') out[i] = '*';
    }
  }
  for (const Span span : passwords(text)) star(span);
  for (const Span span : known) star(span);
  return out;
}

}  // namespace preflint::secrets
