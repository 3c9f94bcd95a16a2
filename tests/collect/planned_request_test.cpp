#include "collect/planned_request.h"

#include <gmock/gmock.h>

namespace culprit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

std::vector<PlannedRequest> parsed(const std::string& text) {
  const auto requests = parse_requests({"requests.jsonl", text});
  EXPECT_TRUE(requests) << to_string(requests.error());
  return requests.value_or(std::vector<PlannedRequest>{});
}

std::string error_of(const std::string& text) {
  const auto requests = parse_requests({"requests.jsonl", text});
  return requests ? "" : to_string(requests.error());
}

TEST(PlannedRequest, IsReadFromARowOfJson) {
  const auto requests = parsed(
      "{\"run\":\"first\",\"method\":\"POST\",\"path\":\"/orders?x=1\","
      "\"headers\":{\"x-user\":7},\"body\":{\"seats\":[1,2]}}\n\n"
      "{\"path\":\"/shows\"}\n");
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].name, "first");
  EXPECT_EQ(requests[0].method, "POST");
  EXPECT_EQ(requests[0].path, "/orders?x=1");
  EXPECT_THAT(requests[0].headers,
              ElementsAre(Pair("x-user", "7"), Pair("content-type", "application/json")));
  EXPECT_EQ(requests[0].body, "{\"seats\":[1,2]}");
  EXPECT_EQ(requests[1].method, "GET");
  EXPECT_THAT(requests[1].headers, IsEmpty());
}

TEST(PlannedRequest, IsReadFromHarWithoutTheHeadersOfItsConnection) {
  const auto requests = parsed(
      R"({"log":{"entries":[{"request":{"method":"PUT","url":"https://shop.example/a/b?c=d",
          "headers":[{"name":"Host","value":"shop.example"},{"name":":method","value":"PUT"},
                     {"name":"Content-Length","value":"3"},{"name":"Accept","value":"*/*"}],
          "postData":{"mimeType":"text/plain","text":"abc"}}}]}})");
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].method, "PUT");
  EXPECT_EQ(requests[0].path, "/a/b?c=d");
  EXPECT_THAT(requests[0].headers, ElementsAre(Pair("Accept", "*/*")));
  EXPECT_EQ(requests[0].body, "abc");
}

TEST(PlannedRequest, SaysWhichRowIsNone) {
  EXPECT_THAT(error_of("{\"path\":\"/a\"}\n{\"path\":\"a\"}\n"),
              HasSubstr("requests.jsonl:2:1: `path` starts with `/`"));
  EXPECT_THAT(error_of("{\"path\":\"/a\",\"method\":\"GET /\"}"), HasSubstr("no HTTP method"));
  EXPECT_THAT(error_of("{\"path\":\"/a\",\"expect\":{\"state\":1}}"), HasSubstr("`expect` has"));
  EXPECT_THAT(error_of("{\"path\":\"/a\",\"expect\":{\"body\":{\"total\":1}}}"),
              HasSubstr("no JSON pointer"));
  EXPECT_THAT(error_of("[1]\n"), HasSubstr("a request is an object"));
  EXPECT_THAT(error_of("\n"), HasSubstr("lists no request"));
  EXPECT_THAT(error_of(R"({"log":{"version":"1.2"}})"), HasSubstr("without `log.entries`"));
}

TEST(Expectation, IsMetByTheStatusAndTheValuesItNames) {
  const std::string body = R"({"total":12300,"seats":[{"row":"A"}],"paid":true})";
  EXPECT_EQ(unmet("", 500, "anything"), "");
  EXPECT_EQ(unmet(R"({"status":200,"body":{"/total":12300,"/seats/0/row":"A"}})", 200, body), "");
  EXPECT_EQ(unmet(R"({"status":[200,201],"body":{"/total":12300.0}})", 201, body), "");
  EXPECT_EQ(unmet(R"({"status":[200,201]})", 204, body), "expected status [200,201], got 204");
  EXPECT_EQ(unmet(R"({"body":{"/total":1}})", 200, body), "expected /total = 1, got 12300");
  EXPECT_EQ(unmet(R"({"body":{"/seats/1/row":"A"}})", 200, body),
            "expected /seats/1/row = \"A\", got nothing there");
  EXPECT_EQ(unmet(R"({"body":{"/seats/x":1}})", 200, body),
            "expected /seats/x = 1, got nothing there");
  EXPECT_EQ(unmet(R"({"body":{"/a":1}})", 200, "<html>"), "expected a JSON body, got <html>");
}

}  // namespace
}  // namespace culprit
