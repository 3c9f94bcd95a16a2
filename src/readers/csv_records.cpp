#include "readers/csv_records.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace culprit {

namespace {

constexpr std::array kSeparators = {',', ';', '\t', '|'};
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kNone = std::string_view::npos;

// Offset of the first line that is not blank.
std::size_t skip_blank_lines(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (!trim(text.substr(from, end - from)).empty()) break;
    from = std::min(end + 1, text.size());
  }
  return from;
}

std::size_t start_of(std::string_view text) {
  return skip_blank_lines(text, text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
}

// Where the field at `begin` ends: at its separator, a line end or the end of `text`. kNone: it
// opens a quote that `text` does not close.
std::size_t end_of_field(std::string_view text, std::size_t begin, char separator) {
  std::size_t at = std::min(text.find_first_not_of(' ', begin), text.size());
  while (at < text.size() && text[at] == '"') {
    at = text.find('"', at + 1);
    if (at == kNone) return kNone;
    ++at;
  }
  while (at < text.size() && text[at] != separator && text[at] != '\n') ++at;
  return at;
}

// The content of a field; `store` holds it where it is no part of `raw`, and grows no further than
// its capacity when that is the length of all that is put into it.
std::string_view content_of(std::string_view raw, std::string& store) {
  raw = trim(raw);
  if (raw.size() < 2 || !raw.starts_with('"') || !raw.ends_with('"')) return raw;
  raw = raw.substr(1, raw.size() - 2);
  if (raw.find('"') == kNone) return trim(raw);
  const std::size_t begin = store.size();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '"' && i + 1 < raw.size() && raw[i + 1] == '"') ++i;
    store += raw[i];
  }
  return trim(std::string_view(store).substr(begin));
}

}  // namespace

CsvHeader CsvHeader::of(std::string_view text) {
  text.remove_prefix(start_of(text));
  text = text.substr(0, std::min(text.find('\n'), CsvRecords::kMaxRecordBytes));
  const auto often = [&](char c) { return std::count(text.begin(), text.end(), c); };
  const char separator = *std::max_element(kSeparators.begin(), kSeparators.end(),
                                           [&](char a, char b) { return often(a) < often(b); });
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= text.size() && names.size() < CsvRecords::kMaxColumns;) {
    const std::size_t end = std::min(end_of_field(text, begin, separator), text.size());
    std::string store;
    names.emplace_back(content_of(text.substr(begin, end - begin), store));
    begin = end + 1;
  }
  return {std::move(names), separator};
}

std::optional<std::size_t> CsvHeader::find(std::string_view name) const {
  const auto found = std::find_if(names_.begin(), names_.end(), [&](const std::string& each) {
    return equal_ignoring_case(each, name);
  });
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

std::optional<std::size_t> CsvHeader::find(std::span<const std::string_view> names) const {
  for (const std::string_view name : names) {
    if (const auto column = find(name)) return column;
  }
  return std::nullopt;
}

CsvRecords::CsvRecords(const Input& input, Sink& sink)
    : CsvRecords(input, sink, CsvHeader::of(input.bytes)) {
  position_ = std::min(bytes_.find('\n', position_), bytes_.size());
}

CsvRecords::CsvRecords(const Input& input, Sink& sink, CsvHeader header)
    : path_(input.path),
      bytes_(input.bytes),
      header_(std::move(header)),
      warnings_(input.path, sink),
      position_(start_of(input.bytes)) {}

bool CsvRecords::next() {
  for (;;) {
    position_ = skip_blank_lines(bytes_, position_);
    if (position_ >= bytes_.size()) return false;
    record_ = position_;
    ++records_;
    if (!read_record()) {
      fields_.clear();
      skipped("a quote that is not closed; its line is skipped", std::nullopt);
      position_ = std::min(bytes_.find('\n', record_), bytes_.size());
    } else if (is_complete()) {
      return true;
    }
  }
}

bool CsvRecords::read_record() {
  fields_.clear();
  unquoted_.clear();
  columns_ = 0;
  const std::string_view text =
      bytes_.substr(0, std::min(record_ + kMaxRecordBytes, bytes_.size()));
  for (std::size_t begin = record_;; begin = position_ + 1) {
    position_ = end_of_field(text, begin, header_.separator());
    const bool too_long = position_ == text.size() && text.size() < bytes_.size();
    if (position_ == kNone || too_long) return false;
    if (columns_++ < kMaxColumns) {
      const std::string_view raw = text.substr(begin, position_ - begin);
      if (raw.find('"') != kNone) unquoted_.reserve(kMaxRecordBytes);
      fields_.push_back({content_of(raw, unquoted_), begin});
    }
    if (position_ == text.size() || text[position_] == '\n') return true;
  }
}

bool CsvRecords::is_complete() {
  const std::size_t expected = header_.names().size();
  if (columns_ < expected) {
    if (position_ == bytes_.size()) {
      skipped("the last record is cut short; skipped", std::nullopt);
    } else {
      skipped("fewer fields than columns; skipped", std::nullopt);
    }
    return false;
  }
  const bool surplus = columns_ > kMaxColumns ||
                       std::any_of(fields_.begin() + static_cast<std::ptrdiff_t>(expected),
                                   fields_.end(), [](const Field& f) { return !f.text.empty(); });
  if (surplus) skipped("more fields than columns; skipped", std::nullopt);
  return !surplus;
}

void CsvRecords::skipped(std::string_view kind, std::optional<std::size_t> column, std::string what,
                         std::string hint) {
  warnings_.skipped(kind, [&] {
    return error(column, what.empty() ? std::string(kind) : std::move(what), std::move(hint));
  });
}

void CsvRecords::repaired(std::string_view kind, std::optional<std::size_t> column,
                          std::string what, std::string hint) {
  warnings_.repaired(kind, [&] {
    return error(column, what.empty() ? std::string(kind) : std::move(what), std::move(hint));
  });
}

Error CsvRecords::error(std::optional<std::size_t> column, std::string what,
                        std::string hint) const {
  const bool known = column && *column < fields_.size();
  return error_at(path_, bytes_, known ? fields_[*column].offset : record_, std::move(what),
                  std::move(hint));
}

}  // namespace culprit
