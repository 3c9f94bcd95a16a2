#include "readers/coverage_gcov_data.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "readers/build_files.h"
#include "readers/folded_warnings.h"
#include "readers/gcov_object.h"
#include "readers/gcov_words.h"
#include "readers/ignoring_sink.h"
#include "readers/table_walk.h"

namespace culprit {

namespace {

constexpr std::string_view kMagic = "gcda";

// More executions than a machine manages in a year: a counter above is damage.
constexpr int kCounterBits = 56;

constexpr std::uint32_t kFunction = 0x01000000;
constexpr std::uint32_t kCounters = 0x01a10000;

// The counters of one function that has any above 0.
struct Record {
  std::uint32_t position;  // in the layout
  std::string_view counters;
};

// How many bytes both start with.
std::size_t common_prefix(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    std::uint64_t x = 0;
    std::uint64_t y = 0;
    std::memcpy(&x, a.data() + at, 8);
    std::memcpy(&y, b.data() + at, 8);
    if (x != y) break;
  }
  while (at < size && a[at] == b[at]) ++at;
  return at;
}

// Nothing is known of what the run did there.
void lose_all(const GcovNotes& notes, Sink& sink) {
  for (const std::string& file : notes.files) sink.lost(file);
}

class DataReader {
 public:
  // `entries`: where to put how often functions were entered; may be null.
  DataReader(const Input& input, const GcovHeader& header, const GcovObject& object, Sink& sink,
             GcovEntries* entries)
      : input_(input),
        header_(header),
        object_(object),
        sink_(sink),
        entries_(entries),
        warnings_(input.path, sink),
        bytes_(input.bytes.substr(std::min(
            input.bytes.size(), kGcovHeaderBytes + (header.version >= 120 ? std::size_t{4} : 0)))) {
  }

  Result<void> read() {
    const GcovLayout* layout = object_.last_layout();
    if (layout == nullptr || !read_like(*layout)) {
      std::vector<std::uint32_t> functions;
      std::string heads;
      read_records(functions, heads);
      layout = object_.layout(std::move(functions), heads);
      if (layout == nullptr) {
        return fail(error_in(input_.path, "more than " + std::to_string(GcovObject::kMaxLayouts) +
                                              " programs share " + object_.notes().path));
      }
    }
    if (truncated_) {
      return damaged("cut short", "the file is still being written, or its disk was full");
    }
    if (!run_programs(*layout)) {
      return damaged("damaged: a counter is above 2^" + std::to_string(kCounterBits), "");
    }
    if (object_.mode().branches) {
      tell_branches(layout->lines());
    } else {
      sink_.counts(layout->lines().table, output_.lines);
    }
    if (!output_.raises.empty()) sink_.raises(layout->lines().table, output_.raises);
    if (output_.repaired != 0) {
      sink_.warn(error_in(input_.path,
                          "counters contradict each other; what came below 0 is taken as 0",
                          "in " + std::to_string(output_.repaired) +
                              " places; several threads counted at once: build with "
                              "-fprofile-update=atomic"));
    }
    warnings_.finish(records_);
    return {};
  }

 private:
  Result<void> damaged(std::string what, std::string hint) {
    lose_all(object_.notes(), sink_);
    return fail(error_in(input_.path,
                         std::move(what) + "; what the run did in the source files of " +
                             object_.notes().path + " is not known",
                         std::move(hint)));
  }

  // A file of the same program has the same records. False: this one has not; nothing was done.
  bool read_like(const GcovLayout& layout) {
    std::string_view rest = bytes_;
    // GCC puts a summary before the functions.
    while (rest.size() >= 8 && word(rest.data()) != kFunction && word(rest.data()) != 0) {
      const std::int64_t length = signed_length(rest.data() + 4);
      if (length < 0 || static_cast<std::uint64_t>(length) > rest.size() - 8) return false;
      rest.remove_prefix(8 + static_cast<std::size_t>(length));
    }
    const std::vector<GcovLayout::Record>& records = layout.records();
    for (std::uint32_t position = 0; position < records.size(); ++position) {
      // Most functions never ran: their records are the same in all files.
      const std::size_t same = common_prefix(rest, layout.idle(position));
      rest.remove_prefix(same / GcovLayout::kIdleBytes * GcovLayout::kIdleBytes);
      position += static_cast<std::uint32_t>(same / GcovLayout::kIdleBytes);
      if (position == records.size()) break;
      const GcovLayout::Record& record = records[position];
      if (same % GcovLayout::kIdleBytes < GcovLayout::kHeadBytes ||
          rest.size() < GcovLayout::kIdleBytes + record.counter_bytes ||
          raw_word(rest.data() + GcovLayout::kHeadBytes) != record.full_length) {
        records_of_.clear();
        return false;
      }
      rest.remove_prefix(GcovLayout::kIdleBytes);
      records_of_.push_back({position, rest.substr(0, record.counter_bytes)});
      rest.remove_prefix(record.counter_bytes);
    }
    // What is cut short, or has more records, is read one by one.
    if (rest.size() < 4 || word(rest.data()) != 0) {
      records_of_.clear();
      return false;
    }
    records_ = layout.records().size();
    return true;
  }

  // In the byte order of the file.
  static std::uint32_t raw_word(const char* at) {
    std::uint32_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
  }

  // In bytes; below 0: so many bytes of zeros that are not there.
  [[nodiscard]] std::int64_t signed_length(const char* at) const {
    return std::int64_t{static_cast<std::int32_t>(word(at))} * (header_.lengths_in_bytes() ? 1 : 4);
  }
  [[nodiscard]] std::uint32_t word(const char* at) const {
    return GcovWords({at, 4}, header_).word();
  }

  void read_records(std::vector<std::uint32_t>& functions, std::string& heads) {
    std::optional<std::uint32_t> current;
    std::string_view head;
    std::set<std::uint32_t> seen;
    std::string_view rest = bytes_;
    while (rest.size() >= 8) {
      const char* const start = rest.data();
      const std::uint32_t tag = word(start);
      if (tag == 0) return;
      const std::int64_t length = signed_length(start + 4);
      rest.remove_prefix(8);
      const std::uint64_t size = length < 0 ? 0 : static_cast<std::uint64_t>(length);
      if (size > rest.size()) {
        truncated_ = true;
        return;
      }
      const std::string_view payload = rest.substr(0, size);
      rest.remove_prefix(size);
      if (tag == kFunction) {
        current = function_of(payload);
        head = {start, 8 + payload.size()};
      } else if (tag == kCounters && current) {
        const GcovFunction& function = object_.notes().functions[*current];
        const std::uint64_t told = length < 0 ? static_cast<std::uint64_t>(-length) : size;
        if (told != std::uint64_t{8} * function.counters) {
          other_build(function);
        } else if (seen.insert(*current).second) {
          if (!payload.empty()) {
            records_of_.push_back({static_cast<std::uint32_t>(functions.size()), payload});
          }
          functions.push_back(*current);
          heads.append(head).append(start, 4);
        }
        current.reset();
      }
    }
    // A complete file ends with a 0.
    truncated_ = rest.size() < 4 || word(rest.data()) != 0;
  }

  std::optional<std::uint32_t> function_of(std::string_view payload) {
    // Without payload: a function that the program has no copy of.
    if (payload.empty()) return std::nullopt;
    ++records_;
    GcovWords in(payload, header_);
    const std::uint32_t ident = in.word();
    const std::uint32_t lines_checksum = in.word();
    const std::uint32_t graph_checksum = in.word();
    const std::optional<std::uint32_t> found = object_.function(ident);
    if (payload.size() != 12 || !found) {
      lose_all(object_.notes(), sink_);
      warnings_.skipped("function that the notes do not know", [&] {
        return error_in(input_.path, "counters of a function that " + object_.notes().path +
                                         " does not know; skipped");
      });
      return std::nullopt;
    }
    const GcovFunction& function = object_.notes().functions[*found];
    if (function.lines_checksum != lines_checksum || function.graph_checksum != graph_checksum) {
      other_build(function);
      return std::nullopt;
    }
    return found;
  }

  void other_build(const GcovFunction& function) {
    sink_.lost(object_.notes().files[function.file]);
    warnings_.skipped("function of another build", [&] {
      return error_in(input_.path, "the counters of " + printable(function.name) +
                                       " are of another build than " + object_.notes().path +
                                       "; skipped");
    });
  }

  // False: a counter is damaged.
  bool run_programs(const GcovLayout& layout) {
    output_.taken.assign(layout.lines().branches.size(), false);
    std::vector<std::uint64_t> values;
    for (const Record& record : records_of_) {
      if (!layout.records()[record.position].told) continue;
      values.resize(record.counters.size() / 8);
      const std::uint64_t any = load(record.counters, values);
      if (any >> kCounterBits != 0) return false;
      if (any == 0) continue;
      const GcovProgram* const program = layout.program(record.position);
      if (program != nullptr) {
        program->run(values, output_);
        if (entries_ != nullptr) {
          const std::uint32_t index = layout.functions()[record.position];
          (*entries_)[object_.notes().functions[index].name] = program->entries(values);
        }
        continue;
      }
      const GcovFunction& function = object_.notes().functions[layout.functions()[record.position]];
      warnings_.skipped("function whose counters do not tell what ran", [&] {
        return error_in(object_.notes().path, "the flow of " + printable(function.name) +
                                                  " does not follow from its counters; skipped");
      });
    }
    return true;
  }

  // All bits that are set in any of them. The low word of a counter comes first, in either byte
  // order.
  std::uint64_t load(std::string_view bytes, std::vector<std::uint64_t>& values) {
    std::memcpy(values.data(), bytes.data(), bytes.size());
    std::uint64_t any = 0;
    const bool big_endian = header_.swapped != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    for (std::uint64_t& value : values) {
      if (header_.swapped) value = __builtin_bswap64(value);
      if (big_endian) value = value << 32 | value >> 32;
      any |= value;
    }
    return any;
  }

  // Line by line, for branches are told behind their lines.
  void tell_branches(const GcovLines& lines) {
    const LineTable& table = lines.table;
    const std::vector<std::uint64_t> counts = sums_by_line(table, output_.lines);
    std::vector<std::uint32_t> order(lines.branches.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::pair(lines.branches[a].line, lines.branches[a].number) <
             std::pair(lines.branches[b].line, lines.branches[b].number);
    });
    std::size_t next = 0;
    tell_table(table, sink_, [&](std::size_t line, std::string_view owner) {
      sink_.line(table.lines[line].number, counts[line], owner);
      for (; next < order.size() && lines.branches[order[next]].line == line; ++next) {
        const std::uint32_t number = lines.branches[order[next]].number;
        if (number < kMaxBranches) sink_.branch(number, output_.taken[order[next]]);
      }
    });
  }

  const Input& input_;
  const GcovHeader header_;
  const GcovObject& object_;
  Sink& sink_;
  GcovEntries* const entries_;
  FoldedWarnings warnings_;
  std::string_view bytes_;
  std::vector<Record> records_of_;
  GcovProgram::Output output_;
  std::size_t records_ = 0;
  bool truncated_ = false;
};

Result<void> read(const Input& input, Sink& sink, GcovEntries* entries) {
  const auto header = gcov_header(input.bytes, kMagic);
  if (!header) {
    const GcovObject* const named =
        input.build == nullptr ? nullptr : input.build->gcov_object(input.path);
    if (named != nullptr) lose_all(named->notes(), sink);
    return fail(error_in(input.path, "empty or damaged: no gcov counters, whatever its name says",
                         "a full disk, or a process that was killed, leaves such files"));
  }
  const auto [object, rival] = input.build == nullptr
                                   ? BuildFiles::GcovMatch{}
                                   : input.build->gcov_object(input.path, header->stamp);
  if (rival != nullptr) {
    return fail(error_in(input.path,
                         "may be of " + object->notes().path + " or of " + rival->notes().path +
                             ", which have one stamp",
                         "keep the names of their folders in the paths, as {run}/{service}/"));
  }
  if (object != nullptr) {
    const GcovHeader& notes = object->notes().header;
    if (header->version == notes.version && header->clang == notes.clang) {
      return DataReader(input, *header, *object, sink, entries).read();
    }
    lose_all(object->notes(), sink);
    return fail(error_in(input.path,
                         "written by " + compiler_of(*header) + ", but " + object->notes().path +
                             " by " + compiler_of(notes),
                         "hand over the .gcno files of the build that ran"));
  }
  const GcovObject* const other =
      input.build == nullptr ? nullptr : input.build->gcov_object(input.path);
  if (other != nullptr) {
    lose_all(other->notes(), sink);
    return fail(error_in(input.path, "of another build than " + other->notes().path,
                         "hand over the .gcno files of the build that ran"));
  }
  return fail(error_in(input.path, "gcov counters without the notes (.gcno) of their build",
                       "put them below build/ of the run set, or name their folder with --build"));
}

}  // namespace

bool accepts_gcov_data(const Head& head) { return has_gcov_magic(head.bytes, kMagic); }

Result<void> read_gcov_data(const Input& input, Sink& sink) { return read(input, sink, nullptr); }

Result<GcovEntries> gcov_entries(const Input& input) {
  GcovEntries entries;
  IgnoringSink nobody;
  const Result<void> done = read(input, nobody, &entries);
  if (!done) return fail(done.error());
  return entries;
}

}  // namespace culprit
