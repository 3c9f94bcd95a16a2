// The four numbers every spectrum formula is a function of.
#pragma once

namespace culprit {

// Failing (f) and passing (p) runs that executed (e) or did not execute (n) an element, of the runs
// that have a report of the element's service. With w the probability that a run failed: ef = sum
// of w, ep = sum of 1-w over the runs that executed it, and so on. Integral when every outcome is
// certain.
struct Counts {
  double ef = 0;
  double ep = 0;
  double nf = 0;
  double np = 0;

  [[nodiscard]] double failing() const { return ef + nf; }
  [[nodiscard]] double passing() const { return ep + np; }
  [[nodiscard]] double executed() const { return ef + ep; }
  [[nodiscard]] double total() const { return ef + ep + nf + np; }

  bool operator==(const Counts&) const = default;
};

}  // namespace culprit
