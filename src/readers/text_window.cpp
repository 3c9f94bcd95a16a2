#include "readers/text_window.h"

#include <algorithm>
#include <utility>

#include "base/size.h"

namespace culprit {

namespace {

std::uint64_t line_ends(std::string_view text) {
  std::uint64_t count = 0;
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string_view::npos; ++at) ++count;
  return count;
}

}  // namespace

TextWindow::TextWindow(const Input& input) : input_(input), streams_(input.rest != nullptr) {
  if (!streams_) return;
  kept_ = input.bytes;
  // Readers look at the beginning before they read on.
  [[maybe_unused]] const bool came = read_more(0);
}

bool TextWindow::read_more(std::size_t keep) {
  if (!streams_ || is_over_ || damage_) return false;
  const std::size_t had = kept_.size();
  if (had - keep >= kMaxBytes) {
    damage_ = error_at(keep, "a record of more than " + size_text(kMaxBytes));
    return false;
  }
  // What is kept will be looked at again: so much is added that this adds up to little.
  const std::size_t wanted = had + std::max(input_.rest->part_bytes(), had - keep);
  while (kept_.size() < wanted && !is_over_) {
    const Result<bool> more = input_.rest->read_more(kept_, wanted - kept_.size());
    if (!more) {
      damage_ = more.error();
      return false;
    }
    is_over_ = !*more;
  }
  if (kept_.size() == had) return false;
  const std::string_view gone = std::string_view(kept_).substr(0, keep);
  const std::size_t last = gone.rfind('\n');
  columns_ = last == std::string_view::npos ? columns_ + gone.size() : gone.size() - last - 1;
  lines_ += line_ends(gone);
  let_go_ += gone.size();
  kept_.erase(0, keep);
  return true;
}

bool TextWindow::on_one_line(std::uint64_t from, std::size_t to) const {
  if (from < let_go_) return false;
  const auto at = static_cast<std::size_t>(from - let_go_);
  return text().substr(at, to - at).find('\n') == std::string_view::npos;
}

Error TextWindow::error_at(std::size_t offset, std::string what, std::string hint) const {
  Error error = culprit::error_at(input_.path, text(), offset, std::move(what), std::move(hint));
  if (error.place.line == 1) error.place.column += columns_;
  error.place.line += lines_;
  return error;
}

}  // namespace culprit
