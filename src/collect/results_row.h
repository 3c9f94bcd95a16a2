// The row of responses.jsonl that says what became of a run.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace culprit {

struct ResultsRow {
  std::string run;
  std::string test;  // a test's own name; empty: a request
  std::chrono::system_clock::time_point time;
  std::string method;
  std::string url;
  std::optional<int> status;
  double latency_ms = 0;
  std::string error;
  std::optional<bool> passed;
  std::string body;
  std::string trace;
};

// One line of JSON with its end; empty fields are left out, bytes that are no UTF-8 replaced.
[[nodiscard]] std::string to_json_line(const ResultsRow& row);

// "2026-11-28T19:30:00.123456Z".
[[nodiscard]] std::string utc_text(std::chrono::system_clock::time_point time);

}  // namespace culprit
