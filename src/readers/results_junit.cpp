#include "readers/results_junit.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "readers/record_values.h"
#include "readers/trace_ids.h"
#include "readers/xml_document.h"
#include "readers/xml_records.h"

namespace culprit {

namespace {

constexpr std::size_t kErrorBytes = 200;

// Seconds: `0.5`, `1,234.5` with thousands separated, `0,5` with a comma as point. `1,234` can be
// either: writers that separate thousands put three digits after the comma, and so it is read.
std::optional<double> seconds_of(std::string_view text) {
  std::string digits(trim(text));
  const std::size_t comma = digits.rfind(',');
  if (comma != std::string::npos) {
    const bool separates = digits.find('.') != std::string::npos || digits.find(',') != comma ||
                           (digits.size() - comma == 4 && !digits.starts_with("0,"));
    if (separates) {
      digits.erase(std::remove(digits.begin(), digits.end(), ','), digits.end());
    } else {
      digits[comma] = '.';
    }
  }
  const auto seconds = parse_double(digits);
  return seconds && *seconds >= 0 && *seconds < 1e9 ? seconds : std::nullopt;
}

std::string first_line(std::string_view text) {
  text = trim(text);
  return printable(trim(text.substr(0, text.find_first_of("\r\n"))), kErrorBytes);
}

// The first line that speaks of an error; empty: none does.
std::string error_line(std::string_view text) {
  const std::size_t word = text.find("rror");
  if (word == std::string_view::npos) return {};
  return first_line(text.substr(text.substr(0, word).find_last_of("\r\n") + 1));
}

// Why a test failed: its message, else its text, else its type.
std::string reason_of(XmlElement failure) {
  std::string reason = first_line(failure.attribute("message").value_or(""));
  if (reason.empty()) reason = first_line(failure.text());
  if (reason.empty()) reason = first_line(failure.attribute("type").value_or(""));
  return reason.empty() ? std::string(failure.name()) : reason;
}

// "POST /orders/{id}", as API testers name their tests.
void read_operation(std::string_view name, Request& request) {
  const std::size_t blank = name.find(" /");
  const std::string_view method = name.substr(0, std::min(blank, name.size()));
  const bool is_method =
      std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (blank == std::string_view::npos || method.size() < 3 || !is_method) return;
  request.method = method;
  request.url = name.substr(blank + 1);
  request.endpoint = request.url;
}

// The trace that a test's properties name.
std::string trace_of(XmlElement testcase) {
  for (const XmlElement property : testcase.child("properties").children("property")) {
    const std::string_view name = property.attribute("name").value_or("");
    const std::string_view value = property.attribute("value").value_or("");
    if (name == "trace_id" || name == "traceId") return trace_id(value);
    if (auto trace = trace_of_header(name, value); !trace.empty()) return trace;
  }
  return {};
}

struct CaseResult {
  Verdict verdict = Verdict::kPassed;
  std::string error;
};

// Surefire's flakyFailure and rerunFailure say nothing of their own: a flaky test passed in the
// end, a rerun that failed stands beside a failure.
CaseResult result_of(XmlElement testcase) {
  for (const XmlElement child : testcase.children()) {
    if (child.name() == "failure" || child.name() == "error") {
      return {Verdict::kFailed, reason_of(child)};
    }
  }
  if (testcase.child("skipped") || testcase.child("disabled")) {
    return {Verdict::kUnknown, "skipped"};
  }
  // GoogleTest: status="notrun" result="suppressed"; CTest: status="fail", "disabled".
  const std::string_view status = testcase.attribute("status").value_or("");
  const auto stated = verdict_of_word(status);
  if (stated == Verdict::kFailed) return {Verdict::kFailed, "status " + lower(trim(status))};
  const std::string_view result = testcase.attribute("result").value_or("");
  if (stated == Verdict::kUnknown || status == "notrun" || result == "suppressed" ||
      verdict_of_word(result) == Verdict::kUnknown) {
    return {Verdict::kUnknown, "skipped"};
  }
  return {};
}

class JunitReader {
 public:
  JunitReader(const XmlDocument& document, Sink& sink) : sink_(sink), records_(document, sink) {}

  void read(XmlElement root) {
    read_suite(root, {});
    records_.finish();
  }

 private:
  struct Context {
    std::optional<std::int64_t> time_ns;
    std::string blame;  // why every test of the suite failed; empty: each tells itself
  };

  struct Tests {
    std::size_t cases = 0;
    bool failure = false;  // one of them says that it failed
  };

  // Recursion, here and below, is bounded by XmlDocument::kMaxDepth.
  void read_suite(XmlElement suite, Context context) {
    if (const auto time = time_of(suite)) context.time_ns = time;
    const std::uint64_t claimed = failures_claimed(suite);
    if (claimed > 0 && suite.name() == "testsuite" && !nested_suite_claims(suite)) {
      const Tests tests = tests_in(suite);
      if (tests.cases == 0) {
        read_suite_without_tests(suite, claimed, context);
      } else if (!tests.failure) {
        context.blame = "the suite counts " + std::to_string(claimed) + " failed and names none";
      }
    }
    for (const XmlElement child : suite.children()) {
      if (child.name() == "testsuite") read_suite(child, context);
      if (child.name() == "testcase") read_case(child, context);
    }
  }

  // Local times, which most writers give, tell nothing.
  std::optional<std::int64_t> time_of(XmlElement element) {
    const auto text = element.attribute("timestamp");
    if (!text || trim(*text).empty()) return std::nullopt;
    TimeReading time = read_time(*text);
    if (!time.problem.empty()) {
      records_.repaired("unusable timestamp", element, "timestamp",
                        shown_attribute(element, "timestamp") + ": " + time.problem + ", left out");
    }
    return time.ns;
  }

  std::optional<double> duration_ms(XmlElement element) {
    const auto duration = element.attribute("time");
    if (!duration || trim(*duration).empty()) return std::nullopt;
    if (const auto seconds = seconds_of(*duration)) return *seconds * 1000;
    records_.repaired("bad duration", element, "time",
                      shown_attribute(element, "time") + " is not a number of seconds, left out");
    return std::nullopt;
  }

  std::uint64_t failures_claimed(XmlElement suite) {
    std::uint64_t claimed = 0;
    for (const char* attribute : {"failures", "errors"}) {
      if (suite.attribute(attribute).value_or("").empty()) continue;
      claimed += std::min<std::uint64_t>(records_.count(suite, attribute).value_or(0), 1U << 30);
    }
    return claimed;
  }

  // Then the failure is that suite's business.
  static bool nested_suite_claims(XmlElement suite) {
    for (const XmlElement nested : suite.children("testsuite")) {
      for (const char* attribute : {"failures", "errors"}) {
        if (parse_u64(trim(nested.attribute(attribute).value_or(""))).value_or(0) > 0) return true;
      }
      if (nested_suite_claims(nested)) return true;
    }
    return false;
  }

  static Tests tests_in(XmlElement suite) {
    Tests tests;
    for (const XmlElement child : suite.children()) {
      if (child.name() == "testcase") {
        ++tests.cases;
        tests.failure = tests.failure || result_of(child).verdict == Verdict::kFailed;
      } else if (child.name() == "testsuite") {
        const Tests nested = tests_in(child);
        tests.cases += nested.cases;
        tests.failure = tests.failure || nested.failure;
      }
    }
    return tests;
  }

  // newman writes a suite a request, and no test into it when the request could not be sent.
  void read_suite_without_tests(XmlElement suite, std::uint64_t claimed, const Context& context) {
    records_.begin();
    const std::string_view name = suite.attribute("name").value_or("");
    if (name.empty()) {
      records_.skipped("failing suite without name and tests", suite, "name",
                       "testsuite counts " + std::to_string(claimed) +
                           " failed, but has neither a name nor a test, skipped");
      return;
    }
    Request request;
    request.run = std::string(name);
    request.endpoint = request.run;
    request.time_ns = context.time_ns;
    request.latency_ms = duration_ms(suite);
    request.verdict = Verdict::kFailed;
    request.error = error_line(suite.child("system-err").text());
    if (request.error.empty()) request.error = first_line(suite.attribute("message").value_or(""));
    if (request.error.empty()) {
      request.error = "the suite counts " + std::to_string(claimed) + " failed and lists no test";
    }
    sink_.request(std::move(request));
  }

  void read_case(XmlElement testcase, const Context& context) {
    records_.begin();
    const std::string_view name = testcase.attribute("name").value_or("");
    const std::string_view class_name = testcase.attribute("classname").value_or("");
    if (name.empty() && class_name.empty()) {
      records_.skipped("test without a name", testcase, "name", "testcase without a name, skipped");
      return;
    }
    Request request;
    request.run = std::string(class_name);
    if (!class_name.empty() && !name.empty()) request.run += '.';
    request.run += name;
    request.endpoint = std::string(name.empty() ? class_name : name);
    read_operation(name, request);
    request.trace = trace_of(testcase);
    const auto time = time_of(testcase);
    request.time_ns = time ? time : context.time_ns;
    request.latency_ms = duration_ms(testcase);
    CaseResult result = result_of(testcase);
    if (result.verdict == Verdict::kPassed && !context.blame.empty()) {
      result = {Verdict::kFailed, context.blame};
    }
    request.verdict = result.verdict;
    request.error = std::move(result.error);
    sink_.request(std::move(request));
  }

  Sink& sink_;
  XmlRecords records_;
};

}  // namespace

bool accepts_junit(const Head& head) {
  return head.shape == Head::Shape::kXml &&
         (head.xml_root == "testsuites" || head.xml_root == "testsuite");
}

Result<void> read_junit(const Input& input, Sink& sink) {
  const auto document = XmlDocument::parse(input);
  if (!document) return fail(document.error());
  if (document->root().name() != "testsuite") {
    if (auto root = document->expect_root("testsuites"); !root) return root;
  }
  JunitReader(*document, sink).read(document->root());
  return {};
}

}  // namespace culprit
