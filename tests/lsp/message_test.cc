#include "lsp/message.h"

#include <gtest/gtest.h>

namespace preflint::lsp {
namespace {

int code_of(std::string_view text) {
  const auto read = read_message(text);
  const auto* bad = std::get_if<BadMessage>(&read);
  return bad ? bad->answer["error"]["code"].get<int>() : 0;
}

TEST(Message, KindsAreToldApart) {
  const auto request =
      std::get<Message>(read_message(R"({"id":"a","method":"m","params":{"x":1}})"));
  EXPECT_TRUE(request.request());
  EXPECT_EQ(number_at(request.params, "x"), 1);
  EXPECT_FALSE(std::get<Message>(read_message(R"({"method":"m"})")).request());
  const auto answer = std::get<Message>(read_message(R"({"id":3,"error":{"code":1}})"));
  EXPECT_TRUE(answer.method.empty());
  EXPECT_TRUE(answer.failed);
}

TEST(Message, WhatIsNoMessageIsAnsweredWithAnError) {
  EXPECT_EQ(code_of("{"), -32700);
  EXPECT_EQ(code_of(""), -32700);
  EXPECT_EQ(code_of("{\"method\":\"\xFF\"}"), -32700);
  EXPECT_EQ(code_of("[]"), -32600);
  EXPECT_EQ(code_of("7"), -32600);
  EXPECT_EQ(code_of("{}"), -32600);
  EXPECT_EQ(code_of(R"({"id":1,"method":5})"), -32600);
  EXPECT_EQ(code_of(R"({"id":{},"method":"m"})"), -32600);
  EXPECT_EQ(code_of(R"({"id":1,"method":"m","params":"x"})"), -32600);
}

TEST(Message, AMillionBracketsAreAnswered) {
  const std::string deep(1000000, '[');
  EXPECT_EQ(code_of(deep + std::string(1000000, ']')), -32700);
  EXPECT_EQ(code_of(R"({"id":1,"method":"m","params":)" + deep + std::string(1000000, ']') + "}"),
            -32700);
}

TEST(Message, PathsIntoValuesNeverThrow) {
  const Json json = Json::parse(R"({"a":{"b":[1],"n":-5,"big":18446744073709551615,"f":1.5}})");
  EXPECT_TRUE(member_at(json, "a.b.c.d").is_null());
  EXPECT_EQ(string_at(json, "a.b"), "");
  EXPECT_EQ(number_at(json, "a.n"), -5);
  EXPECT_EQ(number_at(json, "a.big"), INT64_MAX);
  EXPECT_EQ(number_at(json, "a.f", 7), 7);
  EXPECT_FALSE(flag_at(Json("text"), "a.b"));
}

TEST(Message, BytesThatAreNoUtf8AreReplaced) {
  EXPECT_EQ(text_of({{"m", "a\xFF"}}), "{\"m\":\"a\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace preflint::lsp
