#include "label/routes.h"

#include <gtest/gtest.h>

namespace culprit {
namespace {

TEST(Routes, NameARequestByTheRouteItsPathFitsWhateverHolesAreCalled) {
  Routes routes;
  routes.add("GET", "/events/{id}");
  routes.add("POST", "/orders/:reference/cancel");
  EXPECT_EQ(routes.endpoint("GET", "http://h:80/events/e124?full=1"), "GET /events/{}");
  EXPECT_EQ(routes.endpoint("POST", "/orders/r-900/cancel/"), "POST /orders/{}/cancel");
}

TEST(Routes, PreferTheRouteWithMoreWordsInCommon) {
  Routes routes;
  routes.add("GET", "/events/{id}/{what}");
  routes.add("GET", "/events/{id}/seats");
  EXPECT_EQ(routes.endpoint("GET", "/events/e1/seats"), "GET /events/{}/seats");
  EXPECT_EQ(routes.endpoint("GET", "/events/e1/sales"), "GET /events/{}/{}");
}

TEST(Routes, LeaveARequestThatFitsNoneToItsPath) {
  Routes routes;
  routes.add("GET", "/events/{id}");
  EXPECT_EQ(routes.endpoint("POST", "/events/e124"), "POST /events/e124");
  EXPECT_EQ(routes.endpoint("GET", "/orders/17"), "GET /orders/{}");
  EXPECT_EQ(routes.endpoint("GET", "/events/"), "GET /events/");
  EXPECT_EQ(routes.endpoint("", "/orders/17"), "/orders/{}");
}

TEST(Routes, NameTheResourceThatAPathIsAbout) {
  Routes routes;
  routes.add("GET", "/orders/{reference}/tickets/{code}");
  EXPECT_EQ(routes.resource("GET", "http://h/orders/r-9/tickets/t1?x=/1/2"),
            "http://h/orders/r-9/tickets/t1");
  EXPECT_EQ(routes.resource("POST", "/v1/orders/17/cancel/"), "/v1/orders/17");
  EXPECT_EQ(routes.resource("POST", "/v1/orders"), "");
  EXPECT_EQ(routes.resource("POST", ""), "");
}

TEST(Routes, TakeNoPathWithoutAHoleForARoute) {
  Routes routes;
  routes.add("GET", "/orders/17");
  routes.add("GET", "");
  routes.add("GET", "no path {id}");
  EXPECT_EQ(routes.endpoint("GET", "/orders/17"), "GET /orders/{}");
}

}  // namespace
}  // namespace culprit
