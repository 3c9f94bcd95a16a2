// The records of a text with separated values (RFC 4180): fields between commas, semicolons, tabs
// or bars, in quotes where they hold one of these, a quote (doubled) or a line end. Blanks around a
// field go.
//
//     CsvRecords records(input, sink);
//     const auto status = records.header().find("status");
//     while (records.next()) read(records.field(status));
//     records.finish();
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/folded_warnings.h"
#include "readers/sink.h"

namespace culprit {

// The names of the columns: the first line that is not blank.
class CsvHeader {
 public:
  // Names that stand for a first line, for files that have none.
  CsvHeader(std::vector<std::string> names, char separator)
      : names_(std::move(names)), separator_(separator) {}
  // Of a text, or of its first bytes. Its separator is what it holds most of.
  [[nodiscard]] static CsvHeader of(std::string_view text);

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] char separator() const { return separator_; }
  // The column of a name, whatever its case; of several names the first that is there.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  [[nodiscard]] std::optional<std::size_t> find(std::span<const std::string_view> names) const;
  [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }

 private:
  std::vector<std::string> names_;
  char separator_;
};

class CsvRecords {
 public:
  // A longer record is taken for a quote that is not closed.
  static constexpr std::size_t kMaxRecordBytes = std::size_t{1} << 20;
  static constexpr std::size_t kMaxColumns = 1024;

  // Both must outlive it. With a header given the first line is a record already.
  CsvRecords(const Input& input, Sink& sink);
  CsvRecords(const Input& input, Sink& sink, CsvHeader header);

  [[nodiscard]] const CsvHeader& header() const { return header_; }

  // Goes to the next record; false at the end. Blank lines are passed over. Records with another
  // number of fields than the header are skipped with a warning: which field is which would be a
  // guess. (Empty fields too many at the end are not counted.)
  [[nodiscard]] bool next();
  // A field of the record next() went to; empty without a column. Good until the next next().
  [[nodiscard]] std::string_view field(std::optional<std::size_t> column) const {
    return column && *column < fields_.size() ? fields_[*column].text : std::string_view();
  }

  // The text of that record, for messages that point at it.
  [[nodiscard]] std::string_view record() const {
    return bytes_.substr(record_, position_ - record_);
  }

  // Warnings that point at a field, without a column at the record; see FoldedWarnings. `kind` must
  // be a literal, and is also what the warning says unless `what` does.
  void skipped(std::string_view kind, std::optional<std::size_t> column, std::string what = {},
               std::string hint = {});
  void repaired(std::string_view kind, std::optional<std::size_t> column, std::string what = {},
                std::string hint = {});
  void finish() { warnings_.finish(records_); }

  [[nodiscard]] Error error(std::optional<std::size_t> column, std::string what,
                            std::string hint = {}) const;

 private:
  struct Field {
    std::string_view text;
    std::size_t offset = 0;  // in the input
  };

  // The fields of the record at position_, which then is behind it. False: it does not end.
  [[nodiscard]] bool read_record();
  // Whether the fields are as many as the header says; what is wrong has been said.
  [[nodiscard]] bool is_complete();

  std::string_view path_;
  std::string_view bytes_;
  CsvHeader header_;
  FoldedWarnings warnings_;
  std::size_t position_ = 0;
  std::size_t record_ = 0;  // where the record begins
  std::size_t records_ = 0;
  std::vector<Field> fields_;
  std::size_t columns_ = 0;  // of the record; fields_ stops at kMaxColumns
  std::string unquoted_;     // fields in which quotes were doubled
};

}  // namespace culprit
