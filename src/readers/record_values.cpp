#include "readers/record_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace culprit {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kYear2000 = 946'684'800 * kSecond;
constexpr std::int64_t kYear2100 = 4'102'444'800 * kSecond;

struct VerdictWord {
  std::string_view word;
  Verdict verdict;
};
constexpr auto kVerdictWords = std::to_array<VerdictWord>({
    {"pass", Verdict::kPassed},      {"passed", Verdict::kPassed},
    {"ok", Verdict::kPassed},        {"success", Verdict::kPassed},
    {"true", Verdict::kPassed},      {"successful", Verdict::kPassed},
    {"succeeded", Verdict::kPassed}, {"fail", Verdict::kFailed},
    {"failed", Verdict::kFailed},    {"failure", Verdict::kFailed},
    {"false", Verdict::kFailed},     {"error", Verdict::kFailed},
    {"errored", Verdict::kFailed},   {"broken", Verdict::kFailed},
    {"ko", Verdict::kFailed},        {"timeout", Verdict::kFailed},
    {"timed_out", Verdict::kFailed}, {"crashed", Verdict::kFailed},
    {"skip", Verdict::kUnknown},     {"skipped", Verdict::kUnknown},
    {"ignored", Verdict::kUnknown},  {"disabled", Verdict::kUnknown},
    {"pending", Verdict::kUnknown},  {"unknown", Verdict::kUnknown},
});

constexpr const char* kWrongDigits =
    "epoch time has neither 10 (s), 13 (ms), 16 (us) nor 19 (ns) digits";
constexpr const char* kOutOfRange = "time lies outside the years 2000 to 2100";

TimeReading checked(std::int64_t ns) {
  if (ns < kYear2000 || ns >= kYear2100) return {{}, kOutOfRange};
  return {ns};
}

// The digits after the point as nanoseconds of a unit that is `unit_ns` long; what is finer is cut.
std::int64_t fraction_ns(std::string_view digits, std::int64_t unit_ns) {
  std::int64_t ns = 0;
  for (const char digit : digits) {
    unit_ns /= 10;
    ns += (digit - '0') * unit_ns;
  }
  return ns;
}

std::optional<std::int64_t> epoch_unit_ns(std::size_t digits) {
  switch (digits) {
    case 10:
      return kSecond;
    case 13:
      return 1'000'000;
    case 16:
      return 1'000;
    case 19:
      return 1;
    default:
      return std::nullopt;
  }
}

TimeReading read_epoch(std::string_view whole, std::string_view fraction) {
  const auto unit = epoch_unit_ns(whole.size());
  const auto value = parse_i64(whole);
  if (!unit || !value) {
    return {{}, kWrongDigits};
  }
  constexpr std::int64_t kMax = INT64_MAX - kSecond;
  if (*value > kMax / *unit) return {{}, kOutOfRange};
  return checked(*value * *unit + fraction_ns(fraction, *unit));
}

// Takes `count` digits and `after`, which must follow them, off the front.
std::optional<unsigned> take(std::string_view& text, std::size_t count, std::string_view after) {
  if (text.size() < count) return std::nullopt;
  unsigned value = 0;
  for (const char digit : text.substr(0, count)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(digit - '0');
  }
  text.remove_prefix(count);
  if (!after.empty()) {
    if (text.empty() || after.find(text.front()) == std::string_view::npos) return std::nullopt;
    text.remove_prefix(1);
  }
  return value;
}

// `+hh:mm`, `-hhmm` or `Z` in seconds; nullopt: no zone.
std::optional<std::int64_t> zone_seconds(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const std::int64_t sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = take(text, 2, text.size() == 5 ? ":" : "");
  const auto minutes = take(text, 2, "");
  if (!hours || !minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (std::int64_t{*hours} * 3600 + std::int64_t{*minutes} * 60);
}

// Any year that nanoseconds since the epoch reach.
TimeReading read_calendar(std::string_view text) {
  const TimeReading bad{{}, "time is neither epoch digits nor RFC 3339"};
  const auto year = take(text, 4, "-/");
  const auto month = year ? take(text, 2, "-/") : std::nullopt;
  const auto day = month ? take(text, 2, "Tt ") : std::nullopt;
  const auto hour = day ? take(text, 2, ":") : std::nullopt;
  const auto minute = hour ? take(text, 2, ":") : std::nullopt;
  const auto second = minute ? take(text, 2, "") : std::nullopt;
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return bad;

  std::string_view fraction;
  if (text.starts_with('.') || text.starts_with(',')) {
    text.remove_prefix(1);
    const auto* const end =
        std::find_if(text.begin(), text.end(), [](char c) { return c < '0' || c > '9'; });
    fraction = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(fraction.size());
  }
  text = trim(text);
  const auto date = std::chrono::year(static_cast<int>(*year)) / std::chrono::month(*month) /
                    std::chrono::day(*day);
  if (!date.ok()) return bad;
  if (text.empty()) return {};
  const auto zone = zone_seconds(text);
  if (!zone) return bad;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * 86'400 + std::int64_t{*hour} * 3600 +
                               std::int64_t{*minute} * 60 + std::int64_t{*second} - *zone;
  constexpr std::int64_t kMost = INT64_MAX / kSecond - 1;
  if (seconds < -kMost || seconds > kMost) return {{}, kOutOfRange};
  return {seconds * kSecond + fraction_ns(fraction, kSecond)};
}

// `20/Nov/2026:20:18:34 +0000`, as web servers write it, in RFC 3339; empty: it is something else.
std::string without_month_name(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() < 20 || text[2] != '/' || text[6] != '/' || text[11] != ':') return {};
  const std::size_t month = kMonths.find(text.substr(3, 3));
  if (month == std::string_view::npos || month % 3 != 0) return {};
  const auto number = static_cast<char>('0' + (month / 3 + 1) % 10);
  std::string time(text.substr(7, 4));
  time += month / 3 < 9 ? "-0" : "-1";
  time += number;
  return time.append("-").append(text.substr(0, 2)).append("T").append(text.substr(12));
}

}  // namespace

std::optional<Verdict> verdict_of_word(std::string_view word) {
  const auto* found = std::find_if(
      kVerdictWords.begin(), kVerdictWords.end(),
      [&](const VerdictWord& each) { return equal_ignoring_case(each.word, trim(word)); });
  if (found == kVerdictWords.end()) return std::nullopt;
  return found->verdict;
}

TimeReading read_time(std::string_view text) {
  text = trim(text);
  const auto point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if (consists_of(whole, kDigits) && (fraction.empty() || consists_of(fraction, kDigits))) {
    return read_epoch(whole, fraction);
  }
  const std::string of_server = without_month_name(text);
  const TimeReading time = read_calendar(of_server.empty() ? text : of_server);
  return time.ns ? checked(*time.ns) : time;
}

std::optional<std::int64_t> rfc3339_ns(std::string_view text) {
  return read_calendar(trim(text)).ns;
}

TimeReading read_time(double epoch) {
  // Epoch seconds as a double are exact to 0.24 us: digits beyond the microsecond are noise.
  const double per_unit = epoch < 1e10 ? 1e6 : epoch < 1e13 ? 1e3 : 1;
  const std::int64_t unit_ns = epoch < 1e16 ? 1'000 : 1;
  const bool has_a_unit = (epoch >= 1e9 && epoch < 1e10) || (epoch >= 1e12 && epoch < 1e13) ||
                          (epoch >= 1e15 && epoch < 1e16) || (epoch >= 1e18 && epoch < 9e18);
  if (!has_a_unit) return {{}, kWrongDigits};
  const double whole = std::floor(epoch);
  const double ticks = whole * per_unit + std::round((epoch - whole) * per_unit);
  return checked(static_cast<std::int64_t>(ticks) * unit_ns);
}

TimeReading read_time(std::int64_t epoch) {
  for (const std::int64_t unit :
       {kSecond, std::int64_t{1'000'000}, std::int64_t{1'000}, std::int64_t{1}}) {
    const std::int64_t first = kSecond / unit * kSecond;  // ten digits in seconds, 19 in ns
    if (epoch < first || epoch / 10 >= first) continue;
    return epoch <= INT64_MAX / unit ? checked(epoch * unit) : TimeReading{{}, kOutOfRange};
  }
  return {{}, kWrongDigits};
}

std::optional<std::int64_t> start_of(std::optional<std::int64_t> end_ns, double ms) {
  if (!end_ns || !(ms >= 0 && ms < 1e9)) return end_ns;
  return *end_ns - std::llround(ms * 1e6);
}

std::optional<int> grpc_status_of_word(std::string_view word) {
  word = trim(word);
  if (const auto number = parse_u64(word)) {
    return *number < 1000 ? std::optional(static_cast<int>(*number)) : std::nullopt;
  }
  constexpr auto kNames = std::to_array<std::string_view>(
      {"OK", "Cancelled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound",
       "AlreadyExists", "PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted",
       "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated"});
  std::string joined(word);
  joined.erase(std::remove(joined.begin(), joined.end(), '_'), joined.end());
  if (equal_ignoring_case(joined, "Canceled")) return 1;
  const auto* found = std::find_if(kNames.begin(), kNames.end(), [&](std::string_view name) {
    return equal_ignoring_case(name, joined);
  });
  if (found == kNames.end()) return std::nullopt;
  return static_cast<int>(found - kNames.begin());
}

std::string shortest(double number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

}  // namespace culprit
