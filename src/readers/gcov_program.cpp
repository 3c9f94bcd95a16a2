#include "readers/gcov_program.h"

#include <algorithm>
#include <utility>

#include "readers/gcov_flow.h"

namespace culprit {

namespace {

// What counters that several threads changed at once can leave: sums below zero.
constexpr std::uint64_t kNegative = std::uint64_t{1} << 63;

// Going round more than that on one line would take too long; it is then counted by its entries.
constexpr std::size_t kMaxLoopArcs = 4096;

}  // namespace

class GcovProgramWriter {
 public:
  GcovProgramWriter(const GcovNotes& notes, const GcovFunction& function, const GcovLines& lines,
                    const GcovMode& mode, GcovFlow flow)
      : notes_(notes),
        function_(function),
        lines_(lines),
        mode_(mode),
        flow_(std::move(flow)),
        arcs_(notes.arcs_of(function)),
        into_(arcs_into(function.blocks, arcs_)),
        line_of_block_(function.blocks, GcovLines::kNoLine) {}

  std::optional<GcovProgram> write(std::span<const GcovLines::Branch> branches,
                                   std::uint32_t first_branch) {
    find_uses();
    for (std::size_t i = 0; i < uses_.size();) {
      std::size_t end = i;
      while (end < uses_.size() && uses_[end].line == uses_[i].line) ++end;
      write_line(std::span(uses_).subspan(i, end - i));
      i = end;
      if (tail_.size() > GcovProgram::kMaxCode) return std::nullopt;
    }
    std::uint32_t index = first_branch;
    for (const GcovLines::Branch& branch : branches) {
      program_.branches_.push_back({index++, flow_.arc_slot[branch.arc]});
    }
    program_.entry_slot_ = flow_.block_slot[GcovNotes::kEntry];
    find_exits();
    keep_what_is_used();
    return std::move(program_);
  }

 private:
  // That a line has code of a block.
  struct Use {
    std::uint32_t line;
    std::uint32_t block;
    bool attached;
    std::uint32_t order;
  };

  void find_uses() {
    std::uint32_t order = 0;
    for (const GcovLocation& at : notes_.locations_of(function_)) {
      if (lines_.line_of[at.first] == GcovLines::kNoLine) continue;
      for (std::uint32_t i = at.first; i < at.last && !at.again; ++i) {
        const std::uint32_t line = lines_.line_of[i];
        if (mode_.any_block || !lines_.has_blocks[line]) {
          uses_.push_back({line, at.block, false, order++});
        }
      }
      if (mode_.any_block) continue;
      attach_block(notes_, function_, at, [&](std::uint32_t i) {
        uses_.push_back({lines_.line_of[i], at.block, true, order++});
      });
    }
    std::sort(uses_.begin(), uses_.end(), [](const Use& a, const Use& b) {
      return std::pair(a.line, a.order) < std::pair(b.line, b.order);
    });
  }

  void write_line(std::span<const Use> uses) {
    std::vector<std::uint32_t> slots;
    std::vector<std::uint32_t> within;  // arcs between blocks of the line
    const std::uint32_t line = uses.front().line;
    if (!uses.front().attached) {
      for (const Use& use : uses) slots.push_back(flow_.block_slot[use.block]);
    } else {
      std::vector<std::uint32_t> blocks;
      for (const Use& use : uses) {
        if (line_of_block_[use.block] == line) continue;
        line_of_block_[use.block] = line;
        blocks.push_back(use.block);
        for (const std::uint32_t arc : into_.of(use.block)) within.push_back(arc);
      }
      const auto is_entry = [&](std::uint32_t arc) {
        return line_of_block_[arcs_[arc].from] != line;
      };
      within.erase(std::remove_if(within.begin(), within.end(), is_entry), within.end());
      for (const Use& use : uses) {  // a block may be there twice
        for (const std::uint32_t arc : into_.of(use.block)) {
          if (is_entry(arc)) slots.push_back(flow_.arc_slot[arc]);
        }
      }
      if (within.size() > kMaxLoopArcs || !has_loop(blocks, within)) within.clear();
    }
    ++program_.lines_;
    const auto kind = !within.empty()   ? GcovProgram::Kind::kLoops
                      : mode_.any_block ? GcovProgram::Kind::kMost
                                        : GcovProgram::Kind::kSum;
    tail_.insert(tail_.end(), {line, static_cast<std::uint32_t>(kind),
                               static_cast<std::uint32_t>(slots.size())});
    for (const std::uint32_t slot : slots) use_slot(slot);
    if (within.empty()) return;
    tail_.push_back(static_cast<std::uint32_t>(within.size()));
    std::sort(within.begin(), within.end());
    for (const std::uint32_t arc : within) {
      tail_.insert(tail_.end(), {arcs_[arc].from, arcs_[arc].to});
      use_slot(flow_.arc_slot[arc]);
    }
  }

  // A call that need not return ends its block; a fake arc leads from there to the end of the
  // function, a fall-through to where the call returns, others to what handles its exceptions.
  // Blocks that only those reach are handlers, and pass on what others threw.
  void find_exits() {
    const ArcsAtBlocks out = arcs_out_of(function_.blocks, arcs_);
    const auto is_fake = [&](std::uint32_t arc) {
      return (arcs_[arc].flags & GcovArc::kFake) != 0;
    };
    const auto falls_through = [&](std::uint32_t arc) {
      return (arcs_[arc].flags & GcovArc::kFallThrough) != 0;
    };
    std::vector<bool> calls(function_.blocks);
    for (std::uint32_t block = 1; block < function_.blocks; ++block) {
      const std::span<const std::uint32_t> ways = out.of(block);
      calls[block] = std::any_of(ways.begin(), ways.end(), is_fake);
    }
    std::vector<bool> reached(function_.blocks);
    std::vector<std::uint32_t> queue = {GcovNotes::kEntry};
    reached[GcovNotes::kEntry] = true;
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const std::uint32_t arc : out.of(queue[i])) {
        const bool leaves = is_fake(arc) || (calls[queue[i]] && !falls_through(arc));
        if (leaves || reached[arcs_[arc].to]) continue;
        reached[arcs_[arc].to] = true;
        queue.push_back(arcs_[arc].to);
      }
    }
    std::vector<std::uint32_t> line_of(function_.blocks, GcovLines::kNoLine);
    for (const GcovLocation& at : notes_.locations_of(function_)) {
      if (lines_.line_of[at.first] == GcovLines::kNoLine) continue;
      attach_block(notes_, function_, at,
                   [&](std::uint32_t i) { line_of[at.block] = lines_.line_of[i]; });
    }
    for (std::uint32_t block = 1; block < function_.blocks; ++block) {
      if (!calls[block] || !reached[block] || line_of[block] == GcovLines::kNoLine) continue;
      std::uint32_t through = GcovProgram::kNoWayOn;
      for (const std::uint32_t arc : out.of(block)) {
        if (!is_fake(arc) && falls_through(arc)) through = flow_.arc_slot[arc];
      }
      program_.exits_.push_back({line_of[block], flow_.block_slot[block], through});
    }
  }

  void use_slot(std::uint32_t slot) {
    slots_at_.push_back(static_cast<std::uint32_t>(tail_.size()));
    tail_.push_back(slot);
  }

  // Whether one can walk in circles: not all blocks can be taken away from the ends.
  [[nodiscard]] bool has_loop(const std::vector<std::uint32_t>& blocks,
                              const std::vector<std::uint32_t>& within) const {
    if (within.empty()) return false;
    std::vector<std::uint32_t> sorted = blocks;
    std::sort(sorted.begin(), sorted.end());
    const auto place = [&](std::uint32_t block) {
      return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), block) -
                                      sorted.begin());
    };
    std::vector<std::vector<std::size_t>> to(sorted.size());
    std::vector<std::uint32_t> entering(sorted.size());
    for (const std::uint32_t arc : within) {
      to[place(arcs_[arc].from)].push_back(place(arcs_[arc].to));
      ++entering[place(arcs_[arc].to)];
    }
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (entering[i] == 0) free.push_back(i);
    }
    for (std::size_t i = 0; i < free.size(); ++i) {
      for (const std::size_t next : to[free[i]]) {
        if (--entering[next] == 0) free.push_back(next);
      }
    }
    return free.size() != sorted.size();
  }

  // Steps that nothing asks for are left out; slots are numbered anew.
  void keep_what_is_used() {
    std::vector<bool> used(flow_.counters + flow_.steps.size());
    for (const std::uint32_t at : slots_at_) used[tail_[at]] = true;
    for (const GcovProgram::Branch& branch : program_.branches_) used[branch.slot] = true;
    for (const GcovProgram::Exit& exit : program_.exits_) {
      used[exit.block] = true;
      if (exit.through != GcovProgram::kNoWayOn) used[exit.through] = true;
    }
    used[program_.entry_slot_] = true;
    for (std::size_t i = flow_.steps.size(); i-- > 0;) {
      if (!used[flow_.counters + i]) continue;
      const GcovFlow::Step& step = flow_.steps[i];
      for (std::uint32_t t = step.first; t < step.last; ++t) used[flow_.terms[t]] = true;
    }
    std::vector<std::uint32_t> slot(used.size());
    for (std::uint32_t i = 0; i < flow_.counters; ++i) slot[i] = i;
    std::vector<std::uint32_t>& code = program_.code_;
    for (std::size_t i = 0; i < flow_.steps.size(); ++i) {
      if (!used[flow_.counters + i]) continue;
      slot[flow_.counters + i] = flow_.counters + program_.steps_++;
      const GcovFlow::Step& step = flow_.steps[i];
      code.insert(code.end(), {step.taken - step.first, step.last - step.taken});
      for (std::uint32_t t = step.first; t < step.last; ++t) code.push_back(slot[flow_.terms[t]]);
    }
    for (const std::uint32_t at : slots_at_) tail_[at] = slot[tail_[at]];
    for (GcovProgram::Branch& branch : program_.branches_) branch.slot = slot[branch.slot];
    for (GcovProgram::Exit& exit : program_.exits_) {
      exit.block = slot[exit.block];
      if (exit.through != GcovProgram::kNoWayOn) exit.through = slot[exit.through];
    }
    program_.entry_slot_ = slot[program_.entry_slot_];
    code.insert(code.end(), tail_.begin(), tail_.end());
    code.shrink_to_fit();
  }

  const GcovNotes& notes_;
  const GcovFunction& function_;
  const GcovLines& lines_;
  const GcovMode& mode_;
  GcovFlow flow_;
  std::span<const GcovArc> arcs_;
  ArcsAtBlocks into_;
  std::vector<std::uint32_t> line_of_block_;  // the line written last that has the block
  std::vector<Use> uses_;
  std::vector<std::uint32_t> tail_;      // code of lines
  std::vector<std::uint32_t> slots_at_;  // where in it slots are
  GcovProgram program_;
};

std::optional<GcovProgram> GcovProgram::make(const GcovNotes& notes, const GcovFunction& function,
                                             const GcovLines& lines,
                                             std::span<const GcovLines::Branch> branches,
                                             const GcovMode& mode) {
  if (function.blocks < 2) return std::nullopt;
  std::optional<GcovFlow> flow = solve_flow(function.blocks, notes.arcs_of(function));
  if (!flow) return std::nullopt;
  const std::uint32_t first_branch =
      branches.empty() ? 0 : static_cast<std::uint32_t>(branches.data() - lines.branches.data());
  return GcovProgramWriter(notes, function, lines, mode, std::move(*flow))
      .write(branches, first_branch);
}

void GcovProgram::run(std::vector<std::uint64_t>& values, Output& output) const {
  const std::uint32_t* code = code_.data();
  const std::size_t counters = values.size();
  values.resize(counters + steps_);
  std::uint64_t* const value = values.data();
  for (std::uint32_t step = 0; step < steps_; ++step) {
    const std::uint32_t added = *code++;
    const std::uint32_t taken = *code++;
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < added; ++i) sum += value[*code++];
    for (std::uint32_t i = 0; i < taken; ++i) sum -= value[*code++];
    if (sum >= kNegative) {
      sum = 0;
      ++output.repaired;
    }
    value[counters + step] = sum;
  }
  for (std::uint32_t i = 0; i < lines_; ++i) {
    const std::uint32_t line = *code++;
    const auto kind = static_cast<Kind>(*code++);
    const std::uint32_t slots = *code++;
    std::uint64_t count = 0;
    if (kind == Kind::kMost) {
      for (std::uint32_t s = 0; s < slots; ++s) count = std::max(count, value[*code++]);
    } else {
      for (std::uint32_t s = 0; s < slots; ++s) count += value[*code++];
    }
    if (kind == Kind::kLoops) {
      const std::uint32_t arcs = *code++;
      count += count_loops(code, arcs, values);
      code += std::size_t{3} * arcs;
    }
    if (count != 0) output.lines.push_back({line, count});
  }
  for (const Branch& branch : branches_) output.taken[branch.index] = value[branch.slot] != 0;
  for (const Exit& exit : exits_) {
    const bool throws = exit.through == kNoWayOn;
    if (value[exit.block] > (throws ? 0 : value[exit.through])) {
      output.raises.push_back({exit.line, throws});
    }
  }
}

// Takes one way round after the other, by the block of lowest number it passes, each as often as
// its rarest arc (the circuits of Hawick and James, with what was counted taken away).
std::uint64_t GcovProgram::count_loops(const std::uint32_t* code, std::uint32_t arcs,
                                       std::span<const std::uint64_t> values) {
  struct Arc {
    std::uint32_t from;
    std::uint32_t to;
    std::uint64_t left;
  };
  std::vector<Arc> all(arcs);
  std::vector<std::uint32_t> blocks;
  for (Arc& arc : all) {
    arc = {code[0], code[1], values[code[2]]};
    code += 3;
    blocks.insert(blocks.end(), {arc.from, arc.to});
  }
  std::sort(blocks.begin(), blocks.end());
  blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());
  const auto place = [&](std::uint32_t block) {
    return static_cast<std::uint32_t>(std::lower_bound(blocks.begin(), blocks.end(), block) -
                                      blocks.begin());
  };
  std::vector<std::uint32_t> first(blocks.size() + 1);
  for (Arc& arc : all) {
    arc.from = place(arc.from);
    arc.to = place(arc.to);
    ++first[arc.from + 1];  // arcs are by block
  }
  for (std::size_t b = 1; b < first.size(); ++b) first[b] += first[b - 1];

  std::uint64_t loops = 0;
  std::vector<std::uint32_t> path;  // arcs
  std::vector<std::uint32_t> next(blocks.size());
  std::vector<bool> seen(blocks.size());
  for (std::uint32_t start = 0; start < blocks.size(); ++start) {
    for (;;) {
      // A way from `start` back to it, over blocks above it.
      path.clear();
      std::fill(seen.begin(), seen.end(), false);
      std::copy(first.begin(), first.end() - 1, next.begin());
      std::uint32_t at = start;
      bool closed = false;
      while (!closed) {
        if (next[at] == first[at + 1]) {
          if (path.empty()) break;
          at = all[path.back()].from;
          path.pop_back();
          continue;
        }
        const std::uint32_t arc = next[at]++;
        const std::uint32_t to = all[arc].to;
        if (all[arc].left == 0 || to < start || seen[to]) continue;
        path.push_back(arc);
        closed = to == start;
        seen[to] = true;
        at = to;
      }
      if (!closed) break;
      std::uint64_t rarest = all[path.front()].left;
      for (const std::uint32_t arc : path) rarest = std::min(rarest, all[arc].left);
      for (const std::uint32_t arc : path) all[arc].left -= rarest;
      loops += rarest;
    }
  }
  return loops;
}

}  // namespace culprit
