// The rows of a JSON trace file: one document or one after the other (one a line), taken apart at
// the lists that a format names and parsed a row at a time.
//
// Nesting is bounded by kMaxJsonDepth; what Jaeger's user interface repeats inside of references
// (`references[].span`) is left out where it nests deeper. Bytes that are not UTF-8 become `?`,
// with one warning; NaN and Infinity are read as null.
#pragma once

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "culprit/error.h"
#include "readers/span_intake.h"
#include "readers/trace_fields.h"

namespace culprit {

struct TraceRow {
  simdjson::dom::element value;
  std::string_view list;  // the name of the list it lies in; empty: none
  SpanPlace place;
};

// Calls `visit` for every row; it says whether the row is of the format. A document in which none
// is, or that is damaged, is an Error when it is the first one; a later one is a bad record: warned
// about, and reading goes on with the next line. `nothing` is what to say of a document in which
// nothing is known ("no Jaeger spans in this document").
using TraceRowVisitor = std::function<bool(const TraceRow& row)>;
[[nodiscard]] Result<void> for_each_trace_row(SpanIntake& intake,
                                              std::span<const std::string_view> lists,
                                              std::string_view nothing,
                                              const TraceRowVisitor& visit);

// Of an object's members those that are of use, found in one pass: `named` gives where the first of
// a key that is not null goes, an optional element, or nullptr.
template <class Named>
void take_members(simdjson::dom::element json, Named named) {
  simdjson::dom::object object;
  if (json.get_object().get(object)) return;
  for (const auto& [key, value] : object) {
    std::optional<simdjson::dom::element>* const member = named(key);
    if (member != nullptr && !*member && !value.is_null()) *member = value;
  }
}

// The member of an object; nullopt when there is none, or null.
[[nodiscard]] std::optional<simdjson::dom::element> member(simdjson::dom::element object,
                                                           std::string_view key);
// The first of several names that is there.
[[nodiscard]] std::optional<simdjson::dom::element> member(simdjson::dom::element object,
                                                           std::string_view key,
                                                           std::string_view other_key);

// What the list of (key, value) objects `pairs` tells: calls visit(key, value) for each that has
// both and whose value is not null. `value_names`: what a value may be called.
template <std::size_t N, class Visit>
void for_each_pair(std::optional<simdjson::dom::element> pairs,
                   const std::array<std::string_view, N>& value_names, Visit&& visit) {
  simdjson::dom::array list;
  if (!pairs || pairs->get_array().get(list)) return;
  for (const simdjson::dom::element pair : list) {
    simdjson::dom::object object;
    if (pair.get_object().get(object)) continue;
    std::string_view key;
    std::optional<simdjson::dom::element> value;
    for (const auto& [name, member] : object) {
      if (name == "key") {
        if (member.get_string().get(key)) key = {};
      } else if (!value && !member.is_null() &&
                 std::find(value_names.begin(), value_names.end(), name) != value_names.end()) {
        value = member;
      }
    }
    if (!key.empty() && value) visit(key, *value);
  }
}

// Calls visit(element, index) for the elements of the array `key`; not at all when there is none.
template <class Visit>
void for_each_element(simdjson::dom::element object, std::string_view key, Visit&& visit) {
  const auto value = member(object, key);
  simdjson::dom::array array;
  if (!value || value->get_array().get(array)) return;
  std::size_t index = 0;
  for (const simdjson::dom::element element : array) visit(element, index++);
}

// Strings as they are, numbers and booleans in words, empty for anything else. Good as long as the
// row and `scratch` are.
[[nodiscard]] std::string_view text_of(simdjson::dom::element value, std::string& scratch);
[[nodiscard]] std::string text_of(std::optional<simdjson::dom::element> value);
// Tells `attributes` of one that it knows.
void add_attribute(SpanAttributes& attributes, std::string_view key,
                   std::optional<simdjson::dom::element> value);
// A whole number, or a text that is one.
[[nodiscard]] std::optional<std::int64_t> integer_of(simdjson::dom::element value);

// `value` times `factor`; nullopt beyond 64 bits.
[[nodiscard]] std::optional<std::int64_t> scaled(std::int64_t value, std::int64_t factor);
// A time or duration given in units of `unit_ns`; 0 where there is none, nullopt for what is none.
[[nodiscard]] std::optional<std::int64_t> time_ns(std::optional<simdjson::dom::element> value,
                                                  std::int64_t unit_ns);

}  // namespace culprit
