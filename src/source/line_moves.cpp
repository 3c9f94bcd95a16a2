#include "source/line_moves.h"

#include <algorithm>

#include "source/git.h"

namespace culprit {

LineMoves::LineMoves(std::string_view before, std::string_view after) {
  constexpr std::size_t kMost = 64U << 20;
  if (before == after || std::max(before.size(), after.size()) > kMost) return;
  const git::Library library;
  git_diff_options options;
  git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
  options.context_lines = 0;
  options.flags = GIT_DIFF_IGNORE_WHITESPACE_EOL | GIT_DIFF_FORCE_TEXT;
  const auto take = [](const git_diff_delta*, const git_diff_hunk* hunk, void* payload) {
    const auto number = [](int value) { return static_cast<std::uint32_t>(std::max(value, 0)); };
    static_cast<std::vector<Hunk>*>(payload)->push_back(
        {number(hunk->old_start), number(hunk->old_lines), number(hunk->new_start),
         number(hunk->new_lines)});
    return 0;
  };
  git_diff_buffers(before.data(), before.size(), nullptr, after.data(), after.size(), nullptr,
                   &options, nullptr, nullptr, take, nullptr, &hunks_);
}

std::optional<std::uint32_t> LineMoves::after(std::uint32_t before) const {
  std::int64_t shift = 0;
  for (const Hunk& hunk : hunks_) {
    // A hunk without lines stands after its first.
    if (before < hunk.first || (before == hunk.first && hunk.lines == 0)) break;
    if (before < hunk.first + hunk.lines) return std::nullopt;
    shift += static_cast<std::int64_t>(hunk.after_lines) - hunk.lines;
  }
  return static_cast<std::uint32_t>(before + shift);
}

std::uint32_t LineMoves::nearest(std::uint32_t before) const {
  for (; before > 1; --before) {
    if (const auto there = after(before)) return *there;
  }
  return after(1).value_or(1);
}

}  // namespace culprit
