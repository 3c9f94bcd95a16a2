// Tells the format of arbitrary bytes, under a few names since names break ties.
#include <array>
#include <cstdint>

#include "readers/registry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<std::string_view, 4> kNames = {"coverage.xml", "a/spectra.csv", "x.json",
                                                      "no-extension"};
  const culprit::Input input{kNames[size % kNames.size()],
                             {reinterpret_cast<const char*>(data), size}};
  const auto reader = culprit::detect(input);
  if (!reader) (void)culprit::to_string(reader.error());
  return 0;
}
