#include "readers/coverage_gcov_json.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "readers/dom_fields.h"
#include "readers/folded_warnings.h"
#include "readers/json_fields.h"

namespace culprit {

namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kMaxCount = "18446744073709551615";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// simdjson rejects a whole document for one byte that is not UTF-8, which a source path may hold.
// Such bytes become `?`; returns whether there were any.
bool replace_invalid_utf8(char* bytes, std::size_t size) {
  bool replaced = false;
  std::size_t at = 0;
  while ((at = find_bad_utf8({bytes, size}, at)) != std::string_view::npos) {
    bytes[at++] = '?';
    replaced = true;
  }
  return replaced;
}

// And for one whole number beyond 64 bits. Those become the largest count, or -1, in place;
// returns whether there were any.
bool clamp_wide_numbers(char* bytes, std::size_t size) {
  bool clamped = false;
  bool in_string = false;
  for (std::size_t i = 0; i < size; ++i) {
    if (bytes[i] == '"') in_string = !in_string;
    if (in_string && bytes[i] == '\\') ++i;
    if (in_string || i >= size || !is_digit(bytes[i])) continue;
    const std::size_t start = i;
    while (i < size && is_digit(bytes[i])) ++i;
    const bool whole =
        i == size || std::string_view(".eE").find(bytes[i]) == std::string_view::npos;
    const bool negative = start > 0 && bytes[start - 1] == '-';
    const std::string_view digits(bytes + start, i - start);
    const bool fits = negative ? parse_i64({bytes + start - 1, digits.size() + 1}).has_value()
                               : parse_u64(digits).has_value();
    --i;
    if (!whole || fits || digits.size() < kMaxCount.size() - 1) continue;
    const std::string_view clamp = negative ? "1" : kMaxCount;
    const std::size_t length = digits.size();
    std::memset(bytes + start, ' ', length);
    std::memcpy(bytes + start, clamp.data(), clamp.size());
    clamped = true;
  }
  return clamped;
}

// A pointer for locate(), of which only the last parts change.
std::string pointer_to(std::size_t file, std::string_view list, std::size_t index,
                       std::string_view field = {}) {
  std::string pointer =
      "/files/" + std::to_string(file) + '/' + std::string(list) + '/' + std::to_string(index);
  if (!field.empty()) pointer += '/' + std::string(field);
  return pointer;
}

// simdjson's DOM, not its on-demand front end: Debian's headers compile the latter for plain
// x86-64, where it reads a report at 60 % of the speed of the DOM, whose code is chosen at run
// time. It also validates all of the document and does not mind the order of keys.
class GcovJson {
 public:
  GcovJson(const Input& input, Sink& sink)
      : input_(input),
        sink_(sink),
        skipped_bytes_(input.bytes.starts_with("\xef\xbb\xbf") ? 3 : 0),
        text_(input.bytes.substr(skipped_bytes_)),
        warnings_(input.path, sink) {}

  Result<void> read() {
    dom::element root;
    if (const auto error = parse(root)) return fail(damage(error));
    dom::array files;
    if (root["files"].get_array().get(files)) {
      return fail(error_in(input_.path, "gcov JSON without a list `files`",
                           "write it again with `gcov --json-format`"));
    }
    std::size_t index = 0;
    for (const dom::element file : files) read_file(file, index++);
    warnings_.finish(records_);
    return {};
  }

 private:
  simdjson::error_code parse(dom::element& root) {
    auto error = parser_.parse(text_).get(root);
    if (error == simdjson::UTF8_ERROR && replace_invalid_utf8(text_.data(), text_.size())) {
      sink_.warn(error_in(input_.path, "bytes that are not UTF-8 were read as `?`"));
      error = parser_.parse(text_).get(root);
    }
    if (error == simdjson::NUMBER_ERROR && clamp_wide_numbers(text_.data(), text_.size())) {
      sink_.warn(
          error_in(input_.path, "numbers beyond 64 bits were taken as the nearest that fits"));
      error = parser_.parse(text_).get(root);
    }
    return error;
  }

  void read_file(dom::element file, std::size_t index) {
    std::string_view name;
    if (file["file"].get_string().get(name)) {
      ++records_;
      warnings_.skipped("file without a name", [&] {
        return error_at_pointer("/files/" + std::to_string(index),
                                "entry of `files` has no `file`; skipped");
      });
      return;
    }
    file_ = index;
    owners_.clear();
    last_mangled_ = {};
    last_owner_ = {};
    sink_.file(clean_path(name));

    std::size_t position = 0;
    dom::array functions;
    if (!file["functions"].get_array().get(functions)) {
      for (const dom::element function : functions) read_function(function, position++);
    }
    position = 0;
    dom::array lines;
    if (!file["lines"].get_array().get(lines)) {
      for (const dom::element line : lines) read_line(line, position++);
    }
  }

  void read_function(dom::element element, std::size_t index) {
    ++records_;
    std::string_view mangled;
    std::string_view name;
    if (element["name"].get_string().get(mangled)) mangled = {};
    if (element["demangled_name"].get_string().get(name) || name.empty()) name = mangled;
    if (name.empty()) {
      warnings_.skipped("function without a name", [&] {
        return error_at_pointer(pointer_to(file_, "functions", index),
                                "entry of `functions` has no `name`; skipped");
      });
      return;
    }
    std::uint32_t bounds[2] = {};
    const char* const keys[2] = {"start_line", "end_line"};
    for (std::size_t i = 0; i < 2; ++i) {
      dom::element value;
      if (element[keys[i]].get(value)) continue;
      if (std::uint64_t zero = 1; !value.get_uint64().get(zero) && zero == 0) continue;
      const auto number = line_number_of(value);
      if (!number) return bad_line_number("functions", index, keys[i]);
      bounds[i] = *number;
    }
    owners_[mangled] = name;
    sink_.function(name, bounds[0], bounds[1]);
  }

  void read_line(dom::element element, std::size_t index) {
    ++records_;
    dom::object line;
    dom::element number;
    dom::element count;
    std::string_view mangled;
    // One pass over the keys; asking for each by name would be three.
    int found = 0;
    if (!element.get_object().get(line)) {
      for (const auto [key, value] : line) {
        if (key == "line_number") {
          number = value;
          found |= 1;
        } else if (key == "count") {
          count = value;
          found |= 2;
        } else if (key == "function_name" && value.get_string().get(mangled)) {
          mangled = {};
        }
      }
    }
    if (found != 3) {
      warnings_.skipped("line without number or count", [&] {
        return error_at_pointer(pointer_to(file_, "lines", index),
                                "line has no `line_number` or no `count`; skipped");
      });
      return;
    }
    const auto checked = line_number_of(number);
    if (!checked) return bad_line_number("lines", index, "line_number");
    const auto executed = line_count(count, index);
    if (executed) sink_.line(*checked, *executed, owner_of(mangled));
  }

  // Lines of one function follow each other, so most lookups are one comparison.
  std::string_view owner_of(std::string_view mangled) {
    if (mangled != last_mangled_) {
      const auto found = owners_.find(mangled);
      last_mangled_ = mangled;
      last_owner_ = found == owners_.end() ? mangled : found->second;
    }
    return last_owner_;
  }

  void bad_line_number(std::string_view list, std::size_t index, std::string_view field) {
    warnings_.skipped("line number out of range", [&] {
      return error_at_pointer(
          pointer_to(file_, list, index, field),
          std::string(field) + " is not a number in 1.." + std::to_string(kMaxLine) + "; skipped");
    });
  }

  // nullopt: the record is bad, which has been said.
  std::optional<std::uint64_t> line_count(dom::element value, std::size_t index) {
    const auto count = count_of(value);
    if (count && count->negative) {
      warnings_.repaired("negative count, taken as 0", [&] {
        return error_at_pointer(pointer_to(file_, "lines", index, "count"),
                                "count is negative; taken as 0");
      });
    }
    if (count) return count->value;
    warnings_.skipped("count is not a number", [&] {
      return error_at_pointer(pointer_to(file_, "lines", index, "count"),
                              "count is not a whole number; line skipped");
    });
    return std::nullopt;
  }

  // Scans the document from its start, so only for warnings that are shown.
  [[nodiscard]] Error error_at_pointer(const std::string& pointer, std::string what) const {
    const std::string_view text = input_.bytes.substr(skipped_bytes_);
    const auto offset = static_cast<std::size_t>(locate(text, pointer).data() - text.data());
    return error_at(input_.path, input_.bytes, offset + skipped_bytes_, std::move(what));
  }

  // simdjson does not tell where; a second parser that does finds the place.
  [[nodiscard]] Error damage(simdjson::error_code error) const {
    auto checked = check_json({input_.path, {text_.data(), text_.size()}});
    if (!checked) return std::move(checked.error());
    return error_in(input_.path, std::string("not JSON: ") + simdjson::error_message(error));
  }

  const Input& input_;
  Sink& sink_;
  std::size_t skipped_bytes_;
  simdjson::padded_string text_;
  dom::parser parser_;
  FoldedWarnings warnings_;
  std::size_t records_ = 0;

  // Of the current file: its index, and mangled names to the names shown.
  std::size_t file_ = 0;
  std::unordered_map<std::string_view, std::string_view> owners_;
  std::string_view last_mangled_;
  std::string_view last_owner_;
};

}  // namespace

bool accepts_gcov_json(const Head& head) {
  return head.shape == Head::Shape::kJsonObject && head.has("files") &&
         (head.has("gcc_version") || head.has("data_file") || head.has("format_version") ||
          head.file_name().find(".gcov.json") != std::string_view::npos);
}

Result<void> read_gcov_json(const Input& input, Sink& sink) { return GcovJson(input, sink).read(); }

}  // namespace culprit
