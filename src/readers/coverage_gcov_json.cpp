#include "readers/coverage_gcov_json.h"

namespace culprit {

bool accepts_gcov_json(const Head&) { return false; }

Result<void> read_gcov_json(const Input& input, Sink&) { return fail(error_in(input.path, "stub")); }

}  // namespace culprit
