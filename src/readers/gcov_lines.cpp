#include "readers/gcov_lines.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/demangle.h"
#include "readers/gcov_flow.h"

namespace culprit {

namespace {

// Numbers of lines to their rank among those mentioned.
class LineRanks {
 public:
  void mention(std::uint32_t line) { numbers_.push_back(line); }

  // Once, after the last mention.
  void settle() {
    std::sort(numbers_.begin(), numbers_.end());
    numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());
    // Lines lie close together; where they do not, looking them up must do.
    if (numbers_.empty() || numbers_.back() > kDense * (numbers_.size() + kDense)) return;
    ranks_.resize(numbers_.back() + std::size_t{1});
    for (std::uint32_t rank = 0; rank < numbers_.size(); ++rank) ranks_[numbers_[rank]] = rank;
  }
  [[nodiscard]] const std::vector<std::uint32_t>& numbers() const { return numbers_; }
  [[nodiscard]] std::uint32_t rank(std::uint32_t line) const {
    if (!ranks_.empty()) return ranks_[line];
    return static_cast<std::uint32_t>(std::lower_bound(numbers_.begin(), numbers_.end(), line) -
                                      numbers_.begin());
  }

 private:
  static constexpr std::size_t kDense = 64;

  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> ranks_;  // by number
};

// The lines of one file, or those that one function keeps to itself.
struct Section {
  LineRanks ranks;
  std::uint32_t first = 0;  // of the table
};

class LineFinder {
 public:
  LineFinder(const GcovNotes& notes, std::span<const std::uint32_t> present, const GcovMode& mode)
      : notes_(notes), mode_(mode), files_(notes.files.size()) {
    for (const std::string& file : notes.files) {
      wanted_.push_back(!mode.excludes || !mode.excludes(file));
    }
    for (const std::uint32_t f : present) {
      if (!notes.functions[f].artificial) functions_.push_back(f);
    }
    std::sort(functions_.begin(), functions_.end());
    find_groups();
  }

  GcovLines find() {
    lines_.line_of.assign(notes_.line_numbers.size(), GcovLines::kNoLine);
    for_each_mention([&](std::uint32_t f, const GcovLocation& at, std::uint32_t i) {
      section(f, at.file, notes_.line_numbers[i]).ranks.mention(notes_.line_numbers[i]);
    });
    for (Section& section : files_) section.ranks.settle();
    for (auto& [function, section] : own_) section.ranks.settle();
    write_table();
    for_each_mention([&](std::uint32_t f, const GcovLocation& at, std::uint32_t i) {
      const Section& home = section(f, at.file, notes_.line_numbers[i]);
      lines_.line_of[i] = home.first + home.ranks.rank(notes_.line_numbers[i]);
    });
    lines_.has_blocks.assign(lines_.table.lines.size(), false);
    for (const std::uint32_t f : functions_) {
      const GcovFunction& function = notes_.functions[f];
      for (const GcovLocation& at : notes_.locations_of(function)) {
        if (!wanted_[at.file]) continue;
        attach_block(notes_, function, at,
                     [&](std::uint32_t i) { lines_.has_blocks[lines_.line_of[i]] = true; });
      }
    }
    if (mode_.branches) number_branches();
    return std::move(lines_);
  }

 private:
  // Functions that start on one line of one file; those that are not in the program count too.
  void find_groups() {
    if (notes_.header.version < 80) return;
    std::unordered_map<std::uint64_t, std::uint32_t> starts;
    const auto start = [](const GcovFunction& f) {
      return std::uint64_t{f.file} << 32 | f.first_line;
    };
    for (const GcovFunction& f : notes_.functions) {
      if (!f.artificial && f.last_line >= f.first_line) ++starts[start(f)];
    }
    for (const std::uint32_t f : functions_) {
      const GcovFunction& function = notes_.functions[f];
      const auto group = starts.find(start(function));
      if (function.last_line >= function.first_line && group->second > 1) own_[f];
    }
  }

  // Where a line that the function has code of is told.
  Section& section(std::uint32_t f, std::uint32_t file, std::uint32_t line) {
    const GcovFunction& function = notes_.functions[f];
    if (file == function.file && line >= function.first_line && line <= function.last_line) {
      if (f != last_ || last_section_ == nullptr) {
        const auto own = own_.find(f);
        last_ = f;
        last_section_ = own == own_.end() ? &files_[file] : &own->second;
      }
      return *last_section_;
    }
    return files_[file];
  }

  template <class Do>
  void for_each_mention(Do&& act) {
    for (const std::uint32_t f : functions_) {
      for (const GcovLocation& at : notes_.locations_of(notes_.functions[f])) {
        for (std::uint32_t i = at.first; i < at.last && wanted_[at.file]; ++i) act(f, at, i);
      }
    }
  }

  void write_table() {
    std::vector<std::vector<std::uint32_t>> functions_of(notes_.files.size());
    for (const std::uint32_t f : functions_) {
      const std::uint32_t file = notes_.functions[f].file;
      if (wanted_[file]) functions_of[file].push_back(f);
    }
    std::vector<std::uint32_t> order(notes_.files.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return notes_.files[a] < notes_.files[b]; });
    for (const std::uint32_t file : order) {
      write_file(file, functions_of[file]);
    }
  }

  void write_file(std::uint32_t file, std::vector<std::uint32_t>& functions) {
    LineTable& table = lines_.table;
    std::sort(functions.begin(), functions.end(), [&](std::uint32_t a, std::uint32_t b) {
      const GcovFunction& x = notes_.functions[a];
      const GcovFunction& y = notes_.functions[b];
      return std::tie(x.first_line, x.name, a) < std::tie(y.first_line, y.name, b);
    });
    const auto first_function = static_cast<std::uint32_t>(table.functions.size());
    for (const std::uint32_t f : functions) {
      const GcovFunction& function = notes_.functions[f];
      table.functions.push_back({demangle(function.name), function.first_line, function.last_line});
    }
    write_lines(files_[file], first_function);
    for (std::uint32_t i = 0; i < functions.size(); ++i) {
      const auto own = own_.find(functions[i]);
      if (own == own_.end()) continue;
      own->second.first = static_cast<std::uint32_t>(table.lines.size());
      for (const std::uint32_t number : own->second.ranks.numbers()) {
        table.lines.push_back({number, first_function + i});
      }
    }
    table.files.push_back({notes_.files[file], static_cast<std::uint32_t>(table.functions.size()),
                           static_cast<std::uint32_t>(table.lines.size())});
  }

  // The innermost function around a line owns it; they are sorted by where they start.
  void write_lines(Section& section, std::uint32_t first_function) {
    LineTable& table = lines_.table;
    section.first = static_cast<std::uint32_t>(table.lines.size());
    std::vector<std::uint32_t> around;
    std::uint32_t next = first_function;
    for (const std::uint32_t number : section.ranks.numbers()) {
      while (next < table.functions.size() && table.functions[next].first_line <= number) {
        around.push_back(next++);
      }
      while (!around.empty() && table.functions[around.back()].last_line < number) {
        around.pop_back();
      }
      table.lines.push_back({number, around.empty() ? LineTable::kNoOwner : around.back()});
    }
  }

  // Numbered within a line in the order of functions, blocks and arcs. An arc is a branch where
  // its block has another way out that is no fake.
  void number_branches() {
    std::unordered_map<std::uint32_t, std::uint32_t> next;  // by line
    for (const std::uint32_t f : functions_) {
      const GcovFunction& function = notes_.functions[f];
      const std::span<const GcovArc> arcs = notes_.arcs_of(function);
      const ArcsAtBlocks out = arcs_out_of(function.blocks, arcs);
      const auto is_real = [&](std::uint32_t arc) {
        return (arcs[arc].flags & GcovArc::kFake) == 0;
      };
      for (const GcovLocation& at : notes_.locations_of(function)) {
        const std::span<const std::uint32_t> ways = out.of(at.block);
        if (!wanted_[at.file]) continue;
        if (std::count_if(ways.begin(), ways.end(), is_real) < 2) continue;
        attach_block(notes_, function, at, [&](std::uint32_t i) {
          const std::uint32_t line = lines_.line_of[i];
          for (const std::uint32_t arc : ways) {
            if (is_real(arc)) lines_.branches.push_back({line, next[line]++, f, arc});
          }
        });
      }
    }
  }

  const GcovNotes& notes_;
  GcovMode mode_;
  std::vector<bool> wanted_;  // by file
  std::vector<std::uint32_t> functions_;
  std::vector<Section> files_;
  std::map<std::uint32_t, Section> own_;  // by function
  std::uint32_t last_ = 0;
  Section* last_section_ = nullptr;
  GcovLines lines_;
};

}  // namespace

GcovLines find_gcov_lines(const GcovNotes& notes, std::span<const std::uint32_t> present,
                          const GcovMode& mode) {
  return LineFinder(notes, present, mode).find();
}

}  // namespace culprit
