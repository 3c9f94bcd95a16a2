#include "base/size.h"

#include <array>
#include <string_view>

namespace culprit {

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  std::uint64_t unit = 1024;
  std::size_t index = 0;
  while (index + 1 < kUnits.size() && bytes / unit >= 1024) {
    unit *= 1024;
    ++index;
  }
  const std::uint64_t tenths = bytes % unit / (unit / 1024) * 10 / 1024;
  std::string text = std::to_string(bytes / unit);
  if (tenths > 0) text += '.' + std::to_string(tenths);
  return text + ' ' + std::string(kUnits[index]);
}

}  // namespace culprit
