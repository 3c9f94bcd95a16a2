// Instructions matched one after the other. Variables are bound by their first use: a later one
// matches only the same variable.
//
//   JavaPattern pattern(owner, code, at);
//   JavaVariable saved, lock;
//   const bool unlocks = pattern.store(saved).load(lock).one(java::kMonitorexit).matched();
#pragma once

#include <cstdint>
#include <string_view>

#include "readers/java_class.h"
#include "readers/java_code.h"

namespace culprit {

// Of references; unbound until a pattern used it.
struct JavaVariable {
  static constexpr std::uint32_t kUnbound = 0xffffffff;
  std::uint32_t number = kUnbound;
};

class JavaPattern {
 public:
  JavaPattern(const JavaCode& code, std::uint32_t at) : code_(code), at_(at) {}

  JavaPattern& one(std::uint8_t opcode) {
    if (matches(opcode)) ++at_;
    return *this;
  }
  JavaPattern& load(JavaVariable& variable) { return bind(java::kAload, variable); }
  JavaPattern& store(JavaVariable& variable) { return bind(java::kAstore, variable); }
  // A jump; `target` becomes the instruction it leads to.
  JavaPattern& jump(std::uint8_t opcode, std::uint32_t& target) {
    if (matches(opcode)) target = code_.instructions[at_++].operand;
    return *this;
  }
  // A call of a method with this name and descriptor, by one of the instructions that call.
  JavaPattern& call(const JavaClass& owner, std::string_view name, std::string_view descriptor) {
    matched_ = matched_ && at_ < code_.instructions.size() && code_.instructions[at_].is_invoke();
    if (!matched_) return *this;
    const JavaMember member = owner.member_at(code_.instructions[at_].operand);
    matched_ = member.name == name && member.descriptor == descriptor;
    if (matched_) ++at_;
    return *this;
  }

  [[nodiscard]] bool matched() const { return matched_; }
  // The instruction after those matched; may be the number of instructions.
  [[nodiscard]] std::uint32_t at() const { return at_; }

 private:
  bool matches(std::uint8_t opcode) {
    matched_ =
        matched_ && at_ < code_.instructions.size() && code_.instructions[at_].opcode == opcode;
    return matched_;
  }
  JavaPattern& bind(std::uint8_t opcode, JavaVariable& variable) {
    if (!matches(opcode)) return *this;
    const std::uint32_t number = code_.instructions[at_].operand;
    if (variable.number == JavaVariable::kUnbound) variable.number = number;
    matched_ = variable.number == number;
    if (matched_) ++at_;
    return *this;
  }

  const JavaCode& code_;
  std::uint32_t at_;
  bool matched_ = true;
};

}  // namespace culprit
