// The instructions of a Java method, decoded: forms that differ only in their encoding (iload_1,
// iload 1, wide iload 1) are one, and offsets are indices of instructions. The Java Virtual Machine
// Specification, chapter 6.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "readers/java_class.h"

namespace culprit {

// The opcodes that somebody asks for; of families the first.
namespace java {
inline constexpr std::uint8_t kAconstNull = 0x01;
inline constexpr std::uint8_t kIconstM1 = 0x02;
inline constexpr std::uint8_t kIconst0 = 0x03;
inline constexpr std::uint8_t kBipush = 0x10;
inline constexpr std::uint8_t kSipush = 0x11;
inline constexpr std::uint8_t kLdc = 0x12;
inline constexpr std::uint8_t kIload = 0x15;
inline constexpr std::uint8_t kAload = 0x19;
inline constexpr std::uint8_t kIstore = 0x36;
inline constexpr std::uint8_t kAstore = 0x3a;
inline constexpr std::uint8_t kPop = 0x57;
inline constexpr std::uint8_t kDup = 0x59;
inline constexpr std::uint8_t kIfeq = 0x99;
inline constexpr std::uint8_t kIfne = 0x9a;
inline constexpr std::uint8_t kIfAcmpne = 0xa6;
inline constexpr std::uint8_t kGoto = 0xa7;
inline constexpr std::uint8_t kJsr = 0xa8;
inline constexpr std::uint8_t kRet = 0xa9;
inline constexpr std::uint8_t kTableswitch = 0xaa;
inline constexpr std::uint8_t kLookupswitch = 0xab;
inline constexpr std::uint8_t kIreturn = 0xac;
inline constexpr std::uint8_t kAreturn = 0xb0;
inline constexpr std::uint8_t kReturn = 0xb1;
inline constexpr std::uint8_t kGetstatic = 0xb2;
inline constexpr std::uint8_t kGetfield = 0xb4;
inline constexpr std::uint8_t kInvokevirtual = 0xb6;
inline constexpr std::uint8_t kInvokespecial = 0xb7;
inline constexpr std::uint8_t kInvokestatic = 0xb8;
inline constexpr std::uint8_t kInvokeinterface = 0xb9;
inline constexpr std::uint8_t kInvokedynamic = 0xba;
inline constexpr std::uint8_t kAthrow = 0xbf;
inline constexpr std::uint8_t kMonitorenter = 0xc2;
inline constexpr std::uint8_t kMonitorexit = 0xc3;
inline constexpr std::uint8_t kIfnull = 0xc6;
inline constexpr std::uint8_t kIfnonnull = 0xc7;
}  // namespace java

struct JavaInstruction {
  std::uint8_t opcode = 0;
  // A variable, an index of the constant pool, a constant; of a jump the index of its target, of a
  // switch its place in JavaCode::switches.
  std::uint32_t operand = 0;
  std::uint32_t line = 0;  // 0: not known

  [[nodiscard]] bool is_conditional_jump() const {
    return (opcode >= java::kIfeq && opcode < java::kGoto) || opcode == java::kIfnull ||
           opcode == java::kIfnonnull;
  }
  [[nodiscard]] bool is_jump() const { return opcode == java::kGoto || is_conditional_jump(); }
  [[nodiscard]] bool is_switch() const {
    return opcode == java::kTableswitch || opcode == java::kLookupswitch;
  }
  [[nodiscard]] bool is_return() const {
    return opcode >= java::kIreturn && opcode <= java::kReturn;
  }
  [[nodiscard]] bool leaves() const { return is_return() || opcode == java::kAthrow; }
  [[nodiscard]] bool is_invoke() const {
    return opcode >= java::kInvokevirtual && opcode <= java::kInvokedynamic;
  }
  [[nodiscard]] bool is_load() const { return opcode >= java::kIload && opcode <= java::kAload; }
  [[nodiscard]] bool is_store() const { return opcode >= java::kIstore && opcode <= java::kAstore; }
  // The next instruction may follow.
  [[nodiscard]] bool falls_through() const {
    return opcode != java::kGoto && !is_switch() && !leaves();
  }
};

struct JavaCode {
  struct Switch {
    std::uint32_t by_default = 0;
    std::vector<std::uint32_t> cases;
  };
  struct Handler {
    std::uint32_t start = 0;
    std::uint32_t end = 0;  // may be the number of instructions
    std::uint32_t handler = 0;
    std::uint16_t type = 0;
  };

  std::vector<JavaInstruction> instructions;
  std::vector<Switch> switches;
  std::vector<Handler> handlers;
  std::vector<bool> line_starts;  // by instruction: a line begins here

  // Errors in a few words, without the class: an unknown opcode, a jump into an instruction, jsr
  // and ret, which no compiler writes any more.
  [[nodiscard]] static tl::expected<JavaCode, std::string> decode(const JavaMethod& method);
};

}  // namespace culprit
