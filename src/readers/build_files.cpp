#include "readers/build_files.h"

#include <algorithm>
#include <tuple>

namespace culprit {

namespace {

// The object a .gcno or .gcda belongs to: its path without the extension.
std::string_view object_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  const std::size_t slash = path.rfind('/');
  const bool extension = dot != path.npos && (slash == path.npos || dot > slash);
  return extension ? path.substr(0, dot) : path;
}

bool is_border(char c) { return c == '/' || c == '#'; }

// From the last border on: "text.cpp" of "src/base/text.cpp" and of "src#base#text.cpp".
std::string_view name_of(std::string_view object) {
  const std::size_t border = object.find_last_of("/#");
  return border == object.npos ? object : object.substr(border + 1);
}

// How many characters the ends of two paths share.
std::size_t agreement(std::string_view a, std::string_view b) {
  std::size_t n = 0;
  while (n < a.size() && n < b.size()) {
    const char x = a[a.size() - 1 - n];
    const char y = b[b.size() - 1 - n];
    if (x != y && !(is_border(x) && is_border(y))) break;
    ++n;
  }
  return n;
}

std::string_view name_of(const std::unique_ptr<const GcovNotes>& notes) {
  return name_of(object_of(notes->path));
}

}  // namespace

void BuildFiles::add(std::unique_ptr<const GcovNotes> notes) {
  const std::lock_guard lock(mutex_);
  notes_.push_back(std::move(notes));
}

void BuildFiles::add(std::string_view path, AnalysedClass analysed) {
  const std::lock_guard lock(mutex_);
  java_.add(path, std::move(analysed));
}

void BuildFiles::finish() {
  java_.finish();
  std::sort(notes_.begin(), notes_.end(), [](const auto& a, const auto& b) {
    return std::tuple(name_of(a), std::string_view(a->path)) <
           std::tuple(name_of(b), std::string_view(b->path));
  });
}

template <class Fits>
const GcovNotes* BuildFiles::nearest_notes(std::string_view data_path, Fits fits) const {
  const std::string_view object = object_of(data_path);
  const auto first = std::lower_bound(
      notes_.begin(), notes_.end(), name_of(object),
      [](const auto& notes, std::string_view name) { return name_of(notes) < name; });
  const GcovNotes* nearest = nullptr;
  std::size_t most = 0;
  for (auto at = first; at != notes_.end() && name_of(*at) == name_of(object); ++at) {
    const std::size_t agrees = agreement(object, object_of((*at)->path));
    if (!fits(**at) || agrees <= most) continue;
    most = agrees;
    nearest = at->get();
  }
  return nearest;
}

const GcovNotes* BuildFiles::gcov_notes(std::string_view data_path, std::uint32_t stamp) const {
  return nearest_notes(data_path,
                       [&](const GcovNotes& notes) { return notes.header.stamp == stamp; });
}

const GcovNotes* BuildFiles::gcov_notes(std::string_view data_path) const {
  return nearest_notes(data_path, [](const GcovNotes&) { return true; });
}

}  // namespace culprit
