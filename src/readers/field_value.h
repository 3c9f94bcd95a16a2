// What a field of a record holds, and what that says as text or as a number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace culprit {

// Views live as long as the row.
struct FieldValue {
  enum class Kind : std::uint8_t { kFlag, kInteger, kNumber, kText, kStructure };
  Kind kind = Kind::kText;
  bool flag = false;
  std::int64_t integer = 0;
  double number = 0;
  std::string_view text;  // of a structure: its JSON

  static FieldValue of(std::string_view text) { return {Kind::kText, false, 0, 0, text}; }
  static FieldValue of(bool flag) { return {Kind::kFlag, flag, 0, 0, {}}; }
  static FieldValue of(std::int64_t integer) { return {Kind::kInteger, false, integer, 0, {}}; }
  static FieldValue of(double number) { return {Kind::kNumber, false, 0, number, {}}; }
  static FieldValue structure(std::string_view json) {
    return {Kind::kStructure, false, 0, 0, json};
  }
};

// Text, or a number or flag as text; nullopt for structures.
[[nodiscard]] std::optional<std::string> text_of(const FieldValue& value);
// A number, or text that is one.
[[nodiscard]] std::optional<double> number_of(const FieldValue& value);
// The same where it is whole.
[[nodiscard]] std::optional<std::int64_t> integer_of(const FieldValue& value);

// Fields without a value: what tools write where nothing was measured.
[[nodiscard]] bool is_nothing(std::string_view text);

}  // namespace culprit
