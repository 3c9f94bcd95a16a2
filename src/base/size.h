// Sizes in messages.
#pragma once

#include <cstdint>
#include <string>

namespace culprit {

// "512 bytes", "1 GiB", "2.5 MiB"; exact where the unit divides it, else to one decimal.
[[nodiscard]] std::string size_text(std::uint64_t bytes);

}  // namespace culprit
