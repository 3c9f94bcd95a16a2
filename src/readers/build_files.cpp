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

// Where both names tell the folders too, as `gateway#main` does, they tell the same.
bool may_be_same(std::string_view a, std::string_view b) {
  const std::string_view x = a.substr(a.rfind('/') + 1);
  const std::string_view y = b.substr(b.rfind('/') + 1);
  return x.find('#') == x.npos || y.find('#') == y.npos || x == y;
}

}  // namespace

void BuildFiles::add(std::unique_ptr<const GcovObject> object) {
  const std::lock_guard lock(mutex_);
  const std::string_view name = name_of(object_of(object->notes().path));
  objects_.push_back({name, std::move(object)});
}

void BuildFiles::add(std::string_view path, AnalysedClass analysed) {
  const std::lock_guard lock(mutex_);
  java_.add(path, std::move(analysed));
}

void BuildFiles::finish() {
  java_.finish();
  std::sort(objects_.begin(), objects_.end(), [](const NamedObject& a, const NamedObject& b) {
    return std::tie(a.name, a.object->notes().path) < std::tie(b.name, b.object->notes().path);
  });
}

template <class Fits>
const GcovObject* BuildFiles::nearest_object(std::string_view data_path, Fits fits) const {
  const std::string_view data = object_of(data_path);
  const std::string_view name = name_of(data);
  const GcovObject* nearest = nullptr;
  std::size_t most = 0;
  for (auto at = std::lower_bound(objects_.begin(), objects_.end(), name,
                                  [](const NamedObject& each, std::string_view wanted) {
                                    return each.name < wanted;
                                  });
       at != objects_.end() && at->name == name; ++at) {
    if (!fits(*at->object) || !may_be_same(data, object_of(at->object->notes().path))) continue;
    const std::size_t agrees = agreement(data, object_of(at->object->notes().path));
    if (agrees <= most) continue;
    most = agrees;
    nearest = at->object.get();
  }
  return nearest;
}

const GcovObject* BuildFiles::gcov_object(std::string_view data_path, std::uint32_t stamp) const {
  return nearest_object(
      data_path, [&](const GcovObject& object) { return object.notes().header.stamp == stamp; });
}

const GcovObject* BuildFiles::gcov_object(std::string_view data_path) const {
  return nearest_object(data_path, [](const GcovObject&) { return true; });
}

}  // namespace culprit
