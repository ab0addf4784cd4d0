#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <sstream>
#include <unordered_set>

#include "base/one_of.h"
#include "syntax/document.h"

namespace preflint {
namespace {

constexpr size_t kMaxRepeatedBytes = 16 << 20;
constexpr size_t kMaxBytes = 16 << 20;

/// Carries an Error out of yaml-cpp's event calls; caught below.
struct Stop {
  Error error;
};

bool digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// [-+]? digits [. digits] [e…], .inf and .nan, without a leading zero: `012` and `1.` are strings.
bool number(std::string_view text, Document& out) {
  std::string_view body = text;
  if (body.starts_with('-') || body.starts_with('+')) body.remove_prefix(1);
  if (body == ".inf" || body == ".Inf" || body == ".INF") {
    out.kind = Document::Kind::real;
    out.real = text.starts_with('-') ? -HUGE_VAL : HUGE_VAL;
    return true;
  }
  const size_t point = body.find_first_of(".eE");
  const std::string_view whole = body.substr(0, point);
  if (!digits(whole) || (whole.size() > 1 && whole[0] == '0')) return false;
  const char* end = text.data() + text.size();
  const char* begin = text.data() + (text[0] == '+');
  if (point == std::string_view::npos) {
    if (std::from_chars(begin, end, out.integer).ec != std::errc()) return false;
    out.kind = Document::Kind::integer;
    out.real = static_cast<double>(out.integer);
    return true;
  }
  const auto [stop, failure] = std::from_chars(begin, end, out.real);
  if (failure != std::errc() || stop != end) return false;
  out.kind = Document::Kind::real;
  return true;
}

void resolve_plain(Document& scalar) {
  const std::string& text = scalar.text;
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    scalar.kind = Document::Kind::null;
  } else if (text == "true" || text == "True" || text == "TRUE") {
    scalar.kind = Document::Kind::boolean;
    scalar.boolean = true;
  } else if (text == "false" || text == "False" || text == "FALSE") {
    scalar.kind = Document::Kind::boolean;
  } else if (!number(text, scalar)) {
    scalar.kind = Document::Kind::string;
  }
}

/// How much a value would add where an alias repeats it.
struct Weight {
  size_t values = 0, bytes = 0, depth = 0;
};

Weight weigh(const Document& value) {
  Weight sum{1, value.text.size(), 0};
  const auto add = [&](const Document& child) {
    const Weight weight = weigh(child);
    sum.values += weight.values;
    sum.bytes += weight.bytes;
    sum.depth = std::max(sum.depth, weight.depth + 1);
  };
  for (const Document& item : value.items) add(item);
  for (const Document::Member& member : value.members) {
    sum.bytes += member.key.size();
    add(member.value);
  }
  return sum;
}

/// Builds the tree from yaml-cpp's events: the node layer would lose positions, duplicate keys and
/// the difference between quoted and plain scalars.
class Builder : public YAML::EventHandler {
 public:
  /// `shift` is the length of a byte order mark, which yaml-cpp does not count.
  Builder(std::string_view text, uint32_t shift) : text_(text), shift_(shift) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Document value;
    value.span = {offset(mark), offset(mark)};
    add(std::move(value), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto it = anchors_.find(anchor);
    if (it == anchors_.end())
      fail({"an alias inside its own anchor", "别名出现在它自己的锚点之内"}, offset(mark));
    repeat(it->second, offset(mark));
    Document value = it->second;
    value.span = {offset(mark), offset(mark) + 1};
    add(std::move(value), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    Document value;
    value.kind = Document::Kind::string;
    value.text = text;
    locate(value, offset(mark));
    value.plain = tag == "?";
    if (value.plain) resolve_plain(value);
    if (!value.is_string()) value.exact.reset();
    add(std::move(value), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Document::Kind::list, mark, anchor);
  }
  void OnSequenceEnd() override {
    settle(stack_.back());
    close();
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Document::Kind::map, mark, anchor);
  }
  void OnMapEnd() override {
    settle(stack_.back());
    merge(stack_.back());
    close();
  }

  Document take() && { return std::move(root_); }

 private:
  struct Frame {
    Document value;
    YAML::anchor_t anchor = 0;
    std::optional<Document> key;
    std::unordered_set<std::string> seen;
    std::vector<Document> merged;
  };

  uint32_t offset(const YAML::Mark& mark) const {
    const size_t at = mark.pos < 0 ? 0 : static_cast<size_t>(mark.pos) + shift_;
    return static_cast<uint32_t>(std::min(at, text_.size()));
  }
  [[noreturn]] static void fail(Sentence words, uint32_t at) {
    throw Stop{Error::of(std::move(words), Span{at, at})};
  }

  /// Finds the bytes of a scalar from where it (or its anchor or tag) begins.
  void locate(Document& value, uint32_t at) const {
    while (at < text_.size() && (text_[at] == '&' || text_[at] == '!')) {
      while (at < text_.size() && !std::isspace(static_cast<unsigned char>(text_[at]))) ++at;
      while (at < text_.size() && std::isspace(static_cast<unsigned char>(text_[at]))) ++at;
    }
    const auto size = static_cast<uint32_t>(value.text.size());
    const std::string_view rest = text_.substr(at);
    const char quote = rest.empty() ? '\0' : rest[0];
    if (quote == '"' || quote == '\'') {
      if (rest.substr(1, size) == value.text && rest.substr(1 + size, 1) == rest.substr(0, 1)) {
        value.exact = Span{at + 1, at + 1 + size};
        value.span = {at, at + size + 2};
        return;
      }
      size_t end = 1;
      while (end < rest.size() && (rest[end] != quote || rest.substr(end, 2) == "''")) {
        end += rest[end] == quote || (quote == '"' && rest[end] == '\\') ? 2 : 1;
      }
      value.span = {at, static_cast<uint32_t>(std::min<size_t>(at + end + 1, text_.size()))};
      return;
    }
    if (quote != '|' && quote != '>' && rest.substr(0, size) == value.text) {
      value.exact = Span{at, at + size};
      value.span = *value.exact;
      return;
    }
    // A block or folded scalar: its first line stands for it.
    const size_t line_end = std::min(rest.find_first_of("\r\n"), rest.size());
    value.span = {at, static_cast<uint32_t>(at + line_end)};
  }

  void open(Document::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (stack_.size() >= static_cast<size_t>(Document::kMaxDepth)) {
      fail({"nested too deeply", "嵌套过深"}, offset(mark));
    }
    Frame frame;
    frame.value.kind = kind;
    frame.value.span = {offset(mark), offset(mark)};
    frame.anchor = anchor;
    stack_.push_back(std::move(frame));
  }
  /// A collection ends where its last part ends, before `<<` brings in parts from elsewhere.
  static void settle(Frame& frame) {
    Document& value = frame.value;
    if (!value.items.empty()) value.span.end = value.items.back().span.end;
    if (!value.members.empty()) value.span.end = value.members.back().value.span.end;
  }
  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    add(std::move(frame.value), frame.anchor);
  }
  /// Counts what a copy of `value` costs, and stops the work when it is too much.
  void repeat(const Document& value, uint32_t at) {
    const Weight weight = weigh(value);
    values_ += weight.values;
    repeated_bytes_ += weight.bytes;
    if (values_ > Document::kMaxValues || repeated_bytes_ > kMaxRepeatedBytes) {
      fail({"aliases expand to too many values", "别名展开后的值过多"}, at);
    }
    if (weight.depth + stack_.size() > static_cast<size_t>(Document::kMaxDepth)) {
      fail({"nested too deeply", "嵌套过深"}, at);
    }
  }

  void add(Document value, YAML::anchor_t anchor) {
    if (++values_ > Document::kMaxValues)
      fail({"too many values", "值的数量过多"}, value.span.begin);
    if (anchor != 0) {
      repeat(value, value.span.begin);
      anchors_[anchor] = value;
    }
    if (stack_.empty()) {
      root_ = std::move(value);
      return;
    }
    Frame& top = stack_.back();
    if (top.value.is_list()) {
      top.value.items.push_back(std::move(value));
    } else if (!top.key) {
      if (!value.is_scalar())
        fail({"a key must be a plain word", "键必须是普通标量"}, value.span.begin);
      top.key = std::move(value);
    } else {
      put(top, std::move(value));
    }
  }

  void put(Frame& top, Document value) {
    Document key = std::move(*top.key);
    top.key.reset();
    if (key.text == "<<" && key.exact && text_.substr(key.span.begin, 2) == "<<") {
      top.merged.push_back(std::move(value));
      return;
    }
    if (!top.seen.insert(key.text).second) {
      throw Stop{Error::of(given_twice(key.text), key.span)};
    }
    top.value.members.push_back({std::move(key.text), key.span, std::move(value)});
  }

  /// `<<: *base` and `<<: [*a, *b]`: the map's own keys win, then the earlier of the merged maps.
  void merge(Frame& top) {
    for (const Document& source : top.merged) {
      if (source.is_map()) {
        merge_map(top, source);
      } else if (source.is_list()) {
        for (const Document& item : source.items) merge_map(top, item);
      } else {
        fail({"'<<' wants a mapping", "'<<' 之后应为映射"}, source.span.begin);
      }
    }
  }
  void merge_map(Frame& top, const Document& source) {
    if (!source.is_map()) fail({"'<<' wants a mapping", "'<<' 之后应为映射"}, source.span.begin);
    for (const Document::Member& member : source.members) {
      if (top.seen.insert(member.key).second) top.value.members.push_back(member);
    }
  }

  std::string_view text_;
  uint32_t shift_;
  Document root_;
  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, Document> anchors_;
  size_t values_ = 0;
  size_t repeated_bytes_ = 0;
};

/// What yaml-cpp says, by its beginning.
const std::pair<std::string_view, std::string_view> kChinese[] = {
    {YAML::ErrorMsg::YAML_DIRECTIVE_ARGS, "YAML 指令须且只能有一个参数"},
    {"bad YAML version", "YAML 版本不正确"},
    {YAML::ErrorMsg::YAML_MAJOR_VERSION, "不支持这个 YAML 主版本"},
    {YAML::ErrorMsg::REPEATED_YAML_DIRECTIVE, "YAML 指令重复"},
    {YAML::ErrorMsg::TAG_DIRECTIVE_ARGS, "TAG 指令须且只能有两个参数"},
    {YAML::ErrorMsg::REPEATED_TAG_DIRECTIVE, "TAG 指令重复"},
    {YAML::ErrorMsg::CHAR_IN_TAG_HANDLE, "标签中有非法字符"},
    {YAML::ErrorMsg::TAG_WITH_NO_SUFFIX, "标签缺少后缀"},
    {YAML::ErrorMsg::END_OF_VERBATIM_TAG, "标签没有结束"},
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "{…} 没有结束"},
    {YAML::ErrorMsg::END_OF_MAP, "映射没有正确结束，请检查缩进"},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "[…] 没有结束"},
    {YAML::ErrorMsg::END_OF_SEQ, "列表没有正确结束，请检查缩进"},
    {YAML::ErrorMsg::MULTIPLE_TAGS, "同一节点不能有多个标签"},
    {YAML::ErrorMsg::MULTIPLE_ANCHORS, "同一节点不能有多个锚点"},
    {YAML::ErrorMsg::MULTIPLE_ALIASES, "同一节点不能有多个别名"},
    {YAML::ErrorMsg::ALIAS_CONTENT, "别名之后不能再有内容"},
    {YAML::ErrorMsg::INVALID_HEX, "十六进制转义中有非法字符"},
    {"invalid unicode", "非法的 Unicode 转义"},
    {"unknown escape character", "未知的转义字符"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "此处的内容无法识别"},
    {YAML::ErrorMsg::DOC_IN_SCALAR, "标量中出现了文档分隔符"},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "字符串没有结束引号"},
    {YAML::ErrorMsg::CHAR_IN_SCALAR, "标量中有非法字符"},
    {YAML::ErrorMsg::TAB_IN_INDENTATION, "缩进不能使用制表符"},
    {YAML::ErrorMsg::FLOW_END, "多余的右括号"},
    {YAML::ErrorMsg::BLOCK_ENTRY, "此处不能是列表项"},
    {YAML::ErrorMsg::MAP_KEY, "此处不能是键"},
    {YAML::ErrorMsg::MAP_VALUE, "此处不能是键的值，请检查冒号和缩进"},
    {YAML::ErrorMsg::ALIAS_NOT_FOUND, "* 之后应为别名"},
    {YAML::ErrorMsg::ANCHOR_NOT_FOUND, "& 之后应为锚点名"},
    {YAML::ErrorMsg::CHAR_IN_ALIAS, "别名中有非法字符"},
    {YAML::ErrorMsg::CHAR_IN_ANCHOR, "锚点名中有非法字符"},
    {YAML::ErrorMsg::ZERO_INDENT_IN_BLOCK, "块标量的缩进不能为零"},
    {YAML::ErrorMsg::CHAR_IN_BLOCK, "块标量的开头有非法字符"},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, "引用的锚点没有定义"},
};

std::string in_chinese(const std::string& message) {
  for (const auto& [en, zh] : kChinese) {
    if (!message.starts_with(en)) continue;
    // The character that it is about may follow.
    return std::string(zh) + (message.size() > en.size() + 2 && message[en.size()] == ':'
                                  ? "：" + message.substr(en.size() + 2)
                                  : "");
  }
  return "YAML 解析器报告：" + message;
}

/// What yaml-cpp would take silently.
std::optional<Error> refused(std::string_view text) {
  if (text.size() > kMaxBytes) return Error{"larger than 16 MiB", std::nullopt, "超过 16 MiB"};
  if (const auto bad = invalid_utf8(text)) {
    return Error{"not valid UTF-8", Span{*bad, *bad + 1}, "不是合法的 UTF-8"};
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') {
      const auto at = static_cast<uint32_t>(i);
      return Error{"a control character is not allowed here", Span{at, at + 1},
                   "此处不允许出现控制字符"};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<bool> boolean_of_yaml11(const Document& scalar) {
  if (!scalar.plain || !scalar.is_string()) return std::nullopt;
  if (one_of(scalar.text, {"yes", "Yes", "YES", "on", "On", "ON"})) return true;
  if (one_of(scalar.text, {"no", "No", "NO", "off", "Off", "OFF"})) return false;
  return std::nullopt;
}

Result<Document> parse_yaml(std::string_view text) {
  if (auto error = refused(text)) return *std::move(error);
  const uint32_t shift = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  Builder builder(text, shift);
  const auto at = [&](const YAML::Mark& mark) {
    const size_t offset = mark.pos < 0 ? 0 : static_cast<size_t>(mark.pos) + shift;
    // yaml-cpp counts bytes, and may stop within a character.
    auto place = static_cast<uint32_t>(std::min(offset, text.size()));
    while (place > 0 && place < text.size() &&
           (static_cast<unsigned char>(text[place]) & 0xC0) == 0x80)
      --place;
    return Span{place, place};
  };
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return std::move(builder).take();
    Builder second(text, shift);
    if (parser.HandleNextDocument(second)) {
      return Error{"a second document ('---') is not read", std::nullopt,
                   "文件中有第二个文档（'---'），不会读取"};
    }
    return std::move(builder).take();
  } catch (const Stop& stop) {
    return stop.error;
  } catch (const YAML::Exception& error) {
    // Its sentence may end in the first byte of a character.
    std::string message = error.msg;
    if (const auto broken = invalid_utf8(message)) message.resize(*broken);
    while (message.ends_with(' ') || message.ends_with(':')) message.pop_back();
    return Error{message, at(error.mark), in_chinese(message)};
  } catch (const std::exception& error) {
    return Error{error.what(), std::nullopt};
  }
}

}  // namespace preflint
