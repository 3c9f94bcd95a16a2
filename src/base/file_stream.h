// Large files on disk, read a part at a time.
#pragma once

#include <memory>
#include <string>

#include "base/file_tree.h"
#include "base/input.h"
#include "culprit/error.h"

namespace culprit {

// The file's content, decompressed when it is a single compressed file. Null: it is smaller than
// limits.large_bytes, an archive, or text in UTF-16, which is read as a whole.
[[nodiscard]] Result<std::unique_ptr<TextStream>> open_stream(const std::string& path,
                                                              const Limits& limits);

}  // namespace culprit
