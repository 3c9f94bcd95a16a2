#include "gate/relation.h"

#include <algorithm>
#include <set>

#include "base/demangle.h"
#include "base/text.h"

namespace culprit {

namespace {

// Whether the row is in this file of the repository: its place there is known, or else the path of
// one is the end of the other's.
bool same_file(const Ranked& row, std::string_view path) {
  if (row.source_place) return row.source_place->path == path;
  const std::string_view reported = row.code.file;
  return ends_with_path(reported, path) || ends_with_path(path, reported);
}

bool word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Whether `text` calls something called `name`.
bool calls(std::string_view text, std::string_view name) {
  if (name.empty() || !word(name.front())) return false;
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    std::size_t end = at + name.size();
    if (at != 0 && word(text[at - 1])) continue;
    while (end < text.size() && text[end] == ' ') ++end;
    if (end < text.size() && text[end] == '(') return true;
  }
  return false;
}

}  // namespace

ChangeRelations::ChangeRelations(const Changes& changes, std::span<const CallRecord> calls,
                                 std::span<const FailureCluster> clusters)
    : changes_(changes) {
  std::set<std::string> changed;
  for (const FailureCluster& cluster : clusters) {
    for (const Ranked& row : cluster.ranking.rows) {
      for (const ChangedFile& file : changes.files) {
        if (same_file(row, file.path)) changed.insert(lower(row.code.service));
      }
    }
  }
  std::set<std::string> reached;
  std::vector<std::string> open(changed.begin(), changed.end());
  while (!open.empty()) {
    const std::string caller = std::move(open.back());
    open.pop_back();
    for (const CallRecord& call : calls) {
      std::string callee = lower(call.callee);
      if (lower(call.caller) != caller || changed.contains(callee)) continue;
      if (reached.insert(callee).second) open.push_back(std::move(callee));
    }
  }
  reached_.assign(reached.begin(), reached.end());
}

Relation ChangeRelations::of(const Ranked& row) const {
  const std::uint32_t first = row.code.first_line;
  const std::uint32_t last = std::max({row.code.last_line, row.line.first_line, first});
  const std::string_view name = base_name(row.code.name);
  bool reached = std::binary_search(reached_.begin(), reached_.end(), lower(row.code.service));
  for (const ChangedFile& file : changes_.files) {
    reached = reached || calls(file.added, name);
    if (!same_file(row, file.path)) continue;
    const bool whole = first == 0 || row.code.level == Level::kFile;
    for (const auto& [from, to] : file.lines) {
      if (whole || (from <= last && to >= first)) return Relation::kChanged;
    }
  }
  return reached ? Relation::kReached : Relation::kUnrelated;
}

}  // namespace culprit
