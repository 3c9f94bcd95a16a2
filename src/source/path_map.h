// From a path as reports spell it, the build machine's or a container's, to a file of a checkout.
//
// A row of --path-map that fits decides alone. Else the file is looked for that has the most
// folders in common with the path, counted from its end. Of several
//   - the folder's own name may tell: below shop/, src/a.cc fits /ci/shop/src/a.cc best,
//   - then the one with a folder named like the service that reported it,
//   - then the one that leaves none of the checkout's folders open: the checkout is the build's
//   root,
// else the path is ambiguous and has no file: wrong text misleads more than none.
//
// A match is believed where nothing speaks against it: all folders of the path are met, or all of
// the checkout's and one at least; or where two folders are met, or one named like the service.
// Below /build/x/main.cpp and app/main.cpp the folders contradict each other. Such a match counts
// only where another believed one of the same service came from the same folder to the same folder;
// a file in the checkout's own root also where the path's folder has several files, and all lie
// there. Folders that containers are built in (/app, /usr/src, ...) are no folders of the project,
// and are not asked.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "culprit/error.h"
#include "model/policy.h"
#include "source/checkout.h"

namespace culprit {

struct ReportedFile {
  std::string service;  // empty: the run set has a single, unnamed service
  std::string path;

  auto operator<=>(const ReportedFile&) const = default;
};

class PathMap {
 public:
  // Lists `folder`. Errors: it is none, or cannot be read.
  [[nodiscard]] static Result<PathMap> open(const std::string& folder,
                                            std::vector<PathRewrite> rewrites = {},
                                            const CheckoutLimits& limits = {});

  // Finds the files of a report: all in one call, for they support each other. A further call
  // starts anew.
  void match(std::span<const ReportedFile> files);

  // The file below the folder, `/`-separated; nullptr where there is none.
  [[nodiscard]] const std::string* find(const ReportedFile& file) const;
  // All that were found.
  [[nodiscard]] const std::map<ReportedFile, std::string>& found() const { return found_; }
  [[nodiscard]] const std::string& folder() const { return checkout_.folder; }

  // What the reader of a report should know: how many files were not found, with the nearest one
  // and the --path-map to try; rows that fit nothing; what was not listed.
  [[nodiscard]] std::vector<std::string> notes() const;

 private:
  // A file with the most folders in common with a path.
  struct Candidate {
    std::string file;
    std::string from, to;  // folders of both that are not met
    bool believed = false;
    std::size_t rivals = 0;  // files that fit as well; it is then not meant
    std::string rival;
  };
  struct Missing {
    ReportedFile file;
    std::optional<Candidate> nearest;
  };

  explicit PathMap(Checkout checkout, std::vector<PathRewrite> rewrites);
  [[nodiscard]] const PathRewrite* rewrite_of(std::string_view path) const;
  [[nodiscard]] std::optional<std::string> rewritten(const PathRewrite& row,
                                                     std::string_view path) const;
  [[nodiscard]] std::optional<Candidate> nearest(const ReportedFile& file) const;
  [[nodiscard]] std::string why_missing(const Missing& missing) const;

  Checkout checkout_;
  std::vector<PathRewrite> rewrites_;
  // Files by their folders from the last to the first: "a.cc/src/" for src/a.cc; sorted, with their
  // place in the checkout.
  std::vector<std::pair<std::string, std::size_t>> by_end_;
  std::vector<std::string> own_folders_;  // of the checkout itself, from the last to the first

  std::vector<std::string> services_;
  std::map<ReportedFile, std::string> found_;
  std::vector<Missing> missing_;
  std::vector<bool> used_;  // by row of --path-map
};

}  // namespace culprit
