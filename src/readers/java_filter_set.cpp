#include "readers/java_filter_set.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace culprit {

std::span<const JavaFilterInfo> java_filters() {
  static constexpr std::array<JavaFilterInfo, 9> kFilters = {{
      {"synthetic", "methods that are not in the source, and bridges"},
      {"enum", "values() and valueOf() of an enum"},
      {"private-constructor", "private constructors that do nothing"},
      {"generated", "what an annotation calls generated, such as lombok.Generated"},
      {"record", "equals, hashCode and toString of a record"},
      {"finally", "the copies of a finally block"},
      {"resources", "the closing of what try-with-resources opened"},
      {"synchronized", "the unlocking of a synchronized block that an exception leaves"},
      {"string-switch", "the comparisons of a switch over strings"},
  }};
  return kFilters;
}

JavaFilterSet JavaFilterSet::all() {
  JavaFilterSet set;
  for (std::size_t i = 0; i < java_filters().size(); ++i) set.add(i);
  return set;
}

std::optional<JavaFilterSet> JavaFilterSet::parse(std::string_view text) {
  if (text == "yes" || text == "true" || text == "1") return all();
  if (text == "no" || text == "false" || text == "0") return none();
  JavaFilterSet set;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    const std::string_view name = trim(text.substr(start, end - start));
    const auto known = std::ranges::find(java_filters(), name, &JavaFilterInfo::name);
    if (known == java_filters().end()) return std::nullopt;
    set.add(static_cast<std::size_t>(known - java_filters().begin()));
    start = end + 1;
  }
  return set;
}

}  // namespace culprit
