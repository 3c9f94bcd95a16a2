// The hash by which GitHub's code scanning knows a line of source again, `primaryLocationLineHash`,
// exactly as its upload action computes it (github/codeql-action, src/fingerprints.ts). A value
// that differs would be warned of, so there is no version of our own.
//
// It is over the next 100 characters that are no blanks, from the line's start on: lines that are
// inserted above leave it alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace culprit {

// By line, in order: "54703d4cd895b18:1", the hash and how often the file had it so far. A file
// that ends with a line end has one more, for the empty line after it. Bytes that are not UTF-8
// count as U+FFFD.
[[nodiscard]] std::vector<std::string> github_line_hashes(std::string_view source);

}  // namespace culprit
