// Reading of traces, one core. Goal: 300 MB/s of OTLP and of Jaeger.
#include <benchmark/benchmark.h>

#include <string>

#include "trace_text.h"
#include "readers/ignoring_sink.h"
#include "readers/registry.h"

namespace culprit {
namespace {

constexpr int kTraces = 4'000;

class SpanCounter final : public IgnoringSink {
 public:
  std::size_t spans = 0;

  void span(Span&&) override { ++spans; }
};

void read(benchmark::State& state, const char* format, const std::string& bytes) {
  const Reader& reader = *find_reader(format);
  for (auto _ : state) {
    SpanCounter sink;
    const auto done = reader.read({"traces", bytes}, sink);
    if (!done || sink.spans != kTraces * kOrderSpans.size()) state.SkipWithError("not read");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}

void BM_ReadOtlpLines(benchmark::State& state) {
  std::string text;
  for (int i = 0; i < kTraces; ++i) text += otlp_order(i);
  read(state, "otlp", text);
}
BENCHMARK(BM_ReadOtlpLines)->Unit(benchmark::kMillisecond);

void BM_ReadJaeger(benchmark::State& state) {
  std::string text = R"({"data":[)";
  for (int i = 0; i < kTraces; ++i) text += (i == 0 ? "" : ",") + jaeger_order(i);
  read(state, "jaeger", text + R"(],"total":0,"limit":0,"offset":0,"errors":null})");
}
BENCHMARK(BM_ReadJaeger)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace culprit
