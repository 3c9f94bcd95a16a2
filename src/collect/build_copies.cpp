#include "collect/build_copies.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/disk.h"
#include "base/file_tree.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

template <class Visit>
void each_file(const std::string& folder, Visit visit) {
  std::error_code ignored;
  for (fs::recursive_directory_iterator
           entry(folder, fs::directory_options::skip_permission_denied, ignored),
       end;
       !ignored && entry != end; entry.increment(ignored)) {
    if (entry->is_regular_file(ignored)) visit(entry->path());
  }
}

std::string absolute(const std::string& folder) {
  std::error_code ignored;
  const fs::path path = fs::weakly_canonical(folder, ignored);
  return path.empty() ? folder : path.string();
}

}  // namespace

BuildCopies::BuildCopies(std::string target, std::vector<std::string> folders)
    : target_(std::move(target)), current_(absolute(".")) {
  for (const std::string& folder : folders) {
    folders_.push_back(absolute(folder));
    each_file(folders_.back(), [&](const fs::path& file) {
      if (file.extension() == ".gcno") notes_.emplace(file.filename().string(), file.string());
    });
  }
}

std::string BuildCopies::flat_name(std::string_view path) const {
  const auto holds = [&](const std::string& folder) {
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
  };
  const auto folder = std::find_if(folders_.begin(), folders_.end(), holds);
  if (folder != folders_.end()) {
    path.remove_prefix(folder->size() + 1);
  } else if (holds(current_)) {
    path.remove_prefix(current_.size() + 1);
  }
  std::string name(path);
  for (char& c : name) {
    if (c == '/') c = '#';
  }
  return name;
}

Result<void> BuildCopies::copy(const std::string& from, const std::string& name) {
  const Result<std::string> bytes = read_file(from);
  if (!bytes) return fail(bytes.error());
  const std::string to = target_ + "/" + name;
  std::error_code error;
  if (fs::exists(to, error)) {
    const Result<std::string> before = read_file(to);
    if (before && *before == *bytes) return {};
    return fail(error_in(to, "is of another build than " + from,
                         "runs of two builds do not compare: record into a new folder"));
  }
  if (auto made = make_folder(fs::path(to).parent_path().string()); !made) return made;
  return write_file(to, *bytes);
}

Result<void> BuildCopies::copy_classes() {
  Result<void> result;
  for (const std::string& folder : folders_) {
    each_file(folder, [&](const fs::path& file) {
      const fs::path suffix = file.extension();
      if (!result || (suffix != ".class" && suffix != ".jar" && suffix != ".war")) return;
      result = copy(file.string(), fs::relative(file, folder).string());
    });
  }
  return result;
}

std::string BuildCopies::find_notes(const std::string& beside) const {
  std::error_code ignored;
  if (fs::is_regular_file(beside, ignored)) return beside;
  const auto [first, last] = notes_.equal_range(fs::path(beside).filename().string());
  return first != last && std::next(first) == last ? first->second : "";
}

Result<void> BuildCopies::copy_notes(const std::string& object) {
  const std::lock_guard lock(mutex_);
  if (!known_.insert(object).second) return {};
  const std::string beside = fs::path(object).replace_extension(".gcno").string();
  const std::string notes = find_notes(beside);
  if (notes.empty()) {
    without_notes_.insert(object);
    return {};
  }
  return copy(notes, flat_name(beside));
}

}  // namespace culprit
