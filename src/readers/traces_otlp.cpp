#include "readers/traces_otlp.h"

namespace culprit {

bool accepts_otlp(const Head&) { return false; }

Result<void> read_otlp(const Input& input, Sink&) { return fail(error_in(input.path, "stub")); }

}  // namespace culprit
