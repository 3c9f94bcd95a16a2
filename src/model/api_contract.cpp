#include "model/api_contract.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace culprit {

namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) segments.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return segments;
}

bool is_parameter(std::string_view segment) {
  return segment.find('{') != std::string_view::npos && segment.ends_with('}');
}

}  // namespace

void ApiContract::declare(std::string_view method, std::string_view path,
                          std::vector<std::string> statuses) {
  const auto segments = segments_of(path);
  operations_.push_back({lower(method), {segments.begin(), segments.end()}, std::move(statuses)});
}

void ApiContract::add_base_path(std::string_view path) {
  const auto segments = segments_of(path);
  if (!segments.empty()) base_paths_.emplace_back(segments.begin(), segments.end());
}

const ApiContract::Operation* ApiContract::find(std::string_view method,
                                                const std::vector<std::string_view>& path) const {
  const Operation* best = nullptr;
  std::size_t best_parameters = 0;
  for (const Operation& operation : operations_) {
    if (!method.empty() && !equal_ignoring_case(operation.method, method)) continue;
    if (operation.segments.size() != path.size()) continue;
    std::size_t parameters = 0;
    bool fits = true;
    for (std::size_t i = 0; i < path.size() && fits; ++i) {
      const bool parameter = is_parameter(operation.segments[i]);
      parameters += parameter ? 1 : 0;
      fits = parameter || operation.segments[i] == path[i];
    }
    // /users/me rather than /users/{id}
    if (fits && (best == nullptr || parameters < best_parameters)) {
      best = &operation;
      best_parameters = parameters;
    }
  }
  return best;
}

std::optional<bool> ApiContract::declares(std::string_view method, std::string_view path,
                                          int status) const {
  const std::vector<std::string_view> segments = segments_of(path);
  const Operation* operation = find(method, segments);
  for (const auto& base : base_paths_) {
    if (operation != nullptr) break;
    if (base.size() > segments.size() || !std::equal(base.begin(), base.end(), segments.begin())) {
      continue;
    }
    operation =
        find(method, {segments.begin() + static_cast<std::ptrdiff_t>(base.size()), segments.end()});
  }
  if (operation == nullptr) return std::nullopt;
  const std::string code = std::to_string(status);
  const std::string range = std::to_string(status / 100) + "XX";
  return std::any_of(
      operation->statuses.begin(), operation->statuses.end(), [&](const std::string& declared) {
        return declared == code || declared == "default" || equal_ignoring_case(declared, range);
      });
}

}  // namespace culprit
