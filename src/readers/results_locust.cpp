#include "readers/results_locust.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/csv_records.h"
#include "readers/text_records.h"

namespace culprit {

namespace {

// As Locust 1 and newer call them, and as older ones did.
constexpr auto kType = std::to_array<std::string_view>({"Type", "Method"});
constexpr auto kRequests = std::to_array<std::string_view>({"Request Count", "# requests"});
constexpr auto kFailures = std::to_array<std::string_view>({"Failure Count", "# failures"});

struct Row {
  std::string method;
  std::string name;
  std::uint64_t requests = 0;
  std::uint64_t failures = 0;
};

// The sum of all rows.
bool is_sum(const Row& row) { return row.name == "Aggregated" || row.name == "Total"; }

void tell(Row row, Sink& sink) {
  if (is_sum(row)) return;
  Request request;
  request.method = std::move(row.method);
  request.url = std::move(row.name);
  if (!request.url.starts_with('/')) request.endpoint = request.url;
  const auto some = [&](std::uint64_t count, Verdict verdict) {
    if (count == 0) return;
    request.verdict = verdict;
    request.count = count;
    sink.request(Request(request));
  };
  some(row.requests - row.failures, Verdict::kPassed);
  some(row.failures, Verdict::kFailed);
}

// `GET  /api/flaky   10  2(20.00%) |  46 ...`; nullopt for any other line.
std::optional<Row> row_of(std::string_view line) {
  const std::size_t bar = line.find(" |");
  if (bar == std::string_view::npos) return std::nullopt;
  line = trim(line.substr(0, bar));
  const auto take_last = [&] {
    const std::size_t blank = line.rfind(' ');
    const std::string_view word = line.substr(blank == std::string_view::npos ? 0 : blank + 1);
    line = trim(line.substr(0, line.size() - word.size()));
    return word;
  };
  const std::string_view failures = take_last();
  const auto count = parse_u64(take_last());
  const auto failed = parse_u64(failures.substr(0, failures.find('(')));
  if (!count || !failed || *failed > *count || !failures.ends_with("%)")) return std::nullopt;
  const std::size_t blank = line.find(' ');
  Row row{"", std::string(line), *count, *failed};
  if (blank != std::string_view::npos) {
    row.method = line.substr(0, blank);
    row.name = trim(line.substr(blank));
  }
  return row;
}

bool is_table_header(std::string_view line) {
  return line.find("# reqs") != std::string_view::npos &&
         line.find("# fails") != std::string_view::npos;
}

}  // namespace

bool accepts_locust_stats(const Head& head) {
  if (head.shape != Head::Shape::kText) return false;
  const CsvHeader header = CsvHeader::of(head.bytes);
  return header.has("Name") && header.find(kRequests) && header.find(kFailures);
}

Result<void> read_locust_stats(const Input& input, Sink& sink) {
  CsvRecords records(input, sink);
  const auto type = records.header().find(kType);
  const auto name = records.header().find("Name");
  const auto requests = records.header().find(kRequests);
  const auto failures = records.header().find(kFailures);
  while (records.next()) {
    const auto count = parse_u64(records.field(requests));
    const auto failed = parse_u64(records.field(failures));
    if (!count || !failed || *failed > *count) {
      records.skipped("not a number of requests; skipped", count ? failures : requests);
      continue;
    }
    tell({std::string(records.field(type)), std::string(records.field(name)), *count, *failed},
         sink);
  }
  records.finish();
  return {};
}

bool accepts_locust_log(const Head& head) {
  return head.shape == Head::Shape::kText &&
         (is_table_header(head.bytes.substr(0, head.bytes.find('\n'))) ||
          head.bytes.find("/INFO/locust.") != std::string_view::npos);
}

// Each table has the numbers since the start, so the last one has them all.
Result<void> read_locust_log(const Input& input, Sink& sink) {
  LineReader lines(input);
  std::vector<Row> rows;
  bool in_table = false;
  bool any = false;
  while (const auto line = lines.next()) {
    if (is_table_header(*line)) {
      rows.clear();
      in_table = any = true;
    } else if (in_table && !line->starts_with("--")) {
      auto row = row_of(*line);
      if (row) rows.push_back(std::move(*row));
      in_table = row.has_value();
    }
  }
  if (!any) {
    return fail(error_in(input.path, "a log of Locust without its table of statistics",
                         "hand over what `locust --csv NAME` writes to NAME_stats.csv"));
  }
  for (Row& row : rows) tell(std::move(row), sink);
  return {};
}

bool accepts_locust_other(const Head& head) {
  if (head.shape != Head::Shape::kText) return false;
  const CsvHeader header = CsvHeader::of(head.bytes);
  const bool history = header.has("Timestamp") && header.has("User Count");
  const bool failures = header.has("Error") && header.has("Occurrences");
  const bool exceptions = header.has("Traceback") && header.has("Nodes");
  return history || failures || exceptions;
}

Result<void> refuse_locust_other(const Input& input, Sink&) {
  return fail(error_in(input.path, "Locust's history, failures and exceptions are not read",
                       "its _stats.csv beside them counts requests and failures by endpoint"));
}

}  // namespace culprit
