#include "pipeline/checkout_text.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/text.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

// A checkout, or a copy of it with its runs, writes everything within moments.
constexpr std::chrono::minutes kCopied{1};

// The folder as of the commit checked out, where that is no younger than the coverage: a fresh
// clone writes files anew that are older than that.
std::optional<History> older_commit(const std::string& folder, fs::file_time_type recorded) {
  using std::chrono::file_clock;
  using std::chrono::seconds;
  Result<History> head = History::open(folder, "HEAD");
  if (!head) return std::nullopt;
  const auto taken = std::chrono::duration_cast<seconds>(
      file_clock::to_sys(recorded + kCopied).time_since_epoch());
  return seconds(head->time_s()) <= taken ? std::optional(std::move(*head)) : std::nullopt;
}

std::string changed_since(const PathMap& map, fs::file_time_type recorded) {
  std::vector<std::string> newer;
  for (const auto& [reported, file] : map.found()) {
    std::error_code error;
    const fs::file_time_type written = fs::last_write_time(fs::path(map.folder()) / file, error);
    if (!error && written > recorded + kCopied) newer.push_back(file);
  }
  if (newer.empty()) return {};
  if (const std::optional<History> head = older_commit(map.folder(), recorded)) {
    SourceText now(map.folder());
    std::erase_if(newer, [&](const std::string& file) {
      const std::optional<std::string> text = now.text(file);
      return text && text == head->text(file);
    });
  }
  if (newer.empty()) return {};
  return plural(newer.size(), "source file") + " changed after the coverage was taken, such as " +
         printable(newer.front(), 400) + ": lines may have moved";
}

// What leads from the root of the repository that `folder` is in to it.
std::string way_from_root(const std::string& folder) {
  std::error_code error;
  const fs::path start = fs::canonical(folder, error);
  if (error) return {};
  for (fs::path at = start; !at.empty(); at = at.parent_path()) {
    // A file in worktrees and submodules.
    if (fs::exists(at / ".git", error)) {
      const std::string way = start.lexically_relative(at).generic_string();
      return way == "." ? "" : way + "/";
    }
    if (at == at.root_path()) break;
  }
  return {};
}

}  // namespace

CheckoutText::CheckoutText(PathMap map, std::shared_ptr<const History> recorded)
    : map_(std::move(map)),
      recorded_(std::move(recorded)),
      text_(
          map_.folder(),
          recorded_ == nullptr
              ? SourceText::Version()
              : [history = recorded_](const std::string& file) { return history->text(file); }),
      now_(map_.folder()),
      repository_(way_from_root(map_.folder())) {}

Result<CheckoutText> CheckoutText::open(const std::string& folder, const CaseStudy& study) {
  Result<PathMap> map = PathMap::open(folder, study.path_map);
  if (!map) return fail(map.error());
  std::shared_ptr<const History> recorded;
  if (!study.commit.empty()) {
    Result<History> history = History::open(folder, study.commit);
    if (!history) return fail(history.error());
    recorded = std::make_shared<const History>(std::move(*history));
  }
  const Spectrum& spectrum = study.run_set->spectrum;
  std::vector<ReportedFile> files;
  for (const File& file : spectrum.files()) {
    files.push_back({spectrum.services()[file.service.value], file.path});
  }
  map->match(files);
  CheckoutText text(std::move(*map), recorded);
  if (recorded != nullptr) {
    text.changed_ = text.moved_since();
  } else if (study.recorded) {
    text.changed_ = changed_since(text.map_, *study.recorded);
  }
  return text;
}

const LineMoves* CheckoutText::moves(const std::string& file) {
  if (recorded_ == nullptr) return nullptr;
  const auto [at, is_new] = moves_.try_emplace(file);
  if (is_new) {
    const std::optional<std::string> before = recorded_->text(file);
    const std::optional<std::string> after = now_.text(file);
    if (before && after && *before != *after) at->second.emplace(*before, *after);
  }
  return at->second ? &*at->second : nullptr;
}

std::string CheckoutText::moved_since() {
  std::size_t moved = 0;
  std::string first;
  for (const auto& [reported, file] : map_.found()) {
    if (moves(file) != nullptr && ++moved == 1) first = file;
  }
  if (moved == 0) return {};
  return "the source shown is that of commit " + recorded_->commit() + "; " +
         plural(moved, "file") + " changed since, such as " + printable(first, 400);
}

std::string CheckoutText::line(const CodeElement& code) {
  const std::string* const file = map_.find({code.service, code.file});
  return file == nullptr ? std::string() : std::string(trim(text_.line(*file, code.first_line)));
}

void CheckoutText::locate(Ranking& ranking) {
  for (Ranked& row : ranking.rows) {
    const std::string* const file = map_.find({row.line.service, row.line.file});
    if (file == nullptr) continue;
    row.source = trim(text_.line(*file, row.line.first_line));
    const LineMoves* const moved = moves(*file);
    const auto now = [&](std::uint32_t line) {
      return moved == nullptr || line == 0 ? line : moved->nearest(line);
    };
    SourcePlace place{.path = repository_ + *file,
                      .column = 0,
                      .line_hash = {},
                      .line = now(row.line.first_line),
                      .first_line = now(row.code.first_line),
                      .last_line = now(row.code.last_line)};
    if (moved == nullptr || moved->after(row.line.first_line)) {
      const std::string_view text = now_.line(*file, place.line);
      const std::size_t blanks = text.find_first_not_of(" \t\v\f\r");
      if (!row.source.empty()) place.column = static_cast<std::uint32_t>(blanks + 1);
      place.line_hash = now_.line_hash(*file, place.line);
    }
    row.source_place = std::move(place);
  }
}

void CheckoutText::locate(std::vector<FileHeat>& files) {
  for (FileHeat& file : files) {
    const std::string* const found = map_.find({file.service, file.file});
    if (found == nullptr) continue;
    file.source = (fs::path(map_.folder()) / *found).string();
    if (moves(*found) != nullptr) file.recorded = text_.text(*found);
  }
}

void CheckoutText::blame(Ranking& ranking) {
  constexpr std::size_t kMostRows = 20;
  constexpr std::chrono::seconds kLongest{5};
  const auto started = std::chrono::steady_clock::now();
  std::shared_ptr<const History> history = recorded_;
  if (history == nullptr) {
    Result<History> head = History::open(map_.folder(), "HEAD");
    if (!head) {
      problems_.push_back("--blame: " + one_line(to_string(head.error()), 400));
      return;
    }
    history = std::make_shared<const History>(std::move(*head));
  }
  if (history->is_shallow()) {
    problems_.emplace_back(
        "--blame: the clone is shallow, so that who changed a line is not known: "
        "fetch its history (git fetch --unshallow, or `fetch-depth: 0`)");
    return;
  }
  for (std::size_t i = 0; i < std::min(kMostRows, ranking.rows.size()); ++i) {
    Ranked& row = ranking.rows[i];
    const std::string* const file = map_.find({row.line.service, row.line.file});
    if (file == nullptr) continue;
    if (std::chrono::steady_clock::now() - started > kLongest) {
      problems_.push_back("git blame took over 5 s: of the rows from " + std::to_string(i + 1) +
                          " on it is not told which commit changed them");
      return;
    }
    std::optional<std::uint32_t> line = row.line.first_line;
    if (recorded_ == nullptr) {
      const std::optional<std::string> now = now_.text(*file);
      const std::optional<std::string> committed = history->text(*file);
      if (!now || !committed) continue;
      line = LineMoves(*now, *committed).after(*line);
    }
    if (line) row.last_change = history->last_change(*file, *line);
  }
}

std::vector<std::string> CheckoutText::notes() const {
  std::vector<std::string> notes = map_.notes();
  if (!changed_.empty()) notes.push_back(changed_);
  notes.insert(notes.end(), problems_.begin(), problems_.end());
  for (const Error& problem : text_.problems()) notes.push_back(to_string(problem));
  return notes;
}

}  // namespace culprit
