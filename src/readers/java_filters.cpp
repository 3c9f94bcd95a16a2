#include "readers/java_filters.h"

#include <algorithm>
#include <numeric>

#include "readers/java_pattern.h"

namespace culprit {

namespace {

constexpr std::string_view kEnum = "java/lang/Enum";

// The annotation's simple name holds "Generated": lombok.Generated and others.
bool is_generated(const std::vector<std::string_view>& annotations) {
  return std::any_of(annotations.begin(), annotations.end(), [](std::string_view descriptor) {
    const std::size_t border = descriptor.find_last_of("/$");
    const std::string_view simple =
        border == std::string_view::npos ? descriptor : descriptor.substr(border + 1);
    return simple.find("Generated") != std::string_view::npos;
  });
}

bool is_synthetic(const JavaMethod& method) {
  if ((method.access & kJavaBridge) != 0) return true;
  if ((method.access & kJavaSynthetic) == 0) return false;
  // Bodies of lambdas are source code.
  return !method.name.starts_with("lambda$") && method.name.find("$anonfun$") == method.name.npos;
}

bool is_enum_method(const JavaClass& owner, const JavaMethod& method) {
  if (owner.super_name != kEnum) return false;
  std::string_view result = method.descriptor;
  if (method.name == "values" && result.starts_with("()[L")) {
    result.remove_prefix(4);
  } else if (method.name == "valueOf" && result.starts_with("(Ljava/lang/String;)L")) {
    result.remove_prefix(21);
  } else {
    return false;
  }
  return result.size() == owner.name.size() + 1 && result.starts_with(owner.name) &&
         result.ends_with(';');
}

// A constructor that only calls that of the class above, with nothing of its own to say: private
// without parameters, or of an enum.
bool is_empty_constructor(const JavaClass& owner, const JavaMethod& method, const JavaCode& code) {
  if (method.name != "<init>") return false;
  JavaVariable self;
  JavaVariable name;
  JavaPattern pattern(code, 0);
  pattern.load(self);
  if (method.descriptor == "()V" && (method.access & kJavaPrivate) != 0) {
    pattern.call(owner, "<init>", "()V");
  } else if (owner.super_name == kEnum && method.descriptor == "(Ljava/lang/String;I)V") {
    pattern.load(name).one(java::kIload).call(owner, "<init>", "(Ljava/lang/String;I)V");
  } else {
    return false;
  }
  pattern.one(java::kReturn);
  return pattern.matched() && pattern.at() == code.instructions.size();
}

// equals, hashCode or toString of a record, where it is left to the virtual machine.
bool is_record_method(const JavaClass& owner, const JavaMethod& method, const JavaCode& code) {
  if (owner.super_name != "java/lang/Record") return false;
  JavaVariable self;
  JavaVariable other;
  JavaPattern pattern(code, 0);
  pattern.load(self);
  std::uint8_t result = java::kIreturn;
  if (method.name == "equals" && method.descriptor == "(Ljava/lang/Object;)Z") {
    pattern.load(other);
  } else if (method.name == "toString" && method.descriptor == "()Ljava/lang/String;") {
    result = java::kAreturn;
  } else if (method.name != "hashCode" || method.descriptor != "()I") {
    return false;
  }
  return pattern.one(java::kInvokedynamic).one(result).matched();
}

}  // namespace

JavaCounting::JavaCounting(std::size_t instructions)
    : copy_of_(instructions), left_out_(instructions) {
  std::iota(copy_of_.begin(), copy_of_.end(), 0U);
}

void JavaCounting::leave_out(std::uint32_t at, std::uint32_t count) {
  for (; count > 0; --count) left_out_[at++] = true;
}

std::uint32_t JavaCounting::first_copy(std::uint32_t at) const {
  while (copy_of_[at] != at) at = copy_of_[at];
  return at;
}

void JavaCounting::unite(std::uint32_t a, std::uint32_t b) {
  a = first_copy(a);
  b = first_copy(b);
  copy_of_[std::max(a, b)] = std::min(a, b);
}

std::vector<std::uint32_t> JavaCounting::counted_as() const {
  std::vector<bool> left_out(copy_of_.size());  // by first copy
  for (std::uint32_t i = 0; i < copy_of_.size(); ++i) {
    if (left_out_[i]) left_out[first_copy(i)] = true;
  }
  std::vector<std::uint32_t> counted(copy_of_.size(), kNotCounted);
  for (std::uint32_t i = 0; i < copy_of_.size(); ++i) {
    const std::uint32_t first = first_copy(i);
    if (!left_out[first]) counted[i] = first;
  }
  return counted;
}

bool is_added_method(const JavaClass& owner, const JavaMethod& method, const JavaCode& code,
                     JavaFilterSet filters) {
  const auto on = [&](JavaFilter filter) { return filters.has(filter); };
  return (on(JavaFilter::kSynthetic) && is_synthetic(method)) ||
         (on(JavaFilter::kEnum) && is_enum_method(owner, method)) ||
         (on(JavaFilter::kPrivateConstructor) && is_empty_constructor(owner, method, code)) ||
         (on(JavaFilter::kGenerated) &&
          (is_generated(owner.annotations) || is_generated(method.annotations))) ||
         (on(JavaFilter::kRecord) && is_record_method(owner, method, code));
}

}  // namespace culprit
