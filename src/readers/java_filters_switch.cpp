#include <algorithm>

#include "readers/java_filters.h"
#include "readers/java_pattern.h"

namespace culprit {

// javac: a switch over the hash leads to comparisons, each of which leaves the number of its case
// in a variable; a second switch over that variable follows.
void filter_string_switch(const JavaClass& owner, const JavaCode& code, JavaCounting& counting) {
  for (std::uint32_t at = 0; at < code.instructions.size(); ++at) {
    if (code.instructions[at].opcode != java::kIconstM1) continue;
    JavaVariable text;
    JavaPattern hash(code, at);
    hash.one(java::kIconstM1).one(java::kIstore).load(text).call(owner, "hashCode", "()I");
    if (!hash.matched() || hash.at() == code.instructions.size()) continue;
    const JavaInstruction& first = code.instructions[hash.at()];
    if (!first.is_switch()) continue;
    const std::uint32_t variable = code.instructions[at + 1].operand;
    const JavaCode::Switch& targets = code.switches[first.operand];
    const std::uint32_t end = targets.by_default;
    if (targets.cases.empty() || end <= hash.at() || end + 1 >= code.instructions.size()) continue;
    const JavaInstruction& load = code.instructions[end];
    if (load.opcode != java::kIload || load.operand != variable ||
        !code.instructions[end + 1].is_switch()) {
      continue;
    }
    counting.leave_out(hash.at() + 1, end - hash.at());
  }
}

}  // namespace culprit
