#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preflint::output {

/// `text` between quotes. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// Writes JSON into a string in the order of the calls. `indent` 0 writes everything on one line.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out, int indent = 0) : out_(out), indent_(indent) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::same_as<bool> auto truth) { return raw(truth ? "true" : "false"); }
  template <typename Number>
  requires(std::integral<Number> && !std::same_as<Number, bool>) JsonWriter& value(Number number) {
    return raw(std::to_string(number));
  }
  JsonWriter& null() { return raw("null"); }
  /// A value that already is JSON.
  JsonWriter& verbatim(std::string_view json) { return raw(json); }
  template <typename Value>
  JsonWriter& member(std::string_view name, const Value& content) {
    return key(name).value(content);
  }
  JsonWriter& object(std::string_view name) { return key(name).begin_object(); }
  JsonWriter& array(std::string_view name) { return key(name).begin_array(); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& raw(std::string_view text);
  void separate();
  void line();

  std::string& out_;
  int indent_;
  std::vector<bool> filled_;  // for each open bracket: something is already in it
  bool after_key_ = false;
};

}  // namespace preflint::output
