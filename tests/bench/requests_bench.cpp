// Reading of results, one core. Goal: 500 MB/s of JSON lines.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>

#include "readers/ignoring_sink.h"
#include "readers/registry.h"

namespace culprit {
namespace {

// Counts what it is told and lets it go.
class CountingSink final : public IgnoringSink {
 public:
  std::size_t requests = 0;

  void request(Request&&) override { ++requests; }
};

void read(benchmark::State& state, const char* format, const std::string& bytes) {
  const Reader& reader = *find_reader(format);
  for (auto _ : state) {
    CountingSink sink;
    const auto done = reader.read({"results", bytes}, sink);
    if (!done || sink.requests != 20'000) state.SkipWithError("not read");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}

template <class Row>
std::string rows(Row row) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += row(i);
  return text;
}

std::string formatted(const char* format, auto... values) {
  std::string text(1000, '\0');
  text.resize(static_cast<std::size_t>(std::snprintf(text.data(), text.size(), format, values...)));
  return text;
}

// As AnoMod's SocialNetwork has them, 257 bytes a row.
void BM_ReadAnomodResponses(benchmark::State& state) {
  read(state, "responses-jsonl", rows([](int i) {
         return formatted(
             R"({"timestamp": "2025-11-03T22:02:%02d.123456", "endpoint": "/wrk2-api/user/login", )"
             R"("method": "POST", "status_code": %d, "latency_ms": %d.25, "request_start_time": )"
             R"(1762207320.%06d, "request_end_time": 1762207321.%06d, "error": null, )"
             R"("response_size": %d})"
             "\n",
             i % 60, i % 30 == 0 ? 500 : 200, i % 400, i % 1'000'000, i % 1'000'000, i);
       }));
}
BENCHMARK(BM_ReadAnomodResponses)->Unit(benchmark::kMillisecond);

// What `culprit record` writes.
void BM_ReadRecordedResponses(benchmark::State& state) {
  read(state, "responses-jsonl", rows([](int i) {
         return formatted(
             R"({"run":"r%d","time":"2026-11-28T19:30:%02d.123456Z","method":"POST",)"
             R"("url":"http://127.0.0.1:8080/orders/%d","status":200,"latency_ms":%d.5,"error":"",)"
             R"("body":"{\"id\":%d,\"total\":\"107.00\",\"lines\":[1,2,3]}",)"
             R"("trace":"4bf92f3577b34da6a3ce929d%08x"})"
             "\n",
             i, i % 60, i, i % 400, i, i);
       }));
}
BENCHMARK(BM_ReadRecordedResponses)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace culprit
