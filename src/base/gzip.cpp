#include "base/gzip.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/size.h"

namespace culprit {

namespace {

constexpr std::string_view kMagic = "\x1f\x8b";
// First guess of the output, as a multiple of the input: a size in the trailer beyond it has to be
// earned by doubling.
constexpr std::size_t kGuessedRatio = 64;

std::uint32_t trailer_size(std::string_view bytes) {
  std::uint32_t size = 0;
  for (std::size_t i = 1; i <= 4 && bytes.size() >= 4; ++i) {
    size = size << 8 | static_cast<unsigned char>(bytes[bytes.size() - i]);
  }
  return size;
}

// Why the member at `start` could not be inflated. zlib streams, and so can tell how far the data
// is good, which libdeflate cannot.
Error diagnose(std::string_view path, std::string_view bytes, std::size_t start) {
  z_stream stream = {};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) {
    return error_in(path, "no memory to decompress");
  }
  std::array<Bytef, 1 << 16> discarded;
  int result = Z_OK;
  std::size_t given = start;
  while (result == Z_OK) {
    if (stream.avail_in == 0) {
      const std::size_t chunk = std::min<std::size_t>(bytes.size() - given, 1U << 30);
      // zlib's interface predates const; it does not write here.
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + given));
      stream.avail_in = static_cast<uInt>(chunk);
      given += chunk;
    }
    stream.next_out = discarded.data();
    stream.avail_out = static_cast<uInt>(discarded.size());
    result = inflate(&stream, Z_NO_FLUSH);
  }
  const std::size_t good = given - stream.avail_in;
  const std::string reason = stream.msg == nullptr ? "not gzip" : stream.msg;
  inflateEnd(&stream);
  if (result == Z_BUF_ERROR) {
    return error_in(path, "gzip data is cut short: it ends after " + std::to_string(bytes.size()) +
                              " bytes without its trailer");
  }
  return error_in(path, "corrupt gzip data at byte " + std::to_string(good) + ": " + reason);
}

}  // namespace

Result<std::string> gunzip(std::string_view path, std::string_view bytes, std::uint64_t max_bytes) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  if (!decompressor) return fail(error_in(path, "no memory to decompress"));

  std::string out;
  const std::size_t cap = std::min<std::uint64_t>(max_bytes, out.max_size());
  out.resize(std::min({std::size_t{trailer_size(bytes)}, bytes.size() * kGuessedRatio, cap}));
  std::size_t filled = 0;
  std::size_t start = 0;
  do {
    std::size_t used = 0;
    std::size_t made = 0;
    switch (libdeflate_gzip_decompress_ex(decompressor.get(), bytes.data() + start,
                                          bytes.size() - start, out.data() + filled,
                                          out.size() - filled, &used, &made)) {
      case LIBDEFLATE_SUCCESS:
        filled += made;
        start += used;
        break;
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        if (out.size() >= cap) {
          return fail(error_in(path, "decompresses to more than " + size_text(max_bytes) +
                                         ", the limit file_bytes"));
        }
        out.resize(std::min(cap, std::max<std::size_t>(out.size() * 2, 4096)));
        continue;
      default:
        return fail(diagnose(path, bytes, start));
    }
    const std::string_view rest = bytes.substr(start);
    // Tape blocks are padded with zeros.
    if (rest.find_first_not_of('\0') == std::string_view::npos) break;
    if (!rest.starts_with(kMagic)) {
      return fail(error_in(path, std::to_string(rest.size()) +
                                     " bytes follow the end of the gzip data at byte " +
                                     std::to_string(start)));
    }
  } while (start < bytes.size());
  out.resize(filled);
  return out;
}

std::optional<std::string> gzipped(std::string_view bytes) {
  constexpr int kLevel = 6;
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(kLevel), &libdeflate_free_compressor);
  if (!compressor) return std::nullopt;
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                      out.size()));
  return out;
}

}  // namespace culprit
