#include "readers/json_fields.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace culprit {

namespace {

using nlohmann::json;

struct Damage {
  std::size_t offset = 0;
  std::string what;
  bool at_end = false;
};

// Checks a document: well-formed and not nested too deeply.
class Checker : public nlohmann::json_sax<json> {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(json::number_integer_t) override { return true; }
  bool number_unsigned(json::number_unsigned_t) override { return true; }
  bool number_float(json::number_float_t, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(json::binary_t&) override { return true; }
  bool key(std::string&) override { return true; }
  bool start_object(std::size_t) override { return enter(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }

  // `position` counts the bytes read, the end of the input as one more.
  bool parse_error(std::size_t position, const std::string& last_token,
                   const json::exception& error) override {
    damage_.what = parser_message(error.what());
    if (position > text_.size()) {
      damage_.offset = text_.find_last_not_of(" \t\r\n") + 1;
      damage_.what = "the JSON text ends early: " + damage_.what;
      damage_.at_end = true;
    } else if (damage_.what.starts_with("unexpected string") ||
               damage_.what.starts_with("unexpected number")) {
      damage_.offset = position - std::min(position, last_token.size());
    } else {
      damage_.offset = position == 0 ? 0 : position - 1;
    }
    return false;
  }

  [[nodiscard]] Damage damage() const {
    if (depth_ <= kMaxJsonDepth) return damage_;
    return {too_deep_at(), too_deep_message()};
  }

 protected:
  bool enter() { return ++depth_ <= kMaxJsonDepth; }
  bool leave() {
    --depth_;
    return true;
  }

 private:
  // The parser does not tell where it is when a handler stops it.
  [[nodiscard]] std::size_t too_deep_at() const {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const char c = text_[i];
      if (in_string) {
        if (c == '\\') ++i;
        if (c == '"') in_string = false;
      } else if (c == '"') {
        in_string = true;
      } else if (c == '{' || c == '[') {
        if (++depth > kMaxJsonDepth) return i;
      } else if (c == '}' || c == ']') {
        --depth;
      }
    }
    return 0;
  }

  std::string_view text_;
  std::size_t depth_ = 0;
  Damage damage_;
};

class Builder final : public Checker {
 public:
  using Checker::Checker;

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(json::number_integer_t value) override { return add(value); }
  bool number_unsigned(json::number_unsigned_t value) override { return add(value); }
  bool number_float(json::number_float_t value, const std::string&) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool key(std::string& value) override {
    key_ = std::move(value);
    return true;
  }
  bool start_object(std::size_t) override { return open(json::value_t::object); }
  bool start_array(std::size_t) override { return open(json::value_t::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  [[nodiscard]] json take() { return std::move(root_); }

 private:
  json& place(json value) {
    if (open_.empty()) return root_ = std::move(value);
    json& parent = *open_.back();
    if (parent.is_array()) {
      auto& items = parent.get_ref<json::array_t&>();
      items.push_back(std::move(value));
      return items.back();
    }
    return parent.get_ref<json::object_t&>()[std::move(key_)] = std::move(value);
  }
  template <class Value>
  bool add(Value&& value) {
    place(json(std::forward<Value>(value)));
    return true;
  }
  bool open(json::value_t type) {
    if (!enter()) return false;
    open_.push_back(&place(json(type)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return leave();
  }

  json root_;
  std::vector<json*> open_;  // a container on it is the last item of its parent, so it stays put
  std::string key_;
};

template <class Handler, class OnSuccess>
std::optional<Damage> run_parser(std::string_view text, OnSuccess&& on_success) {
  Handler handler(text);
  if (json::sax_parse(text, &handler)) {
    on_success(handler);
    return std::nullopt;
  }
  if (const auto repaired = without_nan(text)) {
    Handler second(*repaired);
    if (json::sax_parse(*repaired, &second)) {
      on_success(second);
      return std::nullopt;
    }
  }
  return handler.damage();
}

std::optional<Damage> build(std::string_view text, json& value) {
  return run_parser<Builder>(text, [&](Builder& builder) { value = builder.take(); });
}

}  // namespace

std::optional<std::string> without_nan(std::string_view text) {
  constexpr std::string_view kWords[] = {"NaN", "-Infinity", "Infinity"};
  std::string result;
  bool changed = false;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    if (!in_string) {
      const auto* word = std::find_if(
          std::begin(kWords), std::end(kWords),
          [rest = text.substr(i)](std::string_view each) { return rest.starts_with(each); });
      if (word != std::end(kWords)) {
        result += "null";
        i += word->size();
        changed = true;
        continue;
      }
    }
    if (text[i] == '"') in_string = !in_string;
    if (in_string && text[i] == '\\') result += text[i++];
    if (i < text.size()) result += text[i++];
  }
  return changed ? std::optional(std::move(result)) : std::nullopt;
}

std::string parser_message(std::string_view text) {
  if (const auto at = text.find(" - "); at != std::string_view::npos) {
    text.remove_prefix(at + 3);
  } else if (const auto bracket = text.find("] "); bracket != std::string_view::npos) {
    text.remove_prefix(bracket + 2);
  }
  return std::string(text.substr(0, text.find("; last read")));
}

std::string too_deep_message() {
  return "JSON nested deeper than " + std::to_string(kMaxJsonDepth) + " levels";
}

Result<json> parse_json(const Input& input) {
  json value;
  if (const auto damage = build(input.bytes, value)) {
    return fail(error_at(input.path, input.bytes, damage->offset, damage->what));
  }
  return Result<json>(tl::in_place, std::move(value));
}

Result<void> check_json(const Input& input) {
  if (const auto damage = run_parser<Checker>(input.bytes, [](Checker&) {})) {
    return fail(error_at(input.path, input.bytes, damage->offset, damage->what));
  }
  return {};
}

Result<json> parse_json_line(const LineReader& lines, std::string_view line) {
  json value;
  if (const auto damage = build(line, value)) {
    return fail(lines.error(line.substr(std::min(damage->offset, line.size())), damage->what));
  }
  return Result<json>(tl::in_place, std::move(value));
}

bool ends_early(std::string_view text) {
  const auto damage = run_parser<Checker>(text, [](Checker&) {});
  return damage && damage->at_end;
}

const json* find_field(const json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto& members = object.get_ref<const json::object_t&>();
  if (const auto found = members.find(name); found != members.end()) {
    return found->second.is_null() ? nullptr : &found->second;
  }
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const auto outer = members.find(name.substr(0, dot));
  return outer == members.end() ? nullptr : find_field(outer->second, name.substr(dot + 1));
}

const json* find_field(const json& object, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (const json* value = find_field(object, name)) return value;
  }
  return nullptr;
}

std::optional<double> number_of(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return parse_double(trim(value.get_ref<const std::string&>()));
  return std::nullopt;
}

std::optional<std::int64_t> integer_of(const json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (std::in_range<std::int64_t>(number)) return static_cast<std::int64_t>(number);
    return std::nullopt;
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_string()) {
    if (const auto whole = parse_i64(trim(value.get_ref<const std::string&>()))) return whole;
  }
  const auto number = number_of(value);
  // 2^62 keeps the conversion defined; no field needs more from a number written with a fraction.
  if (number && std::floor(*number) == *number && std::abs(*number) < 0x1p62) {
    return static_cast<std::int64_t>(*number);
  }
  return std::nullopt;
}

std::optional<std::string> text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return std::nullopt;
}

}  // namespace culprit
