// gcov JSON as gcov writes it, .json.gz of 40 MB of text. Goals on one core: 60 a second, 20 times
// zlib with nlohmann's DOM.
#include <benchmark/benchmark.h>
#include <libdeflate.h>
#include <zlib.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "base/gzip.h"
#include "null_sink.h"
#include "readers/coverage_gcov_json.h"

namespace culprit {
namespace {

constexpr std::size_t kTextBytes = 40'000'000;

const std::string& text() {
  static const std::string json = [] {
    std::string all = R"({"gcc_version":"12.2.0","files":[)";
    for (int file = 0; all.size() < kTextBytes; ++file) {
      if (file > 0) all += ',';
      all += R"({"lines":[)";
      for (int line = 1; line <= 600; ++line) {
        if (line > 1) all += ',';
        const std::string number = std::to_string(line);
        all += R"({"branches":[],"count":)" + std::to_string(line * 7919 % 311) +
               R"(,"line_number":)" + number +
               R"(,"unexecuted_block":false,"function_name":"_ZN4YAML6Parser8function)" +
               std::to_string(line / 12) + R"(Ev"})";
      }
      all += R"(],"functions":[)";
      for (int function = 0; function <= 50; ++function) {
        if (function > 0) all += ',';
        const std::string number = std::to_string(function);
        all +=
            R"({"blocks":4,"end_column":63,"start_line":)" + std::to_string(function * 12 + 1) +
            R"(,"name":"_ZN4YAML6Parser8function)" + number +
            R"(Ev","blocks_executed":3,"execution_count":3,"demangled_name":"YAML::Parser::function)" +
            number + R"j(()","start_column":21,"end_line":)j" + std::to_string(function * 12 + 11) +
            '}';
      }
      all += R"(],"file":"src/file)" + std::to_string(file) + R"(.cpp"})";
    }
    return all +
           R"(],"format_version":"1","current_working_directory":"/src","data_file":"a.gcda"})";
  }();
  return json;
}

const std::string& packed() {
  static const std::string bytes = [] {
    libdeflate_compressor* const compressor = libdeflate_alloc_compressor(6);
    std::string out(libdeflate_gzip_compress_bound(compressor, text().size()), '\0');
    out.resize(
        libdeflate_gzip_compress(compressor, text().data(), text().size(), out.data(), out.size()));
    libdeflate_free_compressor(compressor);
    return out;
  }();
  return bytes;
}

void report(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text().size()));
  state.counters["files/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void BM_GcovJsonGz(benchmark::State& state) {
  (void)packed();
  for (auto _ : state) {
    const Result<std::string> json = gunzip("a.gcov.json.gz", packed(), std::uint64_t{1} << 30);
    NullSink sink;
    if (!json || !read_gcov_json({"a.gcov.json", *json}, sink)) state.SkipWithError("unread");
  }
  report(state);
}
BENCHMARK(BM_GcovJsonGz)->Unit(benchmark::kMillisecond);

void BM_GcovJsonText(benchmark::State& state) {
  for (auto _ : state) {
    NullSink sink;
    if (!read_gcov_json({"a.gcov.json", text()}, sink)) state.SkipWithError("unread");
  }
  report(state);
}
BENCHMARK(BM_GcovJsonText)->Unit(benchmark::kMillisecond);

// The peer: zlib and a DOM, and nothing made of it.
void BM_GcovJsonGzZlibNlohmann(benchmark::State& state) {
  (void)packed();
  for (auto _ : state) {
    std::string json(text().size(), '\0');
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed().data()));
    stream.avail_in = static_cast<uInt>(packed().size());
    stream.next_out = reinterpret_cast<Bytef*>(json.data());
    stream.avail_out = static_cast<uInt>(json.size());
    inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    benchmark::DoNotOptimize(nlohmann::json::parse(json));
  }
  report(state);
}
BENCHMARK(BM_GcovJsonGzZlibNlohmann)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace culprit
