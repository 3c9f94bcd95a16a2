// Which service of the coverage a service of the traces is: the one of that name (whatever its
// case, `_` as `-`), the one of the name without a pod's suffixes, or the one that [service_map]
// says.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "culprit/error.h"
#include "culprit/spectrum.h"
#include "model/span_store.h"

namespace culprit {

struct ServiceJoin {
  std::vector<std::string> unmapped;  // names in traces that are none of coverage's, sorted
  std::vector<Error> problems;        // rows of [service_map] that say nothing
};

// Gives the services of `spans` the names of coverage. Nothing is unmapped where coverage names no
// service.
[[nodiscard]] ServiceJoin join_services(const Spectrum& spectrum,
                                        const std::map<std::string, std::string>& service_map,
                                        SpanStore& spans);

}  // namespace culprit
