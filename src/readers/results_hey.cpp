#include "readers/results_hey.h"

#include <utility>

#include "base/text.h"
#include "readers/csv_records.h"

namespace culprit {

bool accepts_hey(const Head& head) {
  if (head.shape != Head::Shape::kText) return false;
  const CsvHeader header = CsvHeader::of(head.bytes);
  return header.has("response-time") && header.has("status-code") && header.has("offset");
}

Result<void> read_hey(const Input& input, Sink& sink) {
  CsvRecords records(input, sink);
  const auto duration = records.header().find("response-time");
  const auto code = records.header().find("status-code");
  while (records.next()) {
    const auto seconds = parse_double(records.field(duration));
    const auto status = parse_u64(records.field(code));
    if (!seconds || *seconds < 0) {
      records.skipped("not a number of seconds; skipped", duration);
      continue;
    }
    if (!status || *status > 999) {
      records.skipped("not an HTTP status; skipped", code);
      continue;
    }
    Request request;
    request.status = static_cast<int>(*status);
    request.latency_ms = *seconds * 1000;
    sink.request(std::move(request));
  }
  records.finish();
  return {};
}

}  // namespace culprit
