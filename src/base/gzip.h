// gzip in memory. Several members after each other are one content; the size in the trailer is
// taken for a hint only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "culprit/error.h"

namespace culprit {

// All of it, or an error under the name `path` that says whether the data is cut short, corrupt or
// larger than `max_bytes` (the limit file_bytes).
[[nodiscard]] Result<std::string> gunzip(std::string_view path, std::string_view bytes,
                                         std::uint64_t max_bytes);

// One member with all of `bytes`, without a name or a time; nullopt: there is no memory for it.
[[nodiscard]] std::optional<std::string> gzipped(std::string_view bytes);

}  // namespace culprit
