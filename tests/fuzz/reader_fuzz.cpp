// Runs one reader, CULPRIT_FUZZ_READER, on arbitrary bytes. Where the format spreads over several
// files, FF 00 separates them: the file itself, then its companions in the table's order. What a
// reader that streams tells of a sound file must not depend on where its parts end.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "checking_sink.h"
#include "readers/parts.h"
#include "readers/registry.h"

namespace culprit {
namespace {

constexpr std::string_view kSeparator("\xff\x00", 2);

void stream(const Reader& reader, std::string_view bytes, bool good, const CheckingSink& whole) {
  constexpr std::size_t kLeastParts = 64;  // a record is looked at anew with each of its parts
  Parts parts(bytes, std::max<std::size_t>(5, bytes.size() / kLeastParts));
  Input input{"fuzz/input", {}};
  input.rest = &parts;
  CheckingSink sink;
  const Result<void> result = reader.read(input, sink);
  require(result.has_value() == good, "a file is good or bad however it is read");
  if (!good || whole.warnings() != 0) return;
  require(sink.spans() == whole.spans(), "parts of a file tell what the whole does");
}

void fuzz(std::string_view bytes) {
  static const Reader* const reader = find_reader(CULPRIT_FUZZ_READER);
  require(reader != nullptr, "the table has a reader " CULPRIT_FUZZ_READER);
  std::vector<std::string_view> parts;
  while (parts.size() < reader->companions.size()) {
    const std::size_t end = bytes.find(kSeparator);
    if (end == std::string_view::npos) break;
    parts.push_back(bytes.substr(0, end));
    bytes.remove_prefix(end + kSeparator.size());
  }
  parts.push_back(bytes);

  Input input{"fuzz/input", parts[0]};
  input.neighbour = [&](std::string_view name) -> std::optional<std::string> {
    for (std::size_t i = 0; i < reader->companions.size() && i + 1 < parts.size(); ++i) {
      if (reader->companions[i] == name) return std::string(parts[i + 1]);
    }
    return std::nullopt;
  };
  (void)reader->accepts(inspect(input));
  CheckingSink sink;
  const Result<void> result = reader->read(input, sink);
  if (!result) (void)to_string(result.error());
  if (reader->streams) stream(*reader, input.bytes, result.has_value(), sink);
}

}  // namespace
}  // namespace culprit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  culprit::fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
