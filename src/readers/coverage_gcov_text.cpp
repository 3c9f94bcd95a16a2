#include "readers/coverage_gcov_text.h"

namespace culprit {

bool accepts_gcov_text(const Head&) { return false; }

Result<void> read_gcov_text(const Input& input, Sink&) { return fail(error_in(input.path, "stub")); }

}  // namespace culprit
