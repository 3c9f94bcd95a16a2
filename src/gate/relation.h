// What suspicious functions have to do with the change under test.
#pragma once

#include <span>
#include <string_view>

#include "culprit/report.h"
#include "culprit/verdict.h"
#include "model/changes.h"

namespace culprit {

// kChanged: a changed line is between its first and last line. kReached: a changed line calls
// something of its name, or traces show that a service whose code changed calls its service, over
// however many others. `calls`: as Report::calls; `ranked`: rows that tell which service changed
// files are of.
class ChangeRelations {
 public:
  ChangeRelations(const Changes& changes, std::span<const CallRecord> calls,
                  std::span<const FailureCluster> clusters);

  [[nodiscard]] Relation of(const Ranked& row) const;

 private:
  const Changes& changes_;
  std::vector<std::string> reached_;  // services, sorted
};

}  // namespace culprit
