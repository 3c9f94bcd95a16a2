#include <algorithm>
#include <map>

#include "readers/java_filters.h"
#include "readers/java_pattern.h"

namespace culprit {

namespace {

// Comparing every place with every block is quadratic. Methods that people write need a thousandth;
// beyond it blocks are left as they are.
constexpr std::uint64_t kMaxComparisons = 1ULL << 26;

// A finally block in the handler for exceptions of any type: the exception is saved, the block
// runs, the exception is thrown on.
struct FinallyBlock {
  std::uint32_t begin = 0;  // of the block, after the instruction that saves
  std::uint32_t end = 0;    // where the exception is loaded again
};

bool find_block(const JavaCode& code, std::uint32_t handler, FinallyBlock& block) {
  JavaVariable saved;
  if (!JavaPattern(code, handler).store(saved).matched()) return false;
  block.begin = handler + 1;
  for (block.end = block.begin; block.end < code.instructions.size(); ++block.end) {
    JavaVariable again = saved;
    if (JavaPattern(code, block.end).store(again).matched()) return false;
    again = saved;
    if (JavaPattern(code, block.end).load(again).one(java::kAthrow).matched()) return true;
  }
  return false;
}

bool is_copy(const JavaCode& code, const FinallyBlock& block, std::uint32_t at) {
  const std::uint32_t size = block.end - block.begin;
  if (size > code.instructions.size() - at) return false;
  for (std::uint32_t i = 0; i < size; ++i) {
    if (code.instructions[at + i].opcode != code.instructions[block.begin + i].opcode) return false;
  }
  return true;
}

// What follows the copy leads past the handler, or out of the try statement.
void unite_copy(const JavaCode& code, const FinallyBlock& block, std::uint32_t at,
                JavaCounting& counting) {
  const std::uint32_t size = block.end - block.begin;
  for (std::uint32_t i = 0; i < size; ++i) counting.unite(at + i, block.begin + i);
  const std::uint32_t next = at + size;
  if (next < code.instructions.size() && code.instructions[next].opcode == java::kGoto) {
    counting.leave_out(next);
  }
}

}  // namespace

// javac writes the block again wherever the try block or one of its catch blocks is left. There the
// handler protects nothing.
void filter_finally(const JavaCode& code, JavaCounting& counting) {
  std::map<std::uint32_t, std::vector<JavaCode::Handler>> ranges;  // by their handler
  for (const JavaCode::Handler& each : code.handlers) {
    if (each.type == 0) ranges[each.handler].push_back(each);
  }
  std::uint64_t comparisons = 0;
  for (const auto& [handler, protects] : ranges) {
    FinallyBlock block;
    const bool found = find_block(code, handler, block);
    comparisons += block.end - block.begin;
    if (comparisons > kMaxComparisons) return;
    if (!found) continue;
    counting.leave_out(handler);
    counting.leave_out(block.end, 2);
    std::uint32_t at = handler;
    for (const JavaCode::Handler& each : protects) at = std::min(at, each.start);
    while (at < handler) {
      comparisons += protects.size();
      if (comparisons > kMaxComparisons) return;
      const auto range = std::find_if(
          protects.begin(), protects.end(),
          [&](const JavaCode::Handler& each) { return each.start <= at && at < each.end; });
      if (range != protects.end()) {
        at = range->end;
      } else if (block.end > block.begin && is_copy(code, block, at)) {
        unite_copy(code, block, at, counting);
        // Blocks of the try statements around may follow, of the same shape perhaps.
        at += block.end - block.begin - 1;
        while (at < handler && code.instructions[at].falls_through()) ++at;
        ++at;
      } else {
        ++at;
      }
    }
  }
}

void filter_synchronized(const JavaCode& code, JavaCounting& counting) {
  for (const JavaCode::Handler& each : code.handlers) {
    if (each.type != 0) continue;
    JavaVariable saved;
    JavaVariable lock;
    const JavaPattern unlocks = JavaPattern(code, each.handler)
                                    .store(saved)
                                    .load(lock)
                                    .one(java::kMonitorexit)
                                    .load(saved)
                                    .one(java::kAthrow);
    if (unlocks.matched()) counting.leave_out(each.handler, unlocks.at() - each.handler);
  }
}

}  // namespace culprit
