#include "readers/gcov_notes.h"

#include <memory>

#include "readers/build_files.h"

namespace culprit {

namespace {

constexpr std::string_view kMagic = "gcno";

}  // namespace

bool accepts_gcov_notes(const Head& head) { return has_gcov_magic(head.bytes, kMagic); }

Result<void> load_gcov_notes(const Input& input, BuildFiles& build) {
  const auto header = gcov_header(input.bytes, kMagic);
  if (!header) return fail(error_in(input.path, "gcov notes with a damaged header"));
  auto notes = std::make_unique<GcovNotes>();
  notes->path = input.path;
  notes->header = *header;
  build.add(std::move(notes));
  return {};
}

}  // namespace culprit
