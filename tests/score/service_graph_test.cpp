#include "score/service_graph.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

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
  for (const ServiceCall& call : service_calls(spans)) {
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

}  // namespace
}  // namespace culprit
