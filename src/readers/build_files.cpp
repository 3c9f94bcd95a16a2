#include "readers/build_files.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace culprit {

namespace {

// The object a .gcno or .gcda belongs to: its path without the extension.
std::string_view object_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  const std::size_t slash = path.rfind('/');
  const bool extension = dot != path.npos && (slash == path.npos || dot > slash);
  return extension ? path.substr(0, dot) : path;
}

// From the last border on: "text.cpp" of "src/base/text.cpp" and of "src#base#text.cpp".
std::string_view name_of(std::string_view object) {
  const std::size_t border = object.find_last_of("/#");
  return border == object.npos ? object : object.substr(border + 1);
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find_first_of("/#", start), path.size());
    if (end > start) parts.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

// How many names the ends of two paths share; then how many folders they share anywhere.
std::pair<std::size_t, std::size_t> agreement(std::string_view a, std::string_view b) {
  const std::vector<std::string_view> x = parts_of(a);
  const std::vector<std::string_view> y = parts_of(b);
  const auto [end, unused] = std::mismatch(x.rbegin(), x.rend(), y.rbegin(), y.rend());
  const auto shared = std::ranges::count_if(
      x, [&](std::string_view part) { return std::ranges::find(y, part) != y.end(); });
  return {static_cast<std::size_t>(end - x.rbegin()), static_cast<std::size_t>(shared)};
}

// "cart.cpp" of "cart.cpp.2": further counters of one run, as `culprit record` calls them.
std::string_view without_number(std::string_view object) {
  const std::size_t dot = object.find_last_not_of("0123456789");
  const bool numbered = dot != object.npos && object[dot] == '.' && dot + 1 < object.size();
  return numbered ? object.substr(0, dot) : object;
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
BuildFiles::GcovMatch BuildFiles::nearest_object(std::string_view data_path, Fits fits) const {
  const std::string_view data = object_of(data_path);
  const GcovMatch match = nearest_named(data, fits);
  return match.object == nullptr ? nearest_named(without_number(data), fits) : match;
}

template <class Fits>
BuildFiles::GcovMatch BuildFiles::nearest_named(std::string_view data, Fits fits) const {
  const std::string_view name = name_of(data);
  GcovMatch nearest;
  std::pair<std::size_t, std::size_t> most;
  for (auto at = std::lower_bound(
           objects_.begin(), objects_.end(), name,
           [](const NamedObject&each, std::string_view wanted) { return each.name < wanted; });
       at != objects_.end() && at->name == name; ++at) {
    const std::string_view object = object_of(at->object->notes().path);
    if (!fits(*at->object) || !may_be_same(data, object)) continue;
    const auto agrees = agreement(data, object);
    if (nearest.object == nullptr || agrees > most) {
      most = agrees;
      nearest = {at->object.get()};
    } else if (agrees == most && !at->object->notes().same_as(nearest.object->notes())) {
      nearest.rival = at->object.get();
    }
  }
  return nearest;
}

BuildFiles::GcovMatch BuildFiles::gcov_object(std::string_view data_path,
                                              std::uint32_t stamp) const {
  return nearest_object(
      data_path, [&](const GcovObject& object) { return object.notes().header.stamp == stamp; });
}

const GcovObject* BuildFiles::gcov_object(std::string_view data_path) const {
  return nearest_object(data_path, [](const GcovObject&) { return true; }).object;
}

}  // namespace culprit
