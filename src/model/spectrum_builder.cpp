#include <algorithm>
#include <bit>
#include <limits>

#include "culprit/spectrum.h"
#include "model/builder_state.h"

namespace culprit {

namespace {

// What instances of one template share: `int twice<int>(int)` and `char twice<char>(char)` are both
// `twice`. Names with `#` (Java) have no instances.
std::string family(std::string_view name) {
  if (name.find('#') != std::string_view::npos) return std::string(name);
  std::string plain;
  int depth = 0;
  for (const char c : name.substr(0, name.find('('))) {
    if (c == '<') ++depth;
    if (depth == 0) plain += c;
    if (c == '>') --depth;
  }
  if (depth != 0) return std::string(name);  // operator<, operator->
  const std::size_t type_end = plain.rfind(' ');
  return type_end == std::string::npos ? plain : plain.substr(type_end + 1);
}

std::uint64_t add_saturating(std::uint64_t a, std::uint64_t b) {
  return b > std::numeric_limits<std::uint64_t>::max() - a
             ? std::numeric_limits<std::uint64_t>::max()
             : a + b;
}

}  // namespace

std::uint32_t NameTable::id(std::string_view name) {
  const auto [at, added] =
      ids_.try_emplace(std::string(name), static_cast<std::uint32_t>(names_.size()));
  if (added) names_.push_back(at->first);
  return at->second;
}

std::optional<std::uint32_t> NameTable::find(const std::string& name) const {
  const auto at = ids_.find(name);
  return at == ids_.end() ? std::nullopt : std::optional(at->second);
}

void StretchWriter::add(std::uint32_t line, std::uint32_t length, std::uint16_t code) {
  constexpr std::uint32_t kMost = 255;
  std::uint32_t skip = line - next_;
  next_ = line + length;
  if (skip == 0 && stretches_.size() > begin_ && stretches_.back().code == code) {
    CountStretch& last = stretches_.back();
    const std::uint32_t more = std::min(kMost - last.length, length);
    last.length = static_cast<std::uint8_t>(last.length + more);
    length -= more;
  }
  for (; skip > kMost; skip -= kMost) stretches_.push_back({kMost, 0, 0});
  while (length > 0) {
    const std::uint32_t here = std::min(kMost, length);
    stretches_.push_back({static_cast<std::uint8_t>(skip), static_cast<std::uint8_t>(here), code});
    skip = 0;
    length -= here;
  }
}

void StretchWriter::restart(std::uint32_t line) {
  begin_ = stretches_.size();
  next_ = line;
}

std::vector<CountStretch> StretchWriter::take() && {
  stretches_.shrink_to_fit();
  return std::move(stretches_);
}

void Spectrum::Builder::State::set_bit(std::uint32_t run, std::uint32_t line) {
  std::vector<std::uint64_t>& words = blocks[run / kRunsPerBlock];
  if (words.size() <= line) words.resize(lines.size());
  words[line] |= std::uint64_t{1} << (run % kRunsPerBlock);
}

void Spectrum::Builder::State::set_present(std::uint32_t run, std::uint32_t service) {
  if (present.size() <= service) present.resize(service + 1);
  std::vector<std::uint64_t>& words = present[service];
  if (words.size() <= run / kRunsPerBlock) words.resize(run / kRunsPerBlock + 1);
  words[run / kRunsPerBlock] |= std::uint64_t{1} << (run % kRunsPerBlock);
}

std::vector<std::pair<std::uint32_t, std::uint16_t>> Spectrum::Builder::State::hits_of(
    std::uint32_t run) const {
  std::vector<std::pair<std::uint32_t, std::uint16_t>> hits;
  const std::vector<CountStretch>& stretches = run_rows[run].stretches;
  for_each_stretch(stretches, 0, [&](std::uint32_t first, std::uint32_t end, std::uint16_t code) {
    for (std::uint32_t line = first; line < end; ++line) hits.emplace_back(line, code);
  });
  if (!stretches.empty()) return hits;
  const std::vector<std::uint64_t>& words = blocks[run / kRunsPerBlock];
  const std::uint64_t bit = std::uint64_t{1} << (run % kRunsPerBlock);
  for (std::uint32_t line = 0; line < words.size(); ++line) {
    if ((words[line] & bit) != 0) hits.emplace_back(line, std::uint16_t{0});
  }
  return hits;
}

std::vector<CountStretch> Spectrum::Builder::State::stretches_of(std::uint32_t run) {
  if (!run_rows[run].stretches.empty()) return std::move(run_rows[run].stretches);
  StretchWriter stretches;
  for (const auto& [line, code] : hits_of(run)) stretches.add(line, 1, code);
  return std::move(stretches).take();
}

void Spectrum::Builder::State::open(std::uint32_t run) {
  if (open_run == run) return;
  close();
  open_run = run;
}

void Spectrum::Builder::State::close() {
  if (open_run == kNone) return;
  RunRow& row = run_rows[open_run];
  if (!open_lines.empty()) {
    if (!std::is_sorted(open_lines.begin(), open_lines.end())) {
      std::sort(open_lines.begin(), open_lines.end());
    }
    StretchWriter stretches;
    // What the run had before, beside the new sums.
    const auto before = row.any ? hits_of(open_run) : decltype(hits_of(0))();
    auto old = before.begin();
    for (const std::uint32_t line : open_lines) {
      for (; old != before.end() && old->first < line; ++old) {
        stretches.add(old->first, 1, old->second);
      }
      std::uint64_t sum = open_counts[line];
      if (old != before.end() && old->first == line) {
        if (old->second != 0) sum = add_saturating(sum, CountCode::decode(old->second));
        ++old;
      }
      stretches.add(line, 1, CountCode::encode(sum));
    }
    for (; old != before.end(); ++old) stretches.add(old->first, 1, old->second);
    for (const std::uint32_t line : open_lines) set_bit(open_run, line);
    row.stretches = std::move(stretches).take();
    row.any = true;
    for (const std::uint32_t line : open_lines) open_counts[line] = 0;
    open_lines.clear();
  }
  open_run = kNone;
}

Spectrum::Builder::Builder() : state_(std::make_unique<State>()) {}
Spectrum::Builder::Builder(Builder&&) noexcept = default;
Spectrum::Builder& Spectrum::Builder::operator=(Builder&&) noexcept = default;
Spectrum::Builder::~Builder() = default;

RunId Spectrum::Builder::run(std::string_view name) {
  const RunId id{state_->runs.id(name)};
  if (id.value >= state_->run_rows.size()) {
    state_->run_rows.emplace_back();
    state_->blocks.resize(id.value / kRunsPerBlock + 1);
  }
  return id;
}

const std::vector<std::string>& Spectrum::Builder::run_names() const {
  return state_->runs.names();
}

ServiceId Spectrum::Builder::service(std::string_view name) { return {state_->services.id(name)}; }

FileId Spectrum::Builder::file(ServiceId service, std::string_view path) {
  const auto [at, added] = state_->file_ids.try_emplace(
      {service.value, std::string(path)}, static_cast<std::uint32_t>(state_->files.size()));
  if (added) state_->files.push_back({{service, std::string(path)}});
  return {at->second};
}

LineId Spectrum::Builder::line(FileId file, std::uint32_t number) {
  State& s = *state_;
  // Reports list lines in the same order every time, so the line after the last one is nearly
  // always the one that came after it before.
  const std::uint32_t last = s.files[file.value].last_line;
  if (last != kNone) {
    const std::uint32_t guess = s.lines[last].next;
    if (guess != kNone && s.lines[guess].number == number) {
      s.files[file.value].last_line = guess;
      return {guess};
    }
  }
  const std::uint64_t key = std::uint64_t{file.value} << 32 | number;
  const auto [at, added] = s.line_ids.try_emplace(key, static_cast<std::uint32_t>(s.lines.size()));
  if (added) s.lines.push_back({file.value, number});
  if (last != kNone) s.lines[last].next = at->second;
  s.files[file.value].last_line = at->second;
  return {at->second};
}

FunctionId Spectrum::Builder::function(FileId file, std::string_view name, std::uint32_t first_line,
                                       std::uint32_t last_line) {
  State& s = *state_;
  const auto fresh = static_cast<std::uint32_t>(s.functions.size());
  const FunctionKey by_name{file.value, std::string(name)};
  std::uint32_t id = 0;
  if (first_line == 0) {
    id = s.function_by_name.try_emplace(by_name, fresh).first->second;
  } else {
    const FunctionKey by_start{file.value, std::to_string(first_line) + ' ' + family(name)};
    const auto [at, added] = s.function_by_start.try_emplace(by_start, fresh);
    if (added) {
      // A function that was known by name alone now has a place.
      const auto named = s.function_by_name.find(by_name);
      if (named != s.function_by_name.end() && s.functions[named->second].first_line == 0) {
        at->second = named->second;
      }
    }
    id = at->second;
    s.function_by_name.try_emplace(by_name, id);
  }
  if (id == fresh) {
    s.functions.push_back({file, std::string(name), first_line, last_line});
    return {id};
  }
  Function& known = s.functions[id];
  if (first_line != 0) known.first_line = first_line;
  known.last_line = std::max(known.last_line, last_line);
  if (std::pair(name.size(), name) < std::pair(known.name.size(), std::string_view(known.name))) {
    known.name = name;
  }
  return {id};
}

void Spectrum::Builder::assign(LineId line, FunctionId function) {
  State& s = *state_;
  std::uint32_t& owner = s.lines[line.value].function;
  if (owner == function.value) return;
  const auto inner_first = [&](std::uint32_t id) {
    const Function& f = s.functions[id];
    return std::pair(~f.first_line, std::string_view(f.name));
  };
  if (owner == kNone || inner_first(function.value) < inner_first(owner)) owner = function.value;
}

void Spectrum::Builder::report(RunId run, ServiceId service) {
  state_->set_present(run.value, service.value);
}

void Spectrum::Builder::lose(std::string_view run, std::string_view service,
                             std::string_view path) {
  state_->lost[{std::string(service), std::string(path)}].emplace(run);
}

void Spectrum::Builder::hit(RunId run, std::span<const LineId> lines) {
  State& s = *state_;
  State::RunRow& row = s.run_rows[run.value];
  if (!row.stretches.empty() || s.open_run == run.value) {
    // The run has counts, which tell of all its bits: a bit without a count goes the same way.
    for (const LineId line : lines) hit(run, line, 1);
    return;
  }
  if (lines.empty()) return;
  row.any = true;
  std::vector<std::uint64_t>& words = s.blocks[run.value / kRunsPerBlock];
  if (words.size() < s.lines.size()) words.resize(s.lines.size());
  const std::uint64_t bit = std::uint64_t{1} << (run.value % kRunsPerBlock);
  std::uint64_t* const word = words.data();
  for (const LineId line : lines) word[line.value] |= bit;
}

void Spectrum::Builder::hit(RunId run, LineId line, std::uint64_t count) {
  if (count == 0) return;
  State& s = *state_;
  s.open(run.value);
  if (s.open_counts.size() <= line.value) s.open_counts.resize(s.lines.size());
  std::uint64_t& sum = s.open_counts[line.value];
  if (sum == 0) s.open_lines.push_back(line.value);
  sum = add_saturating(sum, count);
}

BranchId Spectrum::Builder::branch(LineId line, std::uint32_t number, bool counting) {
  State& s = *state_;
  const std::uint64_t key =
      std::uint64_t{line.value} << 32 | std::uint64_t{number} << 1 | (counting ? 1 : 0);
  const auto [at, added] =
      s.branch_ids.try_emplace(key, static_cast<std::uint32_t>(s.branches.size()));
  if (added) s.branches.push_back({line, number, counting});
  return {at->second};
}

void Spectrum::Builder::take(RunId run, BranchId branch) {
  State& s = *state_;
  if (s.branch_blocks.size() <= run.value / kRunsPerBlock) {
    s.branch_blocks.resize(run.value / kRunsPerBlock + 1);
  }
  std::vector<std::uint64_t>& words = s.branch_blocks[run.value / kRunsPerBlock];
  if (words.size() <= branch.value) words.resize(s.branches.size());
  words[branch.value] |= std::uint64_t{1} << (run.value % kRunsPerBlock);
}

void Spectrum::Builder::merge(Builder&& other) {
  State& from = *other.state_;
  from.close();
  state_->close();
  std::vector<std::uint32_t> run_of, service_of, file_of, function_of, line_of;
  for (const std::string& name : from.runs.names()) run_of.push_back(run(name).value);
  for (const std::string& name : from.services.names()) service_of.push_back(service(name).value);
  for (const State::FileRow& row : from.files) {
    file_of.push_back(file({service_of[row.file.service.value]}, row.file.path).value);
  }
  for (const Function& f : from.functions) {
    function_of.push_back(
        function({file_of[f.file.value]}, f.name, f.first_line, f.last_line).value);
  }
  // A name that another function of its file goes by still names it here.
  for (const auto& [key, id] : from.function_by_name) {
    state_->function_by_name.try_emplace({file_of[key.first], key.second}, function_of[id]);
  }
  for (const State::LineRow& row : from.lines) {
    line_of.push_back(line({file_of[row.file]}, row.number).value);
    if (row.function != kNone) assign({line_of.back()}, {function_of[row.function]});
  }
  for (std::uint32_t service = 0; service < from.present.size(); ++service) {
    for (std::uint32_t run = 0; run < run_of.size(); ++run) {
      const std::vector<std::uint64_t>& words = from.present[service];
      if (run / kRunsPerBlock < words.size() &&
          (words[run / kRunsPerBlock] >> (run % kRunsPerBlock) & 1) != 0) {
        state_->set_present(run_of[run], service_of[service]);
      }
    }
  }
  for (auto& [file, losers] : from.lost) state_->lost[file].merge(losers);
  std::vector<LineId> hits;
  for (std::uint32_t run = 0; run < run_of.size(); ++run) {
    if (!from.run_rows[run].any) continue;
    hits.clear();
    for (const auto& [line, code] : from.hits_of(run)) {
      if (code == 0) {
        hits.push_back({line_of[line]});
      } else {
        hit({run_of[run]}, {line_of[line]}, CountCode::decode(code));
      }
    }
    state_->close();
    if (!hits.empty()) hit({run_of[run]}, hits);
  }
  std::vector<BranchId> branch_of;
  for (const Branch& row : from.branches) {
    branch_of.push_back(branch({line_of[row.line.value]}, row.number, row.counting));
  }
  for (std::size_t block = 0; block < from.branch_blocks.size(); ++block) {
    const std::vector<std::uint64_t>& words = from.branch_blocks[block];
    for (std::uint32_t i = 0; i < words.size(); ++i) {
      for (std::uint64_t word = words[i]; word != 0; word &= word - 1) {
        const std::size_t run = block * kRunsPerBlock + std::size_t(std::countr_zero(word));
        take({run_of[run]}, branch_of[i]);
      }
    }
  }
  other.state_ = std::make_unique<State>();
}

}  // namespace culprit
