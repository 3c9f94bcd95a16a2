// Fusion: what the traces say of services, added to what the coverage says of lines.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/spectrum.h"
#include "model/policy.h"
#include "score/service_suspicion.h"

namespace culprit {

// Service names compare in this form: lower case, `_` as `-`.
[[nodiscard]] std::string service_key(std::string_view name);

// By service of the spectrum: what to add to the log mass of its lines,
//   weight * log(K * p),  p = (1 - floor) * softmax(S) + floor / K
// over the K services that are traced or covered; S = 0 for those without a trace. All 0 when
// nothing is traced.
[[nodiscard]] std::vector<double> service_shifts(const Spectrum& spectrum,
                                                 std::span<const ServiceSuspicion> suspicions,
                                                 const TracePolicy& policy);

}  // namespace culprit
