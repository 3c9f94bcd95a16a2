#include "readers/openapi.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/json_fields.h"
#include "readers/yaml_document.h"

namespace culprit {

namespace {

using nlohmann::json;

constexpr auto kMethods = std::to_array<std::string_view>(
    {"get", "put", "post", "delete", "options", "head", "patch", "trace"});

// "/api/v1" of "https://shop.example/api/v1"; a path stays itself.
std::string_view path_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return url;
  const std::size_t slash = url.find('/', scheme + 3);
  return slash == std::string_view::npos ? std::string_view() : url.substr(slash);
}

// nullopt: what is declared is not known.
std::optional<std::vector<std::string>> statuses_of(const json& operation) {
  const json* const responses = find_field(operation, "responses");
  if (responses == nullptr || !responses->is_object()) return std::nullopt;
  std::vector<std::string> statuses;
  for (const auto& [status, response] : responses->items()) {
    // A merge key or a reference brings in others, unseen.
    if (status == "<<" || status == "$ref") return std::nullopt;
    statuses.push_back(status);
  }
  return statuses;
}

void read_paths(const json& paths, ApiContract& contract) {
  for (const auto& [path, item] : paths.items()) {
    if (!item.is_object()) continue;
    for (const auto& [method, operation] : item.items()) {
      if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) continue;
      if (auto statuses = statuses_of(operation)) {
        contract.declare(method, path, std::move(*statuses));
      }
    }
  }
}

}  // namespace

Result<ApiContract> read_openapi(const Input& input) {
  const bool is_json = trim(input.bytes).starts_with('{');
  const Result<json> document = is_json ? parse_json(input) : parse_yaml(input);
  if (!document) return fail(document.error());
  const bool known =
      find_field(*document, "openapi") != nullptr || find_field(*document, "swagger") != nullptr;
  const json* const paths = find_field(*document, "paths");
  if (!known || paths == nullptr || !paths->is_object()) {
    return fail(error_in(input.path,
                         "not an OpenAPI document: it needs `openapi` (or `swagger`) "
                         "and `paths`"));
  }
  ApiContract contract;
  read_paths(*paths, contract);
  if (const json* const servers = find_field(*document, "servers");
      servers && servers->is_array()) {
    for (const json& server : *servers) {
      const json* const url = find_field(server, "url");
      if (url != nullptr && url->is_string()) {
        contract.add_base_path(path_of(url->get_ref<const std::string&>()));
      }
    }
  }
  if (const json* const base = find_field(*document, "basePath"); base && base->is_string()) {
    contract.add_base_path(base->get_ref<const std::string&>());
  }
  if (contract.operations() == 0) {
    return fail(error_in(input.path, "declares no operation with responses"));
  }
  return contract;
}

}  // namespace culprit
