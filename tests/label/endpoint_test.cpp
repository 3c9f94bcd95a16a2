#include "label/endpoint.h"

#include <gtest/gtest.h>

namespace culprit {
namespace {

TEST(EndpointTemplate, DropsSchemeHostQueryAndFragment) {
  EXPECT_EQ(endpoint_template("http://h:80/order/17?x=1"), "/order/{}");
  EXPECT_EQ(endpoint_template("https://user@h/a/b#top"), "/a/b");
  EXPECT_EQ(endpoint_template("/a?next=/b/7"), "/a");
  EXPECT_EQ(endpoint_template("/a#/b/7"), "/a");
}

TEST(EndpointTemplate, ReplacesNumbersUuidsAndLongHex) {
  EXPECT_EQ(endpoint_template("/users/42/posts/7"), "/users/{}/posts/{}");
  EXPECT_EQ(endpoint_template("/o/4d2a46c7-71cb-4cf1-b5bb-b68406d9da6f/pay"), "/o/{}/pay");
  EXPECT_EQ(endpoint_template("/t/0123456789abcdef"), "/t/{}");
  EXPECT_EQ(endpoint_template("/t/0123456789ABCDEF0"), "/t/{}");
}

TEST(EndpointTemplate, KeepsSegmentsThatAreNames) {
  EXPECT_EQ(endpoint_template("/api/v1/orders"), "/api/v1/orders");
  EXPECT_EQ(endpoint_template("/t/0123456789abcde"), "/t/0123456789abcde");  // 15 hex digits
  EXPECT_EQ(endpoint_template("/face/beef"), "/face/beef");
  EXPECT_EQ(endpoint_template("/orders/{orderId}"), "/orders/{orderId}");
  EXPECT_EQ(endpoint_template("/o/4d2a46c7-71cb-4cf1-b5bb_b68406d9da6f"),
            "/o/4d2a46c7-71cb-4cf1-b5bb_b68406d9da6f");
}

TEST(EndpointTemplate, KeepsSlashesAsWritten) {
  EXPECT_EQ(endpoint_template("/orders/17/"), "/orders/{}/");
  EXPECT_EQ(endpoint_template("http://h"), "/");
  EXPECT_EQ(endpoint_template("http://h?x=1"), "/");
  EXPECT_EQ(endpoint_template(""), "");
}

TEST(EndpointTemplate, LeavesAUrlInsideThePathAlone) {
  EXPECT_EQ(endpoint_template("/proxy/http://h/9"), "/proxy/http://h/{}");
}

}  // namespace
}  // namespace culprit
