#include "readers/folded_warnings.h"

#include <algorithm>

namespace culprit {

namespace {

constexpr std::size_t kShown = 3;
constexpr std::size_t kDoubtOneIn = 20;

}  // namespace

bool FoldedWarnings::count(std::string_view kind) {
  auto found = std::find_if(kinds_.begin(), kinds_.end(),
                            [kind](const Kind& each) { return each.name == kind; });
  if (found == kinds_.end()) found = kinds_.insert(kinds_.end(), Kind{kind});
  return ++found->seen <= kShown;
}

void FoldedWarnings::finish(std::size_t records) {
  for (const Kind& kind : kinds_) {
    if (kind.seen <= kShown) continue;
    sink_.warn(error_in(path_, std::to_string(kind.seen - kShown) +
                                   " further warnings of this kind: " + std::string(kind.name)));
  }
  if (skipped_ * kDoubtOneIn > records) {
    sink_.warn(error_in(path_, std::to_string(skipped_) + " of " + std::to_string(records) +
                                   " records were skipped: results from this file are doubtful"));
  }
}

}  // namespace culprit
