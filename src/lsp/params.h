// The parameters of a message, read with checks: what is missing or of another kind is a failure
// that names it, never an exception.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace culprit::lsp {

using Json = nlohmann::json;

// Codes of JSON-RPC and of the protocol.
enum class FailureCode : int {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kInvalidParams = -32602,
  kInternalError = -32603,
  kNotInitialized = -32002,
  kRequestFailed = -32803,
  kRequestCancelled = -32800,
};

struct Failure {
  FailureCode code;
  std::string message;
};

using Answer = tl::expected<Json, Failure>;

// 0-based; `character` counts UTF-16 units.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
};

struct Range {
  Position start, end;
};

[[nodiscard]] Json to_json(const Range& range);

// Whether a text of JSON nests deeper: its values are copied and let go by recursion.
[[nodiscard]] bool nests_deeper_than(std::string_view json, std::size_t most);

// Reads several values, then tells whether all were there:
//   Params in(params);
//   const std::string uri = in.text("/textDocument/uri");
//   if (in.failure()) return reply(tl::unexpected(*in.failure()));
class Params {
 public:
  explicit Params(const Json& json) : json_(json) {}

  [[nodiscard]] std::string text(const char* pointer);
  [[nodiscard]] std::uint32_t number(const char* pointer);
  [[nodiscard]] Position position(const char* pointer);
  [[nodiscard]] Range range(const char* pointer);
  [[nodiscard]] const Json& list(const char* pointer);
  // Those that need not be there: null counts as absent, another kind as a failure.
  [[nodiscard]] std::optional<std::string> optional_text(const char* pointer);
  [[nodiscard]] bool flag(const char* pointer, bool otherwise);
  [[nodiscard]] std::vector<std::string> texts(const char* pointer);  // one text or a list of them
  [[nodiscard]] const Json* find(const char* pointer) const;

  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }

 private:
  void expected(const char* pointer, const char* what);

  const Json& json_;
  std::optional<Failure> failure_;
};

}  // namespace culprit::lsp
