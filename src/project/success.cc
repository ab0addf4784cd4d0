#include "project/success.h"

#include <algorithm>

#include "base/text.h"

namespace preflint::project {
namespace {

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

bool has_word(const std::string& text, std::string_view word) {
  const bool ascii = static_cast<unsigned char>(word[0]) < 0x80;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    if (!ascii) return true;
    const bool starts = at == 0 || !letter(text[at - 1]);
    const bool ends = at + word.size() == text.size() || !letter(text[at + word.size()]);
    if (starts && ends) return true;
  }
  return false;
}

constexpr std::string_view kDenials[] = {
    "not ",     "fail",    "error", "warn", "n't",   "cannot", "will be", "to be",  "going to",
    "about to", "if ",     "until", "wait", "once ", "when ",  "完成后",  "成功后", "完毕后",
    "should",   "usage",   "?",     "失败", "未",    "错误",   "将",      "等待",   "如果",
    "请",       "没有",    "正在",  "开始", "准备",  "是否",   "skip",    "跳过",   "already",
    "已存在",   "without", "警告",  "需要", "手动",  "可能"};

constexpr std::string_view kOver[] = {"已",       "完",       "成功",   "done",
                                      "finished", "complete", "success"};

/// `echo "复制配置文件..."`: what comes next, unless it says that it is over.
bool announces(const std::string& low) {
  const size_t end = low.find_last_not_of(" \t\n'\"");
  const std::string_view text = std::string_view(low).substr(0, end + 1);
  if (!text.ends_with("...") && !text.ends_with("…")) return false;
  return std::none_of(std::begin(kOver), std::end(kOver),
                      [&](std::string_view word) { return low.find(word) != std::string::npos; });
}

}  // namespace

bool claims_success(std::string_view text, const std::vector<std::string>& words) {
  const std::string low = lower(text);
  if (announces(low)) return false;
  for (const std::string_view denial : kDenials) {
    if (low.find(denial) != std::string::npos) return false;
  }
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return !word.empty() && has_word(low, lower(word));
  });
}

std::string printed_text(const shell::CommandEvent& event) {
  if (event.name != "echo" && event.name != "printf" && event.name != "logger") return "";
  std::string out;
  for (const shell::Argument& argument : event.arguments) {
    const std::string shown = argument.value.display();
    if (out.empty() && shown.size() <= 3 && shown.starts_with("-")) continue;
    if (!out.empty()) out += ' ';
    out += shown;
  }
  return out;
}

bool is_copy(const shell::CommandEvent& event) {
  static constexpr std::string_view kNames[] = {"cp", "mv", "rsync", "scp", "tar", "unzip"};
  // Clients of storage services: most of their verbs log in, list or configure.
  static constexpr std::string_view kClients[] = {"BaiduPCS-Go", "aliyunpan", "azcopy", "bypy",
                                                  "coscli",      "coscmd",    "gsutil", "obsutil",
                                                  "ossutil",     "ossutil64", "rclone", "s3cmd"};
  static constexpr std::string_view kVerbs[] = {
      "copy",   "copyto", "cp",  "d",     "downdir", "downfile", "download", "get", "move",
      "moveto", "mv",     "put", "rsync", "sync",    "syncdown", "syncup",   "u",   "upload"};
  if (event.has_option("--help") || event.has_option("--version")) return false;
  if (std::find(std::begin(kNames), std::end(kNames), event.name) != std::end(kNames)) return true;
  const shell::Argument* first = event.operand();
  if (!first) return false;
  if (std::binary_search(std::begin(kClients), std::end(kClients), event.name)) {
    const auto verb = first->constant();
    return !verb || std::binary_search(std::begin(kVerbs), std::end(kVerbs), *verb);
  }
  if (event.name == "aws") return first->is("s3");
  if (event.name == "git") return first->is("push");
  if (event.name == "hf" || event.name == "huggingface-cli") return first->is("upload");
  return false;
}

}  // namespace preflint::project
