// The rows of a JSON file, parsed one after the other: JSON lines, the elements of an array at the
// top or somewhere inside, or one object written over several lines. No more of the file than the
// row at hand is parsed at a time.
//
//     JsonRows rows(input, sink);
//     for (;;) {
//       const auto row = rows.next();
//       if (!row) return fail(row.error());
//       if (!*row) break;
//       ...
//     }
//     rows.finish();
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/input.h"
#include "readers/folded_warnings.h"
#include "readers/sink.h"

namespace culprit {

class JsonRows {
 public:
  // Both must outlive it. `elements`: where in a document the array of rows is ("/log/entries").
  JsonRows(const Input& input, Sink& sink, std::string_view elements = {});

  // Good until the next call; nullopt: the end. A line that is not JSON is skipped with a warning,
  // and so is a last one that the end of the file cut. A damaged array is an Error.
  [[nodiscard]] Result<std::optional<simdjson::dom::element>> next();
  // The JSON of the value at `pointer` ("/response/status") of the row; of the row for "".
  [[nodiscard]] std::string_view json(std::string_view pointer) const;

  // Warnings that point at that value; see FoldedWarnings. `kind` must be a literal.
  void skipped(std::string_view kind, std::string_view pointer, std::string what,
               std::string hint = {});
  void repaired(std::string_view kind, std::string_view pointer, std::string what,
                std::string hint = {});
  void finish() { warnings_.finish(records_); }

 private:
  // Rows of well-formed lines are found and parsed many at a time; after one that is not, line by
  // line.
  [[nodiscard]] std::optional<simdjson::dom::element> next_in_stream();
  [[nodiscard]] std::optional<simdjson::dom::element> next_line();
  [[nodiscard]] Result<std::optional<simdjson::dom::element>> next_element();
  // Finds the array, or the object, that a document is read from.
  [[nodiscard]] Result<void> open_document();
  [[nodiscard]] Error damage() const;
  [[nodiscard]] simdjson::simdjson_result<simdjson::dom::element> parse(std::string_view text);
  [[nodiscard]] Error error(std::string_view pointer, std::string what, std::string hint) const;
  [[nodiscard]] std::size_t offset_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - input_.bytes.data());
  }

  const Input& input_;
  Sink& sink_;
  FoldedWarnings warnings_;
  simdjson::dom::parser parser_;
  simdjson::dom::document_stream stream_;
  std::optional<simdjson::dom::document_stream::iterator> in_stream_;
  std::string copy_;  // of a row that cannot be parsed where it is
  std::string_view row_;
  std::size_t position_ = 0;  // behind row_
  std::size_t records_ = 0;
  bool is_document_;
  std::string elements_;
  std::string_view rest_;  // of the array or object, behind row_
};

}  // namespace culprit
