#include "score/barinel.h"

#include <bit>
#include <cmath>
#include <cstddef>

namespace culprit {

namespace {

// Largest x = -log g: a health of 1e-13, below which nothing changes in print.
constexpr double kSick = 30;
constexpr int kRounds = 200;
constexpr double kExact = 1e-11;

// One kind of runs that execute fault j: `others` is the sum of x of the other faults they execute.
struct Kind {
  double failed = 0;
  double others = 0;
};

// d/dx of the log likelihood, for one fault: it falls as x grows.
double slope(const std::vector<Kind>& kinds, double passed, double x) {
  double sum = -passed;
  for (const Kind& kind : kinds) sum += kind.failed / std::expm1(x + kind.others);
  return sum;
}

// Where the slope is 0, within [0, kSick].
double best_x(const std::vector<Kind>& kinds, double passed) {
  if (slope(kinds, passed, 0) <= 0) return 0;
  if (slope(kinds, passed, kSick) >= 0) return kSick;
  double low = 0, high = kSick, x = 0.5;
  for (int i = 0; i < kRounds && high - low > kExact; ++i) {
    double bend = 0;
    for (const Kind& kind : kinds) {
      const double grown = std::expm1(x + kind.others);
      bend -= kind.failed * (grown + 1) / (grown * grown);
    }
    const double rise = slope(kinds, passed, x);
    (rise > 0 ? low : high) = x;
    const double newton = x - rise / bend;
    const double next = newton > low && newton < high ? newton : (low + high) / 2;
    if (std::abs(next - x) < kExact) return next;
    x = next;
  }
  return x;
}

double log_likelihood(const FaultRuns& runs, const std::vector<double>& x) {
  double sum = 0;
  for (std::size_t executed = 1; executed < runs.failed.size(); ++executed) {
    double total = 0;
    for (std::size_t j = 0; j < x.size(); ++j) total += (executed >> j & 1) != 0 ? x[j] : 0;
    if (runs.passed[executed] > 0) sum -= runs.passed[executed] * total;
    if (runs.failed[executed] > 0) sum += runs.failed[executed] * std::log(-std::expm1(-total));
  }
  return sum;
}

}  // namespace

Health likeliest_health(const FaultRuns& runs) {
  const auto faults = static_cast<std::size_t>(std::bit_width(runs.failed.size()) - 1);
  std::vector<double> x(faults, 1);
  for (int round = 0; round < kRounds; ++round) {
    double moved = 0;
    for (std::size_t j = 0; j < faults; ++j) {
      std::vector<Kind> kinds;
      double passed = 0;
      for (std::size_t executed = 1; executed < runs.failed.size(); ++executed) {
        if ((executed >> j & 1) == 0) continue;
        passed += runs.passed[executed];
        if (runs.failed[executed] == 0) continue;
        Kind kind{runs.failed[executed], 0};
        for (std::size_t k = 0; k < faults; ++k) {
          if (k != j && (executed >> k & 1) != 0) kind.others += x[k];
        }
        kinds.push_back(kind);
      }
      const double best = best_x(kinds, passed);
      moved = std::max(moved, std::abs(best - x[j]));
      x[j] = best;
    }
    if (moved < kExact) break;
  }
  Health health{{}, log_likelihood(runs, x)};
  for (const double sickness : x) health.of.push_back(std::exp(-sickness));
  return health;
}

}  // namespace culprit
