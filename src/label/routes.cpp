#include "label/routes.h"

#include <algorithm>
#include <optional>

#include "label/endpoint.h"

namespace culprit {

namespace {

constexpr std::size_t kMostRoutes = 10'000;  // of one method and length

bool is_hole(std::string_view segment) {
  return segment.starts_with('{') || segment.starts_with(':') || segment.starts_with('<') ||
         segment == "*";
}

std::size_t segments(std::string_view path) {
  return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
}

// The route with every hole as {}; empty where it has none.
std::string shape_of(std::string_view route) {
  std::string shape;
  bool holes = false;
  while (!route.empty() && route.front() == '/') {
    route.remove_prefix(1);
    const std::string_view segment = route.substr(0, route.find('/'));
    holes = holes || is_hole(segment);
    shape += '/';
    shape += is_hole(segment) ? std::string_view("{}") : segment;
    route.remove_prefix(segment.size());
  }
  return holes && route.empty() ? shape : std::string();
}

// How many words path and shape share; nullopt where they do not fit.
std::optional<std::size_t> words_in_common(std::string_view path, std::string_view shape) {
  std::size_t words = 0;
  while (!path.empty() && !shape.empty()) {
    path.remove_prefix(1);
    shape.remove_prefix(1);
    const std::string_view one = path.substr(0, path.find('/'));
    const std::string_view other = shape.substr(0, shape.find('/'));
    if (one == other) {
      ++words;
    } else if (other != "{}" || one.empty()) {
      return std::nullopt;
    }
    path.remove_prefix(one.size());
    shape.remove_prefix(other.size());
  }
  return path.empty() && shape.empty() ? std::optional(words) : std::nullopt;
}

std::string_view path_of(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
    url.remove_prefix(std::min(url.find('/', scheme + 3), url.size()));
  }
  url = url.substr(0, url.find_first_of("?#"));
  while (url.size() > 1 && url.ends_with('/')) url.remove_suffix(1);
  return url;
}

std::string named(std::string_view method, std::string_view path) {
  std::string name(method);
  if (!name.empty() && !path.empty()) name += ' ';
  return name += path;
}

}  // namespace

void Routes::add(std::string_view method, std::string_view route) {
  std::string shape = shape_of(route);
  if (shape.empty()) return;
  std::set<std::string>& known = shapes_[std::string(method)][segments(shape)];
  if (known.size() < kMostRoutes) known.insert(std::move(shape));
}

std::string Routes::endpoint(std::string_view method, std::string_view url) const {
  return named(method, shape(method, url));
}

std::string Routes::resource(std::string_view method, std::string_view url) const {
  const auto segment_end = [](std::string_view text, std::size_t at) {
    return std::min(text.find('/', at + 1), text.size());
  };
  const std::string_view path = path_of(url);
  const std::string shape = this->shape(method, path);
  std::size_t id_end = 0;  // of the path
  std::size_t in_path = 0;
  std::size_t in_shape = 0;
  while (in_path < path.size() && in_shape < shape.size()) {
    in_path = segment_end(path, in_path);
    in_shape = segment_end(shape, in_shape);
    if (std::string_view(shape).substr(0, in_shape).ends_with("{}")) id_end = in_path;
  }
  if (id_end == 0) return "";
  // With the host, where there is one.
  return std::string(url.substr(0, static_cast<std::size_t>(path.data() - url.data()) + id_end));
}

std::string Routes::shape(std::string_view method, std::string_view url) const {
  const std::string_view path = path_of(url);
  const std::string* best = nullptr;
  std::size_t best_words = 0;
  if (const auto lengths = shapes_.find(method); lengths != shapes_.end()) {
    const auto shapes = lengths->second.find(segments(path));
    if (path.starts_with('/') && shapes != lengths->second.end()) {
      for (const std::string& shape : shapes->second) {
        const auto words = words_in_common(path, shape);
        if (!words || (best != nullptr && *words <= best_words)) continue;
        best = &shape;
        best_words = *words;
      }
    }
  }
  return best != nullptr ? *best : endpoint_template(url);
}

}  // namespace culprit
