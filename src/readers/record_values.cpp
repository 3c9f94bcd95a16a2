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
    return {{}, "epoch time has neither 10 (s), 13 (ms), 16 (us) nor 19 (ns) digits"};
  }
  constexpr std::int64_t kMax = INT64_MAX - kSecond;
  if (*value > kMax / *unit) return {{}, kOutOfRange};
  return checked(*value * *unit + fraction_ns(fraction, *unit));
}

// Takes `count` digits and `after`, which must follow them, off the front.
std::optional<unsigned> take(std::string_view& text, std::size_t count, std::string_view after) {
  const std::string_view digits = text.substr(0, count);
  if (digits.size() < count || !consists_of(digits, kDigits)) return std::nullopt;
  text.remove_prefix(count);
  if (!after.empty()) {
    if (text.empty() || after.find(text.front()) == std::string_view::npos) return std::nullopt;
    text.remove_prefix(1);
  }
  return static_cast<unsigned>(*parse_u64(digits));
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
  const auto year = take(text, 4, "-");
  const auto month = year ? take(text, 2, "-") : std::nullopt;
  const auto day = month ? take(text, 2, "Tt ") : std::nullopt;
  const auto hour = day ? take(text, 2, ":") : std::nullopt;
  const auto minute = hour ? take(text, 2, ":") : std::nullopt;
  const auto second = minute ? take(text, 2, "") : std::nullopt;
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return bad;

  std::string_view fraction;
  if (text.starts_with('.') || text.starts_with(',')) {
    text.remove_prefix(1);
    fraction = text.substr(0, text.find_first_not_of("0123456789"));
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
  const TimeReading time = read_calendar(text);
  return time.ns ? checked(*time.ns) : time;
}

std::optional<std::int64_t> rfc3339_ns(std::string_view text) {
  return read_calendar(trim(text)).ns;
}

TimeReading read_time(double epoch) {
  if (!(epoch >= 0 && epoch < 1e19)) return {{}, kOutOfRange};
  // Epoch seconds as a double are exact to 0.24 us: digits beyond the microsecond are noise.
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), epoch,
                                 std::chars_format::fixed, epoch < 1e10 ? 6 : 3)
                       .ptr;
  return read_time(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
}

}  // namespace culprit
