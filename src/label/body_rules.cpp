#include "label/body_rules.h"

#include <array>
#include <optional>
#include <utility>

#include "base/json_text.h"
#include "base/text.h"

namespace culprit {

namespace {

using Test = BodyRule::Test;

constexpr std::array<std::pair<std::string_view, Test>, 6> kOperators = {{{"==", Test::kEqual},
                                                                          {"!=", Test::kNotEqual},
                                                                          {"<=", Test::kAtMost},
                                                                          {">=", Test::kAtLeast},
                                                                          {"<", Test::kLess},
                                                                          {">", Test::kGreater}}};

tl::unexpected<Error> wrong(std::string_view text, std::string what) {
  return fail(error_in("fail-when", '`' + printable(text) + "` " + std::move(what),
                       "write it as body.status==0, body.data[0].code>=400, or body.error exists"));
}

// "/data/0/code" of "body.data[0].code" or "body/data/0/code"; nullopt: it does not begin so.
std::optional<std::string> pointer_of(std::string_view path) {
  if (!path.starts_with("body")) return std::nullopt;
  path.remove_prefix(4);
  std::string pointer;
  if (path.empty() || path.starts_with('/')) return std::string(path);
  for (const char c : path) {
    if (c == ']') continue;
    pointer += c == '.' || c == '[' ? '/' : c;
  }
  return pointer.starts_with('/') ? std::optional(pointer) : std::nullopt;
}

std::string_view without_quotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

Result<BodyRule> parse_body_rule(std::string_view text) {
  text = trim(text);
  BodyRule rule;
  rule.text = text;
  std::string_view path;
  for (const auto& [word, test] : {std::pair{std::string_view(" exists"), Test::kExists},
                                   std::pair{std::string_view(" missing"), Test::kMissing}}) {
    if (!text.ends_with(word)) continue;
    rule.test = test;
    path = trim(text.substr(0, text.size() - word.size()));
  }
  if (path.empty()) {
    const std::size_t at = text.find_first_of("=!<>");
    if (at == std::string_view::npos) return wrong(text, "compares nothing");
    path = trim(text.substr(0, at));
    const std::string_view rest = text.substr(at);
    std::string_view value;
    for (const auto& [sign, test] : kOperators) {
      if (!rest.starts_with(sign)) continue;
      rule.test = test;
      value = trim(rest.substr(sign.size()));
      break;
    }
    if (value.empty()) return wrong(text, "has no value to compare with");
    rule.value = without_quotes(value);
    const bool by_size = rule.test != Test::kEqual && rule.test != Test::kNotEqual;
    if (by_size && !parse_double(rule.value)) return wrong(text, "compares with no number");
  }
  auto pointer = pointer_of(path);
  if (!pointer) return wrong(text, "does not begin with a path into `body`");
  rule.pointer = std::move(*pointer);
  return rule;
}

bool meets(std::string_view body, const BodyRule& rule) {
  body = trim(body);
  const bool is_json = body.starts_with('{') || body.starts_with('[');
  auto found = is_json ? json_at(body, rule.pointer) : std::nullopt;
  if (found && found->empty()) found.reset();
  if (rule.test == Test::kExists) return found.has_value();
  if (rule.test == Test::kMissing) return !body.empty() && !found;
  if (!found) return false;
  const std::string_view value = without_quotes(*found);
  const auto left = parse_double(value);
  const auto right = parse_double(rule.value);
  switch (rule.test) {
    case Test::kEqual:
      return left && right ? *left == *right : value == rule.value;
    case Test::kNotEqual:
      return left && right ? *left != *right : value != rule.value;
    case Test::kLess:
      return left && *left < *right;
    case Test::kAtMost:
      return left && *left <= *right;
    case Test::kGreater:
      return left && *left > *right;
    case Test::kAtLeast:
      return left && *left >= *right;
    default:
      return false;
  }
}

void judge_body(Request& request, const LabelPolicy& policy) {
  for (std::size_t i = 0; i < policy.fail_when.size() && !request.body.empty(); ++i) {
    if (!meets(request.body, policy.fail_when[i])) continue;
    request.failing_body = static_cast<std::uint32_t>(i);
    break;
  }
  request.body = {};
}

}  // namespace culprit
