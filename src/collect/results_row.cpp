#include "collect/results_row.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

namespace culprit {

std::string utc_text(std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  const auto us = duration_cast<microseconds>(time.time_since_epoch()).count();
  const std::time_t seconds = static_cast<std::time_t>(us / 1'000'000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
                parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                parts.tm_sec, static_cast<int>(us % 1'000'000));
  return text.data();
}

std::string to_json_line(const ResultsRow& row) {
  nlohmann::ordered_json json;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  add("run", row.run);
  add("test", row.test);
  json["time"] = utc_text(row.time);
  add("method", row.method);
  add("url", row.url);
  if (row.status) json["status"] = *row.status;
  json["latency_ms"] = std::round(row.latency_ms * 1000) / 1000;
  if (row.passed) json["verdict"] = *row.passed ? "passed" : "failed";
  add("error", row.error);
  add("trace", row.trace);
  add("body", row.body);
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace culprit
