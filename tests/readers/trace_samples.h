// Real traces that are beside the repository on some machines only.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace culprit {

// The content of a sample; nullopt where the samples are not.
inline std::optional<std::string> sample(const std::string& name) {
  std::ifstream file(std::string(CULPRIT_SOURCE_DIR) + "/../shared/data/samples/" + name,
                     std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace culprit
