// Endpoints as JUnit test cases: one fails where its failures fail the gate, or without a gate
// where any run of it failed.
#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "writers/findings.h"
#include "writers/phrases.h"
#include "writers/writers.h"

namespace culprit {

namespace {

constexpr std::size_t kShown = 5;  // suspects and runs, in the text of a failure
constexpr std::size_t kNamed = 3;  // suspects, in its message

// For text and for attributes. What XML cannot hold is not in `printable` text, but for two
// characters that Unicode has none of.
std::string xml(std::string_view text, std::size_t max_bytes = 1000) {
  std::string escaped;
  for (const char c : printable(text, max_bytes)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  for (const std::string_view none : {"\xef\xbf\xbe", "\xef\xbf\xbf"}) {
    for (std::size_t at = escaped.find(none); at != std::string::npos;
         at = escaped.find(none, at)) {
      escaped.replace(at, none.size(), "\xef\xbf\xbd");
    }
  }
  return escaped;
}

// A cluster and, of the gate, what it says of it.
struct Failure {
  const FailureCluster* cluster = nullptr;
  const ClusterVerdict* verdict = nullptr;

  [[nodiscard]] bool fails() const { return verdict == nullptr || verdict->fails_gate; }
};

struct Case {
  std::vector<Failure> failures;  // those that fail it first

  [[nodiscard]] bool fails() const { return !failures.empty() && failures.front().fails(); }
  [[nodiscard]] bool skipped() const { return !failures.empty() && !fails(); }
};

std::map<std::string_view, Case> cases_of(const Report& report) {
  std::map<std::string_view, Case> cases;
  for (const EndpointRuns& row : report.endpoint_runs) cases[row.endpoint];
  const auto add = [&](const Failure& failure) {
    cases[failure.cluster->signature.endpoint].failures.push_back(failure);
  };
  if (report.gate) {
    for (const bool failing : {true, false}) {
      for (const ClusterVerdict& verdict : report.gate->clusters) {
        if (verdict.fails_gate != failing || verdict.cluster >= report.clusters.size()) continue;
        add({&report.clusters[verdict.cluster], &verdict});
      }
    }
  } else {
    for (const FailureCluster& cluster : report.clusters) add({&cluster, nullptr});
  }
  return cases;
}

std::string in_words(const Failure& failure) {
  std::string text = in_words(failure.cluster->signature);
  if (failure.verdict == nullptr) {
    return text + fmt::format(", {} of {}", failure.cluster->runs.size(),
                              plural(failure.cluster->endpoint_runs, "run"));
  }
  text += fmt::format(", {} of {}; {}", failure.verdict->fails,
                      plural(failure.verdict->runs, "run"), in_words(failure.verdict->novelty));
  if (failure.verdict->suppressed) text += ", suppressed: " + failure.verdict->suppressed->reason;
  return text;
}

// The suspects of the gate, else the first of the cluster's ranking.
std::vector<const Ranked*> suspects_of(const Failure& failure) {
  std::vector<const Ranked*> suspects;
  if (failure.verdict != nullptr) {
    for (const Suspect& suspect : failure.verdict->suspects) suspects.push_back(&suspect.code);
  } else {
    for (const Ranked& row : failure.cluster->ranking.rows) suspects.push_back(&row);
  }
  if (suspects.size() > kShown) suspects.resize(kShown);
  return suspects;
}

std::string message_of(const Case& test) {
  std::string text = in_words(test.failures.front());
  std::size_t named = 0;
  for (const Ranked* const suspect : suspects_of(test.failures.front())) {
    if (named == kNamed) break;
    text += (named++ == 0 ? "; suspects: " : ", ") + title(suspect->code);
  }
  return text;
}

std::string body_of(const Case& test) {
  std::string text;
  for (const Failure& failure : test.failures) {
    text += xml(in_words(failure)) + "\n";
    if (failure.verdict != nullptr) text += xml(failure.verdict->because) + "\n";
    std::size_t shown = 0;
    for (const std::string& run : failure.cluster->runs) {
      if (++shown > kShown) break;
      text += "  run " + xml(run) + "\n";
    }
    for (const Ranked* const suspect : suspects_of(failure)) {
      const std::string path = path_of(*suspect);
      const std::string place = path.empty() ? culprit::place(suspect->line)
                                             : fmt::format("{}:{}", path, suspect->line.first_line);
      const std::string score = suspect->probability ? percent(*suspect->probability)
                                                     : fmt::format("{:.4g}", suspect->score);
      text += xml(fmt::format("  {}: suspect {} ({}), {}, {}", place,
                              ranks(suspect->best_rank, suspect->worst_rank), score,
                              title(suspect->code), evidence(*suspect)),
                  6000) +
              "\n";
    }
  }
  return text;
}

}  // namespace

std::string outcomes_as_junit(const Report& report, const Style& style) {
  const auto cases = cases_of(report);
  std::size_t failures = 0, skipped = 0;
  std::string text;
  for (const auto& [endpoint, test] : cases) {
    text += fmt::format("    <testcase classname=\"culprit\" name=\"{}\"", xml(endpoint));
    if (style.junit_for_gitlab && !test.failures.empty()) {
      const std::vector<const Ranked*> suspects = suspects_of(test.failures.front());
      const std::string path = suspects.empty() ? "" : path_of(*suspects.front());
      if (!path.empty()) text += fmt::format(" file=\"{}\"", xml(path, 4000));
    }
    if (test.fails()) {
      ++failures;
      text += fmt::format(
          ">\n      <failure type=\"{}\" message=\"{}\">\n{}</failure>\n    "
          "</testcase>\n",
          xml(test.failures.front().cluster->signature.kind), xml(message_of(test)), body_of(test));
    } else if (test.skipped()) {
      ++skipped;
      text += fmt::format(">\n      <skipped message=\"{}\">\n{}</skipped>\n    </testcase>\n",
                          xml(message_of(test)), body_of(test));
    } else {
      text += "/>\n";
    }
  }
  const std::string_view name = report.gate ? "culprit gate" : "culprit";
  return fmt::format(
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<testsuites name=\"{0}\" tests=\"{1}\" failures=\"{2}\" errors=\"0\">\n"
             "  <testsuite name=\"{0}\" tests=\"{1}\" failures=\"{2}\" errors=\"0\" "
             "skipped=\"{3}\">\n",
             name, cases.size(), failures, skipped) +
         text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace culprit
