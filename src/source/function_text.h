// A function's text, reduced to what makes it the same function after it was moved or renamed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace culprit {

// SHA-256 (32 digits) of lines `first` to `last` (1-based) of C++ or Java: comments and blanks
// dropped, and every word that is `name`, the function's own, made one and the same. Empty where
// the lines are not all there.
[[nodiscard]] std::string body_hash(std::span<const std::string> lines, std::uint32_t first,
                                    std::uint32_t last, std::string_view name);

// The reason of the first `culprit:ignore(reason)` in a comment of these lines or of the one
// before, which must not be blank; else empty.
[[nodiscard]] std::string ignore_reason(std::span<const std::string> lines, std::uint32_t first,
                                        std::uint32_t last);

}  // namespace culprit
