#include "readers/gcov_notes.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <unordered_map>

#include "base/text.h"
#include "readers/build_files.h"
#include "readers/gcov_object.h"

namespace culprit {

namespace {

constexpr std::string_view kMagic = "gcno";

constexpr std::uint32_t kFunction = 0x01000000;
constexpr std::uint32_t kBlocks = 0x01410000;
constexpr std::uint32_t kArcs = 0x01430000;
constexpr std::uint32_t kLines = 0x01450000;

class NotesParser {
 public:
  explicit NotesParser(const Input& input) : input_(input) {}

  Result<GcovNotes> parse() {
    const auto header = gcov_header(input_.bytes, kMagic);
    if (!header) return fail(error_in(input_.path, "gcov notes with a damaged header"));
    notes_.path = input_.path;
    notes_.header = *header;
    GcovWords in(input_.bytes.substr(kGcovHeaderBytes), *header);
    if (header->version >= 120) in.word();   // checksum
    if (header->version >= 90) in.string();  // the compiler's working folder
    if (header->version >= 80) in.word();    // whether blocks that did not run are told
    while (in.remaining() > 0 && problem_.empty()) {
      const std::uint32_t tag = in.word();
      if (tag == 0) break;
      const std::uint64_t length = std::uint64_t{in.word()} * (header->lengths_in_bytes() ? 1 : 4);
      const std::string_view payload = in.take(length);
      if (in.failed()) break;
      record(tag, GcovWords(payload, *header));
    }
    if (in.failed()) problem_ = "cut short";
    finish_function();
    if (!problem_.empty()) return fail(error_in(input_.path, "gcov notes: " + problem_));
    return std::move(notes_);
  }

 private:
  void record(std::uint32_t tag, GcovWords in) {
    if (tag == kFunction) {
      finish_function();
      function(in);
    } else if (!in_function_) {
      return;
    } else if (tag == kBlocks) {
      blocks(in);
    } else if (tag == kArcs) {
      arcs(in);
    } else if (tag == kLines) {
      lines(in);
    }
  }

  void function(GcovWords& in) {
    const std::uint32_t version = notes_.header.version;
    GcovFunction& f = notes_.functions.emplace_back();
    f.ident = in.word();
    f.lines_checksum = in.word();
    f.graph_checksum = in.word();
    f.name = in.string();
    if (version >= 80) f.artificial = in.word() != 0;
    f.file = file(in.string());
    f.first_line = in.word();
    if (version >= 80) {
      in.word();  // column
      f.last_line = in.word();
    }
    if (in.failed()) problem_ = "a function cut short";
    if (f.first_line > kMaxLine || f.last_line > kMaxLine) bad_line();
    f.first_arc = static_cast<std::uint32_t>(notes_.arcs.size());
    f.first_location = static_cast<std::uint32_t>(notes_.locations.size());
    in_function_ = true;
  }

  void finish_function() {
    if (!in_function_) return;
    in_function_ = false;
    GcovFunction& f = notes_.functions.back();
    f.last_arc = static_cast<std::uint32_t>(notes_.arcs.size());
    f.last_location = static_cast<std::uint32_t>(notes_.locations.size());
    const auto by_block = [](const GcovArc& a, const GcovArc& b) { return a.from < b.from; };
    const auto first = notes_.arcs.begin() + f.first_arc;
    if (!std::is_sorted(first, notes_.arcs.end(), by_block)) {
      std::stable_sort(first, notes_.arcs.end(), by_block);
    }
    for (const GcovArc& arc : notes_.arcs_of(f)) f.counters += (arc.flags & GcovArc::kOnTree) == 0;
    if (notes_.header.version >= 80) return;
    // Old layouts do not tell where a function ends: behind the last of its own lines.
    for (const GcovLocation& at : notes_.locations_of(f)) {
      if (at.file != f.file) continue;
      for (std::uint32_t i = at.first; i < at.last; ++i) {
        f.last_line = std::max(f.last_line, notes_.line_numbers[i]);
      }
    }
  }

  void blocks(GcovWords& in) {
    const std::uint32_t count =
        notes_.header.version >= 80 ? in.word() : static_cast<std::uint32_t>(in.remaining() / 4);
    // What was said of blocks and arcs before may not fit another number.
    if (notes_.functions.back().blocks != 0) problem_ = "a function tells its blocks twice";
    // A block without an arc cannot run; so a file cannot have more blocks than bytes.
    all_blocks_ += count;
    if (in.failed() || all_blocks_ > input_.bytes.size())
      problem_ = "a number of blocks is damaged";
    notes_.functions.back().blocks = count;
  }

  void arcs(GcovWords& in) {
    const std::uint32_t blocks = notes_.functions.back().blocks;
    const std::uint32_t from = in.word();
    while (in.remaining() >= 8) {
      const std::uint32_t to = in.word();
      const std::uint32_t flags = in.word();
      if (from >= blocks || to >= blocks) {
        problem_ = "an arc between blocks that are not there";
        return;
      }
      notes_.arcs.push_back({from, to, flags});
    }
  }

  void lines(GcovWords& in) {
    const std::uint32_t block = in.word();
    if (block >= notes_.functions.back().blocks) {
      problem_ = "lines of a block that is not there";
      return;
    }
    std::optional<std::uint32_t> current;
    bool named = false;
    std::uint32_t last_line = 0;
    auto start = static_cast<std::uint32_t>(notes_.line_numbers.size());
    const auto close = [&] {
      const auto end = static_cast<std::uint32_t>(notes_.line_numbers.size());
      if (current && end > start) {
        notes_.locations.push_back({block, *current, start, end});
        last_line = last_of(start, end);
        named = true;
      } else if (current && named) {
        notes_.locations.push_back(
            {block, notes_.locations.back().file, last_line, last_line + 1, true});
      }
      start = end;
    };
    while (in.remaining() >= 4) {
      const std::uint32_t line = in.word();
      if (line != 0) {
        if (line > kMaxLine) return bad_line();
        if (!current) {
          problem_ = "a line without a file";
          return;
        }
        notes_.line_numbers.push_back(line);
        continue;
      }
      const std::string_view name = in.string();
      if (name.empty()) break;
      close();
      current = file(name);
    }
    close();
  }

  // The place of the largest.
  [[nodiscard]] std::uint32_t last_of(std::uint32_t start, std::uint32_t end) const {
    const auto numbers = notes_.line_numbers.begin();
    return static_cast<std::uint32_t>(std::max_element(numbers + start, numbers + end) - numbers);
  }

  std::uint32_t file(std::string_view name) {
    // Neighbours mostly lie in the same file.
    if (name == last_name_ && !notes_.files.empty()) return last_file_;
    const auto next = static_cast<std::uint32_t>(notes_.files.size());
    const auto [at, added] = files_.try_emplace(name, next);
    if (added) {
      // Two spellings of one path are one file.
      const auto [path, fresh] = paths_.try_emplace(clean_path(name), next);
      at->second = path->second;
      if (fresh) notes_.files.push_back(path->first);
    }
    last_name_ = name;
    last_file_ = at->second;
    return last_file_;
  }

  void bad_line() { problem_ = "a line above " + std::to_string(kMaxLine); }

  const Input& input_;
  GcovNotes notes_;
  std::string problem_;
  bool in_function_ = false;
  std::uint64_t all_blocks_ = 0;
  std::unordered_map<std::string_view, std::uint32_t> files_;  // as spelled
  std::unordered_map<std::string, std::uint32_t> paths_;
  std::string_view last_name_;
  std::uint32_t last_file_ = 0;
};

}  // namespace

bool GcovNotes::same_as(const GcovNotes& other) const {
  return files == other.files &&
         std::ranges::equal(functions, other.functions, [](const auto& a, const auto& b) {
           return a.ident == b.ident && a.lines_checksum == b.lines_checksum &&
                  a.graph_checksum == b.graph_checksum && a.name == b.name;
         });
}

Result<GcovNotes> parse_gcov_notes(const Input& input) { return NotesParser(input).parse(); }

bool accepts_gcov_notes(const Head& head) { return has_gcov_magic(head.bytes, kMagic); }

Result<void> load_gcov_notes(const Input& input, BuildFiles& build) {
  Result<GcovNotes> notes = parse_gcov_notes(input);
  if (!notes) return fail(std::move(notes.error()));
  build.add(std::make_unique<GcovObject>(std::move(*notes), build.gcov));
  return {};
}

}  // namespace culprit
