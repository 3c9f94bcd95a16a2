// One program as every tool reports it (fixtures/reports/parcel): each reader against the counts
// that the program's source states, and two views of one tool against each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "base/text.h"
#include "readers/registry.h"
#include "recorder.h"

namespace culprit {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::IsSupersetOf;

const std::filesystem::path kFolder = CULPRIT_SOURCE_DIR "/fixtures/reports/parcel";

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// "fee.cc:4" -> how often; of the program's own files.
using Counts = std::map<std::string, std::uint64_t>;

const std::set<std::string> kSources = {"fee.cc", "parcel.cc", "parcel.h"};

// What the comments `//= N` say.
Counts stated() {
  Counts counts;
  for (const std::string& source : kSources) {
    const std::string bytes = bytes_of(kFolder / source);
    const Input input{source, bytes};
    LineReader lines(input);
    while (const auto line = lines.next()) {
      const std::size_t at = line->find("//= ");
      if (at == std::string_view::npos) continue;
      counts[source + ":" + std::to_string(lines.number())] = *parse_u64(line->substr(at + 4));
    }
  }
  EXPECT_EQ(counts.size(), 27U);
  return counts;
}

// Sums up what the reports of one run say.
class Adder : public Recorder {
 public:
  Counts counts;
  std::set<std::string> functions;
  std::map<std::string, std::set<std::uint32_t>> ways;  // line -> numbers of its branches

  void file(std::string_view path) override {
    name_ = std::string(path.substr(path.rfind('/') + 1));
    own_ = kSources.contains(name_);
  }
  void function(std::string_view name, std::uint32_t first, std::uint32_t) override {
    if (own_) functions.insert(name_ + ":" + std::to_string(first) + " " + std::string(name));
  }
  void line(std::uint32_t number, std::uint64_t count, std::string_view) override {
    at_ = name_ + ":" + std::to_string(number);
    if (own_) counts[at_] += count;
  }
  void branch(std::uint32_t number, bool taken) override {
    if (own_ && taken) ways[at_].insert(number);
  }
  void branches(std::uint32_t taken, std::uint32_t of) override {
    if (!own_) return;
    for (std::uint32_t i = 0; i < taken; ++i) ways[at_].insert(i);
    EXPECT_LE(taken, of);
  }

 private:
  std::string name_;
  std::string at_;
  bool own_ = false;
};

// Reads the reports of `folder` whose names end so.
Adder read(const std::string& folder, const std::string& reader, std::string_view suffix) {
  Adder adder;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder / folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(suffix)) continue;
    ++files;
    const std::string bytes = bytes_of(entry.path());
    const auto detected = detect({name, bytes});
    EXPECT_TRUE(detected);
    if (!detected) continue;
    EXPECT_EQ((*detected)->name, reader) << name;
    EXPECT_TRUE((*detected)->read({name, bytes}, adder)) << name;
  }
  EXPECT_NE(files, 0U) << folder << " " << suffix;
  EXPECT_THAT(adder.warnings, IsEmpty());
  return adder;
}

void expect_stated(const Adder& adder) {
  for (const auto& [line, count] : stated()) {
    const auto told = adder.counts.find(line);
    ASSERT_NE(told, adder.counts.end()) << line;
    EXPECT_EQ(told->second, count) << line;
  }
}

struct Report {
  const char* folder;
  const char* reader;
  const char* suffix;
};

class ExactReport : public testing::TestWithParam<Report> {};

TEST_P(ExactReport, TellsWhatTheProgramDid) {
  const Report& report = GetParam();
  const Adder adder = read(report.folder, report.reader, report.suffix);
  expect_stated(adder);
  // Each way out of `if (value > limit)` was taken, in both instances of the template, which
  // llvm-cov numbers on in its tracefile.
  ASSERT_THAT(adder.ways, Contains(testing::Key("parcel.h:8")));
  EXPECT_THAT(adder.ways.at("parcel.h:8"), IsSupersetOf({0U, 1U}));
  // `if (argc > 5 && argc < 9)` stopped at its first part: one way of several.
  EXPECT_EQ(adder.ways.at("parcel.cc:33").size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Parcel, ExactReport,
    testing::Values(Report{"gcc-11", "gcov-text", ".gcov"}, Report{"gcc-12", "gcov-text", ".gcov"},
                    Report{"gcc-11", "gcov-json", ".json"}, Report{"gcc-12", "gcov-json", ".json"},
                    Report{"clang-14", "gcov-text", ".gcov"},
                    Report{"clang-19", "gcov-text", ".gcov"},
                    Report{"clang-14", "llvm-json", ".json"},
                    Report{"clang-19", "llvm-json", ".json"}, Report{"clang-14", "lcov", ".info"},
                    Report{"clang-19", "lcov", ".info"}, Report{"lcov-1.16", "lcov", ".info"}),
    [](const auto& test) {
      std::string name = std::string(test.param.folder) + "_" + test.param.reader;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
      return name;
    });

TEST(Parcel, AgreesWithGcovrWhereThatDoesNotCountInstancesTwice) {
  const Adder adder = read("gcovr-5.2", "cobertura", ".xml");
  for (const auto& [line, count] : stated()) {
    ASSERT_TRUE(adder.counts.contains(line)) << line;
    EXPECT_EQ(adder.counts.at(line) > 0, count > 0) << line;
  }
  EXPECT_EQ(adder.counts.at("fee.cc:4"), 4U);
  EXPECT_EQ(adder.ways.at("fee.cc:4").size(), 2U);
}

TEST(Parcel, IsTheSameInTheTextAndTheJsonOfGcov) {
  for (const char* folder : {"gcc-11", "gcc-12"}) {
    const Adder text = read(folder, "gcov-text", ".gcov");
    const Adder json = read(folder, "gcov-json", ".json");
    EXPECT_EQ(text.counts, json.counts);
    EXPECT_EQ(text.ways, json.ways);
    EXPECT_THAT(json.functions,
                IsSupersetOf({"fee.cc:3 fee(Parcel const&)", "parcel.h:14 grams(int)"}));
  }
}

// llvm-cov derives its lcov lines from the segments of the JSON: a second implementation.
TEST(Parcel, HasTheLinesThatLlvmCovItselfDerivesFromItsSegments) {
  for (const char* folder : {"clang-14", "clang-19"}) {
    const Adder json = read(folder, "llvm-json", ".json");
    const Adder info = read(folder, "lcov", ".info");
    EXPECT_EQ(json.counts, info.counts);
    EXPECT_THAT(json.functions,
                IsSupersetOf({"fee.cc:3 fee(Parcel const&)", "parcel.cc:8 never(int)",
                              "parcel.cc:22 main", "parcel.h:7 int at_most<int>(int, int)"}));
  }
}

}  // namespace
}  // namespace culprit
