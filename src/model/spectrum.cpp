#include "culprit/spectrum.h"

#include <algorithm>
#include <bit>

namespace culprit {

namespace {

// Codes below kExact are the counts themselves; above it each step of 1024 codes doubles the range.
constexpr std::uint64_t kExact = 2048;
constexpr std::uint64_t kStep = 1024;

std::uint64_t bit_of(RunId run) {
  return std::uint64_t{1} << (run.value % Spectrum::kRunsPerBlock);
}
std::size_t block_of(RunId run) { return run.value / Spectrum::kRunsPerBlock; }

}  // namespace

std::uint16_t CountCode::encode(std::uint64_t count) {
  if (count < kExact) return static_cast<std::uint16_t>(count);
  const auto shift = static_cast<std::uint64_t>(std::bit_width(count)) - 11;
  return static_cast<std::uint16_t>(kExact + (shift - 1) * kStep + (count >> shift) - kStep);
}

std::uint64_t CountCode::decode(std::uint16_t code) {
  if (code < kExact) return code == 0 ? 1 : code;
  const std::uint64_t above = code - kExact;
  return (kStep + above % kStep) << (above / kStep + 1);
}

bool Spectrum::executed(RunId run, LineId line) const {
  return (blocks_[block_of(run)][line.value] & bit_of(run)) != 0;
}

bool Spectrum::reported(RunId run, ServiceId service) const {
  return (present(service.value, block_of(run)) & bit_of(run)) != 0;
}

bool Spectrum::tells_of(RunId run, LineId line) const {
  return (present(part_of(line), block_of(run)) & bit_of(run)) != 0;
}

std::uint64_t Spectrum::count(RunId run, LineId line) const {
  if (!executed(run, line)) return 0;
  if (!has_counts()) return 1;
  const std::uint32_t tile = line.value / kLinesPerTile;
  std::uint16_t code = 0;
  for_each_stretch(stretches(tile, run), tile * kLinesPerTile,
                   [&](std::uint32_t first, std::uint32_t end, std::uint16_t its) {
                     if (first <= line.value && line.value < end) code = its;
                   });
  return CountCode::decode(code);
}

std::span<const Branch> Spectrum::branches(LineId line) const {
  const auto [first, last] =
      std::equal_range(branches_.begin(), branches_.end(), Branch{line},
                       [](const Branch& a, const Branch& b) { return a.line < b.line; });
  return {first, last};
}

bool Spectrum::taken(RunId run, BranchId branch) const {
  return (branch_blocks_[block_of(run)][branch.value] & bit_of(run)) != 0;
}

std::size_t Spectrum::size(Level level) const {
  switch (level) {
    case Level::kLine:
      return lines_.size();
    case Level::kFunction:
      return functions_.size();
    case Level::kFile:
      return files_.size();
    case Level::kService:
      return services_.size();
  }
  return 0;
}

std::uint32_t Spectrum::owner(LineId line, Level level) const {
  const Line& at = lines_[line.value];
  switch (level) {
    case Level::kLine:
      return line.value;
    case Level::kFunction:
      return at.function.value;
    case Level::kFile:
      return at.file.value;
    case Level::kService:
      return files_[at.file.value].service.value;
  }
  return 0;
}

CodeElement Spectrum::element(Level level, std::uint32_t index) const {
  CodeElement element;
  element.level = level;
  if (level == Level::kService) {
    element.service = services_[index];
    return element;
  }
  FileId file{index};
  if (level == Level::kLine) {
    const Line& line = lines_[index];
    file = line.file;
    element.name = functions_[line.function.value].name;
    element.first_line = element.last_line = line.number;
  } else if (level == Level::kFunction) {
    const Function& function = functions_[index];
    file = function.file;
    element.name = function.name;
    element.first_line = function.first_line;
    element.last_line = function.last_line;
  }
  element.file = files_[file.value].path;
  element.service = services_[files_[file.value].service.value];
  return element;
}

}  // namespace culprit
