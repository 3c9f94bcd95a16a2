// A file's content with the name it is reported under. What every reader gets: bytes and a name,
// never a file handle.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace culprit {

class BuildFiles;

struct Input {
  std::string_view path;   // relative to the run set; inside an archive: archive/entry
  std::string_view bytes;  // decompressed; the caller keeps them alive while a reader runs

  // Content of the file `name` in the same folder (`name.gz` counts too), for formats that spread
  // over several files.
  std::function<std::optional<std::string>(std::string_view name)> neighbour = {};

  // What the build left of the program that was covered, for raw data that says nothing without it;
  // null: nothing is known.
  const BuildFiles* build = nullptr;
};

}  // namespace culprit
