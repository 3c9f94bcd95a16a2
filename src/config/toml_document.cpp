#include "config/toml_document.h"

#include <algorithm>

#include "base/text.h"

namespace culprit {

Error error_on(const Input& file, const toml::source_region& region, std::string what,
               std::string hint) {
  LineReader lines(file);
  while (const auto line = lines.next()) {
    if (lines.number() < region.begin.line) continue;
    const std::size_t column = std::min<std::size_t>(region.begin.column, line->size() + 1);
    return lines.error(line->substr(column == 0 ? 0 : column - 1), std::move(what),
                       std::move(hint));
  }
  return error_in(file.path, std::move(what), std::move(hint));
}

std::optional<std::string> as_text(const toml::node& node) {
  if (const auto value = node.value_exact<std::string>()) return *value;
  if (const auto value = node.value_exact<bool>()) return *value ? "true" : "false";
  if (const auto value = node.value_exact<std::int64_t>()) return std::to_string(*value);
  if (const auto value = node.value_exact<double>()) return std::to_string(*value);
  return std::nullopt;
}

}  // namespace culprit
