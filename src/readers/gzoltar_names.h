// The text rows of GZoltar's folders: element names and tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "culprit/outcome.h"

namespace culprit {

struct GzoltarElement {
  std::string file;
  std::string function;
  std::uint32_t line = 0;

  bool operator==(const GzoltarElement&) const = default;
};

// A row of spectra.csv, without a bug id's `:<id>` at its end; nullopt when it is no element.
[[nodiscard]] std::optional<GzoltarElement> parse_gzoltar_element(std::string_view row);

// The row that parse_gzoltar_element() reads as `element`: as Java's where that can be, else by
// path.
[[nodiscard]] std::string format_gzoltar_element(const GzoltarElement& element);

struct GzoltarTest {
  std::string_view name;
  Verdict verdict = Verdict::kUnknown;
};

// A row of tests.csv: `name,PASS|FAIL|ERROR,runtime,stacktrace`, unquoted, so the name may hold
// commas. nullopt for anything else: the later lines of a stack trace among them.
[[nodiscard]] std::optional<GzoltarTest> parse_gzoltar_test(std::string_view row);

}  // namespace culprit
