#include "base/file_stream.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include "base/archive.h"
#include "base/disk.h"
#include "base/packed_stream.h"
#include "base/size.h"

namespace culprit {

namespace {

// So much larger is text than what it is packed into: packed files are large earlier.
constexpr std::uint64_t kUsualRatio = 16;

class PlainStream final : public TextStream {
 public:
  PlainStream(std::string path, OpenFile file, const Limits& limits)
      : path_(std::move(path)), file_(std::move(file)), limits_(limits) {}

  Result<bool> read_more(std::string& text, std::size_t max_bytes) override {
    const std::size_t had = text.size();
    text.resize(had + max_bytes);
    ssize_t got = 0;
    do {
      got = ::read(file_.descriptor(), text.data() + had, max_bytes);
    } while (got < 0 && errno == EINTR);
    text.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0) return fail(system_error(path_, "cannot be read"));
    read_ += static_cast<std::uint64_t>(got);
    if (read_ > limits_.stream_bytes) {
      return fail(error_in(
          path_, "larger than " + size_text(limits_.stream_bytes) + ", the limit stream_bytes"));
    }
    return got != 0;
  }

 private:
  std::string path_;
  OpenFile file_;
  Limits limits_;
  std::uint64_t read_ = 0;
};

class UnpackingStream final : public TextStream {
 public:
  UnpackingStream(std::string path, OpenFile file, Packing packing, const Limits& limits)
      : path_(std::move(path)),
        file_(std::move(file)),
        limits_(limits),
        stream_(file_.descriptor(), packing) {}

  Result<bool> read_more(std::string& text, std::size_t max_bytes) override {
    using Step = PackedStream::Step;
    if (!open_) {
      archive_entry* entry = nullptr;
      const Step step = stream_.next(entry);
      if (step == Step::kEnd) return false;
      if (step != Step::kOk) return fail(stream_.damage(path_));
      open_ = true;
    }
    if (block_.empty()) {
      std::uint64_t offset = 0;
      const Step step = stream_.next_block(block_, offset);
      if (step == Step::kEnd) return false;
      if (step != Step::kOk) return fail(stream_.damage(path_));
      read_ += block_.size();
      if (read_ > limits_.stream_bytes) {
        return fail(error_in(path_, "decompresses to more than " + size_text(limits_.stream_bytes) +
                                        ", the limit stream_bytes"));
      }
      if (exceeds_ratio(read_, file_.size(), limits_)) return fail(ratio_error(path_, limits_));
    }
    const std::string_view part = block_.substr(0, max_bytes);
    text += part;
    block_.remove_prefix(part.size());
    return true;
  }

 private:
  std::string path_;
  OpenFile file_;
  Limits limits_;
  PackedStream stream_;
  std::string_view block_;  // what is left of the stream's own
  std::uint64_t read_ = 0;
  bool open_ = false;
};

}  // namespace

Result<std::unique_ptr<TextStream>> open_stream(const std::string& path, const Limits& limits) {
  Result<OpenFile> file = OpenFile::open(path);
  if (!file) return fail(file.error());
  if (!file->is_regular() || file->size() < limits.large_bytes / kUsualRatio) return nullptr;
  const Result<std::string> head = file->head(kPackingHead);
  if (!head) return fail(head.error());
  const Packing packing = packing_of(*head);
  if (packing == Packing::kTar || packing == Packing::kZip) return nullptr;
  if (packing != Packing::kNone) {
    return std::make_unique<UnpackingStream>(path, std::move(*file), packing, limits);
  }
  if (file->size() < limits.large_bytes) return nullptr;
  if (head->starts_with("\xff\xfe") || head->starts_with("\xfe\xff")) return nullptr;
  return std::make_unique<PlainStream>(path, std::move(*file), limits);
}

}  // namespace culprit
