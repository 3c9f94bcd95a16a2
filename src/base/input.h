// A file's content with the name it is reported under. What every reader gets: bytes and a name,
// never a file handle.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "culprit/error.h"

namespace culprit {

class BuildFiles;

// The rest of a large file, which comes a part at a time.
class TextStream {
 public:
  virtual ~TextStream() = default;
  // Appends the next part, `max_bytes` or less, to `text`; false: it was read to its end.
  [[nodiscard]] virtual Result<bool> read_more(std::string& text, std::size_t max_bytes) = 0;
  // How much is worth being read at a time.
  [[nodiscard]] virtual std::size_t part_bytes() const { return std::size_t{4} << 20; }
};

struct Input {
  std::string_view path;   // relative to the run set; inside an archive: archive/entry
  std::string_view bytes;  // decompressed; the caller keeps them alive while a reader runs

  // Content of the file `name` in the same folder (`name.gz` counts too), for formats that spread
  // over several files.
  std::function<std::optional<std::string>(std::string_view name)> neighbour = {};

  // What the build left of the program that was covered, for raw data that says nothing without it;
  // null: nothing is known.
  const BuildFiles* build = nullptr;

  // Where `bytes` is the beginning of a large file only, or nothing, the rest of it: for readers
  // that stream (Reader::streams), which look at it through a TextWindow. Null: `bytes` is all
  // there is.
  TextStream* rest = nullptr;
};

}  // namespace culprit
