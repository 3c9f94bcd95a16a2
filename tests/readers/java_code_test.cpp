#include "readers/java_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "readers/java_probes.h"

namespace culprit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Instructions as bytes, with the lines and handlers given.
struct Method {
  std::string bytes;
  std::vector<JavaLineEntry> lines = {};
  std::vector<JavaHandler> handlers = {};

  [[nodiscard]] tl::expected<JavaCode, std::string> decoded() const {
    JavaMethod method;
    method.code = bytes;
    method.lines = lines;
    method.handlers = handlers;
    return JavaCode::decode(method);
  }
  [[nodiscard]] JavaProbes probes() const {
    const auto code = decoded();
    EXPECT_TRUE(code) << code.error();
    return probes_of(*code);
  }
};

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

std::vector<int> opcodes(const JavaCode& code) {
  std::vector<int> list;
  for (const JavaInstruction& each : code.instructions) list.push_back(each.opcode);
  return list;
}

TEST(JavaCode, MakesOneOfTheFormsOfAnInstruction) {
  // iload_1, iload 1, wide iload 258, astore_3, ldc_w 7, return.
  const auto code =
      Method{bytes({0x1b, 0x15, 1, 0xc4, 0x15, 1, 2, 0x4e, 0x13, 0, 7, 0xb1})}.decoded();
  ASSERT_TRUE(code) << code.error();
  EXPECT_THAT(opcodes(*code), ElementsAre(java::kIload, java::kIload, java::kIload, java::kAstore,
                                          java::kLdc, java::kReturn));
  std::vector<int> operands;
  for (const JavaInstruction& each : code->instructions) {
    operands.push_back(static_cast<int>(each.operand));
  }
  EXPECT_THAT(operands, ElementsAre(1, 1, 258, 3, 7, 0));
}

TEST(JavaCode, TurnsOffsetsIntoInstructions) {
  // 0 iload_0, 1 tableswitch 1..2 (padded by 2): 1 -> 24, 2 -> 25, default -> 25; 24 nop; 25
  // return.
  const Method method{bytes({0x1a, 0xaa, 0, 0, 0, 0, 0,  24, 0, 0, 0,  1,    0,
                             0,    0,    2, 0, 0, 0, 23, 0,  0, 0, 24, 0x00, 0xb1})};
  const auto code = method.decoded();
  ASSERT_TRUE(code) << code.error();
  EXPECT_THAT(opcodes(*code), ElementsAre(java::kIload, java::kTableswitch, 0, java::kReturn));
  ASSERT_EQ(code->switches.size(), 1U);
  EXPECT_EQ(code->switches[0].by_default, 3U);
  EXPECT_THAT(code->switches[0].cases, ElementsAre(2, 3));
}

TEST(JavaCode, GivesEachInstructionTheLastLineThatBegan) {
  const auto code = Method{bytes({0, 0, 0, 0xb1}), {{2, 9}, {1, 5}, {1, 6}, {77, 3}}}.decoded();
  ASSERT_TRUE(code) << code.error();
  std::vector<int> lines;
  for (const JavaInstruction& each : code->instructions) {
    lines.push_back(static_cast<int>(each.line));
  }
  EXPECT_THAT(lines, ElementsAre(0, 6, 9, 9));
}

TEST(JavaCode, RefusesWhatCannotBeFollowed) {
  const auto error = [](const std::string& code) { return Method{code}.decoded().error(); };
  EXPECT_THAT(error(bytes({0xa8, 0, 3, 0xb1})), HasSubstr("jsr"));
  EXPECT_THAT(error(bytes({0xfe})), HasSubstr("unknown instruction"));
  EXPECT_THAT(error(bytes({0xc4, 0x00, 0, 0})), HasSubstr("unknown instruction"));
  EXPECT_THAT(error(bytes({0xa7, 0})), HasSubstr("cut short"));
  EXPECT_THAT(error(bytes({0xa7, 0, 2, 0xb1})), HasSubstr("into an instruction"));
  EXPECT_THAT(error(bytes({0xa7, 0x80, 0, 0xb1})), HasSubstr("into an instruction"));
  // lookupswitch that claims 2^31-1 cases.
  EXPECT_THAT(error(bytes({0xab, 0, 0, 0, 0, 0, 0, 8, 0x7f, 0xff, 0xff, 0xff})),
              HasSubstr("more cases"));
  EXPECT_THAT((Method{bytes({0xb1}), {}, {{0, 1, 9, 0}}}.decoded().error()),
              HasSubstr("into an instruction"));
}

TEST(JavaProbes, OneAtTheEndTellsOfStraightCode) {
  const JavaProbes probes = Method{bytes({0, 0, 0xb1})}.probes();
  EXPECT_THAT(probes.owners, ElementsAre(2));
  EXPECT_THAT(probes.predecessors, ElementsAre(kNoInstruction, 0, 1));
}

TEST(JavaProbes, EachBranchHasItsOwnAndBothTellOfTheCondition) {
  // 0 iload_0, 1 ifeq 5, 4 return, 5 nop, 6 return: nothing joins, so the branch has no probe.
  const JavaProbes probes = Method{bytes({0x1a, 0x99, 0, 4, 0xb1, 0x00, 0xb1})}.probes();
  EXPECT_THAT(probes.owners, ElementsAre(2, 4));
  EXPECT_THAT(probes.predecessors, ElementsAre(kNoInstruction, 0, 1, 1, 3));
}

TEST(JavaProbes, WhereWaysMeetEachOfThemHasOne) {
  // 0 iload_0, 1 ifeq 5, 4 nop, 5 return: the jump and the way past it both lead to 5.
  const JavaProbes probes = Method{bytes({0x1a, 0x99, 0, 4, 0x00, 0xb1})}.probes();
  EXPECT_THAT(probes.owners, ElementsAre(1, 2, 3));
  EXPECT_THAT(probes.predecessors, ElementsAre(kNoInstruction, 0, 1, kNoInstruction));
}

TEST(JavaProbes, ALineThatCallsSomethingBeginsWithOne) {
  // Line 1: nop. Line 2: invokestatic, which may throw. Line 3: return.
  const std::string code = bytes({0x00, 0xb8, 0, 1, 0xb1});
  EXPECT_THAT((Method{code, {{0, 1}, {1, 2}, {4, 3}}}.probes().owners), ElementsAre(0, 2));
  // Without lines there is nothing to tell apart.
  EXPECT_THAT(Method{code}.probes().owners, ElementsAre(2));
}

TEST(JavaProbes, ASwitchHasOneForEachTargetThatOthersReachToo) {
  // 0 iload_0, 1 lookupswitch: default and 5 -> 20, 7 -> 21; 20 nop (falls into 21); 21 return.
  const std::string code = bytes({0x1a, 0xab, 0, 0, 0,  0, 0, 27, 0, 0, 0, 2, 0,  0,    0,
                                  5,    0,    0, 0, 27, 0, 0, 0,  7, 0, 0, 0, 28, 0x00, 0xb1});
  // Target 2 is only the switch's, though twice; target 3 is also reached from 2.
  const JavaProbes probes = Method{code}.probes();
  EXPECT_THAT(probes.owners, ElementsAre(1, 2, 3));
  EXPECT_THAT(probes.predecessors, ElementsAre(kNoInstruction, 0, 1, kNoInstruction));
}

TEST(JavaProbes, LoopsThatNothingReachesEnd) {
  // 0 return; 1 goto 1.
  const JavaProbes probes = Method{bytes({0xb1, 0xa7, 0, 0})}.probes();
  EXPECT_THAT(probes.owners, ElementsAre(0));
  EXPECT_THAT(probes.predecessors, ElementsAre(kNoInstruction, 1));
}

}  // namespace
}  // namespace culprit
