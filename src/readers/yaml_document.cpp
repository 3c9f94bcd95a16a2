#include "readers/yaml_document.h"

#include <yaml.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/json_fields.h"

namespace culprit {

namespace {

using nlohmann::json;

json scalar_of(const yaml_event_t& event) {
  const std::string_view text(reinterpret_cast<const char*>(event.data.scalar.value),
                              event.data.scalar.length);
  if (event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return std::string(text);
  if (text.empty() || text == "~" || text == "null") return nullptr;
  if (text == "true") return true;
  if (text == "false") return false;
  if (const auto whole = parse_i64(text)) return *whole;
  if (const auto number = parse_double(text)) return *number;
  return std::string(text);
}

// Parses one document. Owns what libyaml allocates.
class YamlReader {
 public:
  YamlReader(const Input& input, std::string_view key, const TakeYamlElement* take)
      : input_(input), key_(key), take_(take) {
    if (yaml_parser_initialize(&parser_) == 0) return;
    usable_ = true;
    yaml_parser_set_input_string(
        &parser_, reinterpret_cast<const unsigned char*>(input.bytes.data()), input.bytes.size());
  }
  YamlReader(const YamlReader&) = delete;
  YamlReader& operator=(const YamlReader&) = delete;
  ~YamlReader() {
    if (usable_) yaml_parser_delete(&parser_);
  }

  Result<json> read() {
    if (!usable_) return fail(error_in(input_.path, "no memory to read YAML"));
    for (bool more = true; more;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) return fail(problem());
      const Result<bool> goes_on = take_event(event);
      yaml_event_delete(&event);
      if (!goes_on) return fail(goes_on.error());
      more = *goes_on;
    }
    return Result<json>(tl::in_place, std::move(root_));
  }
  [[nodiscard]] bool found_list() const { return found_list_; }

 private:
  struct Open {
    json value;
    std::string key;  // of the member to come, in a mapping
    bool has_key = false;
    bool is_list_of_elements = false;
    std::uint64_t line = 0;
  };

  // False: the document is over.
  Result<bool> take_event(const yaml_event_t& event) {
    const std::uint64_t line = event.start_mark.line + 1;
    switch (event.type) {
      case YAML_STREAM_END_EVENT:
      case YAML_DOCUMENT_END_EVENT:
        return false;
      case YAML_SCALAR_EVENT:
        if (wants_key()) {
          open_.back().key.assign(reinterpret_cast<const char*>(event.data.scalar.value),
                                  event.data.scalar.length);
          open_.back().has_key = true;
        } else {
          place(scalar_of(event), line);
        }
        return true;
      case YAML_ALIAS_EVENT:
        if (wants_key()) {
          open_.back().has_key = true;
        } else {
          place(nullptr, line);
        }
        return true;
      case YAML_MAPPING_START_EVENT:
      case YAML_SEQUENCE_START_EVENT: {
        if (open_.size() == kMaxJsonDepth) {
          return fail(
              error_at(input_.path, input_.bytes, event.start_mark.index,
                       "YAML nested deeper than " + std::to_string(kMaxJsonDepth) + " levels"));
        }
        const bool is_list = event.type == YAML_SEQUENCE_START_EVENT;
        const bool elements = is_list && take_ != nullptr && open_.size() == 1 &&
                              open_.back().has_key && open_.back().key == key_;
        found_list_ = found_list_ || elements;
        open_.push_back({is_list ? json::array() : json::object(), {}, false, elements, line});
        return true;
      }
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT: {
        Open done = std::move(open_.back());
        open_.pop_back();
        if (wants_key()) {
          open_.back().has_key = true;  // a structure as a key: not read
        } else {
          place(std::move(done.value), done.line);
        }
        return true;
      }
      default:
        return true;
    }
  }

  [[nodiscard]] bool wants_key() const {
    return !open_.empty() && open_.back().value.is_object() && !open_.back().has_key;
  }

  void place(json value, std::uint64_t line) {
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    Open& parent = open_.back();
    if (parent.is_list_of_elements) {
      (*take_)(value, line);
    } else if (parent.value.is_array()) {
      parent.value.push_back(std::move(value));
    } else {
      parent.value[parent.key] = std::move(value);
      parent.has_key = false;
      parent.key.clear();
    }
  }

  [[nodiscard]] Error problem() const {
    const std::string what = parser_.problem == nullptr ? "not YAML" : parser_.problem;
    const std::size_t offset =
        parser_.error == YAML_READER_ERROR ? parser_.problem_offset : parser_.problem_mark.index;
    return error_at(input_.path, input_.bytes, offset, what);
  }

  const Input& input_;
  std::string_view key_;
  const TakeYamlElement* take_;
  yaml_parser_t parser_ = {};
  bool usable_ = false;
  bool found_list_ = false;
  json root_;
  std::vector<Open> open_;
};

}  // namespace

Result<json> parse_yaml(const Input& input) { return YamlReader(input, {}, nullptr).read(); }

Result<bool> for_each_yaml_element(const Input& input, std::string_view key,
                                   const TakeYamlElement& take) {
  YamlReader reader(input, key, &take);
  const Result<json> rest = reader.read();
  if (!rest) return fail(rest.error());
  return reader.found_list();
}

}  // namespace culprit
