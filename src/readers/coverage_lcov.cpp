#include "readers/coverage_lcov.h"

namespace culprit {

bool accepts_lcov(const Head&) { return false; }

Result<void> read_lcov(const Input& input, Sink&) { return fail(error_in(input.path, "stub")); }

}  // namespace culprit
