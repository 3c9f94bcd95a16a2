// Locust's statistics, which count requests and failures by endpoint: its _stats.csv, and the table
// it prints or logs. They become two records an endpoint, one for the requests that passed and one
// for those that failed, each standing for many. Its other CSV files tell the same in other ways
// and are refused with advice.
#pragma once

#include "readers/registry.h"

namespace culprit {

[[nodiscard]] bool accepts_locust_stats(const Head& head);
[[nodiscard]] Result<void> read_locust_stats(const Input& input, Sink& sink);

[[nodiscard]] bool accepts_locust_log(const Head& head);
[[nodiscard]] Result<void> read_locust_log(const Input& input, Sink& sink);

[[nodiscard]] bool accepts_locust_other(const Head& head);
[[nodiscard]] Result<void> refuse_locust_other(const Input& input, Sink& sink);

}  // namespace culprit
