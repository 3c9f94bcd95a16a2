// The wording that rankings, explanations and labels share as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/report.h"
#include "writers/writers.h"

namespace culprit {

// 12, or 11.7 where outcomes are not certain.
std::string amount(double value);
std::string share(double executed, double all);
std::string evidence(const Counts& counts);
// Of a row of a ranking: where errors arise in its line, the runs that raise one.
std::string evidence(const Ranked& row);
// False of a service that a peer ranks: what weighs for S need not weigh for it.
[[nodiscard]] bool has_counts(const Ranked& row);
// Of a service for which traces speak, its strongest event and their counts.
std::string evidence(const Ranked& row, const Report& report);
std::string ranks(std::size_t best, std::size_t worst);
std::string percent(double probability);
// "3, 7-9" of numbers in order.
std::string listed(const std::vector<std::uint32_t>& lines);
// "src/a.cc:12"
std::string place(const CodeElement& line);
// "POST /payments in orders", the span that failed first.
std::string origin_of(const FailureSignature& signature);
// "line", "function", "file" or "service".
std::string_view name_of(Level level);
// What a row is called: its function, file, service, or for a line the function around it.
std::string title(const CodeElement& code);
// The commit that last changed a line: its date and the first line of its message.
std::string in_words(const LastChange& change);
// "gate: RED" and "1 new fault".
struct GateHeadline {
  std::string answer;
  std::string rest;
};
GateHeadline headline_of(const GateVerdict& verdict);
// "GET /events  timeout: no failure in 12 runs".
std::string in_words(const FixedCluster& fixed);
// How many runs, outcomes and elements the answer is about.
std::string opening(const Report& report, const Style& style);
// What was read, what was not, and what the reader of the answer should know.
std::string closing(const Report& report, const Style& style);

}  // namespace culprit
