#include "readers/matrix_gzoltar.h"

namespace culprit {

bool accepts_gzoltar(const Head&) { return false; }

Result<void> read_gzoltar(const Input& input, Sink&) { return fail(error_in(input.path, "stub")); }

}  // namespace culprit
