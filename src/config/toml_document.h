// TOML with places: what the readers of culprit's own files share. The one header that includes
// toml++; only src/config includes it.
#pragma once

#include <optional>
#include <string>

#include "base/input.h"
#include "culprit/error.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace culprit {

// An error at the start of `region`, a part of `file`.
[[nodiscard]] Error error_on(const Input& file, const toml::source_region& region, std::string what,
                             std::string hint = {});

// A text, number or truth value as text; nullopt for anything else.
[[nodiscard]] std::optional<std::string> as_text(const toml::node& node);

}  // namespace culprit
