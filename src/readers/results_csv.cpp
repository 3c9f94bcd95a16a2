#include "readers/results_csv.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "readers/request_fields.h"
#include "readers/results_jmeter.h"

namespace culprit {

namespace {

// Columns of traces and logs.
constexpr auto kForeign =
    std::to_array<std::string_view>({"spanid", "span_id", "parentid", "parent_id", "parentspanid",
                                     "operationname", "childid", "log"});

}  // namespace

bool accepts_results_csv(const Head& head) {
  if (head.shape != Head::Shape::kText || accepts_jmeter_csv(head)) return false;
  const CsvHeader header = CsvHeader::of(head.bytes);
  const auto has = [&](std::string_view name) { return header.has(name); };
  return header.names().size() > 1 && std::none_of(kForeign.begin(), kForeign.end(), has) &&
         RequestFields::tell_results(has);
}

Result<void> read_results_csv(const Input& input, Sink& sink) {
  CsvRecords records(input, sink);
  read_requests(records, sink);
  return {};
}

void read_requests(CsvRecords& records, Sink& sink,
                   const std::function<bool(const CsvRecords&)>& is_request) {
  std::vector<std::pair<std::size_t, RequestFields::Name>> columns;
  for (std::size_t i = 0; i < records.header().names().size(); ++i) {
    const auto name = RequestFields::find_ignoring_case(records.header().names()[i]);
    if (name) columns.emplace_back(i, *name);
  }
  RequestFields fields;
  while (records.next()) {
    if (is_request && !is_request(records)) continue;
    fields.clear();
    for (const auto& [column, name] : columns) {
      const std::string_view text = records.field(column);
      if (!text.empty()) fields.set(name, FieldValue::of(text));
    }
    Request request;
    if (const auto problem = fields.read(request)) {
      records.skipped(problem->kind, records.header().find(problem->field),
                      problem->what + "; skipped", problem->hint);
      continue;
    }
    sink.request(std::move(request));
  }
  records.finish();
}

}  // namespace culprit
