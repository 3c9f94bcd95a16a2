#include "pipeline/source_facts.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <thread>

#include "base/file_tree.h"
#include "base/text.h"
#include "source/clang_index.h"
#include "source/compile_flags.h"
#include "source/java_index.h"
#include "source/outline_cache.h"
#include "source/outline_child.h"

namespace culprit {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 32;
constexpr std::size_t kLargestFile = 8U << 20;  // generated code
constexpr std::size_t kMostFolders = 1000;      // looked into for compile_commands.json

bool is_cpp(const std::string& path) {
  constexpr auto kEnds =
      std::to_array<std::string_view>({".c", ".cc", ".cpp", ".cxx", ".C", ".c++", ".h", ".hh",
                                       ".hpp", ".hxx", ".h++", ".inl", ".ipp", ".tcc"});
  const std::string end = fs::path(path).extension().string();
  return std::find(kEnds.begin(), kEnds.end(), end) != kEnds.end();
}

bool is_java(const std::string& path) { return path.ends_with(".java"); }

// Folders inside `folder`, none of them a link.
std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->symlink_status(ignored).type() == fs::file_type::directory &&
        !entry->path().filename().string().starts_with('.') && found.size() < kMostFolders) {
      found.push_back(entry->path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

// The first compile_commands.json: in the build's folders, the source's, or those where builds are.
std::optional<std::string> database_of(const Query& query) {
  std::vector<fs::path> folders(query.build.begin(), query.build.end());
  folders.emplace_back(query.source);
  folders.push_back(fs::path(query.source) / "build");
  for (fs::path& folder : folders_in(fs::path(query.source) / "build")) {
    folders.push_back(std::move(folder));
  }
  for (fs::path& folder : folders_in(query.source)) folders.push_back(std::move(folder));
  for (const fs::path& folder : folders) {
    const fs::path file = folder / "compile_commands.json";
    std::error_code error;
    if (fs::symlink_status(file, error).type() == fs::file_type::regular) return file.string();
  }
  return std::nullopt;
}

}  // namespace

SourceFactsFinder::SourceFactsFinder(const Query& query, CheckoutText& source,
                                     const std::vector<const Ranked*>& rows)
    : map_(source.map()) {
  std::vector<std::string> files;
  for (const Ranked* row : rows) {
    const std::string* const file = map_.find({row->line.service, row->line.file});
    if (file == nullptr || (!is_cpp(*file) && !is_java(*file))) continue;
    if (std::find(files.begin(), files.end(), *file) != files.end()) continue;
    files.push_back(*file);
    if (files.size() == kMostFiles) break;
  }
  if (!files.empty()) outline(query, source, files);
}

void SourceFactsFinder::outline(const Query& query, CheckoutText& source,
                                const std::vector<std::string>& files) {
  CompileFlags flags(query.source);
  // A database of a large build takes long to read, and says nothing of Java.
  const bool any_cpp = std::any_of(files.begin(), files.end(), is_cpp);
  if (const auto database = any_cpp ? database_of(query) : std::nullopt) {
    const Result<std::string> bytes = read_file(*database, {.file_bytes = 256U << 20});
    const Result<void> added = bytes ? flags.add({*database, *bytes}) : fail(bytes.error());
    if (!added) notes_.push_back(to_string(added.error()));
  }
  const std::optional<OutlineCache> cache = OutlineCache::usual();
  // Each opened on first need, its absence told once.
  std::optional<Result<ClangIndex>> clang;
  std::optional<Result<void>> java;
  const auto is_there = [&](const auto& parser, bool first) {
    if (first && !parser)
      notes_.push_back("signatures and statements are not known: " + parser.error().place.path +
                       " " + parser.error().what + " (" + parser.error().hint + ")");
    return parser.has_value();
  };
  const auto readable = [&](const std::string& file) {
    if (is_java(file)) {
      const bool first = !java;
      if (first) java = java_grammar();
      return is_there(*java, first);
    }
    const bool first = !clang;
    if (first) clang = ClangIndex::open(ClangIndex::usual_libraries());
    return is_there(*clang, first);
  };
  std::vector<std::string> texts(files.size());
  std::vector<OutlineTask> tasks;
  std::vector<const std::string*> names;  // of the tasks
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (const std::string& line : source.text().lines(files[i])) texts[i] += line + "\n";
    if (texts[i].empty() || texts[i].size() > kLargestFile) continue;
    OutlineTask task{(fs::path(query.source) / files[i]).string(), texts[i], {}};
    if (!is_java(files[i])) task.flags = flags.flags_for(task.path);
    if (auto known = cache ? cache->find(task.path, task.text, task.flags) : std::nullopt) {
      outlines_.emplace(files[i], std::move(*known));
    } else if (readable(files[i])) {
      tasks.push_back(std::move(task));
      names.push_back(&files[i]);
    }
  }
  if (tasks.empty()) return;
  const unsigned jobs = query.jobs != 0 ? query.jobs : std::thread::hardware_concurrency();
  auto outlines = outline_in_children(
      [&](const OutlineTask& task) {
        return is_java(task.path) ? outline_java(task.path, task.text)
                                  : (*clang)->outline(task.path, task.text, task.flags);
      },
      tasks, jobs);
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    if (!outlines[i]) {
      notes_.push_back(to_string(outlines[i].error()) + ": its signatures are not known");
      continue;
    }
    if (cache) cache->add(tasks[i].path, tasks[i].text, tasks[i].flags, *outlines[i]);
    outlines_.emplace(*names[i], std::move(*outlines[i]));
  }
}

const CodeOutline* SourceFactsFinder::outline_of(const CodeElement& code) const {
  const std::string* const file = map_.find({code.service, code.file});
  const auto at = file == nullptr ? outlines_.end() : outlines_.find(*file);
  return at == outlines_.end() ? nullptr : &at->second;
}

std::optional<SourceFacts> SourceFactsFinder::facts_of(const Ranked& row) const {
  const CodeOutline* const outline = outline_of(row.line);
  if (outline == nullptr) return std::nullopt;
  SourceFacts facts;
  facts.statement = statement_of(row.line);
  // A row for a line knows the name of its function, not where that begins.
  const bool begins = row.code.level == Level::kFunction && row.code.file == row.line.file;
  const OutlinedFunction* const function =
      row.code.name.empty() ? nullptr
      : is_java(row.line.file)
          ? find_java_method(*outline, row.code.name, row.line.first_line)
          : find_function(*outline, row.code.name, begins ? row.code.first_line : 0);
  if (function != nullptr && !function->is_class) {
    facts.signature = function->signature;
    facts.approximate = outline->approximate;
    facts.usr = function->usr;
    facts.first_line = function->first_line;
    facts.last_line = function->last_line;
  }
  return facts;
}

std::string SourceFactsFinder::statement_of(const CodeElement& line) const {
  const CodeOutline* const outline = outline_of(line);
  if (outline == nullptr || line.first_line == 0 || line.first_line > outline->statements.size()) {
    return {};
  }
  return outline->statements[line.first_line - 1];
}

}  // namespace culprit
