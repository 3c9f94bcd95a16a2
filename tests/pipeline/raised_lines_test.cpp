#include "pipeline/raised_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace culprit {
namespace {

using testing::ElementsAre;

// Runs r1 and r2; each executes lines 1 to 3 of a.cpp and b.cpp of the service.
Spectrum two_runs() {
  Spectrum::Builder builder;
  for (const char* run : {"r1", "r2"}) {
    for (const char* file : {"a.cpp", "b.cpp"}) {
      const FileId id = builder.file(builder.service("s"), file);
      for (std::uint32_t line = 1; line <= 3; ++line) {
        builder.hit(builder.run(run), builder.line(id, line), 1);
      }
    }
  }
  return std::move(builder).build();
}

// "a.cpp:2 weight 1: r1 r2"
std::vector<std::string> origins(const std::vector<RaisedLine>& raised) {
  const Spectrum spectrum = two_runs();
  std::vector<std::string> told;
  for (const auto& [line, origin] : exception_origins(spectrum, raised)) {
    const CodeElement code = spectrum.element(Level::kLine, line);
    std::string text = code.file + ":" + std::to_string(code.first_line) +
                       (origin.weight == 1 ? " weight 1:" : " weight 1/2:");
    for (const std::uint32_t run : origin.runs) text += " " + spectrum.runs()[run];
    told.push_back(text);
  }
  return told;
}

TEST(ExceptionOrigins, AreAllLinesTheExceptionLeftTheFirstOfEachFileBeforeOthers) {
  EXPECT_THAT(
      origins({{"r1", "s", "a.cpp", 3},
               {"r1", "s", "a.cpp", 2},
               {"r1", "s", "b.cpp", 3},
               {"r2", "s", "a.cpp", 3}}),
      ElementsAre("a.cpp:2 weight 1: r1", "a.cpp:3 weight 1: r1 r2", "b.cpp:3 weight 1: r1"));
  EXPECT_THAT(origins({{"r1", "s", "a.cpp", 3}, {"r1", "s", "a.cpp", 2}}),
              ElementsAre("a.cpp:2 weight 1: r1", "a.cpp:3 weight 1/2: r1"));
}

TEST(ExceptionOrigins, AreNotToldOfRunsInWhichALineThrewItself) {
  EXPECT_THAT(
      origins({{"r1", "s", "a.cpp", 1, true}, {"r1", "s", "b.cpp", 3}, {"r2", "s", "b.cpp", 3}}),
      ElementsAre("b.cpp:3 weight 1: r2"));
}

TEST(ExceptionOrigins, LeaveOutRunsAndLinesThatTheSpectrumDoesNotHave) {
  EXPECT_THAT(origins({{"r9", "s", "a.cpp", 1}, {"r1", "s", "a.cpp", 9}, {"r1", "s", "c.cpp", 1}}),
              ElementsAre());
}

}  // namespace
}  // namespace culprit
