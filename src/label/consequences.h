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

// A 5xx, or no response.
[[nodiscard]] bool is_service_error(const Request& request);

// By request, the position of the failed request that its failure may follow from: one of another
// run, before it, that was to change the resource which both are about and was not repeated with
// success since (RFC 9110, 9.2.1: GET, HEAD, OPTIONS and TRACE change nothing). The resource is a
// request's URL up to its last id: "POST /orders/17/cancel" and "GET /orders/17/tickets" are about
// /orders/17. Requests of one endpoint fail each for itself. So do those that the service owns up to
// (5xx, no response); and slow ones, and refusals that nobody but the status calls wrong (4xx),
// leave nothing undone. Empty where it did not fail, follows from none, or has no time.
[[nodiscard]] std::vector<std::optional<std::size_t>> causes_of_failures(
    std::span<const Request> requests, std::span<const Outcome> outcomes, const Routes& routes);

}  // namespace culprit
