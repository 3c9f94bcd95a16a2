#include "source/path_map.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <tuple>

#include "base/text.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

// Where images put what they build. The longest that fits goes.
constexpr auto kContainerFolders = std::to_array<std::string_view>(
    {"/app/", "/build/", "/code/", "/go/src/", "/opt/app/", "/source/", "/src/", "/srv/",
     "/usr/src/app/", "/usr/src/", "/work/", "/workdir/", "/workspace/"});

std::vector<std::string> folders_from_the_end(std::string_view path) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.emplace_back(part);
    }
    at = end + 1;
  }
  std::reverse(parts.begin(), parts.end());
  return parts;
}

std::string_view without_container(std::string_view path) {
  std::size_t longest = 0;
  for (const std::string_view folder : kContainerFolders) {
    if (path.starts_with(folder)) longest = std::max(longest, folder.size());
  }
  return path.substr(longest);
}

// "src/main" of main, src: the parts from `met` on, as a path.
std::string path_of_rest(std::span<const std::string> parts, std::size_t met) {
  std::string path;
  for (std::size_t i = parts.size(); i > met; --i) {
    path += (path.empty() ? "" : "/") + parts[i - 1];
  }
  return path;
}

bool has_folder(std::string_view path, std::string_view name) {
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (equal_ignoring_case(path.substr(at, end - at), name)) return true;
    at = end + 1;
  }
  return false;
}

// System headers are in no checkout, and nobody misses them.
bool is_system(std::string_view path) {
  return path.starts_with("/usr/include/") || path.starts_with("/usr/lib/") ||
         path.starts_with("/usr/local/include/");
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? "" : path.substr(0, slash));
}

}  // namespace

Result<PathMap> PathMap::open(const std::string& folder, std::vector<PathRewrite> rewrites,
                              const CheckoutLimits& limits) {
  Result<Checkout> checkout = list_checkout(folder, limits);
  if (!checkout) return fail(checkout.error());
  return PathMap(std::move(*checkout), std::move(rewrites));
}

PathMap::PathMap(Checkout checkout, std::vector<PathRewrite> rewrites)
    : checkout_(std::move(checkout)), rewrites_(std::move(rewrites)), used_(rewrites_.size()) {
  std::error_code ignored;
  own_folders_ = folders_from_the_end(fs::absolute(checkout_.folder, ignored).string());
  by_end_.reserve(checkout_.files.size());
  for (std::size_t i = 0; i < checkout_.files.size(); ++i) {
    std::string key;
    for (const std::string& part : folders_from_the_end(checkout_.files[i])) key += part + '/';
    by_end_.emplace_back(std::move(key), i);
  }
  std::sort(by_end_.begin(), by_end_.end());
}

const PathRewrite* PathMap::rewrite_of(std::string_view path) const {
  const PathRewrite* best = nullptr;
  for (const PathRewrite& row : rewrites_) {
    const bool fits = row.from == "/"
                          ? path.starts_with('/')
                          : path.starts_with(row.from) &&
                                (path.size() == row.from.size() || path[row.from.size()] == '/');
    if (fits && (best == nullptr || row.from.size() > best->from.size())) best = &row;
  }
  return best;
}

// Also what the listing leaves out, such as sources that a build generated: the user named the
// folder. Links are not followed all the same.
std::optional<std::string> PathMap::rewritten(const PathRewrite& row, std::string_view path) const {
  std::string_view rest = path.substr(row.from.size());
  while (rest.starts_with('/')) rest.remove_prefix(1);
  if (rest.empty() || climbs(rest)) return std::nullopt;
  const std::string below = row.to.empty() ? std::string(rest) : row.to + "/" + std::string(rest);
  fs::path at = checkout_.folder;
  fs::file_type type = fs::file_type::none;
  for (const fs::path& part : fs::path(below)) {
    at /= part;
    std::error_code error;
    type = fs::symlink_status(at, error).type();
    if (type != fs::file_type::directory) break;
  }
  if (type != fs::file_type::regular || at != fs::path(checkout_.folder) / below) {
    return std::nullopt;
  }
  return below;
}

std::optional<PathMap::Candidate> PathMap::nearest(const ReportedFile& file) const {
  const std::vector<std::string> parts = folders_from_the_end(without_container(file.path));
  auto first = by_end_.begin();
  auto last = by_end_.end();
  std::size_t met = 0;
  std::string key;
  struct Whole {
    std::size_t index, met, with_own;
  };
  std::optional<Whole> whole;  // the longest file all of whose folders are met
  for (; met < parts.size(); ++met) {
    key += parts[met] + '/';
    const auto from = std::lower_bound(first, last, key,
                                       [](const auto& a, const auto& b) { return a.first < b; });
    const auto to = std::partition_point(
        from, last, [&](const auto& one) { return one.first.starts_with(key); });
    if (from == to) break;
    first = from;
    last = to;
    if (first->first != key) continue;
    std::size_t own = 0;
    while (own < own_folders_.size() && met + 1 + own < parts.size() &&
           own_folders_[own] == parts[met + 1 + own]) {
      ++own;
    }
    whole = {first->second, met + 1, met + 1 + own};
  }
  if (met == 0) return std::nullopt;

  const auto rest_of = [&](std::size_t index) {
    return path_of_rest(folders_from_the_end(checkout_.files[index]), met);
  };
  std::size_t chosen = first->second;
  std::size_t rivals = static_cast<std::size_t>(last - first) - 1;
  const std::size_t rival = (last - 1)->second;
  bool by_service = false;
  if (whole && whole->with_own > met) {
    chosen = whole->index;
    rivals = 0;
  } else if (!file.service.empty()) {
    std::vector<std::size_t> of_service;
    for (auto one = first; one != last; ++one) {
      if (has_folder(rest_of(one->second), file.service)) of_service.push_back(one->second);
    }
    if (of_service.size() == 1) {
      chosen = of_service.front();
      rivals = 0;
      by_service = true;
    }
  }
  if (rivals != 0 && whole && whole->with_own == met) {
    chosen = whole->index;
    rivals = 0;
  }
  const bool is_whole = whole && chosen == whole->index;
  if (is_whole) met = whole->met;

  Candidate candidate;
  candidate.file = checkout_.files[chosen];
  candidate.from = path_of_rest(parts, met);
  candidate.to = rest_of(chosen);
  candidate.rivals = rivals;
  if (rivals != 0) candidate.rival = checkout_.files[rival];
  // The folder of another service, while nothing says that it is this one's.
  const bool elsewhere =
      !by_service && std::any_of(services_.begin(), services_.end(), [&](const auto& service) {
        return service != file.service && has_folder(candidate.to, service);
      });
  candidate.believed =
      rivals == 0 && !elsewhere &&
      (by_service || candidate.from.empty() || met > 2 || (is_whole && whole->with_own > 1));
  return candidate;
}

void PathMap::match(std::span<const ReportedFile> files) {
  found_.clear();
  missing_.clear();
  used_.assign(rewrites_.size(), false);
  const std::set<ReportedFile> all(files.begin(), files.end());
  std::set<std::string> services;
  for (const ReportedFile& file : all) {
    if (!file.service.empty()) services.insert(file.service);
  }
  services_.assign(services.begin(), services.end());

  // service, folder of paths, folder of the checkout
  std::set<std::tuple<std::string, std::string, std::string>> believed;
  std::map<std::pair<std::string, std::string>, std::pair<std::size_t, std::size_t>> in_root;
  std::vector<Missing> doubtful;
  for (const ReportedFile& file : all) {
    auto& [members, at_root] = in_root[{file.service, folder_of(file.path)}];
    ++members;
    if (const PathRewrite* const row = rewrite_of(file.path)) {
      used_[static_cast<std::size_t>(row - rewrites_.data())] = true;
      if (auto below = rewritten(*row, file.path)) {
        found_[file] = std::move(*below);
      } else {
        missing_.push_back({file, std::nullopt});
      }
      continue;
    }
    std::optional<Candidate> candidate = nearest(file);
    if (!candidate || candidate->rivals != 0) {
      if (candidate || !is_system(file.path)) missing_.push_back({file, std::move(candidate)});
      continue;
    }
    if (candidate->to.empty()) ++at_root;
    if (candidate->believed) {
      believed.emplace(file.service, candidate->from, candidate->to);
      found_[file] = std::move(candidate->file);
    } else {
      doubtful.push_back({file, std::move(candidate)});
    }
  }
  for (Missing& one : doubtful) {
    const auto& [members, at_root] = in_root[{one.file.service, folder_of(one.file.path)}];
    const bool flat = one.nearest->to.empty() && members > 1 && members == at_root;
    if (flat || believed.contains({one.file.service, one.nearest->from, one.nearest->to})) {
      found_[one.file] = std::move(one.nearest->file);
    } else if (!is_system(one.file.path)) {
      missing_.push_back(std::move(one));
    }
  }
}

const std::string* PathMap::find(const ReportedFile& file) const {
  const auto at = found_.find(file);
  return at == found_.end() ? nullptr : &at->second;
}

std::string PathMap::why_missing(const Missing& missing) const {
  if (!missing.nearest) {
    return rewrite_of(missing.file.path) != nullptr ? "not where --path-map says"
                                                    : "no file has its name";
  }
  const Candidate& nearest = *missing.nearest;
  if (nearest.rivals != 0) {
    return plural(nearest.rivals + 1, "file") + " fit as well: " + printable(nearest.file, 200) +
           ", " + printable(nearest.rival, 200);
  }
  std::string text = "longest match " + printable(nearest.file, 200) + ", in other folders";
  const std::size_t shared = missing.file.path.rfind(nearest.from);
  if (!nearest.from.empty() && shared != std::string::npos) {
    const std::string from = missing.file.path.substr(0, shared + nearest.from.size());
    text += "; if it is that: --path-map " +
            shell_quoted(printable(from, 200) + "=" +
                         printable(nearest.to.empty() ? "." : nearest.to, 200));
  }
  return text;
}

std::vector<std::string> PathMap::notes() const {
  std::vector<std::string> notes = checkout_.notes;
  if (!missing_.empty()) {
    // What can be put right first.
    std::vector<const Missing*> order;
    for (const Missing& one : missing_) order.push_back(&one);
    std::stable_sort(order.begin(), order.end(), [](const Missing* a, const Missing* b) {
      return a->nearest.has_value() > b->nearest.has_value();
    });
    const Missing& first = *order.front();
    std::string note = std::to_string(found_.size()) + " of " +
                       plural(found_.size() + missing_.size(), "file") + " found under " +
                       printable(checkout_.folder, 400) + "; not " +
                       printable(first.file.path, 400) + " (" + why_missing(first) + ")";
    if (missing_.size() > 1) note += " and " + std::to_string(missing_.size() - 1) + " more";
    notes.push_back(std::move(note));
  }
  for (std::size_t i = 0; i < rewrites_.size(); ++i) {
    if (used_[i]) continue;
    notes.push_back("--path-map " + printable(rewrites_[i].from, 200) + "=" +
                    printable(rewrites_[i].to.empty() ? "." : rewrites_[i].to, 200) +
                    ": no path of the reports begins with " + printable(rewrites_[i].from, 200));
  }
  return notes;
}

}  // namespace culprit
