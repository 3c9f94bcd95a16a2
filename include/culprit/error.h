// What went wrong with an input, and where.
//
// Malformed input never throws: functions return Result<T>, whose Error names the file, line and
// column, shows the offending line with a caret, and suggests what to do where that is known.
// Exceptions are for bugs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace culprit {

// A position in a file. `line` and `column` are 1-based, columns count bytes; 0 means "not known".
// `path` is as the user knows it: a file on disk, or `archive.tar.xz/entry` for a file inside an
// archive.
struct Place {
  std::string path;
  std::uint64_t line = 0;
  std::uint64_t column = 0;

  bool operator==(const Place&) const = default;
};

struct Error {
  Place place;
  std::string what;
  std::string excerpt = {};  // the offending line, cut to fit a terminal; empty: none to show
  std::size_t caret = 0;     // where the caret stands: offset into `excerpt`, in bytes
  std::string hint = {};     // the next step for the user, or empty

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

// `path:line:column: what`, then the excerpt with a caret and the hint, each on a line of its own.
[[nodiscard]] std::string to_string(const Error& error);

// An error at byte `offset` of `bytes`, the content of `path`; line, column and excerpt are
// derived. Offsets beyond the end are treated as the end.
[[nodiscard]] Error error_at(std::string_view path, std::string_view bytes, std::size_t offset,
                             std::string what, std::string hint = {});

// An error about a file as a whole.
[[nodiscard]] Error error_in(std::string_view path, std::string what, std::string hint = {});

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace culprit
