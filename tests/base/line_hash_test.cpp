#include "base/line_hash.h"

#include <gmock/gmock.h>

namespace culprit {
namespace {

using ::testing::ElementsAre;
using Hashes = std::vector<std::string>;

// GitHub's own vectors, from codeql-action, src/fingerprints.test.ts.
TEST(GithubLineHashes, AreThoseOfAnEmptyFile) {
  EXPECT_THAT(github_line_hashes(""), ElementsAre("c129715d7a2bc9a3:1"));
}

TEST(GithubLineHashes, LeaveBlanksOut) {
  EXPECT_THAT(github_line_hashes(" a\nb\n  \t\tc\n d"),
              ElementsAre("271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1",
                          "a23a3dc5e078b07b:1"));
}

TEST(GithubLineHashes, HaveOneForTheLineAfterALastLineEnd) {
  EXPECT_THAT(github_line_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"),
              ElementsAre("8b7cf3e952e7aeb2:1", "b1ae1287ec4718d9:1", "bff680108adb0fcc:1",
                          "c6805c5e1288b612:1", "b86d3392aea1be30:1", "e6ceba753e1a442:1"));
  EXPECT_EQ(github_line_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n").size(), 7U);
}

TEST(GithubLineHashes, AreTheSameForAllKindsOfLineEnds) {
  for (const char* source : {" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
                             " hello; \t\rworld!!!\r\r\r  \t\tGreetings\r End\r",
                             " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
                             " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n"}) {
    EXPECT_THAT(github_line_hashes(source),
                ElementsAre("e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1",
                            "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1",
                            "c129715d7a2bc9a3:1"))
        << source;
  }
}

TEST(GithubLineHashes, NumberLinesThatLookAlike) {
  std::string source;
  for (int i = 0; i < 10; ++i) source += "Lorem ipsum dolor sit amet.\n";
  EXPECT_EQ(github_line_hashes(source),
            (Hashes{"a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3",
                    "a7f2ff13bc495cf2:4", "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6",
                    "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1",
                    "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"}));
}

TEST(GithubLineHashes, LeaveLinesBelowAnInsertionAlone) {
  const std::string below = "int f(int a) { return a; }\nint g() { return 4; }\n";
  const Hashes before = github_line_hashes("// one\n" + below);
  const Hashes after = github_line_hashes("// one\n// two\n" + below);
  EXPECT_EQ(Hashes(before.begin() + 1, before.end()), Hashes(after.begin() + 2, after.end()));
}

// A second implementation, for characters beyond ASCII and bytes that are no characters: node,
// Buffer.toString("utf8").
TEST(GithubLineHashes, CountCharactersAsJavaScriptDoes) {
  EXPECT_EQ(github_line_hashes("caf\xc3\xa9 \xf0\x9f\x98\x80"),
            github_line_hashes("caf\xc3\xa9\xf0\x9f\x98\x80"));
  EXPECT_THAT(github_line_hashes("caf\xc3\xa9 \xf0\x9f\x98\x80\nx"),
              ElementsAre("68d1503a8df80b9d:1", "638816509450efbf:1"));
  EXPECT_THAT(github_line_hashes("a\xe9z\n\xf0\x9f\x98\n\xed\xa0\x80\xff\n\xe2\x82"),
              ElementsAre("d22de4eb88852a7f:1", "de69ff295ba47c11:1", "d56a6dd585a90a7e:1",
                          "8989dec65f08d110:1"));
}

}  // namespace
}  // namespace culprit
