#include "base/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file_tree.h"
#include "base/size.h"
#include "base/text.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kUnknownSizeBytes = 1 << 16;  // first buffer for a pipe

Result<void> write_all(int descriptor, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(system_error(path, "cannot be written"));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> write_directly(const std::string& path, const std::string& bytes) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return fail(system_error(path, "cannot be opened for writing"));
  Result<void> result = write_all(descriptor, path, bytes);
  if (::close(descriptor) != 0 && result) result = fail(system_error(path, "cannot be written"));
  return result;
}

// A file that is removed again unless it was renamed to its place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& target) : target_(target) {
    static std::atomic<unsigned> counter = 0;
    const fs::path path(target);
    name_ = (path.parent_path() / ("." + path.filename().string().substr(0, 200) + "." +
                                   std::to_string(::getpid()) + "-" + std::to_string(counter++)))
                .string();
    descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  }
  ~TemporaryFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    if (!placed_) ::unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  Result<void> fill(const std::string& bytes, const struct stat* like) {
    if (descriptor_ < 0) return fail(system_error(target_, "cannot be created"));
    if (Result<void> written = write_all(descriptor_, target_, bytes); !written) return written;
    if (like != nullptr && ::fchmod(descriptor_, like->st_mode & 07777U) != 0) {
      return fail(system_error(target_, "cannot keep its permissions"));
    }
    if (::fsync(descriptor_) != 0) return fail(system_error(target_, "cannot be written"));
    return {};
  }
  Result<void> place() {
    if (::rename(name_.c_str(), target_.c_str()) != 0) {
      return fail(system_error(target_, "cannot be replaced"));
    }
    placed_ = true;
    // The rename itself lasts only once the folder is on disk; where that cannot be had the file
    // is still whole.
    const std::string folder = fs::path(target_).parent_path().string();
    const int parent = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (parent >= 0) {
      ::fsync(parent);
      ::close(parent);
    }
    return {};
  }

 private:
  const std::string& target_;
  std::string name_;
  int descriptor_ = -1;
  bool placed_ = false;
};

}  // namespace

Error system_error(const std::string& path, const std::string& what) {
  return error_in(path, what + ": " + std::generic_category().message(errno));
}

Error missing_error(const std::string& path) {
  Error error = error_in(path, "does not exist");
  fs::path parent = fs::path(path).lexically_normal();
  if (!parent.has_filename()) parent = parent.parent_path();
  std::string missing = parent.filename().string();
  std::error_code ignored;
  for (parent = parent.parent_path(); !parent.empty() && !fs::exists(parent, ignored);
       parent = parent.parent_path()) {
    missing = parent.filename().string();
  }
  std::vector<std::string> names;
  for (fs::directory_iterator file(parent.empty() ? "." : parent, ignored), end;
       !ignored && file != end; file.increment(ignored)) {
    names.push_back(file->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  if (const auto near = nearest(missing, {names.begin(), names.end()})) {
    error.hint = "did you mean " + (parent / *near).string() + "?";
  }
  return error;
}

Result<OpenFile> OpenFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return fail(errno == ENOENT ? missing_error(path) : system_error(path, "cannot be opened"));
  }
  OpenFile file(path, descriptor);
  struct stat status = {};
  if (::fstat(descriptor, &status) != 0) return fail(system_error(path, "cannot be read"));
  if (S_ISDIR(status.st_mode)) return fail(error_in(path, "is a folder, not a file"));
  file.regular_ = S_ISREG(status.st_mode);
  if (file.regular_) file.size_ = static_cast<std::uint64_t>(status.st_size);
  return file;
}

OpenFile::OpenFile(OpenFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      regular_(other.regular_),
      size_(other.size_) {}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::string> OpenFile::head(std::size_t max_bytes) const {
  std::string bytes(max_bytes, '\0');
  ssize_t count = 0;
  do {
    count = ::pread(descriptor_, bytes.data(), bytes.size(), 0);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return fail(system_error(path_, "cannot be read"));
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

Result<std::string> OpenFile::read_all(std::uint64_t max_bytes) const {
  const Error too_large =
      error_in(path_, "larger than " + size_text(max_bytes) + ", the limit file_bytes");
  if (size_ > max_bytes) return fail(too_large);
  // One byte more than expected, so that the read that meets the end needs no room of its own.
  std::string bytes(regular_ ? size_ + 1 : kUnknownSizeBytes, '\0');
  std::size_t filled = 0;
  for (;;) {
    if (filled == bytes.size()) bytes.resize(bytes.size() * 2);
    const ssize_t count = ::read(descriptor_, bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(system_error(path_, "cannot be read"));
    if (count == 0) break;
    const bool short_read = filled + static_cast<std::size_t>(count) < bytes.size();
    filled += static_cast<std::size_t>(count);
    if (filled > max_bytes) return fail(too_large);
    if (regular_ && short_read && filled >= size_) break;  // the end: no need to ask again
  }
  bytes.resize(filled);
  return bytes;
}

Result<void> create_file(const std::string& path, std::string_view bytes) {
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (descriptor < 0) return fail(system_error(path, "cannot be created"));
  Result<void> result = write_all(descriptor, path, bytes);
  if (::close(descriptor) != 0 && result) result = fail(system_error(path, "cannot be written"));
  return result;
}

Result<void> make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return fail(error_in(path, "cannot be made: " + error.message()));
  return {};
}

Result<void> write_file(const std::string& path, const std::string& bytes) {
  struct stat status = {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return fail(error_in(path, "is a folder, not a file"));
  if (exists && !S_ISREG(status.st_mode)) return write_directly(path, bytes);
  std::error_code error;
  // Renaming over a link would replace the link, not the file it stands for.
  const std::string target = exists ? fs::canonical(path, error).string() : path;
  if (error) return fail(error_in(path, "cannot be written: " + error.message()));
  TemporaryFile file(target);
  if (Result<void> filled = file.fill(bytes, exists ? &status : nullptr); !filled) return filled;
  return file.place();
}

Result<void> update_file(const std::string& path, const std::optional<std::string>& expected,
                         const std::string& bytes) {
  const fs::path parent = fs::path(path).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return fail(system_error(folder, "cannot be opened"));
  struct Closer {
    int descriptor;
    ~Closer() { ::close(descriptor); }  // lets go of the lock
  } const closer{descriptor};
  while (::flock(descriptor, LOCK_EX) != 0) {
    if (errno != EINTR) return fail(system_error(folder, "cannot be locked"));
  }
  std::error_code ignored;
  std::optional<std::string> current;
  if (fs::exists(path, ignored)) {
    Result<std::string> read = read_file(path);
    if (!read) return fail(read.error());
    current = std::move(*read);
  }
  if (current != expected) {
    return fail(error_in(path, "was changed by somebody else meanwhile, and is left as it is",
                         "run it again, with what is there now"));
  }
  return write_file(path, bytes);
}

}  // namespace culprit
