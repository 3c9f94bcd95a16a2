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

TEST(TraceIds, OfSpansHaveHalfTheDigits) {
  EXPECT_EQ(span_id("F067AA0BA902B7"), "00f067aa0ba902b7");
  EXPECT_EQ(span_id("/wECAwQFBgc="), "ff01020304050607");
}

}  // namespace
}  // namespace culprit
