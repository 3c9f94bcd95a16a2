#include "readers/openapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "readers/yaml_document.h"

namespace culprit {
namespace {

using testing::HasSubstr;

constexpr std::string_view kYaml = R"(openapi: 3.0.3
info: {title: shop, version: "1"}
servers:
  - url: https://shop.example/api/v1
paths:
  /orders/{id}:
    parameters: []
    get:
      responses:
        "200": {description: ok}
        404:
          description: none
    delete:
      responses:
        default: {description: any}
  /orders/mine:
    get:
      responses: {'2XX': {description: ok}, 4xx: {description: bad}}
  /shared:
    get:
      responses: *common
)";

void expect_shop(const ApiContract& shop) {
  EXPECT_EQ(shop.declares("GET", "/orders/{}", 404), true);
  EXPECT_EQ(shop.declares("GET", "/orders/7", 409), false);
  EXPECT_EQ(shop.declares("GET", "/api/v1/orders/7", 409), false);
  EXPECT_EQ(shop.declares("GET", "/api/v2/orders/7", 409), std::nullopt);
  EXPECT_EQ(shop.declares("DELETE", "/orders/7", 409), true);
  EXPECT_EQ(shop.declares("GET", "/orders/mine", 451), true);
  EXPECT_EQ(shop.declares("GET", "/orders/mine", 500), false);
  EXPECT_EQ(shop.declares("POST", "/orders/7", 400), std::nullopt);
}

TEST(OpenApi, TellsWhichStatusesAnOperationMayGive) {
  const auto shop = read_openapi({"openapi.yaml", kYaml});
  ASSERT_TRUE(shop) << to_string(shop.error());
  EXPECT_EQ(shop->operations(), 3U);
  expect_shop(*shop);
  EXPECT_EQ(shop->declares("GET", "/shared", 400), std::nullopt);  // an alias: not known
}

TEST(OpenApi, JsonSaysTheSame) {
  const auto yaml = parse_yaml({"openapi.yaml", kYaml});
  ASSERT_TRUE(yaml);
  const std::string text = yaml->dump(2);
  const auto shop = read_openapi({"openapi.json", text});
  ASSERT_TRUE(shop) << to_string(shop.error());
  expect_shop(*shop);
}

TEST(OpenApi, SwaggerHasABasePath) {
  const auto shop = read_openapi(
      {"swagger.json",
       R"({"swagger":"2.0","basePath":"/v2","paths":{"/pets":{"get":{"responses":{"200":{}}}}}})"});
  ASSERT_TRUE(shop);
  EXPECT_EQ(shop->declares("GET", "/v2/pets", 404), false);
}

TEST(OpenApi, AnythingElseIsAnError) {
  for (const char* text : {"{}", "a: b\n", "openapi: 3.0.0\n", "openapi: 3.0.0\npaths: 7\n",
                           "openapi: 3.0.0\npaths: {}\n", "{\"openapi\": ", "- [\n"}) {
    EXPECT_FALSE(read_openapi({"x", text})) << text;
  }
}

TEST(Yaml, PlainScalarsHaveTypesAndQuotedOnesAreText) {
  const auto value = parse_yaml(
      {"a.yaml", "a: 1\nb: 1.5\nc: true\nd: ~\ne: '1'\nf: |\n  x\n  y\ng: [x, {y: z}]\n2: two\n"});
  ASSERT_TRUE(value) << to_string(value.error());
  EXPECT_EQ(
      value->dump(),
      R"({"2":"two","a":1,"b":1.5,"c":true,"d":null,"e":"1","f":"x\ny\n","g":["x",{"y":"z"}]})");
}

TEST(Yaml, AliasesAreNotExpanded) {
  const auto value = parse_yaml({"a.yaml", "a: &x [1, 2]\nb: *x\n? *x\n: 7\n? [k]\n: 8\nc: 9\n"});
  ASSERT_TRUE(value) << to_string(value.error());
  EXPECT_EQ((*value)["a"].dump(), "[1,2]");
  EXPECT_TRUE((*value)["b"].is_null());
  EXPECT_EQ((*value)["c"], 9);
}

TEST(Yaml, DamageAndDepthAreErrorsWithAPlace) {
  const auto damaged = parse_yaml({"a.yaml", "a: 1\nb: [1, 2\nc: 3\n"});
  ASSERT_FALSE(damaged);
  EXPECT_GE(damaged.error().place.line, 2U);
  const std::string deep = std::string(300, '[') + std::string(300, ']');
  const auto too_deep = parse_yaml({"a.yaml", deep});
  ASSERT_FALSE(too_deep);
  EXPECT_THAT(too_deep.error().what, HasSubstr("deeper than 256"));
  EXPECT_FALSE(parse_yaml({"a.yaml", std::string_view("a: \x01\n")}));
}

TEST(Yaml, ElementsOfAListComeOneByOne) {
  std::string seen;
  const auto done =
      for_each_yaml_element({"a.yaml", "x: [0]\nlist:\n- a: 1\n- 2\nrest: 3\n"}, "list",
                            [&](const nlohmann::json& element, std::uint64_t line) {
                              seen += std::to_string(line) + element.dump();
                            });
  ASSERT_TRUE(done);
  EXPECT_TRUE(*done);
  EXPECT_EQ(seen, "3{\"a\":1}42");
  const auto none = for_each_yaml_element({"a.yaml", "x: 1\n"}, "list", [](const auto&, auto) {});
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

}  // namespace
}  // namespace culprit
