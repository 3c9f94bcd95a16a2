// A gcov notes file (.gcno): what of an object could run.
#pragma once

#include <string>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/gcov_words.h"
#include "readers/registry.h"

namespace culprit {

struct GcovNotes {
  std::string path;
  GcovHeader header;
};

[[nodiscard]] bool accepts_gcov_notes(const Head& head);
// Adds the notes to what is known of the build.
[[nodiscard]] Result<void> load_gcov_notes(const Input& input, BuildFiles& build);

}  // namespace culprit
