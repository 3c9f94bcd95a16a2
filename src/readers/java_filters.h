// What compilers add to the source, recognised in the instructions of a method, as JaCoCo's report
// leaves it out. Written from JaCoCo's documentation (its change history names what is left out),
// from what javac emits and from what reports of JaCoCo 0.8.6 count; its code was not looked at.
#pragma once

#include <cstdint>
#include <vector>

#include "readers/java_class.h"
#include "readers/java_code.h"
#include "readers/java_filter_set.h"

namespace culprit {

// How the instructions of a method count.
class JavaCounting {
 public:
  explicit JavaCounting(std::size_t instructions);

  // Instruction `at`, or `count` of them, stands for nothing in the source.
  void leave_out(std::uint32_t at, std::uint32_t count = 1);
  // Both are copies of one piece of source, which ran if either did.
  void unite(std::uint32_t a, std::uint32_t b);

  // By instruction: the one it counts as, itself or an earlier copy; or kNotCounted.
  static constexpr std::uint32_t kNotCounted = 0xffffffff;
  [[nodiscard]] std::vector<std::uint32_t> counted_as() const;

 private:
  [[nodiscard]] std::uint32_t first_copy(std::uint32_t at) const;

  std::vector<std::uint32_t> copy_of_;
  std::vector<bool> left_out_;
};

// The whole method is added: synthetic, bridge, an enum's values(), generated, ..., as far as the
// filters for these are on.
[[nodiscard]] bool is_added_method(const JavaClass& owner, const JavaMethod& method,
                                   const JavaCode& code, JavaFilterSet filters);

// Copies of finally blocks, and what leads into and out of the one for exceptions.
void filter_finally(const JavaCode& code, JavaCounting& counting);
// The closing of resources that try-with-resources opened.
void filter_resources(const JavaClass& owner, const JavaCode& code, JavaCounting& counting);
// The unlocking of synchronized blocks when they are left by an exception.
void filter_synchronized(const JavaCode& code, JavaCounting& counting);
// The comparisons of a switch over strings.
void filter_string_switch(const JavaClass& owner, const JavaCode& code, JavaCounting& counting);

}  // namespace culprit
