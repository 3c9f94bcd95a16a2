// The files of a checkout as one of its commits has them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "culprit/error.h"
#include "culprit/ranking.h"

namespace culprit {

class History {
 public:
  // Of the repository that `folder` is in. Errors: it is in none; there is no such revision, which
  // a shallow clone lacks.
  [[nodiscard]] static Result<History> open(const std::string& folder, const std::string& revision);
  History(History&&) noexcept;
  History& operator=(History&&) noexcept;
  ~History();

  // The commit, by the first 12 digits.
  [[nodiscard]] const std::string& commit() const { return commit_; }
  // The content of `file`, a path below the folder; nullopt: it was not there, is over 64 MiB, or
  // no file.
  [[nodiscard]] std::optional<std::string> text(const std::string& file) const;
  // Whether the clone lacks what came before some commit.
  [[nodiscard]] bool is_shallow() const;
  // Who last changed line `line` of it, up to that commit. May take seconds in a long history.
  [[nodiscard]] std::optional<LastChange> last_change(const std::string& file,
                                                      std::uint32_t line) const;
  // By line of it, from 1 at [0], when it was last changed, in seconds since 1970 UTC; empty where
  // that is not known. As slow.
  [[nodiscard]] std::vector<std::int64_t> change_times(const std::string& file) const;
  // When the commit was made.
  [[nodiscard]] std::int64_t time_s() const;

 private:
  struct Handles;
  explicit History(std::unique_ptr<Handles> handles);
  std::unique_ptr<Handles> handles_;
  std::string commit_;
};

}  // namespace culprit
