#include "source/history.h"

#include <algorithm>
#include <filesystem>

#include "source/git.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

std::string short_id(const git_oid& id) {
  constexpr std::size_t kDigits = 12;
  char text[kDigits + 1];
  return git_oid_tostr(text, sizeof text, &id);
}

// 0: not known.
std::int64_t time_of(git_repository* repository, const git_oid& id) {
  git_commit* found = nullptr;
  if (git_commit_lookup(&found, repository, &id) != 0) return 0;
  const git::Commit commit(found);
  return git_commit_time(found);
}

}  // namespace

struct History::Handles {
  git::Library library;
  git::Repository repository;
  git::Tree tree;
  git_oid commit{};
  std::string folder;  // from the repository's root, "services/shop/"
};

History::History(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;
History::~History() = default;

Result<History> History::open(const std::string& folder, const std::string& revision) {
  auto handles = std::make_unique<Handles>();
  git_repository* repository = nullptr;
  if (git_repository_open_ext(&repository, folder.c_str(), 0, nullptr) != 0) {
    return fail(git::not_opened(folder, "--source names a git checkout, or a folder of one"));
  }
  handles->repository.reset(repository);
  git_object* found = nullptr;
  if (git_revparse_single(&found, repository, (revision + "^{commit}").c_str()) != 0) {
    return fail(error_in("commit",
                         "there is no revision `" + printable(revision) + "` in " + folder,
                         git_repository_is_shallow(repository) == 1
                             ? "the clone is shallow: fetch its history (git fetch --unshallow)"
                             : "fetch it, such as `git fetch origin " + printable(revision) + "`"));
  }
  const git::Object commit(found);
  git_object* tree = nullptr;
  if (git_object_peel(&tree, found, GIT_OBJECT_TREE) != 0) {
    return fail(
        error_in("commit", "`" + printable(revision) + "` cannot be read: " + git::last_message()));
  }
  handles->tree.reset(reinterpret_cast<git_tree*>(tree));
  const char* const root = git_repository_workdir(repository);
  std::error_code error;
  const fs::path way =
      root == nullptr ? fs::path()
                      : fs::canonical(folder, error).lexically_relative(fs::canonical(root, error));
  if (!error && !way.empty() && way != ".") handles->folder = way.generic_string() + "/";
  handles->commit = *git_object_id(found);
  History history(std::move(handles));
  history.commit_ = short_id(history.handles_->commit);
  return history;
}

bool History::is_shallow() const {
  return git_repository_is_shallow(handles_->repository.get()) == 1;
}

std::optional<LastChange> History::last_change(const std::string& file, std::uint32_t line) const {
  // libgit2 answers for lines behind the end too.
  const std::optional<std::string> content = text(file);
  if (!content || line == 0) return std::nullopt;
  const auto ends = std::count(content->begin(), content->end(), '\n');
  if (line > ends + (content->ends_with('\n') ? 0 : 1)) return std::nullopt;
  git_blame_options options;
  git_blame_options_init(&options, GIT_BLAME_OPTIONS_VERSION);
  options.newest_commit = handles_->commit;
  options.min_line = line;
  options.max_line = line;
  git_blame* made = nullptr;
  const std::string path = handles_->folder + file;
  if (git_blame_file(&made, handles_->repository.get(), path.c_str(), &options) != 0) {
    return std::nullopt;
  }
  const git::Blame blame(made);
  const git_blame_hunk* const hunk = git_blame_get_hunk_byline(made, line);
  if (hunk == nullptr) return std::nullopt;
  git_commit* found = nullptr;
  if (git_commit_lookup(&found, handles_->repository.get(), &hunk->final_commit_id) != 0) {
    return std::nullopt;
  }
  const git::Commit commit(found);
  const char* const summary = git_commit_summary(found);
  return LastChange{short_id(hunk->final_commit_id), git_commit_time(found),
                    summary == nullptr ? "" : printable(summary, 200)};
}

std::vector<std::int64_t> History::change_times(const std::string& file) const {
  git_blame_options options;
  git_blame_options_init(&options, GIT_BLAME_OPTIONS_VERSION);
  options.newest_commit = handles_->commit;
  git_blame* made = nullptr;
  const std::string path = handles_->folder + file;
  if (git_blame_file(&made, handles_->repository.get(), path.c_str(), &options) != 0) return {};
  const git::Blame blame(made);
  std::vector<std::int64_t> times;
  for (std::uint32_t i = 0; i < git_blame_get_hunk_count(made); ++i) {
    const git_blame_hunk* const hunk = git_blame_get_hunk_byindex(made, i);
    const std::int64_t time = time_of(handles_->repository.get(), hunk->final_commit_id);
    times.resize(hunk->final_start_line_number - 1 + hunk->lines_in_hunk, time);
  }
  return times;
}

std::int64_t History::time_s() const {
  return time_of(handles_->repository.get(), handles_->commit);
}

std::optional<std::string> History::text(const std::string& file) const {
  constexpr git_object_size_t kMost = 64U << 20;
  git_tree_entry* found = nullptr;
  const std::string path = handles_->folder + file;
  if (git_tree_entry_bypath(&found, handles_->tree.get(), path.c_str()) != 0) return std::nullopt;
  const git::TreeEntry entry(found);
  const git_filemode_t mode = git_tree_entry_filemode(found);
  if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE) return std::nullopt;
  git_blob* read = nullptr;
  if (git_blob_lookup(&read, handles_->repository.get(), git_tree_entry_id(found)) != 0) {
    return std::nullopt;
  }
  const git::Blob blob(read);
  if (git_blob_rawsize(read) > kMost) return std::nullopt;
  return std::string(static_cast<const char*>(git_blob_rawcontent(read)), git_blob_rawsize(read));
}

}  // namespace culprit
