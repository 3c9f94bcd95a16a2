#include "readers/window_json.h"

#include <nlohmann/json.hpp>

#include "readers/json_fields.h"
#include "readers/record_values.h"

namespace culprit {

namespace {

using nlohmann::json;

Error error_of(const Input& input, std::string_view field, std::string what,
               std::string hint = {}) {
  const std::string_view at = locate(input.bytes, "/" + std::string(field));
  return error_at(input.path, input.bytes, static_cast<std::size_t>(at.data() - input.bytes.data()),
                  std::move(what), std::move(hint));
}

Result<std::int64_t> time_of(const Input& input, const json& document, std::string_view field) {
  const json* const value = find_field(document, field);
  const auto ns = value != nullptr && value->is_string()
                      ? rfc3339_ns(value->get_ref<const std::string&>())
                      : std::nullopt;
  if (ns) return *ns;
  return fail(error_of(input, field,
                       "a window of time needs `" + std::string(field) + "`, a time with a zone"));
}

}  // namespace

bool accepts_window(const Head& head) {
  return head.shape == Head::Shape::kJsonObject && head.has("schema") &&
         (head.has("from") || head.has("rounds") || head.has("missing"));
}

Result<void> read_window(const Input& input, Sink& sink) {
  const Result<json> document = parse_json(input);
  if (!document) return fail(document.error());
  const json* const schema = find_field(*document, "schema");
  if (schema == nullptr || *schema != kWindowSchema) {
    return fail(error_of(input, "schema", "not a window this version knows",
                         "it reads \"" + std::string(kWindowSchema) + "\""));
  }
  Window window;
  if (document->contains("from") || document->contains("to")) {
    const Result<std::int64_t> from = time_of(input, *document, "from");
    if (!from) return fail(from.error());
    const Result<std::int64_t> to = time_of(input, *document, "to");
    if (!to) return fail(to.error());
    if (*to < *from) return fail(error_of(input, "to", "the window ends before it begins"));
    window.time = TimeSpan{*from, *to};
  }
  if (const json* const missing = find_field(*document, "missing")) {
    window.missing = text_of(*missing).value_or("");
    if (window.missing.empty()) {
      return fail(error_of(input, "missing", "`missing` says in words why there is no report"));
    }
  }
  if (const json* const quiet = find_field(*document, "quiet")) {
    if (!quiet->is_boolean()) return fail(error_of(input, "quiet", "`quiet` is true or false"));
    window.quiet = quiet->get<bool>();
  }
  sink.window(window);
  return {};
}

}  // namespace culprit
