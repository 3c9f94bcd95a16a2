#include "config/path_pattern.h"

namespace culprit {

// Backtracking, on a budget: a pattern may come with the input and be built to take for ever.
struct PathPattern::Search {
  const std::vector<Part>& parts;
  std::string_view path;
  std::string_view run = {};
  std::string_view service = {};
  int steps_left = 200'000;

  bool from(std::size_t part, std::size_t at) {
    if (--steps_left < 0) return false;
    if (part == parts.size()) return at == path.size();
    const Part& here = parts[part];
    if (here.kind == Kind::kLiteral) return literal(here.literal, part, at);
    if (here.kind == Kind::kAnyDepth) {
      for (std::size_t end = at; end <= path.size(); ++end) {
        if (from(part + 1, end)) return true;
      }
      return false;
    }
    std::string_view* const capture = here.kind == Kind::kRun       ? &run
                                      : here.kind == Kind::kService ? &service
                                                                    : nullptr;
    if (capture != nullptr && !capture->empty()) return literal(*capture, part, at);
    for (std::size_t end = at; end < path.size() && path[end] != '/'; ++end) {
      if (capture != nullptr) *capture = path.substr(at, end + 1 - at);
      if (from(part + 1, end + 1)) return true;
    }
    if (capture != nullptr) *capture = {};
    return false;
  }

  bool literal(std::string_view text, std::size_t part, std::size_t at) {
    return path.substr(at, text.size()) == text && from(part + 1, at + text.size());
  }
};

std::optional<PathPattern> PathPattern::parse(std::string_view text, std::string& error) {
  PathPattern pattern;
  pattern.text_ = text;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) pattern.parts_.push_back({Kind::kLiteral, std::move(literal)});
    literal.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '*') {
      flush();
      const bool deep = i + 1 < text.size() && text[i + 1] == '*';
      if (deep) ++i;
      pattern.parts_.push_back({deep ? Kind::kAnyDepth : Kind::kAny, {}});
    } else if (text[i] == '{') {
      const std::size_t end = text.find('}', i);
      const std::string_view name = text.substr(i + 1, end == text.npos ? end : end - i - 1);
      if (end == text.npos || (name != "run" && name != "service" && name != "*")) {
        error = "`{" + std::string(name) + (end == text.npos ? "" : "}") +
                "` is none of {run}, {service} and {*}";
        return std::nullopt;
      }
      flush();
      const Kind kind = name == "run"       ? Kind::kRun
                        : name == "service" ? Kind::kService
                                            : Kind::kAny;
      pattern.parts_.push_back({kind, {}});
      i = end;
    } else {
      literal += text[i];
    }
  }
  flush();
  if (pattern.parts_.empty()) {
    error = "a pattern must not be empty";
    return std::nullopt;
  }
  return pattern;
}

std::optional<PathPattern::Match> PathPattern::match(std::string_view path) const {
  Search search{parts_, path};
  if (!search.from(0, 0)) return std::nullopt;
  return Match{std::string(search.run), std::string(search.service)};
}

}  // namespace culprit
