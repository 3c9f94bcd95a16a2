// Windows that hold many requests: what share of them failed, and what share usually does.
//
// The usual share is taken by endpoint, so that a window is not blamed for what it was asked: from
// the windows known to be calm, and where none is known, from the half of them in which the least
// failed.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace culprit {

struct WindowRequest {
  std::size_t endpoint = 0;  // any number that tells endpoints apart, below `endpoints`
  double failed = 0;         // probability that it did
  double count = 1;          // requests that it stands for
};

struct RequestWindow {
  std::vector<WindowRequest> requests;
  bool calm = false;  // known to be without the fault
};

struct FailingShare {
  double requests = 0;
  double failing = 0;  // share of them that failed
  double usual = 0;    // share that would have failed in a calm window

  // By how much more failed than usual; 0 where that is within twice the standard error.
  [[nodiscard]] double excess() const;
};

[[nodiscard]] std::vector<FailingShare> failing_shares(std::span<const RequestWindow> windows,
                                                       std::size_t endpoints);

}  // namespace culprit
