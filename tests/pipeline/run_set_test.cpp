#include "pipeline/run_set.h"

#include <gmock/gmock.h>

#include <cstring>
#include <filesystem>

#include "base/packer.h"
#include "pipeline/build_pass.h"

namespace culprit {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

RunSet read(const Folder& folder, const std::string& manifest = "", unsigned jobs = 1) {
  Policy policy;
  EXPECT_TRUE(apply_manifest(policy, {"culprit.toml", manifest}));
  return read_run_set(*FileTree::open(folder.path()), "", policy, jobs);
}

std::string info(const std::string& file, int line, int count) {
  return "SF:" + file + "\nDA:" + std::to_string(line) + "," + std::to_string(count) +
         "\nend_of_record\n";
}

// "service/file:line" of every line, with the runs that executed it and how often.
std::vector<std::string> content(const Spectrum& spectrum) {
  std::vector<std::string> rows;
  for (std::uint32_t l = 0; l < spectrum.lines().size(); ++l) {
    const CodeElement e = spectrum.element(Level::kLine, l);
    std::string row = e.service + "/" + e.file + ":" + std::to_string(e.first_line);
    for (std::uint32_t r = 0; r < spectrum.runs().size(); ++r) {
      const auto count = spectrum.count(RunId{r}, LineId{l});
      if (count != 0) row += " " + spectrum.runs()[r] + "x" + std::to_string(count);
    }
    rows.push_back(row);
  }
  return rows;
}

TEST(RunSet, CountsAServiceThatAnsweredThoughNothingOfItRan) {
  const Folder folder;
  folder.write("r1/window.json", R"({"schema":"culprit.window/1","from":"2023-01-29T08:51:00Z",
                                     "to":"2023-01-29T08:51:10Z"})");
  folder.write("r1/order/a.info", info("a.cc", 1, 2));
  folder.write("r1/order/window.json", R"({"schema":"culprit.window/1","quiet":false,"rounds":9})");
  folder.write("r1/pay/window.json", R"({"schema":"culprit.window/1","rounds":1})");
  folder.write("r2/order/window.json", R"({"schema":"culprit.window/1","rounds":1})");
  folder.write("r2/pay/window.json", R"({"schema":"culprit.window/1","missing":"it is gone"})");
  const RunSet set = read(folder);
  EXPECT_THAT(content(set.spectrum), ElementsAre("order/a.cc:1 r1x2"));
  EXPECT_THAT(set.spectrum.services(), ElementsAre("order", "pay"));
  EXPECT_TRUE(set.spectrum.reported(RunId{1}, ServiceId{0}));
  EXPECT_TRUE(set.spectrum.reported(RunId{0}, ServiceId{1}));
  EXPECT_FALSE(set.spectrum.reported(RunId{1}, ServiceId{1}));
  ASSERT_EQ(set.problems.size(), 2U);
  EXPECT_THAT(to_string(set.problems[0]), HasSubstr("r1/order/window.json: the service was still"));
  EXPECT_THAT(to_string(set.problems[1]), HasSubstr("r2/pay/window.json: no report: it is gone"));
  ASSERT_TRUE(set.runs[0].time);
  EXPECT_EQ(set.runs[0].time->to_ns - set.runs[0].time->from_ns, 10'000'000'000);
  EXPECT_FALSE(set.runs[1].time);
}

TEST(RunSet, TakesRunAndServiceFromTheFolders) {
  const Folder folder;
  folder.write("r1/order/a.info", info("a.cc", 1, 2));
  folder.write("r1/pay/b.info", info("b.cc", 5, 1));
  folder.write("r2/order/a.info", info("a.cc", 1, 0));
  const RunSet set = read(folder);
  EXPECT_THAT(content(set.spectrum), ElementsAre("order/a.cc:1 r1x2", "pay/b.cc:5 r1x1"));
  EXPECT_FALSE(set.spectrum.reported(RunId{1}, ServiceId{1}));  // pay in r2: missing
  EXPECT_TRUE(set.spectrum.reported(RunId{1}, ServiceId{0}));
  EXPECT_THAT(set.problems, IsEmpty());
}

TEST(RunSet, AddsUpTheReportsOfOneRunAndService) {
  const Folder folder;
  folder.write("r1/x.info", info("a.h", 1, 2));
  folder.write("r1/y.info", info("a.h", 1, 3));
  EXPECT_THAT(content(read(folder).spectrum), ElementsAre("/a.h:1 r1x5"));
}

TEST(RunSet, UsesTheBestOfSeveralFormatsAndNeverAddsThem) {
  const Folder folder;
  folder.write("r1/s/a.info", info("a.cc", 1, 2));
  folder.write("r1/s/a.gcov", "        -:    0:Source:a.cc\n        7:    1:int x;\n");
  const RunSet set = read(folder);
  EXPECT_THAT(content(set.spectrum), ElementsAre("s/a.cc:1 r1x7"));
  ASSERT_EQ(set.inputs.size(), 2U);
  EXPECT_EQ(set.inputs[0].format, "gcov-text");
  EXPECT_EQ(set.inputs[1].title, "lcov, because a better format tells the same");
}

TEST(RunSet, TakesFromALesserFormatTheSourceFilesTheBetterOneDoesNotTellOf) {
  const Folder folder;
  folder.write("r1/a.info", info("/home/me/shop/src/a.c", 1, 2));
  folder.write("r1/b.xml",
               "<coverage><sources><source>.</source></sources><packages><package name=\"p\">"
               "<classes><class name=\"a\" filename=\"src/a.c\"><lines><line number=\"1\" "
               "hits=\"2\"/></lines></class><class name=\"z\" filename=\"src/z.c\"><lines><line "
               "number=\"7\" hits=\"3\"/></lines></class></classes></package></packages>"
               "</coverage>");
  const RunSet set = read(folder);
  EXPECT_THAT(content(set.spectrum),
              ElementsAre("//home/me/shop/src/a.c:1 r1x2", "/src/z.c:7 r1x3"));
  EXPECT_EQ(set.inputs.size(), 2U);
}

TEST(RunSet, NeverAddsFormatsOfEqualRank) {
  const Folder folder;
  folder.write("r1/a.info", info("a.cc", 1, 2));
  folder.write("r1/hits.jsonl",
               "{\"run\":\"r1\",\"hits\":[{\"file\":\"a.cc\",\"line\":1,\"count\":5}]}\n");
  EXPECT_THAT(content(read(folder).spectrum), ElementsAre("/a.cc:1 r1x2"));
}

TEST(RunSet, CallsAFileAtTheTopARun) {
  const Folder folder;
  folder.write("nightly.info", info("a.cc", 1, 2));
  EXPECT_THAT(content(read(folder).spectrum), ElementsAre("/a.cc:1 nightlyx2"));
}

TEST(RunSet, GivesResultRowsTheirOwnRunOrElseTheirFolders) {
  const Folder folder;
  folder.write("r1/a.info", info("a.cc", 1, 2));
  folder.write("r2/a.info", info("a.cc", 1, 2));
  folder.write("r1/responses.jsonl",
               "{\"method\":\"GET\",\"url\":\"/a\",\"status\":500,\"latency_ms\":3}\n");
  folder.write(
      "results.jsonl",
      "{\"run\":\"r2\",\"verdict\":\"passed\"}\n{\"run\":\"r3\",\"verdict\":\"failed\"}\n");
  const RunSet set = read(folder);
  std::vector<std::string> runs;
  for (const Request& request : set.requests) runs.push_back(request.run);
  EXPECT_THAT(runs, ::testing::UnorderedElementsAre("r1", "r2", "r3"));
  // A run that only has a result is still a run of the input.
  EXPECT_THAT(set.spectrum.runs(), ElementsAre("r1", "r2", "r3"));
}

TEST(RunSet, LosesOnlyTheBadFileAndSaysWhere) {
  const Folder folder;
  folder.write("r1/good.info", info("a.cc", 1, 2));
  folder.write("r1/bad.gcov.json", "{\"gcc_version\":\"12\",\"files\":[{\"file\":\"a.cc\",");
  folder.write("r2/good.info", info("a.cc", 1, 1));
  folder.write("r2/strange.bin", std::string("\0\1\2", 3));
  const RunSet set = read(folder);
  EXPECT_EQ(set.spectrum.runs().size(), 2U);
  ASSERT_EQ(set.problems.size(), 2U);
  EXPECT_EQ(set.problems[0].place.path, "r1/bad.gcov.json");
  EXPECT_GT(set.problems[0].place.line, 0U);
  EXPECT_EQ(set.problems[1].place.path, "r2/strange.bin");
}

TEST(RunSet, FollowsPatternsAndCountsWhatTheyLeaveOut) {
  const Folder folder;
  folder.write("data/case1_cov_77/api/coverage.info", info("a.cc", 1, 2));
  folder.write("data/case1_cov_77/api/summary.txt", "x");
  const RunSet set =
      read(folder, "[[coverage]]\npath = \"data/{run}_cov_{*}/{service}/coverage.info\"\n");
  EXPECT_THAT(content(set.spectrum), ElementsAre("api/a.cc:1 case1x2"));
  ASSERT_EQ(set.inputs.size(), 2U);
  EXPECT_EQ(set.inputs[1].files, 1U);
  EXPECT_THAT(set.inputs[1].title, HasSubstr("outside the patterns"));
}

TEST(RunSet, SaysSoWhenAPatternMeetsAnotherKindOfFile) {
  const Folder folder;
  folder.write("r1.info", info("a.cc", 1, 2));
  const RunSet set = read(folder, "[[traces]]\npath = \"{run}.info\"\n");
  ASSERT_EQ(set.problems.size(), 1U);
  EXPECT_THAT(set.problems[0].what, HasSubstr("this is lcov"));
}

TEST(RunSet, HoldsTheSameWhateverTheNumberOfThreads) {
  const Folder folder;
  for (int run = 0; run < 70; ++run) {
    for (int object = 0; object < 3; ++object) {
      folder.write("r" + std::to_string(run) + "/o" + std::to_string(object) + ".info",
                   info("a.h", 1 + run % 5, run + object) + info("b.cc", 1 + object, run % 2));
    }
  }
  const RunSet one = read(folder, "", 1);
  const RunSet four = read(folder, "", 4);
  EXPECT_EQ(content(one.spectrum), content(four.spectrum));
  EXPECT_TRUE(std::ranges::equal(one.spectrum.runs(), four.spectrum.runs()));
}

TEST(RunSet, LeavesExcludedSourceFilesOut) {
  const Folder folder;
  folder.write("r1/a.info", info("/home/me/shop/src/a.cc", 1, 2) +
                                info("/home/me/shop/tests/a_test.cc", 1, 2) +
                                info("/usr/include/c++/12/vector", 9, 2) +
                                info("tests/b.cc", 1, 1) + info("src/contests/c.cc", 1, 1));
  const RunSet set = read(folder, "exclude = [\"tests/*\"]\n");
  EXPECT_THAT(content(set.spectrum),
              ElementsAre("//home/me/shop/src/a.cc:1 r1x2", "/src/contests/c.cc:1 r1x1"));
  EXPECT_EQ(set.excluded_files, 3U);
  EXPECT_EQ(read(folder, "exclude = [\"none\"]\n").spectrum.lines().size(), 5U);
}

TEST(RunSet, ReadsHitsOfManyRunsFromOneFile) {
  const Folder folder;
  folder.write("hits.jsonl",
               "{\"run\":\"a\",\"service\":\"s\",\"hits\":[{\"file\":\"x.cc\",\"line\":3}],"
               "\"verdict\":\"failed\"}\n"
               "{\"run\":\"b\",\"service\":\"s\",\"hits\":[{\"file\":\"x.cc\",\"line\":4,"
               "\"count\":9}],\"verdict\":\"passed\"}\n");
  const RunSet set = read(folder);
  EXPECT_THAT(content(set.spectrum), ElementsAre("s/x.cc:3 ax1", "s/x.cc:4 bx9"));
  EXPECT_THAT(set.spectrum.runs(), ElementsAre("a", "b"));
  EXPECT_EQ(set.runs[0].stated.verdict, Verdict::kFailed);
  EXPECT_EQ(set.runs[1].stated.verdict, Verdict::kPassed);
}

// A log a service: the trace that did not come to `pay` executed nothing there, it misses no
// report.
TEST(RunSet, TakesALogsServiceFromItsPathAndAllServicesForReportedInEveryTrace) {
  const Folder folder;
  folder.write("cart.log", "Cart#1 trace=0a\nCart#2 trace=0b\n");
  folder.write("pay.log", "Pay#7 trace=0a\n");
  const RunSet set =
      read(folder, "[[logs]]\npath = \"{service}.log\"\ntrace = \"trace={trace}\"\n");
  const std::string a = std::string(31, '0') + "a";
  const std::string b = std::string(31, '0') + "b";
  EXPECT_THAT(
      content(set.spectrum),
      ElementsAre("cart/Cart:1 " + a + "x1", "cart/Cart:2 " + b + "x1", "pay/Pay:7 " + a + "x1"));
  EXPECT_THAT(set.spectrum.services(), ElementsAre("cart", "pay"));
  for (const std::uint32_t run : {0U, 1U}) {
    EXPECT_TRUE(set.spectrum.reported(RunId{run}, ServiceId{0}));
    EXPECT_TRUE(set.spectrum.reported(RunId{run}, ServiceId{1}));
  }
}

TEST(RunSet, RemembersTheRunThatTracesLieIn) {
  const Folder folder;
  folder.write(
      "r1/traces.json",
      "{\"data\":[{\"traceID\":\"ab\",\"spans\":[{\"traceID\":\"ab\",\"spanID\":\"01\","
      "\"operationName\":\"op\",\"references\":[],\"startTime\":1,\"duration\":2,"
      "\"processID\":\"p1\",\"tags\":[]}],\"processes\":{\"p1\":{\"serviceName\":\"s\"}}}]}");
  const RunSet set = read(folder);
  ASSERT_EQ(set.spans.size(), 1U);
  EXPECT_EQ(set.run_of_trace.at(*set.spans.traces().begin()), "r1");
}

TEST(RunSet, SaysFromWhichFolderOnThePatternsFit) {
  const Folder folder;
  folder.write("data/set/r1/a.info", "SF:a.cc\nDA:1,1\nend_of_record\n");
  const auto hint_for = [&](const std::string& pattern, const std::string& below) {
    Policy policy;
    const std::string toml = "[[coverage]]\npath = \"" + pattern + "\"\n";
    EXPECT_TRUE(apply_manifest(policy, {"culprit.toml", toml}));
    const auto tree = FileTree::open(folder.path() + below);
    EXPECT_TRUE(tree);
    const RunSet set = read_run_set(*tree, "", policy, 1);
    return set.problems.empty() ? "" : set.problems[0].hint;
  };
  EXPECT_EQ(hint_for("set/{run}/a.info", "/data"), "");
  EXPECT_EQ(hint_for("set/{run}/a.info", "/data/set"),
            "from " + folder.path() + "/data on they do: give that as RUNS");
  EXPECT_EQ(hint_for("set/{run}/a.info", ""),
            "from " + folder.path() + "/data on they do: give that as RUNS");
  EXPECT_EQ(hint_for("{run}/b.info", ""),
            "the patterns are of paths below RUNS, such as data/set/r1/a.info");
}

std::string jaeger_of(const std::string& service) {
  return "{\"data\":[{\"traceID\":\"ab\",\"spans\":[{\"traceID\":\"ab\",\"spanID\":\"01\","
         "\"operationName\":\"op\",\"references\":[],\"startTime\":1,\"duration\":2,"
         "\"processID\":\"p1\",\"tags\":[]}],\"processes\":{\"p1\":{\"serviceName\":\"" +
         service + "\"}}}]}";
}

TEST(RunSet, GivesTracedServicesTheNamesOfCoverage) {
  const Folder folder;
  for (const std::string service : {"order_service", "stock", "web-server"}) {
    folder.write("r1/" + service + "/a.info", "SF:a.cc\nDA:1,1\nend_of_record\n");
  }
  // By name, a pod's name without its ends, the map, and one that nothing tells.
  folder.write("traces/1.json", jaeger_of("Order-Service"));
  folder.write("traces/2.json", jaeger_of("stock-6f6cfc45b-h5m2n"));
  folder.write("traces/3.json", jaeger_of("nginx"));
  folder.write("traces/4.json", jaeger_of("redis"));
  const RunSet set = read(folder,
                          "[service_map]\nnginx = \"web-server\"\nngin = \"stock\"\n"
                          "redis = \"stok\"\n");
  std::set<std::string> services;
  set.spans.for_each_facts([&](const SpanFacts& facts) { services.insert(facts.service); });
  EXPECT_THAT(services, ElementsAre("Order-Service", "stock", "stok", "web-server"));
  EXPECT_THAT(set.unmapped_services, ElementsAre());
  std::vector<std::string> problems;
  for (const Error& problem : set.problems) problems.push_back(to_string(problem));
  EXPECT_THAT(
      problems,
      ElementsAre(testing::AllOf(testing::HasSubstr("no trace has a service ngin"),
                                 testing::HasSubstr("did you mean nginx?")),
                  testing::AllOf(testing::HasSubstr("no run has coverage of a service stok"),
                                 testing::HasSubstr("did you mean stock?"))));
  EXPECT_THAT(read(folder).unmapped_services, ElementsAre("nginx", "redis"));
}

TEST(RunSet, LoadsWhatTheBuildLeftAndMakesNoRunOfIt) {
  const std::string notes("oncg*22B\1\2\3\4\0\0\0\0\0\0\0\0\0\0\0\0", 24);
  const Folder folder;
  folder.write("build/a.cc.gcno", notes);
  folder.write("build/rules.ninja", "build a.o: cxx a.cc");
  folder.write("r1/a.info", info("a.cc", 1, 2));
  folder.write("r1/notes/b.cc.gcno", notes);
  folder.write("r1/notes/c.cc.gcno", "oncg*2");
  const Folder elsewhere;
  elsewhere.write("CMakeFiles/d.dir/d.cc.gcno", notes);
  elsewhere.write("CMakeFiles/d.dir/d.cc.o",
                  "\x7f"
                  "ELF");
  const Folder nothing;
  nothing.write("d.cc.o", "ELF");
  std::vector<FileTree> build;
  for (const Folder* each : {&elsewhere, &nothing}) {
    Result<FileTree> opened = open_build(each->path());
    ASSERT_TRUE(opened);
    build.push_back(std::move(*opened));
  }
  const RunSet set = read_run_set(*FileTree::open(folder.path()), "", Policy{}, 2, build);
  EXPECT_THAT(set.spectrum.runs(), ElementsAre("r1"));
  ASSERT_EQ(set.inputs.size(), 3U);
  EXPECT_EQ(set.inputs[0].format, "gcno");
  EXPECT_EQ(set.inputs[0].files, 3U);
  EXPECT_EQ(set.inputs[1].format, "lcov");
  EXPECT_EQ(set.inputs[2].title, "of the build, of no use here");
  ASSERT_EQ(set.problems.size(), 2U);
  EXPECT_EQ(set.problems[0].place.path, nothing.path());
  EXPECT_EQ(set.problems[1].place.path, "r1/notes/c.cc.gcno");
}

TEST(RunSet, SaysWhichBuildFilesRawCountersLack) {
  const Folder folder;
  folder.write("build/a.gcno", std::string("oncg*22B\1\1\1\1\0\0\0\0\0\0\0\0\0\0\0\0", 24));
  folder.write("r1/a.gcda", std::string("adcg*22B\1\1\1\1\0\0\0\0\0\0\0\0", 20));
  folder.write("r2/a.gcda", std::string("adcg*22B\2\2\2\2\0\0\0\0", 16));
  folder.write("r2/b.gcda", std::string("adcg*22B\1\1\1\1\0\0\0\0", 16));
  const RunSet set = read(folder);
  ASSERT_EQ(set.problems.size(), 2U);
  EXPECT_EQ(set.problems[0].place.path, "r2/a.gcda");
  EXPECT_THAT(set.problems[0].what, HasSubstr("of another build than build/a.gcno"));
  EXPECT_EQ(set.problems[1].place.path, "r2/b.gcda");
  EXPECT_THAT(set.problems[1].hint, HasSubstr("--build"));
}

// Notes and counters of a program whose source is s.cpp, as GCC 12 and clang 14 wrote them.
std::pair<std::string, std::string> notes_and_counters(const char* seed) {
  const auto bytes = read_file(std::string(CULPRIT_SOURCE_DIR "/tests/fuzz/corpus/gcda/") + seed);
  EXPECT_TRUE(bytes);
  if (!bytes || bytes->size() < 4) return {};
  std::uint32_t size = 0;
  std::memcpy(&size, bytes->data(), 4);
  return {bytes->substr(4, size), bytes->substr(4 + size)};
}

// "1 0 ?": the first line of s.cpp by run; ? where the run does not tell of it.
std::string known_in(const RunSet& set) {
  const Spectrum& spectrum = set.spectrum;
  for (std::uint32_t line = 0; line < spectrum.lines().size(); ++line) {
    if (!spectrum.element(Level::kLine, line).file.ends_with("s.cpp")) continue;
    std::string text;
    for (std::uint32_t run = 0; run < spectrum.runs().size(); ++run) {
      const char what = !spectrum.tells_of({run}, {line})  ? '?'
                        : spectrum.executed({run}, {line}) ? '1'
                                                           : '0';
      text += std::string(text.empty() ? "" : " ") + what;
    }
    return text;
  }
  return "no line";
}

// r1 is sound; of r2 to r5 each damages the counters in another way; r6 never came to the object.
TEST(RunSet, MissesTheLinesWhoseCountersAreDamagedInARun) {
  const auto [notes, counters] = notes_and_counters("gcc12-O0");
  std::string other_stamp = counters;
  other_stamp[8] ^= 1;
  std::string other_compiler = counters;
  other_compiler[5] = '1';
  std::string huge = counters;
  huge[huge.find(std::string("\x78\0\0\0\0\0\0\0", 8), 40) + 7] = '\x40';
  const Folder folder;
  folder.write("build/s.gcno", notes);
  folder.write("r1/shop/s.gcda", counters);
  folder.write("r2/shop/s.gcda", counters.substr(0, counters.size() - 20));
  folder.write("r3/shop/s.gcda", other_stamp);
  folder.write("r4/shop/s.gcda", other_compiler);
  folder.write("r5/shop/s.gcda", huge);
  // What is not even known to be counters, but by its name.
  folder.write("r6/shop/s.gcda", "");
  folder.write("r7/shop/s.gcda", "adcg");
  folder.write("r8/shop/s.gcda", std::string(3000, '\x9d'));
  for (const char* run : {"r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"}) {
    folder.write(std::string(run) + "/shop/rest.info", info("rest.cc", 1, 1));
  }
  const RunSet set = read(folder);
  EXPECT_EQ(known_in(set), "1 ? ? ? ? ? ? ? 0");
  // The rest of the service is read in every run.
  EXPECT_EQ(set.spectrum.words(0)[0], 0b111111111U);
  ASSERT_EQ(set.problems.size(), 7U);
  const char* const said[] = {"cut short",
                              "of another build than build/s.gcno",
                              "written by GCC 12.1, but build/s.gcno by GCC 12.2",
                              "a counter is above 2^56",
                              "empty or damaged",
                              "empty or damaged",
                              "empty or damaged"};
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(set.problems[i].place.path, "r" + std::to_string(i + 2) + "/shop/s.gcda");
    EXPECT_THAT(set.problems[i].what, HasSubstr(said[i]));
    EXPECT_THAT(set.problems[i].what + set.problems[i].hint, Not(HasSubstr("atomic")));
  }
}

// The same of reports: r1 and r2 are sound; r3 to r7 damage the report in another way, r8 has none.
TEST(RunSet, MissesTheLinesWhoseReportIsDamagedInARun) {
  const std::string report = info("s.cpp", 3, 1) + info("t.cpp", 1, 1);
  const std::string packed = gzip(report);
  const std::string xml = R"(<coverage><packages><package><classes><class filename="s.cpp"><lines>)"
                          R"(<line number="3" hits="1"/>)";
  const Folder folder;
  folder.write("r1/shop/cov.info", report);
  folder.write("r2/shop/cov.info", info("s.cpp", 3, 0) + info("t.cpp", 1, 1));
  folder.write("r3/shop/cov.info", "");
  folder.write("r4/shop/cov.info", std::string(3000, '\x9d'));
  folder.write("r5/shop/cov.info", packed.substr(0, packed.size() / 2));
  folder.write("r6/shop/cov.info", xml);                   // another tool, and cut short
  folder.write("r7/shop/cov.info", report.substr(0, 12));  // in the middle of s.cpp
  for (const char* run : {"r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"}) {
    folder.write(std::string(run) + "/shop/rest.info", info("rest.cc", 1, 1));
  }
  const RunSet set = read(folder);
  EXPECT_EQ(known_in(set), "1 0 ? ? ? ? ? 0");
  EXPECT_EQ(set.spectrum.words(0)[0], 0b11111111U);  // rest.cc
  // t.cpp, which r7's report did not come to.
  for (std::uint32_t line = 0; line < set.spectrum.lines().size(); ++line) {
    if (set.spectrum.element(Level::kLine, line).file != "t.cpp") continue;
    EXPECT_FALSE(set.spectrum.tells_of({6}, {line}));
    EXPECT_TRUE(set.spectrum.tells_of({7}, {line}));
  }
  std::string said;
  for (const Error& problem : set.problems) said += problem.place.path + ": " + problem.what + "\n";
  for (const char* run : {"r3", "r4", "r5", "r6"}) {
    EXPECT_THAT(said, ContainsRegex(std::string(run) + "/shop/cov.info: .*; what the run did in 2 "
                                                       "source files is not known\n"));
  }
  EXPECT_THAT(said, HasSubstr("r7/shop/cov.info: what the run did in 1 source file is not known"));
}

// r1 is sound; r2 has a count that cannot be read, r3 a section that does not say of what it is.
TEST(RunSet, MissesTheLinesOfASectionThatIsDamagedInARun) {
  const std::string s = info("s.cpp", 3, 1);
  const std::string t = info("t.cpp", 1, 1);
  std::string garbled_name = s;
  garbled_name.replace(garbled_name.find("SF:"), 3, "\x01\x02:");
  std::string garbled_count = s;
  garbled_count.replace(garbled_count.find("DA:3,1"), 6, "DA:3,\x7f");
  const Folder folder;
  folder.write("r1/shop/cov.info", s + t);
  folder.write("r2/shop/cov.info", garbled_count + t);
  folder.write("r3/shop/cov.info", t + garbled_name);
  folder.write("r4/shop/cov.info", t + info("s.cpp", 3, 0));
  const RunSet set = read(folder);
  EXPECT_EQ(known_in(set), "1 ? ? 0");
  EXPECT_EQ(set.spectrum.words(0)[1], 0b1111U);  // t.cpp
  std::string said;
  for (const Error& problem : set.problems) said += problem.place.path + ": " + problem.what + "\n";
  EXPECT_THAT(said, HasSubstr("r2/shop/cov.info: not an execution count"));
  EXPECT_THAT(said, HasSubstr("what the run did in `s.cpp` is not known"));
  EXPECT_THAT(said, HasSubstr("r3/shop/cov.info: "));
  EXPECT_THAT(said, HasSubstr("what the run did in 1 source file is not known"));
}

TEST(RunSet, SaysThatADamagedReportWithoutItsLikeMayHaveToldAnything) {
  const Folder folder;
  folder.write("r1/shop/rest.info", info("rest.cc", 1, 1));
  folder.write("r2/shop/rest.info", info("rest.cc", 1, 1));
  folder.write("r2/shop/odd.xml",
               R"(<coverage><packages><package><classes><class filename="s.cpp"><lines>)");
  const RunSet set = read(folder);
  ASSERT_EQ(set.problems.size(), 1U);
  EXPECT_EQ(set.problems[0].place.path, "r2/shop/odd.xml");
  EXPECT_THAT(set.problems[0].what, HasSubstr("what else the run did in this service"));
}

// Where another format tells of the same source file, nothing is lost.
TEST(RunSet, LosesNothingThatAnotherFormatTells) {
  const Folder folder;
  folder.write("r1/cov.xml",
               R"(<coverage><packages><package><classes><class filename="s.cpp"><lines>)"
               R"(<line number="3" hits="1"/></lines></class></classes></package></packages>)"
               R"(</coverage>)");
  folder.write("r2/cov.xml", "<coverage><packages>");
  folder.write("r2/cov.info", info("s.cpp", 3, 1));
  EXPECT_EQ(known_in(read(folder)), "1 1");
}

// Its window says that the service answered: but not what it executed.
TEST(RunSet, MissesTheServiceWhoseJacocoDataIsNone) {
  const Folder folder;
  const std::string window = R"({"schema":"culprit.window/1","rounds":1,"quiet":true})";
  folder.write("r1/shop/window.json", window);
  folder.write("r2/shop/window.json", window);
  folder.write("r2/shop/jacoco.exec", "");
  folder.write("r3/shop/window.json", window);
  folder.write("r3/shop/jacoco.exec", "\x01\xc0\xc0");
  folder.write("r4/shop/rest.info", info("rest.cc", 1, 1));
  const RunSet set = read(folder);
  std::vector<std::string> reported;
  for (std::uint32_t run = 0; run < set.spectrum.runs().size(); ++run) {
    if (set.spectrum.reported({run}, {0})) reported.push_back(set.spectrum.runs()[run]);
  }
  EXPECT_THAT(reported, ElementsAre("r1", "r4"));
  ASSERT_EQ(set.problems.size(), 2U);
  EXPECT_EQ(set.problems[0].place.path, "r2/shop/jacoco.exec");
  EXPECT_THAT(set.problems[0].what, HasSubstr("empty or damaged"));
}

TEST(RunSet, TellsTheSameOfRawCountersForAnyNumberOfJobs) {
  const auto [notes, counters] = notes_and_counters("gcc12-O0");
  const auto [fast_notes, fast_counters] = notes_and_counters("gcc12-O2");
  const Folder folder;
  folder.write("build/shop/s.gcno", notes);
  folder.write("build/cart/s.gcno", fast_notes);
  for (int run = 0; run < 40; ++run) {
    const std::string name = "r" + std::to_string(run);
    std::string own = counters;
    own[60] = static_cast<char>(run);  // how often the first function ran
    folder.write(name + "/shop/s.gcda", run % 7 == 3 ? own.substr(0, 100) : own);
    if (run % 3 != 0) folder.write(name + "/cart/s.gcda", fast_counters);
    folder.write(name + "/shop/rest.info", info("rest.cc", 1, run));
  }
  const RunSet one = read(folder);
  EXPECT_EQ(one.problems.size(), 6U);  // r3, r10, ..., r38
  for (const unsigned jobs : {2U, 3U, 8U}) {
    const RunSet several = read(folder, "", jobs);
    EXPECT_EQ(content(several.spectrum), content(one.spectrum)) << jobs;
    EXPECT_EQ(known_in(several), known_in(one)) << jobs;
    ASSERT_EQ(several.problems.size(), one.problems.size());
    for (std::size_t i = 0; i < one.problems.size(); ++i) {
      EXPECT_EQ(to_string(several.problems[i]), to_string(one.problems[i]));
    }
  }
}

TEST(RunSet, ReadsASoundReportBesideDamagedCounters) {
  const auto [notes, counters] = notes_and_counters("gcc12-O0");
  const std::string beside = info("s.cpp", 2, 1);
  const Folder folder;
  folder.write("build/s.gcno", notes);
  folder.write("r1/shop/s.gcda", counters);
  folder.write("r1/shop/s.info", beside);
  folder.write("r2/shop/s.gcda", counters.substr(0, 60));
  folder.write("r2/shop/s.info", beside);
  const RunSet set = read(folder);
  EXPECT_EQ(known_in(set), "1 1");
}

// AnoMod's SocialNetwork gives the same counts in three formats: an oracle across readers.
TEST(RunSet, ReadsTheSameCountsFromGcovLcovAndCobertura) {
  const std::string archive = CULPRIT_SOURCE_DIR "/../shared/data/anomod/sn_coverage.tar.xz";
  if (!std::filesystem::exists(archive)) GTEST_SKIP() << "../shared/data/anomod is not there";
  const Result<FileTree> tree = FileTree::open(archive);
  ASSERT_TRUE(tree);
  std::vector<std::vector<std::string>> seen;
  for (const std::string files : {"coverage.info", "coverage.xml", "{*}.gcov"}) {
    Policy policy;
    ASSERT_TRUE(
        apply_manifest(policy, {"culprit.toml",
                                "[[coverage]]\npath = \"SN_data/coverage_data/{run}_coverage_{*}/"
                                "{service}/" +
                                    files + "\"\n"}));
    const RunSet set = read_run_set(*tree, "", policy, 1);
    EXPECT_THAT(set.problems, IsEmpty());
    const auto normal = std::ranges::find(set.spectrum.runs(), "Normal_Baseline_20251103_220228");
    ASSERT_NE(normal, set.spectrum.runs().end());
    const RunId run{static_cast<std::uint32_t>(normal - set.spectrum.runs().begin())};
    // One header compiled into eleven services is eleven files, instances of its templates one
    // line.
    const auto shared = std::ranges::count_if(set.spectrum.files(), [](const File& file) {
      return file.path == "/social-network-microservices/src/tracing.h";
    });
    EXPECT_EQ(shared, 11);
    std::vector<std::string> lines;
    for (std::uint32_t l = 0; l < set.spectrum.lines().size(); ++l) {
      const CodeElement e = set.spectrum.element(Level::kLine, l);
      // gcov's text also covers generated code, which the other two leave out.
      if (e.file.find("gen-cpp") != std::string::npos) continue;
      lines.push_back(e.service + e.file + ":" + std::to_string(e.first_line) + " x" +
                      std::to_string(set.spectrum.count(run, LineId{l})));
    }
    seen.push_back(lines);
  }
  EXPECT_EQ(seen[0].size(), 4980U);
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_EQ(seen[0], seen[2]);
}

TEST(Folded, KeepsThreeOfAKindAndCountsTheRest) {
  std::vector<Error> problems;
  for (int i = 0; i < 10; ++i) problems.push_back({{"f" + std::to_string(i)}, "is bad"});
  problems.push_back({{"g"}, "is worse"});
  const std::vector<Error> folds = folded(problems);
  ASSERT_EQ(folds.size(), 5U);
  EXPECT_EQ(folds[3].what, "is worse");
  EXPECT_EQ(folds[4].what, "7 more times: is bad");
}

}  // namespace
}  // namespace culprit
