// The filters for what Java compilers add to the source, by name: which of them are on.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace culprit {

enum class JavaFilter : std::uint8_t {
  kSynthetic,
  kEnum,
  kPrivateConstructor,
  kGenerated,
  kRecord,
  kFinally,
  kResources,
  kSynchronized,
  kStringSwitch
};

struct JavaFilterInfo {
  std::string_view name;
  std::string_view title;
};
// By JavaFilter; `culprit list filters` prints them.
[[nodiscard]] std::span<const JavaFilterInfo> java_filters();

class JavaFilterSet {
 public:
  [[nodiscard]] static JavaFilterSet all();
  [[nodiscard]] static JavaFilterSet none() { return {}; }
  // `yes`, `no`, or names with commas between them. nullopt: one is no filter's name.
  [[nodiscard]] static std::optional<JavaFilterSet> parse(std::string_view text);

  [[nodiscard]] bool has(JavaFilter filter) const {
    return (bits_ >> static_cast<unsigned>(filter) & 1U) != 0;
  }
  friend bool operator==(const JavaFilterSet&, const JavaFilterSet&) = default;

 private:
  void add(std::size_t filter) { bits_ |= 1U << filter; }

  std::uint32_t bits_ = 0;
};

}  // namespace culprit
