// Outlines that were made before, on disk, by what they were made from. Several processes may use
// one folder: entries appear whole, and one that is damaged counts as not there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/code_outline.h"

namespace culprit {

class OutlineCache {
 public:
  // `folder` is made on the first entry, for its owner only. Once its entries are larger than
  // `max_bytes` together, those not used for longest go until half of it is left.
  explicit OutlineCache(std::string folder, std::uint64_t max_bytes = 64U << 20);
  // culprit/outlines in $XDG_CACHE_HOME, else in ~/.cache; nullopt: neither is an absolute path.
  [[nodiscard]] static std::optional<OutlineCache> usual();

  [[nodiscard]] std::optional<CodeOutline> find(const std::string& path, std::string_view text,
                                                const std::vector<std::string>& flags) const;
  // Of an outline that is not approximate: what was missing may be there the next time. Does
  // nothing where the folder cannot be written.
  void add(const std::string& path, std::string_view text, const std::vector<std::string>& flags,
           const CodeOutline& outline) const;

 private:
  [[nodiscard]] std::string file_for(const std::string& path, std::string_view text,
                                     const std::vector<std::string>& flags) const;
  void shrink() const;

  std::string folder_;
  std::uint64_t max_bytes_;
};

}  // namespace culprit
