#include "source/changes.h"

#include <algorithm>

#include "base/text.h"
#include "source/git.h"
#include "source/plain_diff.h"

namespace culprit {

namespace {

constexpr std::size_t kMaxDiffBytes = std::size_t{256} << 20;

void take_hunk(const git_diff_hunk& hunk, ChangedFile& file) {
  const auto first = static_cast<std::uint32_t>(std::max(hunk.new_start, 0));
  const auto lines = static_cast<std::uint32_t>(std::max(hunk.new_lines, 0));
  // Nothing new: what was taken out lay between this line and the next.
  file.lines.emplace_back(std::max(first, 1U), lines == 0 ? first + 1 : first + lines - 1);
}

// Hunks come without context from git; those of a diff file have it, so that their lines are looked
// at.
struct Collected {
  Changes changes;
  bool context = false;
  std::uint32_t next = 0;  // the line that follows, after the change
  bool gap = false;        // lines were taken out before it, and none put in so far

  void touch(std::uint32_t first, std::uint32_t last) {
    auto& lines = changes.files.back().lines;
    if (!lines.empty() && lines.back().second + 1 >= first) {
      lines.back().second = std::max(lines.back().second, last);
    } else {
      lines.emplace_back(first, last);
    }
  }
  void close_gap() {
    if (gap) touch(std::max(next, 2U) - 1, std::max(next, 1U));
    gap = false;
  }
};

int take_file(const git_diff_delta* delta, float, void* payload) {
  auto& collected = *static_cast<Collected*>(payload);
  collected.close_gap();
  ChangedFile file;
  const bool deleted = delta->status == GIT_DELTA_DELETED;
  const char* const path = deleted ? delta->old_file.path : delta->new_file.path;
  file.path = path == nullptr ? "" : path;
  if (delta->status != GIT_DELTA_ADDED && delta->old_file.path != nullptr) {
    file.old_path = delta->old_file.path;
  }
  collected.changes.files.push_back(std::move(file));
  return 0;
}

int take_hunk(const git_diff_delta*, const git_diff_hunk* hunk, void* payload) {
  auto& collected = *static_cast<Collected*>(payload);
  collected.close_gap();
  collected.next = static_cast<std::uint32_t>(std::max(hunk->new_start, 0));
  if (!collected.context) take_hunk(*hunk, collected.changes.files.back());
  return 0;
}

int take_line(const git_diff_delta*, const git_diff_hunk*, const git_diff_line* line,
              void* payload) {
  auto& collected = *static_cast<Collected*>(payload);
  switch (line->origin) {
    case GIT_DIFF_LINE_CONTEXT:
      collected.close_gap();
      ++collected.next;
      break;
    case GIT_DIFF_LINE_ADDITION:
      collected.changes.files.back().added.append(line->content, line->content_len);
      collected.gap = false;
      if (collected.context) collected.touch(collected.next, collected.next);
      ++collected.next;
      break;
    case GIT_DIFF_LINE_DELETION:
      collected.gap = collected.context;
      break;
    default:
      break;
  }
  return 0;
}

Changes collect(git_diff* diff, std::string name, bool context) {
  Collected collected;
  collected.context = context;
  collected.changes.name = std::move(name);
  git_diff_foreach(diff, take_file, nullptr, take_hunk, take_line, &collected);
  collected.close_gap();
  return std::move(collected.changes);
}

// The commit to compare with: the revision itself, or where HEAD parted from it.
Result<git::Commit> base_commit(git_repository* repository, const std::string& folder,
                                const std::string& base) {
  git_object* found = nullptr;
  if (git_revparse_single(&found, repository, base.c_str()) != 0) {
    const bool shallow = git_repository_is_shallow(repository) == 1;
    return fail(error_in("--base", "there is no revision `" + printable(base) + "` in " + folder,
                         shallow
                             ? "the clone is shallow: fetch its history (git fetch --unshallow, or "
                               "`fetch-depth: 0` of actions/checkout)"
                             : "fetch it, such as `git fetch origin " + printable(base) + "`"));
  }
  const git::Object object(found);
  git_object* peeled = nullptr;
  if (git_object_peel(&peeled, object.get(), GIT_OBJECT_COMMIT) != 0) {
    return fail(error_in("--base", "`" + printable(base) + "` is no commit"));
  }
  const git::Object owned(peeled);
  git_oid head;
  git_oid parted;
  const git_oid* const own = git_object_id(peeled);
  git_oid wanted = *own;
  if (git_reference_name_to_id(&head, repository, "HEAD") == 0) {
    const int found_base = git_merge_base(&parted, repository, own, &head);
    if (found_base == 0) {
      wanted = parted;
    } else if (git_repository_is_shallow(repository) == 1) {
      return fail(error_in("--base",
                           "the clone is shallow and lacks the commit where HEAD and `" +
                               printable(base) + "` parted",
                           "fetch its history (git fetch --unshallow, or `fetch-depth: 0`)"));
    }
  }
  git_commit* commit = nullptr;
  if (git_commit_lookup(&commit, repository, &wanted) != 0) {
    return fail(
        error_in("--base", "`" + printable(base) + "` cannot be read: " + git::last_message()));
  }
  return git::Commit(commit);
}

}  // namespace

Result<Changes> changes_since(const std::string& folder, const std::string& base,
                              const std::string& commit_name) {
  const git::Library library;
  git_repository* opened = nullptr;
  if (git_repository_open_ext(&opened, folder.c_str(), 0, nullptr) != 0) {
    return fail(
        git::not_opened(folder, "--source names the checkout; --diff FILE works without git"));
  }
  const git::Repository repository(opened);
  Result<git::Commit> commit = base_commit(opened, folder, base);
  if (!commit) return fail(commit.error());
  git_tree* tree = nullptr;
  if (git_commit_tree(&tree, commit->get()) != 0) {
    return fail(
        error_in("--base", "`" + printable(base) + "` cannot be read: " + git::last_message()));
  }
  const git::Tree owned(tree);
  git_diff_options options;
  git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
  options.context_lines = 0;
  git_diff* made = nullptr;
  git_object* until = nullptr;
  if (!commit_name.empty() &&
      git_revparse_single(&until, opened, (commit_name + "^{tree}").c_str()) != 0) {
    return fail(
        error_in("commit", "there is no revision `" + printable(commit_name) + "` in " + folder));
  }
  const git::Object until_owned(until);
  const int compared = until == nullptr
                           ? git_diff_tree_to_workdir_with_index(&made, opened, tree, &options)
                           : git_diff_tree_to_tree(&made, opened, tree,
                                                   reinterpret_cast<git_tree*>(until), &options);
  if (compared != 0) {
    return fail(error_in("--base", "cannot be compared with: " + git::last_message()));
  }
  const git::Diff diff(made);
  git_diff_find_options similar;
  git_diff_find_options_init(&similar, GIT_DIFF_FIND_OPTIONS_VERSION);
  similar.flags = GIT_DIFF_FIND_RENAMES;
  if (git_diff_find_similar(made, &similar) != 0) {
    return fail(error_in("--base", "cannot be compared with: " + git::last_message()));
  }
  return collect(made, base, false);
}

Result<Changes> changes_of_diff(const Input& input) {
  const git::Library library;
  if (input.bytes.size() > kMaxDiffBytes) {
    return fail(error_in(input.path, "is larger than 256 MiB, the most a diff may be"));
  }
  const bool from_git = input.bytes.starts_with("diff --git ") ||
                        input.bytes.find("\ndiff --git ") != input.bytes.npos;
  const std::string converted = from_git ? std::string() : as_git_patch(input.bytes);
  const std::string_view patch = converted.empty() ? input.bytes : std::string_view(converted);
  git_diff* made = nullptr;
  if (git_diff_from_buffer(&made, patch.data(), patch.size()) != 0) {
    return fail(error_in(input.path, "is no diff: " + git::last_message(),
                         "`git diff BASE...HEAD > FILE` or `diff -u` writes one"));
  }
  const git::Diff diff(made);
  Changes changes = collect(made, std::string(input.path), true);
  if (changes.files.empty() && !trim(input.bytes).empty()) {
    return fail(error_in(input.path, "names no file",
                         "`git diff BASE...HEAD > FILE` or `diff -u` writes one"));
  }
  return changes;
}

}  // namespace culprit
