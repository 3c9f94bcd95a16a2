#include "label/window_shares.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace culprit {

namespace {

struct Tally {
  double failed = 0;
  double requests = 0;

  void add(const WindowRequest& request) {
    failed += request.failed * request.count;
    requests += request.count;
  }
  [[nodiscard]] double share() const { return requests > 0 ? failed / requests : 0; }
};

Tally tally_of(const RequestWindow& window) {
  Tally tally;
  for (const WindowRequest& request : window.requests) tally.add(request);
  return tally;
}

std::vector<std::size_t> calm_windows(std::span<const RequestWindow> windows) {
  std::vector<std::size_t> calm;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (windows[i].calm) calm.push_back(i);
  }
  if (!calm.empty()) return calm;
  calm.resize(windows.size());
  std::iota(calm.begin(), calm.end(), std::size_t{0});
  std::vector<double> shares;
  for (const RequestWindow& window : windows) shares.push_back(tally_of(window).share());
  std::stable_sort(calm.begin(), calm.end(),
                   [&](std::size_t a, std::size_t b) { return shares[a] < shares[b]; });
  calm.resize((windows.size() + 1) / 2);
  return calm;
}

}  // namespace

double FailingShare::excess() const {
  const double more = failing - usual;
  const double error = std::sqrt(usual * (1 - usual) / std::max(requests, 1.0));
  return more > 2 * error ? std::clamp(more, 0.0, 1.0) : 0;
}

std::vector<FailingShare> failing_shares(std::span<const RequestWindow> windows,
                                         std::size_t endpoints) {
  std::vector<Tally> usual(endpoints);
  for (const std::size_t i : calm_windows(windows)) {
    for (const WindowRequest& request : windows[i].requests) usual[request.endpoint].add(request);
  }
  std::vector<FailingShare> shares;
  for (const RequestWindow& window : windows) {
    const Tally tally = tally_of(window);
    double expected = 0;
    for (const WindowRequest& request : window.requests) {
      expected += usual[request.endpoint].share() * request.count;
    }
    shares.push_back(
        {tally.requests, tally.share(), tally.requests > 0 ? expected / tally.requests : 0});
  }
  return shares;
}

}  // namespace culprit
