#include "collect/recording.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/disk.h"
#include "base/file_tree.h"
#include "base/text.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxName = 150;  // file systems end at 255
constexpr const char* kPartial = ".partial";

Error because(const fs::path& path, const std::string& what, const std::error_code& error) {
  return error_in(path.string(), what + ": " + error.message());
}

bool holds_something(const fs::path& folder) {
  std::error_code ignored;
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    if (!entry->path().filename().string().starts_with('.')) return true;
  }
  return false;
}

// "src#a.cpp.2.gcda" of "src#a.cpp.gcda".
std::string numbered(const fs::path& name, int number) {
  return (name.parent_path() / name.stem()).string() + "." + std::to_string(number) +
         name.extension().string();
}

}  // namespace

RunFolder::RunFolder(std::string partial, std::string target)
    : partial_(std::move(partial)), target_(std::move(target)) {}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : partial_(std::exchange(other.partial_, {})),
      target_(std::move(other.target_)),
      names_(std::move(other.names_)),
      folders_(std::move(other.folders_)) {}

RunFolder::~RunFolder() {
  std::error_code ignored;
  if (!partial_.empty()) fs::remove_all(partial_, ignored);
}

Result<void> RunFolder::add(std::string_view name, std::string_view bytes) {
  std::string free(name);
  for (int number = 2; !names_.insert(free).second; ++number) free = numbered(name, number);
  const fs::path path = fs::path(partial_) / free;
  const std::string folder = path.parent_path().string();
  if (!folders_.contains(folder)) {
    if (auto made = make_folder(folder); !made) return made;
    folders_.insert(folder);
  }
  return create_file(path.string(), bytes);
}

Result<void> RunFolder::finish() {
  std::error_code error;
  fs::rename(partial_, target_, error);
  if (error) return fail(because(target_, "cannot be put in place", error));
  partial_.clear();
  return {};
}

Result<Recording> Recording::open(const std::string& folder, bool resume) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    return fail(error_in(folder, "is a file, not a folder for runs"));
  }
  if (!resume && holds_something(folder)) {
    return fail(error_in(folder, "already holds something",
                         "--resume adds the runs it lacks; or name a new folder"));
  }
  if (auto made = make_folder(folder); !made) return fail(made.error());
  const std::string lock = folder + "/.lock";
  const int descriptor = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (descriptor < 0) return fail(system_error(lock, "cannot be opened"));
  Recording recording(folder, descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return fail(error_in(folder, "another recorder is at work there"));
  }
  fs::remove_all(fs::path(folder) / kPartial, error);
  if (!error) fs::create_directory(fs::path(folder) / kPartial, error);
  if (error) return fail(because(fs::path(folder) / kPartial, "cannot be made", error));
  return recording;
}

Recording::Recording(Recording&& other) noexcept
    : folder_(std::move(other.folder_)), lock_(std::exchange(other.lock_, -1)) {}

Recording::~Recording() {
  if (lock_ < 0) return;
  std::error_code ignored;
  fs::remove_all(fs::path(folder_) / kPartial, ignored);
  fs::remove(fs::path(folder_) / ".lock", ignored);
  ::close(lock_);
}

bool Recording::has(std::string_view run) const {
  std::error_code ignored;
  return fs::is_directory(fs::path(folder_) / run, ignored);
}

Result<RunFolder> Recording::start(std::string_view run) const {
  const fs::path partial = fs::path(folder_) / kPartial / run;
  std::error_code error;
  fs::create_directory(partial, error);
  if (error) return fail(because(partial, "cannot be made", error));
  return RunFolder(partial.string(), (fs::path(folder_) / run).string());
}

std::string folder_name(std::string_view name, std::set<std::string>& taken) {
  std::string safe;
  for (const char c : name.substr(0, kMaxName)) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    safe += plain || c == '.' || c == '-' || c == '_' ? c : '_';
  }
  // `.x` would be hidden, `build` and `traces` have meanings of their own in a run set.
  if (safe.empty() || safe.front() == '.' || safe == "build" || safe == "traces") {
    safe.insert(safe.begin(), '_');
  }
  std::string free = safe;
  for (int number = 2; !taken.insert(free).second; ++number) {
    free = safe + "~" + std::to_string(number);
  }
  return free;
}

}  // namespace culprit
