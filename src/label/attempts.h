// The requests of one run in their order, and which of several attempts speaks.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "culprit/request.h"
#include "label/request_rules.h"

namespace culprit {

// The requests of a run in the order they were sent, where all tell their time; else as given.
void sort_by_time(std::vector<std::size_t>& order, std::span<const Request> requests);

// The attempts that speak for their requests. Nothing in the formats marks a retry: it is told by
// the trace the attempts share, or, where no trace says otherwise, by their place one behind the
// other; in a window of many requests likes are neighbours anyway. What the user's own rules call
// failed stays so.
[[nodiscard]] std::vector<std::size_t> last_attempts(const std::vector<std::size_t>& order,
                                                     bool is_window,
                                                     std::span<const Request> requests,
                                                     std::span<const Decision> decisions);

}  // namespace culprit
