#include "lsp/framing.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "lsp/uri.h"

namespace culprit::lsp {
namespace {

// Hands out the bytes in pieces of `piece`.
ByteSource source_of(std::string bytes, std::size_t piece) {
  return
      [bytes = std::move(bytes), piece, at = std::size_t{0}](char* into, std::size_t most) mutable {
        const std::size_t count = std::min({piece, most, bytes.size() - at});
        std::copy_n(bytes.data() + at, count, into);
        at += count;
        return count;
      };
}

TEST(Framing, FindsMessagesHoweverTheBytesCome) {
  const std::string bytes = framed("{\"a\":1}") + "content-length:2\r\nContent-Type: x\r\n\r\n{}" +
                            framed("") + "Content-Length: 3\n\n[1]";
  for (const std::size_t piece : std::initializer_list<std::size_t>{1, 2, 7, 1000}) {
    FrameReader reader(source_of(bytes, piece));
    for (const char* expected : {"{\"a\":1}", "{}", "", "[1]"}) {
      const auto message = reader.next();
      ASSERT_TRUE(message && *message);
      EXPECT_EQ(**message, expected);
    }
    EXPECT_EQ(reader.next(), std::nullopt);
  }
}

TEST(Framing, ReadsOnAfterAHeaderThatSaysNothing) {
  FrameReader reader(source_of("Content-Length: -1\r\n\r\n" + framed("{}"), 5));
  EXPECT_FALSE(*reader.next());
  EXPECT_EQ(**reader.next(), "{}");
}

TEST(Framing, BoundsAHeaderLine) {
  FrameReader reader(source_of(std::string(1 << 20, 'x') + "\r\n\r\n" + framed("{}"), 4096));
  EXPECT_FALSE(*reader.next());
  EXPECT_EQ(**reader.next(), "{}");
}

TEST(Uri, StandsForAPath) {
  EXPECT_EQ(uri_of_path("/a b/\xC3\xA9+c.cc"), "file:///a%20b/%C3%A9%2Bc.cc");
  EXPECT_EQ(path_of_uri("file:///a%20b/%C3%A9%2Bc.cc"), "/a b/\xC3\xA9+c.cc");
  EXPECT_EQ(path_of_uri("FILE://localhost/x"), "/x");
  for (const char* none : {"", "untitled:x", "file://host/x", "file:///%", "file:///%0",
                           "file:///%00", "file:///%GG", "file:x"}) {
    EXPECT_EQ(path_of_uri(none), std::nullopt) << none;
  }
}

}  // namespace
}  // namespace culprit::lsp
