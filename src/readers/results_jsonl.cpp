#include "readers/results_jsonl.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "readers/json_rows.h"
#include "readers/request_fields.h"

namespace culprit {

namespace {

namespace dom = simdjson::dom;

// Keys of formats that have readers of their own, or whose rows are no results.
constexpr auto kForeign = std::to_array<std::string_view>(
    {"hits",       "files",         "gcc_version",   "resourceSpans",
     "scopeSpans", "spans",         "data",          "traces",
     "processes",  "localEndpoint", "annotations",   "binaryAnnotations",
     "parentId",   "parentSpanId",  "operationName", "spanId",
     "spanID",     "span_id",       "metric",        "log"});

constexpr std::size_t kMaxLevels = 4;  // "request.headers.traceparent" has three

class ResultsJsonl {
 public:
  ResultsJsonl(const Input& input, Sink& sink) : rows_(input, sink), sink_(sink) {}

  Result<void> read() {
    for (;;) {
      const auto row = rows_.next();
      if (!row) return fail(row.error());
      if (!*row) break;
      take(**row);
    }
    rows_.finish();
    return {};
  }

 private:
  // What a key at some place of a row means. Rows of a file have the same keys in the same order,
  // so that a look at the last row's spares the search.
  struct Meaning {
    std::optional<RequestFields::Name> name;
    bool is_object = false;
  };
  struct Key {
    std::string text;
    Meaning meaning;
  };

  void take(dom::element row) {
    dom::object object;
    if (row.get_object().get(object)) {
      return rows_.skipped("not an object", "", "row is not a JSON object; skipped");
    }
    fields_.clear();
    key_ = 0;
    path_.clear();
    take_members(object, 1);
    Request request;
    if (const auto problem = fields_.read(request)) {
      std::string pointer = problem->field.empty() ? "" : '/' + std::string(problem->field);
      std::replace(pointer.begin(), pointer.end(), '.', '/');
      rows_.skipped(problem->kind, pointer, problem->what + "; skipped", problem->hint);
      return;
    }
    sink_.request(std::move(request));
  }

  void take_members(dom::object object, std::size_t level) {
    const std::size_t path = path_.size();
    for (const auto [key, value] : object) {
      const Meaning known = meaning_of(key);
      if (known.name) set(*known.name, key, value);
      if (!known.is_object || level == kMaxLevels) continue;
      dom::object inner;
      if (value.get_object().get(inner)) continue;
      path_.append(key) += '.';
      take_members(inner, level + 1);
      path_.resize(path);
    }
  }

  Meaning meaning_of(std::string_view key) {
    if (key_ == keys_.size()) keys_.emplace_back();
    Key& known = keys_[key_++];
    if (path_.empty() ? known.text == key
                      : known.text.size() == path_.size() + key.size() &&
                            known.text.ends_with(key) && known.text.starts_with(path_)) {
      return known.meaning;
    }
    known.text = path_;
    known.text += key;
    known.meaning = {RequestFields::find(known.text), RequestFields::is_object(known.text)};
    return known.meaning;
  }

  void set(RequestFields::Name name, std::string_view key, dom::element value) {
    switch (value.type()) {
      case dom::element_type::STRING:
        return fields_.set(name, FieldValue::of(std::string_view(value.get_string())));
      case dom::element_type::INT64:
        return fields_.set(name, FieldValue::of(std::int64_t(value.get_int64())));
      case dom::element_type::UINT64:
      case dom::element_type::DOUBLE:
        return fields_.set(name, FieldValue::of(double(value.get_double())));
      case dom::element_type::BOOL:
        return fields_.set(name, FieldValue::of(bool(value.get_bool())));
      case dom::element_type::OBJECT:
      case dom::element_type::ARRAY: {
        std::string pointer = '/' + path_ + std::string(key);
        std::replace(pointer.begin(), pointer.end(), '.', '/');
        return fields_.set(name, FieldValue::structure(rows_.json(pointer)));
      }
      case dom::element_type::NULL_VALUE:
        return;
    }
  }

  JsonRows rows_;
  Sink& sink_;
  RequestFields fields_;
  std::vector<Key> keys_;
  std::size_t key_ = 0;
  std::string path_;  // of the object at hand: "request.headers."
};

}  // namespace

bool accepts_results_jsonl(const Head& head) {
  if (!head.is_json()) return false;
  const auto has = [&](std::string_view key) { return head.has(key); };
  return std::none_of(kForeign.begin(), kForeign.end(), has) && RequestFields::tell_results(has);
}

Result<void> read_results_jsonl(const Input& input, Sink& sink) {
  return ResultsJsonl(input, sink).read();
}

}  // namespace culprit
