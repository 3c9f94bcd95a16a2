#include <algorithm>
#include <map>

#include "readers/java_filters.h"
#include "readers/java_pattern.h"

namespace culprit {

namespace {

constexpr std::string_view kAddSuppressed = "addSuppressed";
constexpr std::string_view kAddSuppressedType = "(Ljava/lang/Throwable;)V";

// `if (resource != null) resource.close();`, without the test where it cannot be null.
JavaPattern& close(const JavaClass& owner, JavaPattern& pattern, JavaVariable& resource,
                   bool may_be_null, std::uint32_t& past) {
  if (may_be_null) pattern.load(resource).jump(java::kIfnull, past);
  return pattern.load(resource).call(owner, "close", "()V");
}

}  // namespace

// javac 11 and newer.
void filter_resources(const JavaClass& owner, const JavaCode& code, JavaCounting& counting) {
  std::map<std::uint32_t, std::uint32_t> begins;  // of the try block, by its handler
  for (const JavaCode::Handler& each : code.handlers) {
    if (each.type == 0 || owner.class_at(each.type) != "java/lang/Throwable") continue;
    const auto [at, added] = begins.try_emplace(each.handler, each.start);
    if (!added) at->second = std::min(at->second, each.start);
  }
  for (const auto& [handler, begin] : begins) {
    for (const bool may_be_null : {true, false}) {
      JavaVariable primary;
      JavaVariable resource;
      JavaVariable suppressed;
      std::uint32_t past = 0;
      std::uint32_t rethrow = 0;
      JavaPattern pattern(code, handler);
      pattern.store(primary);
      close(owner, pattern, resource, may_be_null, past);
      pattern.jump(java::kGoto, rethrow)
          .store(suppressed)
          .load(primary)
          .load(suppressed)
          .call(owner, kAddSuppressed, kAddSuppressedType);
      const std::uint32_t end = pattern.at();
      pattern.load(primary).one(java::kAthrow);
      if (!pattern.matched() || rethrow != end || (may_be_null && past != end)) continue;
      for (std::uint32_t at = handler; at > begin; --at) {
        JavaPattern normal(code, at);
        close(owner, normal, resource, may_be_null, past);
        if (!normal.matched()) continue;
        counting.leave_out(handler, pattern.at() - handler);
        std::uint32_t next = normal.at();
        if (next < code.instructions.size() && code.instructions[next].opcode == java::kGoto)
          ++next;
        counting.leave_out(at, next - at);
        break;
      }
    }
  }
}

}  // namespace culprit
