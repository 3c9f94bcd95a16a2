#include "gate/significance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace culprit {

namespace {

double log_choose(double n, double k) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}

}  // namespace

double fisher_tail(FailRate now, FailRate before) {
  if (now.fails == 0) return 1;
  const auto runs = static_cast<double>(now.runs);
  const auto others = static_cast<double>(before.runs);
  const std::size_t all_fails = now.fails + before.fails;
  const auto fails = static_cast<double>(all_fails);
  const std::size_t most = std::min(all_fails, now.runs);
  const double all = log_choose(runs + others, fails);
  double tail = 0;
  for (std::size_t i = now.fails; i <= most; ++i) {
    const auto here = static_cast<double>(i);
    tail += std::exp(log_choose(runs, here) + log_choose(others, fails - here) - all);
  }
  return std::min(tail, 1.0);
}

std::vector<bool> benjamini_hochberg(std::span<const double> p_values, double alpha) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::size_t rejected = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double bound = alpha * static_cast<double>(i + 1) / static_cast<double>(order.size());
    if (p_values[order[i]] <= bound) rejected = i + 1;
  }
  std::vector<bool> result(p_values.size());
  for (std::size_t i = 0; i < rejected; ++i) result[order[i]] = true;
  return result;
}

}  // namespace culprit
