#include "source/checkout.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "base/text.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

class Walk {
 public:
  Walk(const CheckoutLimits& limits, Checkout& checkout) : limits_(limits), checkout_(checkout) {}

  // False when the folder cannot be read.
  bool folder(const fs::path& path, const std::string& prefix, std::size_t depth) {
    std::error_code error;
    std::set<std::string> files;
    std::set<std::string> folders;
    for (fs::directory_iterator entry(path, error), end; !error && entry != end;
         entry.increment(error)) {
      std::string name = entry->path().filename().string();
      if (name.starts_with('.')) continue;
      std::error_code ignored;
      const fs::file_type type = entry->symlink_status(ignored).type();
      if (type == fs::file_type::directory)
        folders.insert(std::move(name));
      else if (type == fs::file_type::regular)
        files.insert(std::move(name));
    }
    if (error) return false;
    // Not the folder that was named: some build inside their source.
    if (depth != 0 && (files.contains("CMakeCache.txt") || files.contains("CACHEDIR.TAG"))) {
      return true;
    }
    for (const std::string& name : files) {
      if (checkout_.files.size() == limits_.files) {
        full_ = true;
        return true;
      }
      checkout_.files.push_back(prefix + name);
    }
    for (const std::string& name : folders) {
      if (full_) break;
      if (is_built(name, files)) continue;
      if (depth == limits_.folder_depth) {
        note("deeper than " + std::to_string(limits_.folder_depth) +
             " folders, not looked at: " + printable(prefix + name, 400));
      } else if (!folder(path / name, prefix + name + '/', depth + 1)) {
        note("cannot be read: " + printable(prefix + name, 400));
      }
    }
    return true;
  }

  [[nodiscard]] bool full() const { return full_; }

 private:
  static bool is_built(const std::string& name, const std::set<std::string>& beside) {
    const auto any = [&](std::initializer_list<const char*> names) {
      return std::any_of(names.begin(), names.end(),
                         [&](const char* one) { return beside.contains(one); });
    };
    return name == "node_modules" || name == "__pycache__" ||
           (name == "target" && any({"pom.xml", "Cargo.toml"})) ||
           (name == "build" && any({"build.gradle", "build.gradle.kts"}));
  }

  void note(std::string what) {
    constexpr std::size_t kShown = 3;
    if (checkout_.notes.size() < kShown) {
      checkout_.notes.push_back(printable(checkout_.folder, 400) + ": " + what);
    }
  }

  const CheckoutLimits& limits_;
  Checkout& checkout_;
  bool full_ = false;
};

}  // namespace

Result<Checkout> list_checkout(const std::string& folder, const CheckoutLimits& limits) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return fail(error_in(folder, "is no folder with source code"));
  }
  Checkout checkout;
  checkout.folder = folder;
  Walk walk(limits, checkout);
  if (!walk.folder(folder, "", 0)) return fail(error_in(folder, "cannot be read"));
  if (walk.full()) {
    checkout.notes.push_back(
        printable(folder, 400) + ": only the first " + std::to_string(limits.files) +
        " files were looked at, the limit `files`; name a folder further down");
  }
  std::sort(checkout.files.begin(), checkout.files.end());
  return checkout;
}

}  // namespace culprit
