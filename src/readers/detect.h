// How a format is told by content, for any table of formats; `detect` asks the whole table.
#pragma once

#include <span>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"

namespace culprit {

[[nodiscard]] Result<const Reader*> detect_among(std::span<const Reader> candidates,
                                                 const Input& input);

// Whether a file name fits a row's `files`: patterns with `*` between commas, `[.gz]` optional.
[[nodiscard]] bool fits_name(const Reader& reader, std::string_view file_name);

}  // namespace culprit
