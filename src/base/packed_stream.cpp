#include "base/packed_stream.h"

#include <archive.h>

#include <string>

#include "base/text.h"

namespace culprit {

namespace {

constexpr std::size_t kTarMagicAt = 257;
constexpr std::size_t kReadBytes = 1 << 17;

// libarchive converts names through the locale; under "C" it would lose all that is not ASCII.
// Null where the system has no C.UTF-8: then uselocale changes nothing.
locale_t utf8_locale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
  return locale;
}

// False: libarchive was built without what `packing` needs. Its fallback, running an external
// program, is not wanted.
bool enable(archive* a, Packing packing) {
  if (a == nullptr) return false;
  if (packing == Packing::kZip) return archive_read_support_format_zip(a) == ARCHIVE_OK;
  const int filter = packing == Packing::kGzip    ? archive_read_support_filter_gzip(a)
                     : packing == Packing::kXz    ? archive_read_support_filter_xz(a)
                     : packing == Packing::kZstd  ? archive_read_support_filter_zstd(a)
                     : packing == Packing::kBzip2 ? archive_read_support_filter_bzip2(a)
                                                  : ARCHIVE_OK;
  if (filter != ARCHIVE_OK || archive_read_support_format_tar(a) != ARCHIVE_OK) return false;
  return packing == Packing::kTar || (archive_read_support_format_raw(a) == ARCHIVE_OK &&
                                      archive_read_support_format_empty(a) == ARCHIVE_OK);
}

}  // namespace

Packing packing_of(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("\x1f\x8b")) return Packing::kGzip;
  if (head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06")) return Packing::kZip;
  if (head.starts_with("\xfd\x37zXZ\0"sv)) return Packing::kXz;
  if (head.starts_with("\x28\xb5\x2f\xfd")) return Packing::kZstd;
  // "BZh" alone could begin a text: the magic of a block or of the end must follow the level.
  if (head.starts_with("BZh") && head.size() > 3 && head[3] >= '1' && head[3] <= '9') {
    const std::string_view rest = head.substr(4);
    if (rest.starts_with("1AY&SY") || rest.starts_with("\x17\x72\x45\x38\x50\x90")) {
      return Packing::kBzip2;
    }
  }
  if (head.size() > kTarMagicAt && head.substr(kTarMagicAt).starts_with("ustar")) {
    return Packing::kTar;
  }
  return Packing::kNone;
}

PackedStream::PackedStream(Packing packing)
    : archive_(archive_read_new(), &archive_read_free), locale_before_(uselocale(utf8_locale())) {
  open_ = packing != Packing::kNone && enable(archive_.get(), packing);
}

PackedStream::PackedStream(std::string_view bytes, Packing packing) : PackedStream(packing) {
  open_ =
      open_ && archive_read_open_memory(archive_.get(), bytes.data(), bytes.size()) == ARCHIVE_OK;
}

PackedStream::PackedStream(int file, Packing packing) : PackedStream(packing) {
  open_ = open_ && archive_read_open_fd(archive_.get(), file, kReadBytes) == ARCHIVE_OK;
}

PackedStream::~PackedStream() { uselocale(locale_before_); }

PackedStream::Step PackedStream::step(int result) const {
  if (result == ARCHIVE_OK) return Step::kOk;
  if (result == ARCHIVE_EOF) return Step::kEnd;
  return result <= ARCHIVE_FATAL ? Step::kBroken : Step::kBadEntry;
}

PackedStream::Step PackedStream::next(archive_entry*& entry) {
  if (!open_) return Step::kBroken;
  int result = archive_read_next_header(archive_.get(), &entry);
  // A warning means a name or a time it could not convert; the entry is there all the same.
  if (result == ARCHIVE_WARN) result = ARCHIVE_OK;
  return step(result);
}

PackedStream::Step PackedStream::next_block(std::string_view& data, std::uint64_t& offset) {
  const void* buffer = nullptr;
  std::size_t size = 0;
  la_int64_t at = 0;
  const int result = archive_read_data_block(archive_.get(), &buffer, &size, &at);
  data = {static_cast<const char*>(buffer), buffer == nullptr ? 0 : size};
  offset = static_cast<std::uint64_t>(at);
  return step(result);
}

bool PackedStream::is_tar() const {
  return (archive_format(archive_.get()) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
}

bool PackedStream::is_zip() const {
  return (archive_format(archive_.get()) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP;
}

Error PackedStream::damage(std::string_view path) const {
  const char* text = archive_ ? archive_error_string(archive_.get()) : nullptr;
  const std::string reason = text == nullptr ? "not readable" : printable(text);
  const bool cut = lower(reason).find("truncated") != std::string::npos;
  return error_in(path, (cut ? "cut short: " : "damaged or cut short: ") + reason);
}

}  // namespace culprit
