// The place of a line in its function, as a mild prior where no source is at hand: what only opens
// a function or a block is seldom the fault, what decides is so more often.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "culprit/spectrum.h"

namespace culprit {

enum class Place : std::uint8_t {
  kPlain,
  kFirst,    // first of its function's lines, and not the only one
  kOpens,    // other runs execute it than the line before
  kDecides,  // other runs execute the line after it
  kBetween,  // both
};

// By line; `groups` as column_groups gives them. Neighbours are lines of the same function.
[[nodiscard]] std::vector<Place> places(const Spectrum& spectrum,
                                        std::span<const std::uint32_t> groups);

// Log of the prior of a line at such a place, up to a constant.
[[nodiscard]] double log_prior(Place place);

}  // namespace culprit
