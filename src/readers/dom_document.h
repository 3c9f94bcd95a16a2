// A JSON document as simdjson's DOM, with what reports of coverage tools need repaired, and places.
//
// simdjson's DOM, not its on-demand front end: Debian's headers compile the latter for plain
// x86-64, where it reads a report at 60 % of the speed of the DOM, whose code is chosen at run
// time. It also validates all of the document and does not mind the order of keys.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <memory>
#include <string>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/sink.h"

namespace culprit {

class DomDocument {
 public:
  // Both must outlive it; what parse() returns lives as long as the document.
  DomDocument(const Input& input, Sink& sink);
  DomDocument(const DomDocument&) = delete;
  DomDocument& operator=(const DomDocument&) = delete;
  ~DomDocument();

  // Bytes that are not UTF-8 and whole numbers beyond 64 bits, for either of which simdjson rejects
  // a whole document, are replaced with a warning. The error says where the damage is.
  [[nodiscard]] Result<simdjson::dom::element> parse();

  // An error at the value `pointer` leads to: see locate(). Scans the document from its start, so
  // only for warnings that are shown.
  [[nodiscard]] Error error_at(const std::string& pointer, std::string what) const;

 private:
  struct Workspace;

  const Input& input_;
  Sink& sink_;
  std::size_t skipped_bytes_;  // a byte order mark
  std::size_t size_;           // of the text
  std::unique_ptr<Workspace> work_;
};

}  // namespace culprit
