#include "config/policy.h"

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "config/toml_document.h"

namespace culprit {

namespace {

// Nanoseconds since the epoch of a date-time with an offset, given as such or as a string.
std::optional<std::int64_t> instant(const toml::node& node) {
  std::optional<toml::date_time> time = node.value_exact<toml::date_time>();
  if (const auto text = node.value_exact<std::string>();
      text && text->find_first_not_of("0123456789-:.+TtZz ") == std::string::npos) {
    const toml::parse_result parsed = toml::parse("t = " + *text);
    if (parsed) time = parsed.table()["t"].value_exact<toml::date_time>();
  }
  if (!time || !time->offset) return std::nullopt;
  using namespace std::chrono;
  const sys_days date =
      year{time->date.year} / month{time->date.month} / std::chrono::day{time->date.day};
  const auto at = date.time_since_epoch() + hours{time->time.hour} + minutes{time->time.minute} +
                  seconds{time->time.second} + nanoseconds{time->time.nanosecond} -
                  minutes{time->offset->minutes};
  return duration_cast<nanoseconds>(at).count();
}

// "2026-12-31", given as a date or as text.
std::optional<std::string> day(const toml::node& node) {
  std::optional<toml::date> date = node.value_exact<toml::date>();
  if (const auto text = node.value_exact<std::string>();
      text && text->find_first_not_of("0123456789-") == std::string::npos) {
    const toml::parse_result parsed = toml::parse("t = " + *text);
    if (parsed) date = parsed.table()["t"].value_exact<toml::date>();
  }
  if (!date) return std::nullopt;
  std::string text = "0000-00-00";
  const auto put = [&](std::size_t end, unsigned number) {
    for (std::size_t at = end; number != 0; number /= 10) {
      text[--at] = static_cast<char>('0' + number % 10);
    }
  };
  put(4, date->year);
  put(7, date->month);
  put(10, date->day);
  return text;
}

struct ManifestReader {
  Policy& policy;
  const Input& input;

  Result<void> patterns(const toml::node& node, std::vector<PathPattern>& target) {
    return each_table(node, [&](const toml::table& row) -> Result<void> {
      for (const auto& [key, value] : row) {
        if (key.str() != "path") return unknown(key, "path");
        const auto text = value.value_exact<std::string>();
        std::string error = "`path` takes a text";
        const auto pattern = text ? PathPattern::parse(*text, error) : std::nullopt;
        if (!pattern) return fail(error_on(input, value.source(), error));
        target.push_back(*pattern);
      }
      return {};
    });
  }

  // `trace` is a column's name, or a pattern where it has a hole.
  Result<void> logs(const toml::node& node) {
    return each_table(node, [&](const toml::table& row) -> Result<void> {
      std::optional<PathPattern> path;
      LogFormat format;
      for (const auto& [key, value] : row) {
        const std::string_view name = key.str();
        const auto text = value.value_exact<std::string>();
        if (!text) {
          return fail(error_on(input, value.source(), "`" + std::string(name) + "` takes a text"));
        }
        std::string error;
        if (name == "path") {
          path = PathPattern::parse(*text, error);
        } else if (name == "position") {
          format.position = TextPattern::parse(*text, error);
          if (format.position && !format.position->has_position()) {
            error = "`position` needs {class} or {file}, and {line}";
          }
        } else if (name == "trace" && text->find('{') != std::string::npos) {
          format.trace_in_text = TextPattern::parse(*text, error);
          if (format.trace_in_text && !format.trace_in_text->has_trace()) {
            error = "`trace` needs {trace}, or is a column's name";
          }
        } else if (name == "trace") {
          format.trace = *text;
        } else if (name == "service") {
          format.service = *text;
        } else if (name == "text") {
          format.text = *text;
        } else if (name == "time") {
          format.time = *text;
        } else {
          return unknown(key, "path, position, trace, service, text and time");
        }
        if (!error.empty()) return fail(error_on(input, value.source(), error));
      }
      if (!path) return fail(error_on(input, row.source(), "[[logs]] without `path`"));
      policy.logs.push_back({std::move(*path), std::move(format)});
      return {};
    });
  }

  Result<void> service_map(const toml::node& node) {
    const toml::table* const rows = node.as_table();
    if (rows == nullptr) {
      return fail(error_on(input, node.source(), "`service_map` takes a table",
                           "write [service_map], then lines such as \"orders-v2\" = \"orders\""));
    }
    for (const auto& [key, value] : *rows) {
      const auto text = value.value_exact<std::string>();
      if (!text || text->empty()) {
        return fail(error_on(input, value.source(), "a service's name as coverage has it"));
      }
      policy.service_map[std::string(key.str())] = *text;
    }
    return {};
  }

  Result<void> outcomes(const toml::node& node) {
    return each_table(node, [&](const toml::table& row) -> Result<void> {
      OutcomeRule rule;
      bool told = false;
      for (const auto& [key, value] : row) {
        const std::string_view name = key.str();
        const auto text = value.value_exact<std::string>();
        if (name == "run" && text) {
          rule.run = *text;
        } else if (name == "outcome" && text) {
          told = verdict(*text, rule.verdict);
          if (!told) {
            return fail(
                error_on(input, value.source(), "`outcome` takes passed, failed or unknown"));
          }
        } else if (name == "from" || name == "to") {
          const auto time = instant(value);
          if (!time) {
            return fail(error_on(input, value.source(),
                                 "`" + std::string(name) + "` takes a time with an offset",
                                 "write it as \"2023-01-29T08:51:00Z\""));
          }
          (name == "from" ? rule.from_ns : rule.to_ns) = *time;
        } else if (name == "service" && text == "*") {
          // Outcomes belong to runs, so "every service" says nothing new.
        } else if (name == "service") {
          return fail(error_on(input, value.source(), "an outcome belongs to a run, not a service",
                               "drop the key, or write service = \"*\""));
        } else {
          return unknown(key, "run, from, to and outcome");
        }
      }
      if (!told) return fail(error_on(input, row.source(), "[[outcomes]] without `outcome`"));
      policy.label.outcomes.push_back(rule);
      return {};
    });
  }

  Result<void> suppressions(const toml::node& node) {
    return each_table(node, [&](const toml::table& row) -> Result<void> {
      SuppressRule rule;
      std::size_t named = 0;
      for (const auto& [key, value] : row) {
        const std::string_view name = key.str();
        std::string* const target = name == "fingerprint" ? &rule.fingerprint
                                    : name == "function"  ? &rule.function
                                    : name == "endpoint"  ? &rule.endpoint
                                    : name == "reason"    ? &rule.reason
                                    : name == "expires"   ? &rule.expires
                                                          : nullptr;
        if (target == nullptr) {
          return unknown(key, "fingerprint, function, endpoint, reason and expires");
        }
        const auto text = name == "expires" ? day(value) : value.value_exact<std::string>();
        if (!text || trim(*text).empty()) {
          return fail(error_on(input, value.source(),
                               name == "expires" ? "`expires` takes a day, such as 2026-12-31"
                                                 : "`" + std::string(name) + "` takes a text"));
        }
        *target = *text;
        named += target != &rule.reason && target != &rule.expires ? 1 : 0;
      }
      if (named != 1) {
        return fail(error_on(input, row.source(),
                             "[[suppress]] takes one of fingerprint, function and endpoint"));
      }
      if (rule.reason.empty() || rule.expires.empty()) {
        return fail(error_on(input, row.source(), "[[suppress]] takes a reason and an expires",
                             "nothing is suppressed for ever, or without saying why"));
      }
      policy.gate.suppress.push_back(std::move(rule));
      return {};
    });
  }

  // A value, or a list of them for settings that may be given more than once.
  Result<void> setting(const toml::key& key, const toml::node& value) {
    if (const toml::array* const values = value.as_array()) {
      for (const toml::node& one : *values) {
        if (auto done = setting(key, one); !done) return done;
      }
      return {};
    }
    const auto text = as_text(value);
    const auto done = apply_setting(policy, key.str(), text.value_or(""), input.path);
    if (done) return {};
    return fail(error_on(input, key.source(), done.error().what, done.error().hint));
  }

  Result<void> unknown(const toml::key& key, std::string_view known) {
    return fail(error_on(input, key.source(), "unknown key `" + std::string(key.str()) + "`",
                         "known here: " + std::string(known)));
  }

  static bool verdict(std::string_view text, Verdict& target) {
    if (text == "passed") target = Verdict::kPassed;
    if (text == "failed") target = Verdict::kFailed;
    if (text == "unknown") target = Verdict::kUnknown;
    return text == "passed" || text == "failed" || text == "unknown";
  }

  template <class Read>
  Result<void> each_table(const toml::node& node, Read read) {
    const toml::array* const rows = node.as_array();
    if (rows == nullptr) {
      return fail(error_on(input, node.source(), "this takes tables", "write it as [[name]]"));
    }
    for (const toml::node& row : *rows) {
      if (!row.is_table()) return fail(error_on(input, row.source(), "this takes tables"));
      if (auto done = read(*row.as_table()); !done) return done;
    }
    return {};
  }
};

}  // namespace

Result<void> apply_manifest(Policy& policy, const Input& manifest) {
  const toml::parse_result parsed = toml::parse(manifest.bytes);
  if (!parsed) {
    return fail(
        error_on(manifest, parsed.error().source(), std::string(parsed.error().description())));
  }
  ManifestReader reader{policy, manifest};
  for (const auto& [key, value] : parsed.table()) {
    const std::string_view name = key.str();
    Result<void> done;
    if (name == "coverage") {
      done = reader.patterns(value, policy.coverage);
    } else if (name == "responses") {
      done = reader.patterns(value, policy.responses);
    } else if (name == "traces") {
      done = reader.patterns(value, policy.traces);
    } else if (name == "logs") {
      done = reader.logs(value);
    } else if (name == "service_map") {
      done = reader.service_map(value);
    } else if (name == "outcomes") {
      done = reader.outcomes(value);
    } else if (name == "suppress") {
      done = reader.suppressions(value);
    } else {
      done = reader.setting(key, value);
    }
    if (!done) return done;
  }
  return {};
}

}  // namespace culprit
