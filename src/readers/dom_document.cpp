#include "readers/dom_document.h"

#include <cstring>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "readers/json_fields.h"

namespace culprit {

namespace {

constexpr std::string_view kMaxCount = "18446744073709551615";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// simdjson rejects a whole document for one byte that is not UTF-8, which a source path may hold.
// Such bytes become `?`; returns whether there were any.
bool replace_invalid_utf8(char* bytes, std::size_t size) {
  bool replaced = false;
  std::size_t at = 0;
  while ((at = find_bad_utf8({bytes, size}, at)) != std::string_view::npos) {
    bytes[at++] = '?';
    replaced = true;
  }
  return replaced;
}

// And for one whole number beyond 64 bits. Those become the largest count, or -1, in place;
// returns whether there were any.
bool clamp_wide_numbers(char* bytes, std::size_t size) {
  bool clamped = false;
  bool in_string = false;
  for (std::size_t i = 0; i < size; ++i) {
    if (bytes[i] == '"') in_string = !in_string;
    if (in_string && bytes[i] == '\\') ++i;
    if (in_string || i >= size || !is_digit(bytes[i])) continue;
    const std::size_t start = i;
    while (i < size && is_digit(bytes[i])) ++i;
    const bool whole =
        i == size || std::string_view(".eE").find(bytes[i]) == std::string_view::npos;
    const bool negative = start > 0 && bytes[start - 1] == '-';
    const std::string_view digits(bytes + start, i - start);
    const bool fits = negative ? parse_i64({bytes + start - 1, digits.size() + 1}).has_value()
                               : parse_u64(digits).has_value();
    --i;
    if (!whole || fits || digits.size() < kMaxCount.size() - 1) continue;
    const std::string_view clamp = negative ? "1" : kMaxCount;
    const std::size_t length = digits.size();
    std::memset(bytes + start, ' ', length);
    std::memcpy(bytes + start, clamp.data(), clamp.size());
    clamped = true;
  }
  return clamped;
}

}  // namespace

// What a parse needs besides the text. One is kept for the next document of the thread: to touch
// fresh memory costs three times what the parsing does.
struct DomDocument::Workspace {
  static constexpr std::size_t kKeptBytes = std::size_t{64} << 20;  // of text
  static std::unique_ptr<Workspace>& spare() {
    thread_local std::unique_ptr<Workspace> workspace;
    return workspace;
  }

  simdjson::dom::parser parser;
  std::string text;  // with room behind it, as simdjson reads beyond the end

  // Parses `size` bytes of the text in place.
  simdjson::error_code parse(std::size_t size, simdjson::dom::element& root) {
    return parser.parse(text.data(), size, false).get(root);
  }
};

DomDocument::DomDocument(const Input& input, Sink& sink)
    : input_(input),
      sink_(sink),
      skipped_bytes_(input.bytes.starts_with("\xef\xbb\xbf") ? 3 : 0),
      size_(input.bytes.size() - skipped_bytes_),
      work_(std::move(Workspace::spare())) {
  if (!work_) work_ = std::make_unique<Workspace>();
  work_->text.assign(input.bytes.substr(skipped_bytes_));
  work_->text.append(simdjson::SIMDJSON_PADDING, '\0');
}

DomDocument::~DomDocument() {
  if (size_ <= Workspace::kKeptBytes) Workspace::spare() = std::move(work_);
}

Result<simdjson::dom::element> DomDocument::parse() {
  simdjson::dom::element root;
  auto error = work_->parse(size_, root);
  if (error == simdjson::UTF8_ERROR && replace_invalid_utf8(work_->text.data(), size_)) {
    sink_.warn(error_in(input_.path, "bytes that are not UTF-8 were read as `?`"));
    error = work_->parse(size_, root);
  }
  if (error == simdjson::NUMBER_ERROR && clamp_wide_numbers(work_->text.data(), size_)) {
    sink_.warn(error_in(input_.path, "numbers beyond 64 bits were taken as the nearest that fits"));
    error = work_->parse(size_, root);
  }
  if (!error) return root;
  // simdjson does not tell where; a second parser that does finds the place.
  auto checked = check_json({input_.path, std::string_view(work_->text).substr(0, size_)});
  if (!checked) return fail(std::move(checked.error()));
  return fail(error_in(input_.path, std::string("not JSON: ") + simdjson::error_message(error)));
}

Error DomDocument::error_at(const std::string& pointer, std::string what) const {
  const std::string_view text = input_.bytes.substr(skipped_bytes_);
  const auto offset = static_cast<std::size_t>(locate(text, pointer).data() - text.data());
  return culprit::error_at(input_.path, input_.bytes, offset + skipped_bytes_, std::move(what));
}

}  // namespace culprit
