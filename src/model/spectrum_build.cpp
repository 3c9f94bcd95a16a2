// Spectrum::Builder::build(): the order of a Spectrum, and everything carried into it.
#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "base/memory.h"
#include "base/text.h"
#include "culprit/spectrum.h"
#include "model/builder_state.h"

namespace culprit {

namespace {

// Where things go: old id -> new id, and back.
struct Order {
  std::vector<std::uint32_t> new_of;
  std::vector<std::uint32_t> old_of;
  [[nodiscard]] bool same() const { return std::is_sorted(old_of.begin(), old_of.end()); }
};

template <class Less>
Order sorted(std::size_t count, Less less) {
  Order order;
  order.old_of.resize(count);
  std::iota(order.old_of.begin(), order.old_of.end(), 0U);
  std::sort(order.old_of.begin(), order.old_of.end(), less);
  order.new_of.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) order.new_of[order.old_of[i]] = i;
  return order;
}

template <class Row>
std::vector<Row> reordered(std::vector<Row>&& rows, const Order& order) {
  std::vector<Row> result;
  result.reserve(rows.size());
  for (const std::uint32_t old : order.old_of) result.push_back(std::move(rows[old]));
  return result;
}

// Gives the lines of one file that have no function the innermost one around them. `functions` and
// `lines` are sorted by (first) line; functions that start at line 0 have no known place.
void own_by_extent(std::span<const Function> functions, std::uint32_t first_id,
                   std::span<Line> lines, std::span<const bool> owned) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> around;  // (last line, id), innermost last
  std::size_t next = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (; next < functions.size() && functions[next].first_line <= lines[i].number; ++next) {
      const Function& f = functions[next];
      if (f.first_line == 0) continue;
      std::uint32_t last = f.last_line;
      if (last < f.first_line) {
        // Not known: up to where the next function starts.
        std::size_t after = next + 1;
        while (after < functions.size() && functions[after].first_line == f.first_line) ++after;
        last = after < functions.size() ? functions[after].first_line - 1 : 0xffffffffU;
      }
      around.emplace_back(last, first_id + static_cast<std::uint32_t>(next));
    }
    while (!around.empty() && around.back().first < lines[i].number) around.pop_back();
    if (!owned[i] && !around.empty()) lines[i].function = {around.back().second};
  }
}

// `= {}` would keep the memory.
template <class Values>
void release(Values& values) {
  values = Values();
}

// The run of a word's lowest set bit.
std::size_t run_at(std::size_t block, std::uint64_t word) {
  return block * Spectrum::kRunsPerBlock + static_cast<std::size_t>(std::countr_zero(word));
}

// Copies bit rows into the final order of runs and lines.
std::vector<std::vector<std::uint64_t>> permute(std::vector<std::vector<std::uint64_t>>&& old,
                                                const Order& runs, const Order& lines) {
  constexpr std::size_t kBits = Spectrum::kRunsPerBlock;
  for (std::vector<std::uint64_t>& words : old) words.resize(lines.old_of.size());
  if (runs.same() && lines.same()) return std::move(old);
  std::vector<std::vector<std::uint64_t>> result(old.size());
  if (runs.same()) {
    for (std::size_t block = 0; block < old.size(); ++block) {
      result[block].reserve(lines.old_of.size());
      for (const std::uint32_t line : lines.old_of) result[block].push_back(old[block][line]);
      release(old[block]);
    }
    return result;
  }
  for (std::vector<std::uint64_t>& words : result) words.resize(lines.old_of.size());
  for (std::size_t block = 0; block < old.size(); ++block) {
    for (std::uint32_t line = 0; line < lines.new_of.size(); ++line) {
      for (std::uint64_t word = old[block][line]; word != 0; word &= word - 1) {
        const std::uint32_t run = runs.new_of[run_at(block, word)];
        result[run / kBits][lines.new_of[line]] |= std::uint64_t{1} << (run % kBits);
      }
    }
    release(old[block]);
  }
  return result;
}

// A run's stretches in the final order of lines, tile by tile; `begins[t * runs]` is made the size
// of tile t. Lines that followed one another mostly still do: `ahead` says of each old line how
// many after it have new ids that follow its own.
std::vector<CountStretch> tiled(std::vector<CountStretch>&& old, const Order& lines,
                                std::span<const std::uint32_t> ahead, std::size_t* begins,
                                std::size_t runs) {
  constexpr std::uint32_t kTile = Spectrum::kLinesPerTile;
  struct Piece {
    std::uint32_t first, end;
    std::uint16_t code;
  };
  std::vector<Piece> pieces;
  for_each_stretch(old, 0, [&](std::uint32_t first, std::uint32_t end, std::uint16_t code) {
    while (first < end) {
      const std::uint32_t length = std::min(end - first, ahead[first] + 1);
      pieces.push_back({lines.new_of[first], lines.new_of[first] + length, code});
      first += length;
    }
  });
  if (!std::ranges::is_sorted(pieces, {}, &Piece::first)) {
    std::ranges::sort(pieces, {}, &Piece::first);
  }
  StretchWriter result;
  std::size_t tile = 0;
  std::size_t begin = 0;
  for (Piece& piece : pieces) {
    while (piece.first < piece.end) {
      const std::uint32_t in = piece.first / kTile;
      if (in != tile) {
        begins[tile * runs] = result.size() - begin;
        begin = result.size();
        tile = in;
        result.restart(in * kTile);
      }
      const std::uint32_t end = std::min(piece.end, (in + 1) * kTile);
      result.add(piece.first, end - piece.first, piece.code);
      piece.first = end;
    }
  }
  begins[tile * runs] = result.size() - begin;
  return std::move(result).take();
}

// See tiled().
std::vector<std::uint32_t> lines_ahead(const Order& lines) {
  std::vector<std::uint32_t> ahead(lines.new_of.size());
  for (std::size_t i = ahead.size(); i-- > 1;) {
    if (lines.new_of[i] == lines.new_of[i - 1] + 1) ahead[i - 1] = ahead[i] + 1;
  }
  return ahead;
}

}  // namespace

void Spectrum::Builder::State::settle_reports() {
  present.resize(services.names().size());
  for (std::vector<std::uint64_t>& words : present) words.resize(blocks.size());
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    const std::vector<std::uint64_t>& words = blocks[block];
    for (std::size_t line = 0; line < words.size(); ++line) {
      if (words[line] != 0)
        present[files[lines[line].file].file.service.value][block] |= words[line];
    }
  }
}

std::map<std::uint32_t, std::set<std::uint32_t>> Spectrum::Builder::State::losses() const {
  std::map<std::uint32_t, std::set<std::uint32_t>> result;
  for (const auto& [where, losers] : lost) {
    const std::optional<std::uint32_t> service = services.find(where.first);
    const auto file = service ? file_ids.find(std::pair(*service, where.second)) : file_ids.end();
    if (file == file_ids.end()) continue;
    std::vector<std::uint64_t> known = present[*service];
    std::set<std::uint32_t> ids;
    for (const std::string& name : losers) {
      const std::optional<std::uint32_t> run = runs.find(name);
      if (!run) continue;
      ids.insert(*run);
      known[*run / kRunsPerBlock] &= ~(std::uint64_t{1} << (*run % kRunsPerBlock));
    }
    const bool any_knows = std::ranges::any_of(known, [](auto word) { return word != 0; });
    if (any_knows && !ids.empty()) result[file->second] = std::move(ids);
  }
  return result;
}

void Spectrum::Builder::State::forget(
    const std::map<std::uint32_t, std::set<std::uint32_t>>& losses) {
  std::map<std::uint32_t, std::set<std::uint32_t>> files_of_run;
  for (const auto& [file, losers] : losses) {
    for (const std::uint32_t run : losers) files_of_run[run].insert(file);
  }
  for (const auto& [run, gone] : files_of_run) {
    std::vector<std::uint64_t>& words = blocks[run / kRunsPerBlock];
    const std::uint64_t bit = std::uint64_t{1} << (run % kRunsPerBlock);
    const bool counted = !run_rows[run].stretches.empty();
    StretchWriter kept;
    for (const auto& [line, code] : hits_of(run)) {
      const bool keeps = !gone.contains(lines[line].file);
      if (!keeps) words[line] &= ~bit;
      if (keeps && counted) kept.add(line, 1, code);
    }
    run_rows[run].stretches = std::move(kept).take();
  }
}

Spectrum Spectrum::Builder::build() && {
  State& s = *state_;
  s.close();
  s.settle_reports();
  const auto losses = s.losses();
  s.forget(losses);

  const auto& run_names = s.runs.names();
  const Order run_order = sorted(run_names.size(), [&](std::uint32_t a, std::uint32_t b) {
    return natural_less(run_names[a], run_names[b]);
  });
  const auto& service_names = s.services.names();
  const Order service_order = sorted(service_names.size(), [&](std::uint32_t a, std::uint32_t b) {
    return service_names[a] < service_names[b];
  });
  const Order file_order = sorted(s.files.size(), [&](std::uint32_t a, std::uint32_t b) {
    const File& x = s.files[a].file;
    const File& y = s.files[b].file;
    if (x.service != y.service) {
      return service_order.new_of[x.service.value] < service_order.new_of[y.service.value];
    }
    return x.path < y.path;
  });
  // Lines without a function of their own get one by extent, or the nameless one of their file.
  for (std::uint32_t file = 0; file < s.files.size(); ++file) function({file}, "");
  const Order function_order = sorted(s.functions.size(), [&](std::uint32_t a, std::uint32_t b) {
    const Function& x = s.functions[a];
    const Function& y = s.functions[b];
    if (x.file != y.file) {
      return file_order.new_of[x.file.value] < file_order.new_of[y.file.value];
    }
    return std::tie(x.first_line, x.name, a) < std::tie(y.first_line, y.name, b);
  });
  const Order line_order = sorted(s.lines.size(), [&](std::uint32_t a, std::uint32_t b) {
    const State::LineRow& x = s.lines[a];
    const State::LineRow& y = s.lines[b];
    if (x.file != y.file) return file_order.new_of[x.file] < file_order.new_of[y.file];
    return x.number < y.number;
  });

  Spectrum result;
  for (const std::uint32_t old : run_order.old_of) result.runs_.push_back(run_names[old]);
  for (const std::uint32_t old : service_order.old_of) {
    result.services_.push_back(service_names[old]);
  }
  for (const std::uint32_t old : file_order.old_of) {
    File& file = s.files[old].file;
    result.files_.push_back(
        {ServiceId{service_order.new_of[file.service.value]}, std::move(file.path)});
  }
  result.functions_ = reordered(std::move(s.functions), function_order);
  for (Function& f : result.functions_) f.file = {file_order.new_of[f.file.value]};

  // Functions and lines are both sorted by file: one sweep over each file's share of the two.
  const auto owned = std::make_unique<bool[]>(s.lines.size());
  result.lines_.reserve(s.lines.size());
  std::vector<std::uint32_t> nameless(result.files_.size());
  for (std::uint32_t i = 0; i < result.functions_.size(); ++i) {
    const Function& f = result.functions_[i];
    if (f.name.empty()) nameless[f.file.value] = i;
  }
  for (std::uint32_t i = 0; i < s.lines.size(); ++i) {
    const State::LineRow& row = s.lines[line_order.old_of[i]];
    const std::uint32_t file = file_order.new_of[row.file];
    owned[i] = row.function != kNone;
    const std::uint32_t function = owned[i] ? function_order.new_of[row.function] : nameless[file];
    result.lines_.push_back({FileId{file}, FunctionId{function}, row.number});
  }
  std::size_t line = 0;
  std::size_t function = 0;
  for (std::uint32_t file = 0; file < result.files_.size(); ++file) {
    const std::size_t line_end = static_cast<std::size_t>(
        std::partition_point(result.lines_.begin() + static_cast<std::ptrdiff_t>(line),
                             result.lines_.end(),
                             [&](const Line& at) { return at.file.value <= file; }) -
        result.lines_.begin());
    const std::size_t function_begin = function;
    while (function < result.functions_.size() && result.functions_[function].file.value == file) {
      ++function;
    }
    own_by_extent({result.functions_.data() + function_begin, function - function_begin},
                  static_cast<std::uint32_t>(function_begin),
                  {result.lines_.data() + line, line_end - line},
                  {owned.get() + line, line_end - line});
    line = line_end;
  }

  // Functions that own no line say nothing.
  std::vector<std::uint32_t> kept(result.functions_.size(), 0);
  for (const Line& at : result.lines_) kept[at.function.value] = 1;
  std::uint32_t functions = 0;
  for (std::uint32_t i = 0; i < kept.size(); ++i) {
    if (kept[i] == 0) continue;
    if (functions != i) result.functions_[functions] = std::move(result.functions_[i]);
    kept[i] = functions++;
  }
  result.functions_.resize(functions);
  for (Line& at : result.lines_) at.function = {kept[at.function.value]};

  if (std::ranges::any_of(s.run_rows, [](const auto& row) { return !row.stretches.empty(); })) {
    const std::vector<std::uint32_t> ahead = lines_ahead(line_order);
    const std::size_t runs = result.runs_.size();
    std::vector<std::size_t>& begins = result.stretch_begins_;
    begins.resize(result.tiles() * runs + 1);
    std::vector<std::vector<CountStretch>> of_run;
    for (std::size_t i = 0; i < runs; ++i) {
      of_run.push_back(
          tiled(s.stretches_of(run_order.old_of[i]), line_order, ahead, &begins[i], runs));
    }
    std::exclusive_scan(begins.begin(), begins.end(), begins.begin(), std::size_t{0});
    result.stretches_.resize(begins.back());
    for (std::size_t i = 0; i < runs; ++i) {
      const CountStretch* from = of_run[i].data();
      for (std::size_t at = i; at < begins.size() - 1; at += runs) {
        const std::size_t size = begins[at + 1] - begins[at];
        std::copy_n(from, size, result.stretches_.begin() + std::ptrdiff_t(begins[at]));
        from += size;
      }
      release(of_run[i]);
    }
    give_back_freed_memory();
  }
  result.blocks_ = permute(std::move(s.blocks), run_order, line_order);

  const std::size_t blocks = result.blocks_.size();
  const Order branch_order = sorted(s.branches.size(), [&](std::uint32_t a, std::uint32_t b) {
    const auto key = [&](const Branch& branch) {
      return std::tuple(line_order.new_of[branch.line.value], branch.counting, branch.number);
    };
    return key(s.branches[a]) < key(s.branches[b]);
  });
  result.branches_ = reordered(std::move(s.branches), branch_order);
  for (Branch& branch : result.branches_) branch.line = {line_order.new_of[branch.line.value]};
  if (!result.branches_.empty()) {
    s.branch_blocks.resize(blocks);
    result.branch_blocks_ = permute(std::move(s.branch_blocks), run_order, branch_order);
  }
  const std::size_t services = result.services_.size();
  result.present_.resize(services * blocks);
  for (std::uint32_t service = 0; service < s.present.size(); ++service) {
    std::uint64_t* const row = result.present_.data() + service_order.new_of[service] * blocks;
    for (std::size_t block = 0; block < s.present[service].size(); ++block) {
      for (std::uint64_t word = s.present[service][block]; word != 0; word &= word - 1) {
        const std::uint32_t run = run_order.new_of[run_at(block, word)];
        row[run / kRunsPerBlock] |= std::uint64_t{1} << (run % kRunsPerBlock);
      }
    }
  }
  result.parts_ = services;
  for (const File& file : result.files_) result.part_of_file_.push_back(file.service.value);
  // Files that the same runs lost are one part.
  std::map<std::pair<std::uint32_t, std::set<std::uint32_t>>, std::uint32_t> parts;
  for (const auto& [file, runs] : losses) {
    const std::uint32_t service = service_order.new_of[s.files[file].file.service.value];
    const auto [part, added] =
        parts.try_emplace({service, runs}, static_cast<std::uint32_t>(result.parts_));
    result.part_of_file_[file_order.new_of[file]] = part->second;
    if (!added) continue;
    ++result.parts_;
    for (std::size_t block = 0; block < blocks; ++block) {
      result.present_.push_back(result.present_[service * blocks + block]);
    }
    for (const std::uint32_t old : runs) {
      const std::uint32_t run = run_order.new_of[old];
      result.present_[part->second * blocks + run / kRunsPerBlock] &=
          ~(std::uint64_t{1} << (run % kRunsPerBlock));
    }
  }
  state_ = std::make_unique<State>();
  return result;
}

}  // namespace culprit
