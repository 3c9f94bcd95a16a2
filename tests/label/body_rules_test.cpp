#include "label/body_rules.h"

#include <gtest/gtest.h>

namespace culprit {
namespace {

bool fails(std::string_view body, std::string_view text) {
  const auto rule = parse_body_rule(text);
  EXPECT_TRUE(rule) << text;
  return rule && meets(body, *rule);
}

TEST(BodyRules, PathsHaveDotsAndBracketsOrAreJsonPointers) {
  constexpr std::string_view kBody = R"({"status": 0, "data": [{"code": 404}, {"code": 7}]})";
  EXPECT_TRUE(fails(kBody, "body.status==0"));
  EXPECT_TRUE(fails(kBody, "body/status == 0"));
  EXPECT_TRUE(fails(kBody, "body.data[0].code>=400"));
  EXPECT_TRUE(fails(kBody, "body/data/1/code<8"));
  EXPECT_FALSE(fails(kBody, "body.status==1"));
  EXPECT_FALSE(fails(kBody, "body.data[2].code>=400"));
  EXPECT_TRUE(fails("[3]", "body[0]==3"));
}

TEST(BodyRules, ComparesNumbersBySizeAndAnythingElseAsText) {
  EXPECT_TRUE(fails(R"({"a":1.0})", "body.a==1"));
  EXPECT_TRUE(fails(R"({"a":"1"})", "body.a==1"));
  EXPECT_TRUE(fails(R"({"a":"fail"})", "body.a==fail"));
  EXPECT_TRUE(fails(R"({"a":"fail"})", "body.a=='fail'"));
  EXPECT_TRUE(fails(R"({"a":false})", "body.a!=true"));
  EXPECT_FALSE(fails(R"({"a":"x"})", "body.a<5"));
  EXPECT_TRUE(fails(R"({"a":-2})", "body.a<-1"));
  EXPECT_TRUE(fails(R"({"a":2})", "body.a>1"));
  EXPECT_TRUE(fails(R"({"a":2})", "body.a<=2"));
}

TEST(BodyRules, WhatIsNotThereMeetsOnlyMissing) {
  EXPECT_FALSE(fails(R"({"b":1})", "body.a!=1"));
  EXPECT_FALSE(fails(R"({"b":1})", "body.a exists"));
  EXPECT_TRUE(fails(R"({"b":1})", "body.a missing"));
  EXPECT_TRUE(fails(R"({"a":null})", "body.a exists"));
  EXPECT_FALSE(fails("<html>oops</html>", "body.a!=1"));
  EXPECT_TRUE(fails("<html>oops</html>", "body.a missing"));
  EXPECT_FALSE(fails("", "body.a missing"));  // no body was written down
}

TEST(BodyRules, ABodyCutShortIsSearchedAsFarAsItGoes) {
  EXPECT_TRUE(fails(R"({"status":0,"data":[{"co)", "body.status==0"));
  EXPECT_FALSE(fails(R"({"status":0,"data":[{"co)", "body.total==0"));
}

TEST(BodyRules, RulesThatMakeNoSenseAreErrorsThatShowHow) {
  for (const char* text : {"", "body", "status==0", "body.a==", "body.a=1", "body.a<x", "bodyx==1",
                           "body.a > many", "body.a exists?"}) {
    const auto rule = parse_body_rule(text);
    ASSERT_FALSE(rule) << text;
    EXPECT_NE(rule.error().hint.find("body.status==0"), std::string::npos);
  }
}

TEST(BodyRules, TheFirstRuleThatIsMetIsNotedAndTheBodyLetGo) {
  LabelPolicy policy;
  policy.fail_when = {*parse_body_rule("body.a==2"), *parse_body_rule("body.a==1"),
                      *parse_body_rule("body.a exists")};
  Request request;
  request.body = R"({"a":1})";
  judge_body(request, policy);
  EXPECT_EQ(request.failing_body, 1U);
  EXPECT_EQ(request.body, "");
}

}  // namespace
}  // namespace culprit
