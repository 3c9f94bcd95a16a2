#include "readers/results_jmeter.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/record_values.h"
#include "readers/results_csv.h"
#include "readers/xml_document.h"
#include "readers/xml_records.h"

namespace culprit {

namespace {

// The columns in JMeter's default order, since 3.1 and before.
std::vector<std::string> default_columns(bool since_3_1) {
  if (!since_3_1) {
    return {"timeStamp", "elapsed", "label", "responseCode", "threadName",
            "dataType",  "success", "bytes", "Latency"};
  }
  return {
      "timeStamp",  "elapsed", "label",          "responseCode", "responseMessage", "threadName",
      "dataType",   "success", "failureMessage", "bytes",        "sentBytes",       "grpThreads",
      "allThreads", "URL",     "Latency",        "IdleTime",     "Connect"};
}

// The header that a file without one should have; nullopt: it has one, or is none of JMeter's.
std::optional<CsvHeader> missing_header(std::string_view bytes) {
  const CsvHeader first = CsvHeader::of(bytes);
  const std::vector<std::string>& fields = first.names();
  if (fields.empty() || fields[0].size() != 13 || !consists_of(fields[0], kDigits)) {
    return std::nullopt;
  }
  for (const bool since_3_1 : {true, false}) {
    std::vector<std::string> columns = default_columns(since_3_1);
    const auto success = static_cast<std::size_t>(
        std::find(columns.begin(), columns.end(), "success") - columns.begin());
    if (fields.size() != columns.size()) continue;
    if (fields[success] != "true" && fields[success] != "false") continue;
    return CsvHeader(std::move(columns), first.separator());
  }
  return std::nullopt;
}

bool is_transaction(std::string_view message) {
  return message.starts_with("Number of samples in transaction");
}

bool is_sample(XmlElement element) {
  return element.name() == "httpSample" || element.name() == "sample";
}

class JmeterXml {
 public:
  JmeterXml(const XmlDocument& document, Sink& sink) : sink_(sink), records_(document, sink) {}

  void read(XmlElement root) {
    read_inside(root);
    records_.finish();
  }

 private:
  // Only samples without samples inside: the others are transactions, and pages with what they
  // embed. Recursion is bounded by XmlDocument::kMaxDepth.
  bool read_inside(XmlElement parent) {
    bool any = false;
    for (const XmlElement child : parent.children()) {
      if (!is_sample(child)) continue;
      any = true;
      if (!read_inside(child)) read_sample(child);
    }
    return any;
  }

  void read_sample(XmlElement sample) {
    if (is_transaction(sample.attribute("rm").value_or(""))) return;
    records_.begin();
    Request request;
    request.endpoint = sample.attribute("lb").value_or("");
    request.url = trim(sample.child("java.net.URL").text());
    if (request.url.empty()) request.url = request.endpoint;
    request.method = trim(sample.child("method").text());

    const std::string_view code = trim(sample.attribute("rc").value_or(""));
    if (const auto status = parse_u64(code); status && *status <= 999) {
      request.status = static_cast<int>(*status);
    } else if (!code.empty()) {
      request.status = 0;
      request.error = code;
    }
    const auto success = verdict_of_word(sample.attribute("s").value_or(""));
    request.verdict = success.value_or(Verdict::kUnknown);
    if (request.verdict == Verdict::kFailed) {
      std::string reason = failed_assertion(sample);
      if (reason.empty() && request.error.empty()) reason = sample.attribute("rm").value_or("");
      if (!reason.empty()) request.error = std::move(reason);
    }
    if (!request.status && !success) {
      records_.skipped("sample without a result", sample, "s",
                       "sample has neither `s` nor `rc`; skipped");
      return;
    }
    if (const auto elapsed = parse_u64(trim(sample.attribute("t").value_or("")))) {
      request.latency_ms = static_cast<double>(*elapsed);
    }
    const TimeReading time = read_time(sample.attribute("ts").value_or(""));
    if (!time.problem.empty()) {
      records_.repaired("unusable time", sample, "ts",
                        shown_attribute(sample, "ts") + ": " + time.problem + ", left out");
    }
    request.time_ns = time.ns;
    sink_.request(std::move(request));
  }

  static std::string failed_assertion(XmlElement sample) {
    for (const XmlElement assertion : sample.children("assertionResult")) {
      for (const char* sign : {"failure", "error"}) {
        if (trim(assertion.child(sign).text()) != "true") continue;
        std::string message(trim(assertion.child("failureMessage").text()));
        return message.empty() ? assertion.child("name").text() : message;
      }
    }
    return {};
  }

  Sink& sink_;
  XmlRecords records_;
};

}  // namespace

bool accepts_jmeter_csv(const Head& head) {
  if (head.shape != Head::Shape::kText) return false;
  const CsvHeader header = CsvHeader::of(head.bytes);
  return (header.has("timeStamp") && header.has("elapsed") && header.has("label") &&
          header.has("success")) ||
         missing_header(head.bytes).has_value();
}

Result<void> read_jmeter_csv(const Input& input, Sink& sink) {
  auto header = missing_header(input.bytes);
  CsvRecords records =
      header ? CsvRecords(input, sink, std::move(*header)) : CsvRecords(input, sink);
  const auto message = records.header().find("responseMessage");
  const auto url = records.header().find("URL");
  read_requests(records, sink, [&](const CsvRecords& record) {
    return !is_transaction(record.field(message)) && record.field(url) != "null";
  });
  return {};
}

bool accepts_jmeter_xml(const Head& head) {
  return head.shape == Head::Shape::kXml && head.xml_root == "testResults";
}

Result<void> read_jmeter_xml(const Input& input, Sink& sink) {
  const auto document = XmlDocument::parse(input);
  if (!document) return fail(document.error());
  if (auto root = document->expect_root("testResults"); !root) return root;
  JmeterXml(*document, sink).read(document->root());
  return {};
}

}  // namespace culprit
