#include "source/plain_diff.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/text.h"

namespace culprit {

namespace {

constexpr std::string_view kNoFile = "/dev/null";

// The text up to its line end, and its line end with it.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size() - 1);
  const std::string_view line = text.substr(0, end + 1);
  text.remove_prefix(end + 1);
  return line;
}

// Of "--- src/a.c<tab>2026-11-02 10:00:00".
std::string name_in(std::string_view line) {
  line.remove_prefix(4);
  return clean_path(trim(line.substr(0, line.find('\t'))));
}

// "old/src/a.c" and "new/src/a.c" share "src/a.c".
std::string shared_path(const std::string& old_name, const std::string& new_name) {
  if (old_name == kNoFile || new_name == kNoFile) return old_name == kNoFile ? new_name : old_name;
  std::size_t shared = 0;  // bytes at their ends that are whole folders and names
  const std::string_view shorter = old_name.size() < new_name.size() ? old_name : new_name;
  for (std::size_t i = 0; i <= shorter.size(); ++i) {
    const auto borders = [&](const std::string& name) {
      return i == name.size() || name[name.size() - i - 1] == '/';
    };
    if (!old_name.ends_with(shorter.substr(shorter.size() - i)) ||
        !new_name.ends_with(shorter.substr(shorter.size() - i))) {
      break;
    }
    if (borders(old_name) && borders(new_name)) shared = i;
  }
  std::string name = shared == 0 ? new_name : new_name.substr(new_name.size() - shared);
  name.erase(0, std::min(name.find_first_not_of('/'), name.size()));
  return name;
}

// The second number of "-12,3" or "-12", which is 1.
std::optional<std::uint64_t> length_in(std::string_view range) {
  const std::size_t comma = range.find(',');
  return comma == std::string_view::npos ? 1 : parse_u64(range.substr(comma + 1));
}

struct Hunk {
  std::uint64_t old_lines = 0, new_lines = 0;
};

// Of "@@ -12,3 +14,5 @@ int f()".
std::optional<Hunk> hunk_in(std::string_view line) {
  if (!line.starts_with("@@ -")) return std::nullopt;
  const std::size_t plus = line.find(" +");
  const std::size_t end = line.find(" @@", plus);
  if (plus == std::string_view::npos || end == std::string_view::npos) return std::nullopt;
  const auto before = length_in(line.substr(4, plus - 4));
  const auto after = length_in(line.substr(plus + 2, end - plus - 2));
  if (!before || !after) return std::nullopt;
  return Hunk{*before, *after};
}

// A hunk's lines, whatever they look like: "--- " may be one that is gone and began with "-- ".
void copy_hunk(Hunk hunk, std::string_view& diff, std::string& patch) {
  while (!diff.empty()) {
    const bool over = hunk.old_lines == 0 && hunk.new_lines == 0;
    if (over && diff.front() != '\\') return;  // "\ No newline at end of file"
    const std::string_view line = take_line(diff);
    patch += line;
    if (!line.ends_with('\n')) patch += '\n';
    const bool common = line.front() == ' ' || line.front() == '\n' || line.front() == '\t';
    if ((common || line.front() == '-') && hunk.old_lines != 0) --hunk.old_lines;
    if ((common || line.front() == '+') && hunk.new_lines != 0) --hunk.new_lines;
  }
}

}  // namespace

std::string as_git_patch(std::string_view diff) {
  std::string patch;
  while (!diff.empty()) {
    const std::string_view line = take_line(diff);
    if (!line.starts_with("--- ") || !diff.starts_with("+++ ")) continue;
    const std::string old_name = name_in(line);
    const std::string new_name = name_in(take_line(diff));
    const std::string name = shared_path(old_name, new_name);
    if (name.empty()) continue;
    std::string file = "diff --git a/" + name + " b/" + name + "\n";
    if (old_name == kNoFile) file += "new file mode 100644\n";
    if (new_name == kNoFile) file += "deleted file mode 100644\n";
    file += (old_name == kNoFile ? "--- /dev/null\n" : "--- a/" + name + "\n");
    file += (new_name == kNoFile ? "+++ /dev/null\n" : "+++ b/" + name + "\n");
    bool any = false;
    while (const auto hunk = hunk_in(diff.substr(0, diff.find('\n')))) {
      file += take_line(diff);
      copy_hunk(*hunk, diff, file);
      any = true;
    }
    if (any) patch += file;
  }
  return patch;
}

}  // namespace culprit
