// Failures that follow from others: what a failed request left undone, later ones miss.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "culprit/outcome.h"
#include "culprit/request.h"
#include "label/routes.h"

namespace culprit {

// By request, the position of the failed request that its failure may follow from: the last one of
// another run, before it, of another endpoint, that was to change the resource which both are about
// (RFC 9110, 9.2.1: GET, HEAD, OPTIONS and TRACE change nothing). The resource is a request's path
// up to its last id: of "POST /orders/17/cancel" it is /orders/17, which "GET /orders/17/tickets"
// lies below. Empty where it did not fail, follows from none, or has no time.
[[nodiscard]] std::vector<std::optional<std::size_t>> causes_of_failures(
    std::span<const Request> requests, std::span<const Outcome> outcomes, const Routes& routes);

}  // namespace culprit
