// The table of input formats: one row each. Detection, `culprit list formats`, the documentation
// and the fuzz targets read this table and nothing else.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/sink.h"

namespace culprit {

// What the start of a file looks like; made once per file by inspect() so that no acceptor parses
// again.
struct Head {
  enum class Shape { kEmpty, kText, kBinary, kXml, kJsonObject, kJsonArray };
  Shape shape = Shape::kEmpty;
  std::string_view path;
  std::string_view bytes;  // the first 4 KiB, byte order mark dropped
  // JSON: keys of the first top-level object (of an array: of its first element; nested arrays are
  // entered), as far as the first MiB goes.
  std::vector<std::string> keys;
  bool json_lines = false;  // another JSON value follows the first
  // XML: name of the root element and of its first two levels of children, in order: "report",
  // "package", ...
  std::string xml_root;
  std::vector<std::string> xml_children;

  [[nodiscard]] bool is_json() const;
  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] bool has_element(std::string_view name) const;  // among xml_children
  // The path's last component.
  [[nodiscard]] std::string_view file_name() const;
};

[[nodiscard]] Head inspect(const Input& input);

enum class InputKind {
  kCoverage,
  kMatrix,
  kResults,
  kTraces,
  kWindow,      // what a recorder notes beside coverage
  kUnreadable,  // recognised, but needs another tool first
  kBuildFile,   // what a build left; says nothing of runs
};

struct Reader {
  std::string_view name;  // what messages, lists and tests call it: "gcov-json"
  InputKind kind;
  // For `culprit list formats`: "gcov JSON, plain or .gz (gcov -j, GCC 9 and newer)".
  std::string_view title;
  std::string_view files;  // typical file names: "*.gcov.json[.gz]"
  bool (*accepts)(const Head& head);
  Result<void> (*read)(const Input& input, Sink& sink);  // null: a kBuildFile
  // Names of further files of the same folder that this reader takes through Input::neighbour.
  std::span<const std::string_view> companions;
  // Of several coverage files for one (run, service) only those of the highest preference count;
  // never added up.
  int preference = 0;
  // kBuildFile: takes what readers of raw data need of it; several threads may load at once. Null:
  // nothing of it is of use.
  Result<void> (*load)(const Input& input, BuildFiles& build) = nullptr;
  // read() takes a large file a part at a time (Input::rest).
  bool streams = false;
};

[[nodiscard]] std::span<const Reader> readers();
[[nodiscard]] const Reader* find_reader(std::string_view name);

// The reader whose format the content is; of formats that are recognised but not read
// the row whose read() is an error that says what to do. Two that accept is an error naming both,
// none an error that shows the first bytes and names the formats it came near to. Git LFS pointers
// are errors that say what to do.
[[nodiscard]] Result<const Reader*> detect(const Input& input);

}  // namespace culprit
