// The two protocols, spoken by a scripted peer. JaCoCo's bytes are those its documentation gives.
#include "collect/coverage_source.h"

#include <gmock/gmock.h>

#include "base/packer.h"
#include "collect/scripted_server.h"

namespace culprit {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kHello = "culprit-window 1 77\n";
const std::string kHeader = "\x01\xc0\xc0\x10\x07"s;
const std::string kSession = "\x10\x00\x02"s + "ab" + std::string(16, '\1');
// Class 8 bytes of id, name "A", 9 probes in 2 bytes.
const std::string kClass = "\x11"s + "12345678" + "\x00\x01"s + "A" + "\x09\x05\x01"s;
const std::string kEnd = "\x20";

Address at(const std::string& path) { return *parse_address("unix:" + path); }

TEST(Address, IsAUnixPathOrAHostAndPort) {
  EXPECT_EQ(parse_address("unix:run/a.sock")->unix_path, "run/a.sock");
  EXPECT_EQ(parse_address("tcp:localhost:6300")->host, "localhost");
  EXPECT_EQ(parse_address("127.0.0.1:6300")->port, 6300);
  for (const char* wrong : {"", "unix:", "localhost", "tcp:a:0", ":80", "a:65536", "a:8x"}) {
    EXPECT_FALSE(parse_address(wrong)) << wrong;
  }
}

TEST(GcovSource, TakesTheFilesOfADump) {
  const Folder folder;
  ScriptedServer server(
      folder.path("s"), 5,
      {{kHello, "file 3 /b/a b.gcda\nxyzfile 1 /b/c.gcda\n\ndone 9\n", "done 9\n"}});
  const auto source = gcov_source(at(folder.path("s")), 2000ms);
  const auto files = source->take();
  ASSERT_TRUE(files) << to_string(files.error());
  ASSERT_EQ(files->size(), 2U);
  EXPECT_EQ((*files)[0].path, "/b/a b.gcda");
  EXPECT_EQ((*files)[0].bytes, "xyz");
  EXPECT_EQ((*files)[1].bytes, "\n");
  EXPECT_THAT(*source->take(), IsEmpty());
}

TEST(GcovSource, ConnectsAgainAfterAServiceWasGone) {
  const Folder folder;
  ScriptedServer server(folder.path("s"), 5,
                        {{kHello, "file 10 /b/a.gcda\nxyz"}, {kHello, "done 1\n"}});
  const auto source = gcov_source(at(folder.path("s")), 2000ms);
  const auto cut = source->take();
  ASSERT_FALSE(cut);
  EXPECT_THAT(to_string(cut.error()), HasSubstr("the connection was closed"));
  EXPECT_TRUE(source->take());
}

TEST(GcovSource, SaysWhatIsWrongWithAnAnswer) {
  const std::pair<std::string, const char*> answers[] = {
      {"error no counters\n", "no counters"},
      {"file x /a\n", "no line of a dump"},
      {"file 99999999999999 /a\n", "sends more than"},
      {"HTTP/1.1 400\n", "no line of a dump"},
      {std::string(20000, 'x'), "a line of more than"}};
  for (const auto& [answer, what] : answers) {
    const Folder folder;
    ScriptedServer server(folder.path("s"), 5, {{kHello, answer}});
    const auto files = gcov_source(at(folder.path("s")), 2000ms)->take();
    ASSERT_FALSE(files);
    EXPECT_THAT(to_string(files.error()), HasSubstr(what));
  }
  const Folder folder;
  ScriptedServer server(folder.path("s"), 5, {{"SSH-2.0-x\n"}});
  EXPECT_THAT(to_string(gcov_source(at(folder.path("s")), 2000ms)->take().error()),
              HasSubstr("no window object"));
}

TEST(GcovSource, SaysThatNobodyListens) {
  const Folder folder;
  const auto none = gcov_source(at(folder.path("s")), 500ms)->take();
  EXPECT_THAT(to_string(none.error()), HasSubstr("No such file"));
  ScriptedServer mute(folder.path("mute"), 5, {{""}});
  const auto late = gcov_source(*parse_address("127.0.0.1:1"), 500ms)->take();
  EXPECT_THAT(to_string(late.error()), HasSubstr("refused"));
}

TEST(JacocoSource, KeepsTheReplyAsAFileOfTheAgent) {
  const Folder folder;
  ScriptedServer server(folder.path("s"), 3,
                        {{kHeader, kHeader + kSession + kClass + kEnd, kHeader + kSession + kEnd}},
                        kHeader.size());
  const auto source = jacoco_source(at(folder.path("s")), 2000ms);
  const auto files = source->take();
  ASSERT_TRUE(files) << to_string(files.error());
  ASSERT_EQ(files->size(), 1U);
  EXPECT_EQ((*files)[0].path, "jacoco.exec");
  EXPECT_EQ((*files)[0].bytes, kHeader + kHeader + kSession + kClass);
  const auto quiet = source->take();
  ASSERT_TRUE(quiet);
  EXPECT_THAT(*quiet, IsEmpty());
}

TEST(JacocoSource, SaysWhatIsWrongWithAnAnswer) {
  const std::pair<std::string, const char*> answers[] = {
      {kHeader + "\x30"s, "a block that JaCoCo's agent does not have"},
      {kHeader + "\x11"s + "12345678" + "\x00\x01"s + "A" + "\xff\xff\xff\xff\xff"s,
       "more probes than there can be"},
      {kHeader + kSession.substr(0, 9), "the connection was closed"}};
  for (const auto& [answer, what] : answers) {
    const Folder folder;
    ScriptedServer server(folder.path("s"), 3, {{kHeader, answer}}, kHeader.size());
    const auto files = jacoco_source(at(folder.path("s")), 2000ms)->take();
    ASSERT_FALSE(files);
    EXPECT_THAT(to_string(files.error()), HasSubstr(what));
  }
  const Folder folder;
  ScriptedServer server(folder.path("s"), 3, {{"HTTP/1.1 400 Bad"}});
  EXPECT_THAT(to_string(jacoco_source(at(folder.path("s")), 2000ms)->take().error()),
              HasSubstr("does not answer as JaCoCo's agent"));
}

}  // namespace
}  // namespace culprit
