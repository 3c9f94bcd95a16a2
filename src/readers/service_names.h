// Names of services as clusters spell them.
#pragma once

#include <string_view>

namespace culprit {

// "ts-order-service" of "ts-order-service-6f6cfc45b-h5m2n": a pod is called after its replica set,
// whose name ends in a hash. Any other name is returned as it is.
[[nodiscard]] std::string_view service_of_pod(std::string_view pod);

}  // namespace culprit
