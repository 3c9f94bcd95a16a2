#include "readers/trace_ids.h"

#include <gtest/gtest.h>

namespace culprit {
namespace {

TEST(TraceIds, GetOneFormFromEverySpelling) {
  EXPECT_EQ(trace_id("463AC35C9F6413AD"), "0000000000000000463ac35c9f6413ad");
  EXPECT_EQ(trace_id(" 4bf92f35-77b3-4da6-a3ce-929d0e0e4736\n"),
            "4bf92f3577b34da6a3ce929d0e0e4736");
  // printf '\x4b\xf9\x2f\x35\x77\xb3\x4d\xa6\xa3\xce\x92\x9d\x0e\x0e\x47\x36' | base64
  EXPECT_EQ(trace_id("S/kvNXezTaajzpKdDg5HNg=="), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(trace_id("S_kvNXezTaajzpKdDg5HNg=="), "4bf92f3577b34da6a3ce929d0e0e4736");
  // The example of W3C Trace Context, section 3.2.
  EXPECT_EQ(trace_id("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST(TraceIds, ThatAreNotHexAreLowerCasedOnly) {
  EXPECT_EQ(trace_id("a1.162.SW-Trace"), "a1.162.sw-trace");
  EXPECT_EQ(span_id("Segment-7"), "segment-7");
}

TEST(TraceIds, OfZerosOnlyAreNone) {
  EXPECT_EQ(trace_id("0000000000000000"), "");
  EXPECT_EQ(trace_id("AAAAAAAAAAAAAAAAAAAAAA=="), "");
  EXPECT_EQ(trace_id("00-00000000000000000000000000000000-0000000000000000-00"), "");
  EXPECT_EQ(trace_id("  "), "");
  EXPECT_EQ(span_id("AAAAAAAAAAA="), "");
}

// The examples of W3C, of b3's single header, of Jaeger's client library, and of SkyWalking's
// cross process propagation headers protocol v3.
TEST(TraceIds, AreInTheHeadersOfTracers) {
  EXPECT_EQ(
      trace_of_header("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90"),
      "80f198ee56343ba864fe8b2a57d3eff7");
  EXPECT_EQ(trace_of_header("X-B3-Traceid", "463ac35c9f6413ad48485a3953bb6124"),
            "463ac35c9f6413ad48485a3953bb6124");
  EXPECT_EQ(trace_of_header("Uber-Trace-Id", "463ac35c9f6413ad:a2fb4a1d1a96d312:0:1"),
            "0000000000000000463ac35c9f6413ad");
  // printf TRACE.ID | base64
  EXPECT_EQ(trace_of_header("sw8", "1-VFJBQ0UuSUQ=-U0VHLjE=-3-c2VydmljZQ==-aW5z-L2E=-aDo4MA=="),
            "trace.id");
  EXPECT_EQ(trace_of_header("sw8", "1"), "");
  EXPECT_EQ(trace_of_header("accept", "463ac35c9f6413ad"), "");
  for (const char* name : {"Traceparent", "SW8", "B3", "x-b3-traceid", "uber-trace-id"}) {
    EXPECT_TRUE(is_trace_header(name)) << name;
  }
  EXPECT_FALSE(is_trace_header("traceId"));
}

TEST(TraceIds, OfSpansHaveHalfTheDigits) {
  EXPECT_EQ(span_id("F067AA0BA902B7"), "00f067aa0ba902b7");
  EXPECT_EQ(span_id("/wECAwQFBgc="), "ff01020304050607");
}

}  // namespace
}  // namespace culprit
