#include "readers/coverage_jacoco_exec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/build_files.h"
#include "readers/java_class.h"
#include "readers/java_compiler.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}
std::string utf(const std::string& text) { return big_endian(text.size(), 2) + text; }

const std::string kHeader("\x01\xc0\xc0\x10\x07", 5);
std::string session(const std::string& id) {
  return '\x10' + utf(id) + big_endian(1'700'000'000'000, 8) + big_endian(1'700'000'001'000, 8);
}
// `hits` from the first probe on: "101".
std::string record(std::uint64_t id, const std::string& name, const std::string& hits) {
  std::string bits((hits.size() + 7) / 8, '\0');
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (hits[i] == '1') bits[i / 8] = static_cast<char>(bits[i / 8] | 1 << i % 8);
  }
  std::string length;
  for (std::size_t n = hits.size();; n >>= 7) {
    length += static_cast<char>((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
    if (n <= 0x7f) break;
  }
  return '\x11' + big_endian(id, 8) + utf(name) + length + bits;
}

TEST(JacocoExec, HoldsSessionsAndClasses) {
  const std::string bytes =
      kHeader + session("a") + record(0x1122334455667788, "demo/Feat", "011") + kHeader +
      session("b") + session("a") + record(7, "X", std::string(200, '1')) + '\x20';
  const auto exec = parse_jacoco_exec({"jacoco.exec", bytes});
  ASSERT_TRUE(exec) << to_string(exec.error());
  ASSERT_THAT(exec->sessions, SizeIs(3));
  EXPECT_EQ(exec->sessions[0].id, "a");
  EXPECT_EQ(exec->sessions[1].id, "b");
  EXPECT_EQ(exec->sessions[1].first_class, 1U);
  ASSERT_THAT(exec->classes, SizeIs(2));
  EXPECT_EQ(exec->classes[0].id, 0x1122334455667788U);
  EXPECT_EQ(exec->classes[0].name, "demo/Feat");
  EXPECT_EQ(exec->classes[0].probes, 3U);
  EXPECT_EQ(exec->classes[0].hits, "\x06");
  EXPECT_EQ(exec->classes[1].probes, 200U);
  EXPECT_EQ(exec->classes[1].hits.size(), 25U);
  EXPECT_FALSE(exec->truncated);
}

TEST(JacocoExec, KeepsWholeRecordsOfAFileCutShort) {
  const std::string whole = kHeader + session("a") + record(1, "A", "1");
  const std::string bytes = whole + record(2, "B", "1");
  for (std::size_t size = whole.size() + 1; size < bytes.size(); ++size) {
    const auto exec = parse_jacoco_exec({"jacoco.exec", std::string_view(bytes).substr(0, size)});
    ASSERT_TRUE(exec);
    EXPECT_TRUE(exec->truncated) << size;
    EXPECT_THAT(exec->classes, SizeIs(1)) << size;
  }
}

TEST(JacocoExec, SaysWhereItIsDamaged) {
  const auto error = [](const std::string& bytes) {
    const auto exec = parse_jacoco_exec({"jacoco.exec", bytes});
    return exec ? "" : to_string(exec.error());
  };
  EXPECT_EQ(error("PK\x03\x04"), "jacoco.exec: byte 0: not JaCoCo data");
  EXPECT_EQ(error(std::string("\x01\xc0\xc0\x10\x06", 5)),
            "jacoco.exec: byte 0: JaCoCo data of another version of its format");
  EXPECT_EQ(error(kHeader + "\x33"), "jacoco.exec: byte 5: a record of unknown type 51");
  EXPECT_EQ(error(kHeader + '\x11' + big_endian(1, 8) + utf("A") + "\xff\xff\xff\xff\x7f"),
            "jacoco.exec: byte 5: a class with more than 1048576 probes");
}

constexpr const char* kShop = R"(package shop;
class Price {
  static int of(int part) {
    if (part > 3) {
      return 1;
    }
    return 2;
  }
  static class Tax {
    static int of() { return 3; }
  }
}
)";

class JacocoExecOfAShop : public testing::Test {
 protected:
  void SetUp() override {
    if (classes_.empty()) GTEST_SKIP() << "no javac";
  }

  static std::string bytes_of(const std::string& name) {
    return classes_.at("shop/" + name + ".class");
  }
  static std::uint64_t id_of(const std::string& name) { return java_class_id(bytes_of(name)); }

  // The classes below these folders; others' names end in another folder.
  static std::unique_ptr<BuildFiles> build(const std::vector<std::string>& folders) {
    auto files = std::make_unique<BuildFiles>();
    for (const std::string& folder : folders) {
      for (const auto& [path, bytes] : classes_) {
        EXPECT_TRUE(load_java_class({folder + path, bytes}, *files));
      }
    }
    files->finish();
    return files;
  }

  static Recorder read(const std::string& path, const std::string& exec, const BuildFiles* build) {
    Recorder recorder;
    const Result<void> done = read_jacoco_exec({path, exec, {}, build}, recorder);
    EXPECT_TRUE(done) << to_string(done.error());
    return recorder;
  }

  static inline const std::map<std::string, std::string> classes_ =
      compiled("Price.java", kShop, "--release 11 -g");
};

// Probes of Price: the constructor, then the two ways through of().
TEST_F(JacocoExecOfAShop, TellsLinesOfTheProbesThatWereHit) {
  const auto files = build({"build/"});
  const std::string exec = kHeader + session("a") + record(id_of("Price"), "shop/Price", "001");
  EXPECT_THAT(read("r1/jacoco.exec", exec, files.get()).events,
              ElementsAre("file shop/Price.java", "function shop.Price#<init>() 2-0",
                          "function shop.Price#of(int) 4-0", "function shop.Price$Tax#<init>() 9-0",
                          "function shop.Price$Tax#of() 10-0", "miss 2 in shop.Price#<init>()",
                          "hit 4 in shop.Price#of(int)", "miss 5 in shop.Price#of(int)",
                          "hit 7 in shop.Price#of(int)", "miss 9 in shop.Price$Tax#<init>()",
                          "miss 10 in shop.Price$Tax#of()"));
}

TEST_F(JacocoExecOfAShop, TakesSessionsTogether) {
  const auto files = build({"build/"});
  const std::string exec = kHeader + session("a") + record(id_of("Price"), "shop/Price", "010") +
                           session("b") + record(id_of("Price"), "shop/Price", "001");
  const Recorder recorder = read("r1/jacoco.exec", exec, files.get());
  EXPECT_THAT(recorder.events, Contains("hit 5 in shop.Price#of(int)"));
  EXPECT_THAT(recorder.events, Contains("hit 7 in shop.Price#of(int)"));
  ASSERT_THAT(recorder.warnings, SizeIs(1));
  EXPECT_EQ(to_string(recorder.warnings[0]),
            "r1/jacoco.exec: 2 sessions taken as one run: a, b\n"
            "  --jacoco-sessions apart makes each a run");
}

TEST_F(JacocoExecOfAShop, MakesEachSessionARunOnRequest) {
  const auto files = build({"build/"});
  files->jacoco_sessions_apart = true;
  const std::string exec = kHeader + session("a") + record(id_of("Price"), "shop/Price", "010") +
                           session("idle") + session("b") +
                           record(id_of("Price"), "shop/Price", "001");
  const Recorder recorder = read("r1/jacoco.exec", exec, files.get());
  EXPECT_THAT(recorder.warnings, IsEmpty());
  std::map<std::string, std::vector<std::string>> hits;
  std::string run;
  for (const std::string& event : recorder.events) {
    if (event.starts_with("run ")) hits[run = event.substr(4)];
    if (event.starts_with("hit ")) hits[run].push_back(event);
  }
  EXPECT_THAT(
      hits,
      ElementsAre(
          Pair("a", ElementsAre("hit 4 in shop.Price#of(int)", "hit 5 in shop.Price#of(int)")),
          Pair("b", ElementsAre("hit 4 in shop.Price#of(int)", "hit 7 in shop.Price#of(int)")),
          Pair("idle", IsEmpty())));
}

TEST_F(JacocoExecOfAShop, RefusesToTakeApartWhatWasMerged) {
  const auto files = build({"build/"});
  files->jacoco_sessions_apart = true;
  const std::string exec =
      kHeader + session("a") + session("b") + record(id_of("Price"), "shop/Price", "001");
  Recorder recorder;
  const auto done = read_jacoco_exec({"r1/jacoco.exec", exec, {}, files.get()}, recorder);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().what, testing::HasSubstr("merged already"));
}

TEST_F(JacocoExecOfAShop, KnowsNothingOfARunWhoseDataIsCutShort) {
  const auto files = build({"build/"});
  const std::string exec = kHeader + record(id_of("Price"), "shop/Price", "010");
  Recorder recorder;
  const auto done = read_jacoco_exec({"r1/jacoco.exec", exec + '\x11', {}, files.get()}, recorder);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, "cut short; what the run did in its classes is not known");
  EXPECT_THAT(recorder.events, ElementsAre("lost shop/Price.java"));
}

TEST_F(JacocoExecOfAShop, LeavesOutClassesOfAnotherBuild) {
  const auto files = build({"build/"});
  const std::string exec = kHeader + record(id_of("Price") + 1, "shop/Price", "001") +
                           record(id_of("Price$Tax"), "shop/Price$Tax", "01");
  const Recorder recorder = read("r1/jacoco.exec", exec, files.get());
  EXPECT_THAT(
      recorder.events,
      ElementsAre("lost shop/Price.java", "file shop/Price.java",
                  "function shop.Price$Tax#<init>() 9-0", "function shop.Price$Tax#of() 10-0",
                  "miss 9 in shop.Price$Tax#<init>()", "hit 10 in shop.Price$Tax#of()"));
  ASSERT_THAT(recorder.warnings, SizeIs(1));
  EXPECT_EQ(to_string(recorder.warnings[0]),
            "r1/jacoco.exec: class shop/Price: the run executed another build of it\n"
            "  its lines are missing; hand over the classes that ran");
}

TEST_F(JacocoExecOfAShop, LeavesOutClassesWithAnotherNumberOfProbes) {
  const auto files = build({"build/"});
  const std::string exec = kHeader + record(id_of("Price"), "shop/Price", "0011");
  const Recorder recorder = read("r1/jacoco.exec", exec, files.get());
  EXPECT_THAT(recorder.events, Not(Contains(HasSubstr("shop.Price#of"))));
  EXPECT_THAT(recorder.warnings, SizeIs(1));
}

TEST_F(JacocoExecOfAShop, PassesOverClassesThatAreNotOfTheBuild) {
  const auto files = build({"build/"});
  const std::string exec = kHeader + record(1, "java/lang/Foreign", "1") +
                           record(id_of("Price$Tax"), "shop/Price$Tax", "01");
  EXPECT_THAT(read("r1/jacoco.exec", exec, files.get()).warnings, IsEmpty());
  const std::string foreign = kHeader + record(1, "java/lang/Foreign", "1");
  const Recorder recorder = read("r1/jacoco.exec", foreign, files.get());
  ASSERT_THAT(recorder.warnings, SizeIs(1));
  EXPECT_THAT(recorder.warnings[0].what,
              HasSubstr("none of its 1 classes is among those of the build"));
}

TEST_F(JacocoExecOfAShop, AWindowInWhichNothingRanShowsAllLinesOfTheBuild) {
  const auto files = build({"build/"});
  const Recorder recorder = read("r1/jacoco.exec", kHeader + session("a"), files.get());
  EXPECT_THAT(recorder.events, Contains("miss 7 in shop.Price#of(int)"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST_F(JacocoExecOfAShop, TakesTheClassesOfItsOwnService) {
  const auto files = build({"build/pricing/", "build/orders/app/BOOT-INF/classes/",
                            "build/orders/app/BOOT-INF/lib/tax/"});
  const std::string nothing = kHeader + session("a");
  EXPECT_THAT(read("r1/other/jacoco.exec", nothing, files.get()).events, IsEmpty());
  EXPECT_THAT(read("r1/pricing/jacoco.exec", nothing, files.get()).events,
              Contains("file shop/Price.java").Times(1));
  // Both folders of the Spring Boot jar are one module, in which equal classes count once.
  EXPECT_THAT(read("r1/orders/jacoco.exec", nothing, files.get()).events,
              Contains("file shop/Price.java").Times(1));
}

TEST_F(JacocoExecOfAShop, TakesClassesForNewerMachinesWhereTheyRan) {
  auto files = std::make_unique<BuildFiles>();
  const auto newer = compiled("Price.java", std::string("\n") + kShop, "--release 11 -g");
  ASSERT_TRUE(load_java_class({"app/shop/Price.class", bytes_of("Price")}, *files));
  ASSERT_TRUE(load_java_class(
      {"app/META-INF/versions/11/shop/Price.class", newer.at("shop/Price.class")}, *files));
  files->finish();
  const std::string older = kHeader + record(id_of("Price"), "shop/Price", "001");
  EXPECT_THAT(read("r1/jacoco.exec", older, files.get()).events, Not(Contains(HasSubstr(" 8 "))));
  const std::string exec =
      kHeader + record(java_class_id(newer.at("shop/Price.class")), "shop/Price", "001");
  const Recorder recorder = read("r1/jacoco.exec", exec, files.get());
  EXPECT_THAT(recorder.events, Contains("hit 8 in shop.Price#of(int)"));
  EXPECT_THAT(recorder.warnings, IsEmpty());
}

TEST_F(JacocoExecOfAShop, SaysWhatItNeeds) {
  Recorder recorder;
  const Result<void> done = read_jacoco_exec({"r1/jacoco.exec", kHeader}, recorder);
  ASSERT_FALSE(done);
  EXPECT_THAT(to_string(done.error()),
              HasSubstr("r1/jacoco.exec: JaCoCo data without the classes that ran"));
}

}  // namespace
}  // namespace culprit
