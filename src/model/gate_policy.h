// What a user may set of `culprit gate`. `config` fills it, `gate` reads it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace culprit {

// [[suppress]]: a failure that is known and accepted for a while. One of the first three is set.
struct SuppressRule {
  std::string fingerprint;  // of a cluster or of a function, or its beginning
  std::string function;     // glob over names
  std::string endpoint;     // glob
  std::string reason;
  std::string expires;  // YYYY-MM-DD, its last day
};

struct GatePolicy {
  // A cluster is confirmed by so many failing reruns of so many, or by at least `min_failing`
  // failing runs that Fisher's test finds unlikely at the baseline's rate.
  std::size_t rerun_fails = 2;
  std::size_t reruns = 3;
  std::size_t min_failing = 2;
  double alpha = 0.01;
  bool correct = false;  // alpha by Benjamini and Hochberg over the clusters of the report
  std::size_t max_ambiguity = 10;  // functions that lead together; with more nothing is named
  double min_probability = 0.5;    // from which on a function counts as a cause
  // Levels that make the gate red.
  bool red_service = false, red_database = false, red_performance = false, red_code = true;
  bool unattributed_fails = false;  // whether a failure that the change does not explain is red
  std::vector<SuppressRule> suppress;
};

}  // namespace culprit
