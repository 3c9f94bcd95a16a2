#include "lsp/params.h"

#include <limits>

namespace culprit::lsp {

namespace {

Json to_json(const Position& position) {
  return {{"line", position.line}, {"character", position.character}};
}

const Json kNothing = Json::array();

}  // namespace

Json to_json(const Range& range) {
  return {{"start", to_json(range.start)}, {"end", to_json(range.end)}};
}

bool nests_deeper_than(std::string_view json, std::size_t most) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > most) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

void Params::expected(const char* pointer, const char* what) {
  if (failure_) return;
  const std::string name = *pointer == '\0' ? "" : std::string(pointer);
  failure_ = Failure{FailureCode::kInvalidParams, "params" + name + " is no " + what};
}

const Json* Params::find(const char* pointer) const {
  const Json::json_pointer at(pointer);
  if (!json_.contains(at)) return nullptr;
  const Json& value = json_.at(at);
  return value.is_null() ? nullptr : &value;
}

std::string Params::text(const char* pointer) {
  const Json* const value = find(pointer);
  if (value != nullptr && value->is_string()) return value->get<std::string>();
  expected(pointer, "text");
  return {};
}

std::uint32_t Params::number(const char* pointer) {
  const Json* const value = find(pointer);
  // The protocol's uinteger ends at 2^31 - 1.
  if (value != nullptr && value->is_number_unsigned() &&
      value->get<std::uint64_t>() <= std::numeric_limits<std::int32_t>::max()) {
    return value->get<std::uint32_t>();
  }
  expected(pointer, "number from 0 to 2147483647");
  return 0;
}

Position Params::position(const char* pointer) {
  const std::string at(pointer);
  return {number((at + "/line").c_str()), number((at + "/character").c_str())};
}

Range Params::range(const char* pointer) {
  const std::string at(pointer);
  const Range range{position((at + "/start").c_str()), position((at + "/end").c_str())};
  if (range.end.line < range.start.line ||
      (range.end.line == range.start.line && range.end.character < range.start.character)) {
    expected(pointer, "range: it ends before it starts");
  }
  return range;
}

const Json& Params::list(const char* pointer) {
  const Json* const value = find(pointer);
  if (value != nullptr && value->is_array()) return *value;
  expected(pointer, "list");
  return kNothing;
}

std::optional<std::string> Params::optional_text(const char* pointer) {
  const Json* const value = find(pointer);
  if (value == nullptr) return std::nullopt;
  return text(pointer);
}

bool Params::flag(const char* pointer, bool otherwise) {
  const Json* const value = find(pointer);
  if (value == nullptr) return otherwise;
  if (value->is_boolean()) return value->get<bool>();
  expected(pointer, "truth value");
  return otherwise;
}

std::vector<std::string> Params::texts(const char* pointer) {
  const Json* const value = find(pointer);
  if (value == nullptr) return {};
  if (value->is_string()) return {value->get<std::string>()};
  std::vector<std::string> found;
  if (value->is_array()) {
    for (const Json& item : *value) {
      if (!item.is_string()) break;
      found.push_back(item.get<std::string>());
    }
    if (found.size() == value->size()) return found;
  }
  expected(pointer, "text or list of texts");
  return {};
}

}  // namespace culprit::lsp
