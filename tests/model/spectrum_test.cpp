#include "culprit/spectrum.h"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

namespace culprit {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> function_names(const Spectrum& spectrum) {
  std::vector<std::string> names;
  for (const Function& f : spectrum.functions()) names.push_back(f.name);
  return names;
}

std::string owner_of(const Spectrum& spectrum, std::uint32_t number) {
  for (const Line& line : spectrum.lines()) {
    if (line.number == number) return spectrum.functions()[line.function.value].name;
  }
  return "no such line";
}

TEST(CountCode, IsExactBelow2048) {
  for (std::uint64_t count = 1; count < 2048; ++count) {
    ASSERT_EQ(CountCode::decode(CountCode::encode(count)), count);
  }
}

TEST(CountCode, KeepsElevenSignificantBitsAndTheOrder) {
  EXPECT_EQ(CountCode::decode(CountCode::encode(2048)), 2048U);
  EXPECT_EQ(CountCode::decode(CountCode::encode(2049)), 2048U);
  EXPECT_EQ(CountCode::decode(CountCode::encode(4095)), 4094U);
  EXPECT_EQ(CountCode::decode(CountCode::encode(1'000'000)), 999'936U);  // 1953 * 2^9
  EXPECT_EQ(CountCode::decode(CountCode::encode(~0ULL)), 2047ULL << 53);
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t a = random() >> (random() % 64);
    const std::uint64_t b = random() >> (random() % 64);
    ASSERT_LE(CountCode::encode(std::min(a, b)), CountCode::encode(std::max(a, b)));
  }
}

TEST(CountCode, CodeZeroIsExecutedWithUnknownCount) { EXPECT_EQ(CountCode::decode(0), 1U); }

// "line.number runs that took it", counting ones as "line>=number".
std::vector<std::string> branches_of(const Spectrum& spectrum) {
  std::vector<std::string> rows;
  for (std::uint32_t i = 0; i < spectrum.branches().size(); ++i) {
    const Branch& branch = spectrum.branches()[i];
    std::string row = std::to_string(spectrum.lines()[branch.line.value].number) +
                      (branch.counting ? ">=" : ".") + std::to_string(branch.number);
    for (std::uint32_t run = 0; run < spectrum.runs().size(); ++run) {
      if (spectrum.taken({run}, {i})) row += " " + spectrum.runs()[run];
    }
    rows.push_back(row);
  }
  return rows;
}

TEST(Spectrum, KeepsBranchesApartFromLinesAndInTheirOrder) {
  Spectrum::Builder first;
  const FileId a = first.file(first.service(""), "a.cc");
  const RunId t2 = first.run("t2");
  first.hit(t2, std::vector{first.line(a, 7), first.line(a, 3)});
  first.take(t2, first.branch(first.line(a, 7), 1));
  static_cast<void>(first.branch(first.line(a, 7), 0));
  first.take(t2, first.branch(first.line(a, 3), 1, true));

  Spectrum::Builder second;
  const FileId b = second.file(second.service(""), "a.cc");
  // A second block of runs; one of them comes first in the order of names.
  for (int i = 100; i < 170; ++i) second.run("t" + std::to_string(i));
  const RunId t1 = second.run("t1");
  second.hit(t1, std::vector{second.line(b, 7)});
  second.take(t1, second.branch(second.line(b, 7), 0));
  second.take(t1, second.branch(second.line(b, 7), 1));

  first.merge(std::move(second));
  const Spectrum spectrum = std::move(first).build();
  EXPECT_THAT(branches_of(spectrum), ElementsAre("3>=1 t2", "7.0 t1", "7.1 t1 t2"));
  EXPECT_EQ(spectrum.branches({0}).size(), 1U);
  ASSERT_EQ(spectrum.branches({1}).size(), 2U);
  EXPECT_EQ(spectrum.branches({1})[1].number, 1U);
  EXPECT_EQ(spectrum.lines().size(), 2U);
}

TEST(Spectrum, OrdersRunsNaturallyAndLinesByServiceFileAndNumber) {
  Spectrum::Builder builder;
  const RunId t10 = builder.run("t10");
  const RunId t2 = builder.run("t2");
  const FileId z = builder.file(builder.service("z"), "a.cc");
  const FileId b = builder.file(builder.service("a"), "b.cc");
  const FileId a = builder.file(builder.service("a"), "a.cc");
  builder.hit(t10, std::vector{builder.line(z, 1), builder.line(b, 9), builder.line(b, 2)});
  builder.hit(t2, std::vector{builder.line(a, 5)});
  const Spectrum spectrum = std::move(builder).build();

  EXPECT_THAT(spectrum.runs(), ElementsAre("t2", "t10"));
  EXPECT_THAT(spectrum.services(), ElementsAre("a", "z"));
  std::vector<std::string> order;
  for (std::uint32_t i = 0; i < spectrum.lines().size(); ++i) {
    const CodeElement e = spectrum.element(Level::kLine, i);
    order.push_back(e.service + "/" + e.file + ":" + std::to_string(e.first_line));
  }
  EXPECT_THAT(order, ElementsAre("a/a.cc:5", "a/b.cc:2", "a/b.cc:9", "z/a.cc:1"));
  EXPECT_TRUE(spectrum.executed(RunId{0}, LineId{0}));
  EXPECT_FALSE(spectrum.executed(RunId{1}, LineId{0}));
  EXPECT_TRUE(spectrum.executed(RunId{1}, LineId{3}));
}

TEST(Spectrum, TellsMissingReportsFromReportsWithNothingExecuted) {
  Spectrum::Builder builder;
  const ServiceId service = builder.service("s");
  const RunId empty = builder.run("r0");
  builder.run("r1");
  const RunId hit = builder.run("r2");
  builder.report(empty, service);
  builder.hit(hit, builder.line(builder.file(service, "a"), 1), 3);
  const Spectrum spectrum = std::move(builder).build();
  EXPECT_TRUE(spectrum.reported(RunId{0}, ServiceId{0}));
  EXPECT_FALSE(spectrum.reported(RunId{1}, ServiceId{0}));
  EXPECT_TRUE(spectrum.reported(RunId{2}, ServiceId{0}));
}

TEST(Spectrum, AddsRepeatedCountsExactlyBeforeCodingThem) {
  Spectrum::Builder builder;
  const RunId run = builder.run("r");
  const LineId line = builder.line(builder.file(builder.service(""), "a.h"), 3);
  for (int i = 0; i < 2048; ++i) builder.hit(run, line, 1);  // adding codes would stick at 2048 + 1
  builder.hit(run, line, 2);
  EXPECT_EQ(std::move(builder).build().count(RunId{0}, LineId{0}), 2050U);
}

TEST(Spectrum, SaturatesCountsInsteadOfWrapping) {
  Spectrum::Builder builder;
  const LineId line = builder.line(builder.file(builder.service(""), "a.h"), 3);
  builder.hit(builder.run("r"), line, ~0ULL);
  builder.hit(builder.run("r"), line, ~0ULL);
  EXPECT_EQ(std::move(builder).build().count(RunId{0}, LineId{0}), 2047ULL << 53);
}

TEST(Spectrum, OwnsLinesByTheInnermostFunctionAroundThem) {
  Spectrum::Builder builder;
  const RunId run = builder.run("r");
  const FileId file = builder.file(builder.service(""), "a.cc");
  builder.function(file, "outer", 10, 30);
  builder.function(file, "inner", 15, 18);
  builder.function(file, "open", 40);
  builder.function(file, "last", 50);
  for (const std::uint32_t number : {5U, 10U, 15U, 18U, 19U, 30U, 31U, 45U, 99U}) {
    builder.hit(run, builder.line(file, number), 1);
  }
  const Spectrum spectrum = std::move(builder).build();
  EXPECT_EQ(owner_of(spectrum, 5), "");
  EXPECT_EQ(owner_of(spectrum, 10), "outer");
  EXPECT_EQ(owner_of(spectrum, 15), "inner");
  EXPECT_EQ(owner_of(spectrum, 18), "inner");
  EXPECT_EQ(owner_of(spectrum, 19), "outer");
  EXPECT_EQ(owner_of(spectrum, 30), "outer");
  EXPECT_EQ(owner_of(spectrum, 31), "");
  EXPECT_EQ(owner_of(spectrum, 45), "open");
  EXPECT_EQ(owner_of(spectrum, 99), "last");
}

TEST(Spectrum, PrefersTheOwnerTheInputNamesOverExtents) {
  Spectrum::Builder builder;
  const RunId run = builder.run("r");
  const FileId file = builder.file(builder.service(""), "a.cc");
  builder.function(file, "around", 1, 20);
  const FunctionId named = builder.function(file, "named", 2, 3);
  const LineId line = builder.line(file, 10);
  builder.assign(line, named);
  builder.hit(run, line, 1);
  EXPECT_EQ(owner_of(std::move(builder).build(), 10), "named");
}

TEST(Spectrum, MakesInstancesOfATemplateOneFunction) {
  Spectrum::Builder builder;
  const RunId run = builder.run("r");
  const FileId file = builder.file(builder.service(""), "a.h");
  builder.function(file, "double twice<double>(double)", 3, 3);
  builder.function(file, "int twice<int>(int)", 3, 3);
  builder.function(file, "bool operator<(A const&, A const&)", 7, 7);
  builder.function(file, "shop.A#<clinit>()", 9);
  builder.function(file, "shop.A#<init>()", 9);
  builder.hit(run, builder.line(file, 3), 2);
  builder.hit(run, builder.line(file, 7), 2);
  builder.hit(run, builder.line(file, 9), 2);
  const Spectrum spectrum = std::move(builder).build();
  EXPECT_THAT(
      function_names(spectrum),
      ElementsAre("int twice<int>(int)", "bool operator<(A const&, A const&)", "shop.A#<init>()"));
}

TEST(Spectrum, DropsFunctionsThatOwnNoLine) {
  Spectrum::Builder builder;
  const FileId file = builder.file(builder.service(""), "a.cc");
  builder.function(file, "declared", 3, 4);
  builder.function(file, "used", 5, 9);
  builder.hit(builder.run("r"), builder.line(file, 6), 1);
  EXPECT_THAT(function_names(std::move(builder).build()), ElementsAre("used"));
}

// A spectrum as plain sets, to compare with.
struct Plain {
  std::map<std::string, std::map<std::string, std::uint64_t>> counts;  // run -> element -> count
  std::set<std::string> elements;
};

Plain plain(const Spectrum& spectrum) {
  Plain result;
  for (std::uint32_t l = 0; l < spectrum.lines().size(); ++l) {
    const CodeElement e = spectrum.element(Level::kLine, l);
    const std::string key = e.service + "|" + e.file + "|" + std::to_string(e.first_line);
    result.elements.insert(key);
    for (std::uint32_t r = 0; r < spectrum.runs().size(); ++r) {
      const std::uint64_t count = spectrum.count(RunId{r}, LineId{l});
      if (count != 0) result.counts[spectrum.runs()[r]][key] = count;
    }
  }
  return result;
}

// Feeds the same random hits to one builder, and in random order to three that are merged.
TEST(Spectrum, DoesNotDependOnOrderOrOnHowBuildersShareTheWork) {
  for (const bool counted : {false, true}) {
    std::mt19937 random(counted ? 1 : 2);
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random()) % n; };
    Plain expected;
    std::vector<std::array<std::uint32_t, 5>> hits;  // run, service, file, line, count
    for (int i = 0; i < 4000; ++i) {
      hits.push_back({below(150), below(3), below(4), below(40) + 1, counted ? below(6) : 1});
    }
    const auto feed = [&](Spectrum::Builder& builder, const std::array<std::uint32_t, 5>& h) {
      const RunId run = builder.run("run" + std::to_string(h[0]));
      const FileId file =
          builder.file(builder.service("s" + std::to_string(h[1])), "f" + std::to_string(h[2]));
      const LineId line = builder.line(file, h[3]);
      if (counted) {
        builder.hit(run, line, h[4]);
      } else {
        builder.hit(run, std::vector{line});
      }
    };
    Spectrum::Builder whole;
    for (const auto& h : hits) {
      feed(whole, h);
      const std::string key =
          "s" + std::to_string(h[1]) + "|f" + std::to_string(h[2]) + "|" + std::to_string(h[3]);
      expected.elements.insert(key);
      auto& count = expected.counts["run" + std::to_string(h[0])];
      if (counted && h[4] != 0) count[key] += h[4];
      if (!counted) count[key] = 1;
      if (count.empty()) expected.counts.erase("run" + std::to_string(h[0]));
    }
    std::shuffle(hits.begin(), hits.end(), random);
    Spectrum::Builder parts[3];
    for (std::size_t i = 0; i < hits.size(); ++i) feed(parts[i % 3], hits[i]);
    parts[0].merge(std::move(parts[1]));
    parts[0].merge(std::move(parts[2]));

    const Spectrum a = std::move(whole).build();
    const Spectrum b = std::move(parts[0]).build();
    EXPECT_EQ(plain(a).elements, expected.elements);
    EXPECT_EQ(plain(a).counts, expected.counts);
    EXPECT_EQ(plain(b).counts, expected.counts);
    EXPECT_EQ(a.has_counts(), counted);
    ASSERT_EQ(a.blocks(), 3U);
    for (std::size_t block = 0; block < a.blocks(); ++block) {
      EXPECT_TRUE(std::ranges::equal(a.words(block), b.words(block)));
    }
    for (std::uint32_t run = 0; counted && run < a.runs().size(); ++run) {
      EXPECT_TRUE(std::ranges::equal(a.stretches(0, {run}), b.stretches(0, {run})));
    }
  }
}

TEST(Spectrum, KeepsLinesThatRanEquallyOftenAsStretches) {
  Spectrum::Builder builder;
  const FileId file = builder.file(builder.service(""), "a");
  std::vector<LineId> lines;
  for (std::uint32_t number = 1; number <= 1000; ++number) {
    lines.push_back(builder.line(file, number));
  }
  const RunId run = builder.run("r");
  for (std::uint32_t i = 2; i < 5; ++i) builder.hit(run, lines[i], 3);
  builder.hit(run, lines[5], 4);
  for (std::uint32_t i = 600; i < 900; ++i) builder.hit(run, lines[i], 1);
  builder.hit(run, lines[999], 5000);  // in 11 significant bits: 1250 << 2
  builder.hit(builder.run("s"), std::vector{lines[0], lines[1], lines[3]});
  const Spectrum spectrum = std::move(builder).build();
  const std::uint16_t large = CountCode::encode(5000);
  // 6 + 255 + 255 + 84 = 600, and 300 are too many for one.
  EXPECT_THAT(spectrum.stretches(0, {0}),
              ElementsAre(CountStretch{2, 3, 3}, CountStretch{0, 1, 4}, CountStretch{255, 0, 0},
                          CountStretch{255, 0, 0}, CountStretch{84, 255, 1}, CountStretch{0, 45, 1},
                          CountStretch{99, 1, large}));
  EXPECT_THAT(spectrum.stretches(0, {1}),
              ElementsAre(CountStretch{0, 2, 0}, CountStretch{1, 1, 0}));
  EXPECT_EQ(spectrum.count({0}, {4}), 3U);
  EXPECT_EQ(spectrum.count({0}, {6}), 0U);
  EXPECT_EQ(spectrum.count({0}, {899}), 1U);
  EXPECT_EQ(spectrum.count({0}, {999}), 5000U);
  EXPECT_EQ(spectrum.count({1}, {3}), 1U);
}

TEST(Spectrum, CutsStretchesAtTiles) {
  constexpr std::uint32_t kTile = Spectrum::kLinesPerTile;
  Spectrum::Builder builder;
  const FileId file = builder.file(builder.service(""), "a");
  std::vector<LineId> lines;
  for (std::uint32_t number = 1; number <= 2 * kTile + 10; ++number) {
    lines.push_back(builder.line(file, number));
  }
  const RunId run = builder.run("r");
  for (std::uint32_t i = kTile - 2; i < kTile + 3; ++i) builder.hit(run, lines[i], 7);
  builder.hit(builder.run("s"), lines[2 * kTile + 9], 1);
  const Spectrum spectrum = std::move(builder).build();
  ASSERT_EQ(spectrum.tiles(), 3U);
  EXPECT_EQ(spectrum.stretches(0, {0}).back(), (CountStretch{(kTile - 2) % 255, 2, 7}));
  EXPECT_THAT(spectrum.stretches(1, {0}), ElementsAre(CountStretch{0, 3, 7}));
  EXPECT_TRUE(spectrum.stretches(2, {0}).empty());
  EXPECT_TRUE(spectrum.stretches(0, {1}).empty());
  EXPECT_THAT(spectrum.stretches(2, {1}), ElementsAre(CountStretch{9, 1, 1}));
  EXPECT_EQ(spectrum.count({0}, {kTile - 3}), 0U);
  EXPECT_EQ(spectrum.count({0}, {kTile - 1}), 7U);
  EXPECT_EQ(spectrum.count({0}, {kTile + 2}), 7U);
  EXPECT_EQ(spectrum.count({0}, {kTile + 3}), 0U);
  EXPECT_EQ(spectrum.count({1}, {2 * kTile + 9}), 1U);
}

TEST(Spectrum, CarriesStretchesIntoTheOrderOfLines) {
  // Files come in backwards, and lines of one in two pieces.
  Spectrum::Builder builder;
  const ServiceId service = builder.service("");
  const RunId run = builder.run("r");
  const FileId b = builder.file(service, "b");
  const FileId a = builder.file(service, "a");
  for (const std::uint32_t number : {5U, 6U, 7U, 1U, 2U}) {
    builder.hit(run, builder.line(b, number), number < 7 ? 2 : 9);
  }
  builder.line(a, 3);
  builder.hit(run, builder.line(a, 4), 2);
  const Spectrum spectrum = std::move(builder).build();  // a:3 a:4 b:1 b:2 b:5 b:6 b:7
  EXPECT_THAT(spectrum.stretches(0, {0}),
              ElementsAre(CountStretch{1, 5, 2}, CountStretch{0, 1, 9}));
}

TEST(Spectrum, MixesRunsWithAndWithoutCounts) {
  Spectrum::Builder builder;
  const FileId file = builder.file(builder.service(""), "a");
  const LineId one = builder.line(file, 1);
  const LineId two = builder.line(file, 2);
  builder.hit(builder.run("plain"), std::vector{one, two});
  builder.hit(builder.run("counted"), two, 7);
  builder.hit(builder.run("both"), std::vector{one});
  builder.hit(builder.run("both"), two, 5);
  const Spectrum spectrum = std::move(builder).build();  // both, counted, plain
  EXPECT_EQ(spectrum.count(RunId{0}, LineId{0}), 1U);
  EXPECT_EQ(spectrum.count(RunId{0}, LineId{1}), 5U);
  EXPECT_EQ(spectrum.count(RunId{1}, LineId{0}), 0U);
  EXPECT_EQ(spectrum.count(RunId{1}, LineId{1}), 7U);
  EXPECT_EQ(spectrum.count(RunId{2}, LineId{0}), 1U);
  EXPECT_EQ(spectrum.count(RunId{2}, LineId{1}), 1U);
}

TEST(Spectrum, OfNothingIsEmpty) {
  const Spectrum spectrum = Spectrum::Builder().build();
  EXPECT_TRUE(spectrum.lines().empty());
  EXPECT_TRUE(spectrum.runs().empty());
  EXPECT_FALSE(spectrum.has_counts());
}

// Three runs of one service execute a.cc:1 and b.cc:1, with counts; the second lost a.cc.
TEST(Spectrum, LeavesARunOutOfTheLinesOfASourceFileThatItLost) {
  Spectrum::Builder builder;
  const ServiceId service = builder.service("shop");
  const LineId a = builder.line(builder.file(service, "a.cc"), 1);
  const LineId b = builder.line(builder.file(service, "b.cc"), 1);
  for (std::uint64_t count = 1; count <= 3; ++count) {
    const RunId run = builder.run("r" + std::to_string(count));
    builder.hit(run, b, 10 * count);
    builder.hit(run, a, count);
  }
  builder.lose("r2", "shop", "a.cc");
  builder.lose("r2", "shop", "no such file");
  builder.lose("r2", "no such service", "a.cc");
  builder.lose("no such run", "shop", "a.cc");
  const Spectrum spectrum = std::move(builder).build();
  EXPECT_THAT(spectrum.runs(), ElementsAre("r1", "r2", "r3"));
  EXPECT_THAT(spectrum.services(), ElementsAre("shop"));
  const auto told = [&](std::uint32_t line) {
    std::string text;
    for (std::uint32_t run = 0; run < 3; ++run) {
      text +=
          spectrum.tells_of({run}, {line}) ? std::to_string(spectrum.count({run}, {line})) : "?";
      text += ' ';
    }
    return text;
  };
  EXPECT_EQ(told(0), "1 ? 3 ");
  EXPECT_EQ(told(1), "10 20 30 ");
  EXPECT_FALSE(spectrum.executed({1}, {0}));
  EXPECT_TRUE(spectrum.reported({1}, {0}));
  EXPECT_EQ(spectrum.parts(), 2U);
}

TEST(Spectrum, ComparesWhatIsToldOfAFileThatEveryRunLost) {
  Spectrum::Builder builder;
  const ServiceId service = builder.service("");
  const LineId line = builder.line(builder.file(service, "a.h"), 1);
  for (const char* const name : {"r1", "r2"}) {
    builder.hit(builder.run(name), line, 1);
    builder.lose(name, "", "a.h");
  }
  const Spectrum spectrum = std::move(builder).build();
  EXPECT_TRUE(spectrum.tells_of({0}, {0}));
  EXPECT_TRUE(spectrum.executed({1}, {0}));
}

TEST(Spectrum, KeepsWhatWasLostWhenWorkersMerge) {
  Spectrum::Builder all;
  for (const char* const name : {"r1", "r2", "r3"}) {
    Spectrum::Builder one;
    const LineId line = one.line(one.file(one.service("s"), "a.cc"), 1);
    one.hit(one.run(name), std::span(&line, 1));
    if (name[1] == '2') one.lose(name, "s", "a.cc");
    all.merge(std::move(one));
  }
  const Spectrum spectrum = std::move(all).build();
  EXPECT_TRUE(spectrum.tells_of({0}, {0}));
  EXPECT_FALSE(spectrum.tells_of({1}, {0}));
  EXPECT_TRUE(spectrum.tells_of({2}, {0}));
}

}  // namespace
}  // namespace culprit
