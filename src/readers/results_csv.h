// API responses or test results as CSV with a header, its columns known by the names tools give
// them (request_fields.h), whatever their order and case. Locust's request log, home-made files.
#pragma once

#include "readers/csv_records.h"
#include "readers/registry.h"

namespace culprit {

[[nodiscard]] bool accepts_results_csv(const Head& head);
[[nodiscard]] Result<void> read_results_csv(const Input& input, Sink& sink);

// A request for each record of `records` that `is_request` takes.
void read_requests(CsvRecords& records, Sink& sink,
                   const std::function<bool(const CsvRecords&)>& is_request = {});

}  // namespace culprit
