// Patterns that say what the folders of a run set mean:
// "coverage/{run}_{*}/{service}/coverage.info".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace culprit {

// `{run}` and `{service}` capture, `{*}` and `*` match; each takes one or more characters other
// than
// `/`, as few as possible. `**` takes any characters, `/` included, or none. A name that occurs
// again stands for what it captured first. Everything else stands for itself.
class PathPattern {
 public:
  // The error in words when `text` is no pattern; parse then returns nullopt.
  [[nodiscard]] static std::optional<PathPattern> parse(std::string_view text, std::string& error);

  struct Match {
    std::string run;
    std::string service;
  };
  [[nodiscard]] std::optional<Match> match(std::string_view path) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  enum class Kind { kLiteral, kAny, kAnyDepth, kRun, kService };
  struct Part {
    Kind kind;
    std::string literal;
  };
  struct Search;
  std::string text_;
  std::vector<Part> parts_;
};

}  // namespace culprit
