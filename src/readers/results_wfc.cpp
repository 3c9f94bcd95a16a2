#include "readers/results_wfc.h"

#include <cmath>
#include <string>
#include <utility>

#include "readers/dom_fields.h"
#include "readers/json_rows.h"

namespace culprit {

namespace {

namespace dom = simdjson::dom;

// "src/faults.java#test_0" -> "faults.test_0".
std::string run_of(std::string_view test) {
  const std::size_t hash = test.rfind('#');
  if (hash == std::string_view::npos) return std::string(test);
  std::string_view file = test.substr(0, hash);
  file = file.substr(file.rfind('/') + 1);
  return std::string(file.substr(0, file.find('.'))) + '.' + std::string(test.substr(hash + 1));
}

// "GET:/a/{id}"; what has no colon is an operation of GraphQL or RPC.
void read_operation(std::string_view operation, Request& request) {
  const std::size_t colon = operation.find(":/");
  if (colon != std::string_view::npos) {
    request.method = operation.substr(0, colon);
    operation.remove_prefix(colon + 1);
  }
  request.url = operation;
  request.endpoint = operation;
}

std::string fault_text(dom::element category) {
  std::string text = "fault";
  if (const auto code = number_of(category["code"]))
    text += ' ' + std::to_string(std::lround(*code));
  const std::string_view context = text_of(category["context"]);
  return context.empty() ? text : text + ": " + std::string(context);
}

class WfcReport {
 public:
  WfcReport(JsonRows& rows, Sink& sink) : rows_(rows), sink_(sink) {}

  void read(dom::element report) {
    read_faults(report["faults"]["foundFaults"]);
    read_statuses(report["problemDetails"]["rest"]["coveredHttpStatus"]);
  }

 private:
  void read_faults(simdjson::simdjson_result<dom::element> faults) {
    dom::array list;
    if (faults.get_array().get(list)) return;
    std::size_t index = 0;
    for (const dom::element fault : list) {
      const std::string pointer = "/faults/foundFaults/" + std::to_string(index++);
      const std::string_view test = text_of(fault["testCaseId"]);
      const std::string_view operation = text_of(fault["operationId"]);
      if (test.empty()) {
        rows_.skipped("fault without a test", pointer, "fault names no testCaseId; skipped");
        continue;
      }
      Request request;
      request.run = run_of(test);
      read_operation(operation, request);
      request.verdict = Verdict::kFailed;
      dom::array categories;
      if (!fault["faultCategories"].get_array().get(categories) && categories.size() != 0) {
        request.error = fault_text(*categories.begin());
      }
      sink_.request(std::move(request));
    }
  }

  void read_statuses(simdjson::simdjson_result<dom::element> entries) {
    dom::array list;
    if (entries.get_array().get(list)) return;
    std::size_t index = 0;
    for (const dom::element entry : list) {
      const std::string pointer =
          "/problemDetails/rest/coveredHttpStatus/" + std::to_string(index++);
      const std::string_view test = text_of(entry["testCaseId"]);
      if (test.empty()) {
        rows_.skipped("endpoint without a test", pointer, "entry names no testCaseId; skipped");
        continue;
      }
      Request request;
      request.run = run_of(test);
      read_operation(text_of(entry["endpointId"]), request);
      bool any = false;
      dom::array statuses;
      if (!entry["httpStatus"].get_array().get(statuses)) {
        for (dom::element each : statuses) {
          const auto status = status_of(std::move(each));
          if (!status) continue;
          any = true;
          request.status = status;
          sink_.request(Request(request));
        }
      }
      if (any) continue;
      request.status = 0;  // no response came
      sink_.request(std::move(request));
    }
  }

  JsonRows& rows_;
  Sink& sink_;
};

}  // namespace

bool accepts_wfc(const Head& head) {
  return head.shape == Head::Shape::kJsonObject && head.has("faults") && head.has("problemDetails");
}

Result<void> read_wfc(const Input& input, Sink& sink) {
  JsonRows rows(input, sink);
  for (;;) {
    const auto report = rows.next();
    if (!report) return fail(report.error());
    if (!*report) break;
    WfcReport(rows, sink).read(**report);
  }
  rows.finish();
  return {};
}

}  // namespace culprit
