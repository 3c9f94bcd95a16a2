// Writes a large trace file: make_traces otlp-lines|otlp-array|jaeger-array MEGABYTES > FILE.
// Prints the number of its traces on standard error.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bench/trace_text.h"

int main(int count, char** arguments) {
  const std::string_view form = count == 3 ? arguments[1] : "";
  const bool lines = form == "otlp-lines";
  const bool jaeger = form == "jaeger-array";
  if (!lines && !jaeger && form != "otlp-array") {
    std::fputs("usage: make_traces otlp-lines|otlp-array|jaeger-array MEGABYTES > FILE\n", stderr);
    return 2;
  }
  const auto write = [](std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) std::exit(1);
    return text.size();
  };
  const unsigned long long wanted = std::strtoull(arguments[2], nullptr, 10) * 1'000'000;
  unsigned long long written = 0;
  if (!lines) written += write(jaeger ? R"({"data":[)" : R"({"resourceSpans":[)");
  int traces = 0;
  for (; written < wanted; ++traces) {
    std::string text = jaeger ? culprit::jaeger_order(traces) : culprit::otlp_order(traces);
    if (!lines && traces != 0) written += write(",\n");
    if (!lines && !jaeger) {
      // The elements of each line's list, as an exporter that batches has them in one.
      const std::string_view head = R"({"resourceSpans":[)";
      std::string elements;
      for (std::string_view rest = text; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        if (!elements.empty()) elements += ',';
        elements += line.substr(head.size(), line.size() - head.size() - 2);
      }
      text = elements;
    }
    written += write(text);
  }
  if (!lines) write(jaeger ? R"(],"total":0})" : "]}");
  std::fprintf(stderr, "%d\n", traces);
  return std::fflush(stdout) == 0 ? 0 : 1;
}
