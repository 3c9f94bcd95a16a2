#include "score/service_graph.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "score/trees_of.h"

namespace culprit {
namespace {

Span span(const std::string& id, const std::string& parent, const std::string& service,
          bool error = false, SpanKind kind = SpanKind::kUnknown) {
  Span result;
  result.trace = "t";
  result.id = id;
  result.parent = parent;
  result.service = service;
  result.kind = kind;
  result.error = error;
  return result;
}

std::string words(const std::vector<Span>& spans) {
  std::string text;
  for (const ServiceCall& call : service_calls(TreesOf(spans).trees)) {
    text += call.caller + ">" + call.callee + " " + std::to_string(call.calls) + "/" +
            std::to_string(call.errors) + "\n";
  }
  return text;
}

TEST(ServiceCalls, CountsCallsAndErrorsBetweenServicesSorted) {
  EXPECT_EQ(words({span("1", "", "web"), span("2", "1", "cart"), span("3", "1", "cart", true),
                   span("4", "2", "db"), span("5", "1", "auth", true)}),
            "cart>db 1/0\nweb>auth 1/1\nweb>cart 2/1\n");
}

TEST(ServiceCalls, LeavesOutCallsInsideAServiceAndUnknownParents) {
  EXPECT_EQ(words({span("1", "", "web"), span("2", "1", "web"), span("3", "9", "cart")}), "");
  EXPECT_EQ(words({}), "");
}

TEST(ServiceCalls, DoesNotJoinTraces) {
  Span other = span("2", "1", "cart");
  other.trace = "u";
  EXPECT_EQ(words({span("1", "", "web"), other}), "");
}

TEST(ServiceCalls, SurvivesCirclesAndCopies) {
  EXPECT_EQ(
      words({span("1", "2", "a"), span("2", "1", "b"), span("2", "1", "b"), span("3", "3", "c")}),
      "a>b 1/0\nb>a 1/0\n");
}

// Zipkin: the server's span has the client's id, and the client's callees hang below the server.
TEST(ServiceCalls, TellsTheSidesOfAnIdThatClientAndServerShare) {
  EXPECT_EQ(words({span("1", "", "web", false, SpanKind::kClient),
                   span("1", "1", "cart", false, SpanKind::kServer), span("2", "1", "db")}),
            "cart>db 1/0\nweb>cart 1/0\n");
}

// "web 0,0 | cart 1,0.5 ..."; after > what a call goes through.
std::string drawn(const std::vector<std::string>& services, const std::vector<CallRecord>& calls) {
  const ServiceLayout layout = layered_layout(services, calls);
  const auto place = [](double layer, double row) {
    return std::to_string(static_cast<int>(layer)) + "," +
           std::to_string(static_cast<int>(row * 2)) + "h";
  };
  std::string text;
  for (const auto& p : layout.places) text += p.service + " " + place(p.layer, p.row) + "\n";
  for (const auto& route : layout.routes) {
    if (route.through.empty()) continue;
    text += layout.places[route.caller].service + ">" + layout.places[route.callee].service;
    for (const auto& [layer, row] : route.through) text += " " + place(layer, row);
    text += "\n";
  }
  return text;
}

TEST(LayeredLayout, PutsCallersLeftOfThoseTheyCall) {
  EXPECT_EQ(drawn({}, {{"web", "cart", 5, 0}, {"cart", "pay", 1, 0}}),
            "cart 1,0h\npay 2,0h\nweb 0,0h\n");
}

TEST(LayeredLayout, CentresALayerOnTheTallestOne) {
  EXPECT_EQ(drawn({}, {{"web", "a", 1, 0}, {"web", "b", 1, 0}}), "a 1,0h\nb 1,2h\nweb 0,1h\n");
}

TEST(LayeredLayout, LeadsCallsAroundTheServicesBetween) {
  const std::string text = drawn({}, {{"a", "b", 1, 0}, {"a", "c", 1, 0}, {"b", "c", 1, 0}});
  EXPECT_NE(text.find("a>c 1,"), std::string::npos) << text;
  const ServiceLayout layout = layered_layout(
      {}, std::vector<CallRecord>{{"a", "b", 1, 0}, {"a", "c", 1, 0}, {"b", "c", 1, 0}});
  EXPECT_NE(layout.routes[1].through.front().second, layout.places[1].row);
  EXPECT_EQ(layout.layers, 3);
  EXPECT_EQ(layout.rows, 2);
}

TEST(LayeredLayout, EndsWhereServicesCallEachOtherOrThemselves) {
  const ServiceLayout layout = layered_layout(
      {}, std::vector<CallRecord>{{"a", "a", 1, 0}, {"a", "b", 1, 0}, {"b", "a", 1, 0}});
  ASSERT_EQ(layout.places.size(), 2U);
  EXPECT_EQ(layout.places[0].layer, 0);
  EXPECT_EQ(layout.places[1].layer, 1);
  EXPECT_EQ(layout.routes.size(), 3U);
}

TEST(LayeredLayout, PlacesServicesThatNobodyCalls) {
  EXPECT_EQ(drawn({"lone"}, {}), "lone 0,0h\n");
  EXPECT_EQ(drawn({}, {}), "");
}

// A hostile trace: a chain of services, each of which also calls all others behind it.
TEST(LayeredLayout, BoundsTheBendsOfAHugeGraph) {
  std::vector<CallRecord> calls;
  const auto name = [](int i) { return "s" + std::to_string(1000 + i); };
  for (int i = 0; i + 1 < 600; ++i) {
    calls.push_back({name(i), name(i + 1), 1, 0});
    calls.push_back({name(0), name(i + 1), 1, 0});
  }
  const ServiceLayout layout = layered_layout({}, calls);
  std::size_t bends = 0;
  for (const auto& route : layout.routes) bends += route.through.size();
  EXPECT_LE(bends, 20'000U);
  EXPECT_EQ(layout.layers, 600);
}

}  // namespace
}  // namespace culprit
