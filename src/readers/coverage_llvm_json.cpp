#include "readers/coverage_llvm_json.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/demangle.h"
#include "base/text.h"
#include "readers/dom_document.h"
#include "readers/dom_fields.h"
#include "readers/file_section.h"
#include "readers/folded_warnings.h"

namespace culprit {

namespace {

namespace dom = simdjson::dom;

// Two numbers can span ten million lines: what one report may come to.
constexpr std::uint64_t kMaxLines = 50'000'000;

// From here on, up to the next segment, the code ran `count` times.
struct Segment {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint64_t count = 0;
  bool counted = false;  // false: not code
  bool begins = false;   // a region begins here; else an outer one goes on, or it lies between two
};

// `parcel.cc:_ZL5totalPKi`, since LLVM 18 `src/parcel.cc;_ZL5totalPKi`: functions of one file only.
std::string_view without_file(std::string_view name, std::string_view file) {
  const std::size_t end = name.find_first_of(":;");
  if (end == std::string_view::npos || !ends_with_path(file, name.substr(0, end))) return name;
  return name.substr(end + 1);
}

class LlvmJson {
 public:
  LlvmJson(const Input& input, Sink& sink)
      : input_(input), sink_(sink), document_(input, sink), warnings_(input.path, sink) {}

  Result<void> read() {
    const auto root = document_.parse();
    if (!root) return fail(root.error());
    dom::array exports;
    if ((*root)["data"].get_array().get(exports)) {
      return fail(error_in(input_.path, "an export of llvm-cov without a list `data`"));
    }
    for (const dom::element each : exports) {
      functions_.clear();
      read_functions(each);
      if (auto done = read_files(each); !done) return done;
      ++export_;
    }
    warnings_.finish(records_);
    return {};
  }

 private:
  using Functions = std::vector<FileSection::Function>;

  // Those of a macro or another file inside are regions of other file ids.
  void read_functions(dom::element each) {
    dom::array functions;
    if (each["functions"].get_array().get(functions)) return;  // -skip-functions
    for (const dom::element function : functions) {
      ++records_;
      std::string_view name;
      std::string_view file;
      dom::array region;
      if (function["name"].get_string().get(name) ||
          function["filenames"].at(0).get_string().get(file) ||
          function["regions"].at(0).get_array().get(region)) {
        continue;  // its lines are told all the same
      }
      const auto first = number_at(region, 0);
      const auto last = number_at(region, 2);
      if (first == 0 || last < first) continue;
      functions_[file].push_back({demangle(without_file(name, file)), first, last});
    }
  }

  // A line number of a list; 0: there is none.
  static std::uint32_t number_at(dom::array list, std::size_t index) {
    dom::element value;
    if (list.at(index).get(value)) return 0;
    return line_number_of(value).value_or(0);
  }

  Result<void> read_files(dom::element each) {
    dom::array files;
    if (each["files"].get_array().get(files)) {
      return fail(error_in(input_.path, "an export of llvm-cov without a list `files`"));
    }
    std::size_t index = 0;
    for (const dom::element file : files) {
      file_ = index++;
      std::string_view name;
      dom::array segments;
      if (file["filename"].get_string().get(name) || name.empty()) {
        ++records_;
        warnings_.skipped("file without a name", [&] {
          return document_.error_at(pointer({}), "entry of `files` has no `filename`; skipped");
        });
        continue;
      }
      if (file["segments"].get_array().get(segments)) {
        return fail(error_in(input_.path, "an export of llvm-cov that holds only summaries",
                             "export it without -summary-only"));
      }
      FileSection section;
      section.path = clean_path(name);
      section.functions = std::move(functions_[name]);
      if (auto done = read_lines(segments, section); !done) return done;
      read_branches(file, section);
      section.tell(sink_);
    }
    return {};
  }

  // nullopt: a bad one, which has been said.
  std::optional<Segment> segment_of(dom::element value, std::size_t index, const Segment& before) {
    ++records_;
    dom::array list;
    dom::element count;
    Segment segment;
    std::uint64_t column = 0;
    bool gap = false;
    if (!value.get_array().get(list) && (segment.line = number_at(list, 0)) != 0 &&
        !list.at(1).get_uint64().get(column) && !list.at(2).get(count) &&
        !list.at(3).get_bool().get(segment.counted) && !list.at(4).get_bool().get(segment.begins)) {
      if (list.at(5).get_bool().get(gap)) gap = false;  // LLVM up to 10
      segment.begins = segment.begins && !gap;
      segment.column = static_cast<std::uint32_t>(std::min<std::uint64_t>(column, UINT32_MAX));
      const auto often = count_of(count);
      if (often && segment.line >= before.line) {
        segment.count = often->value;
        return segment;
      }
    }
    warnings_.skipped("bad segment", [&] {
      return document_.error_at(
          pointer("segments/" + std::to_string(index)),
          "not a segment [line, column, count, has count, begins, gap] in order; skipped");
    });
    return std::nullopt;
  }

  Result<void> read_lines(dom::array segments, FileSection& section) {
    Segment before;  // the last one on an earlier line
    Segment last;
    std::optional<std::uint64_t> most;  // of the regions that begin on last.line
    bool skipped = false;               // last.line begins with code that was not compiled
    bool first = true;
    std::size_t index = 0;
    const auto finish = [&](std::uint32_t line) {
      if (!skipped && (before.counted || most)) {
        const std::uint64_t outer = before.counted ? before.count : 0;
        section.lines.push_back({line, std::max(outer, most.value_or(0))});
      }
    };
    for (const dom::element value : segments) {
      const auto segment = segment_of(value, index++, last);
      if (!segment) continue;
      if (segment->line != last.line) {
        if (!first) finish(last.line);
        before = last;
        most.reset();
        lines_ += first ? 1 : segment->line - last.line;
        if (lines_ > kMaxLines) {
          return fail(error_in(input_.path,
                               "regions of more than " + std::to_string(kMaxLines) + " lines"));
        }
        for (std::uint32_t line = last.line + 1; !first && line < segment->line; ++line) {
          if (before.counted) section.lines.push_back({line, before.count});
        }
        skipped = segment->begins && !segment->counted;
        first = false;
      }
      if (segment->begins && segment->counted) most = std::max(most.value_or(0), segment->count);
      last = *segment;
    }
    if (!first) finish(last.line);
    return {};
  }

  // [first line, column, last line, column, true, false, ...]: two ways out of a condition.
  void read_branches(dom::element file, FileSection& section) {
    dom::array branches;
    if (file["branches"].get_array().get(branches)) return;  // LLVM up to 11
    std::map<std::array<std::uint64_t, 4>, std::pair<bool, bool>> conditions;
    for (const dom::element branch : branches) {
      std::array<std::uint64_t, 4> place{};
      std::size_t found = 0;
      dom::array list;
      if (branch.get_array().get(list)) continue;
      while (found < place.size() && !list.at(found).get_uint64().get(place[found])) ++found;
      dom::element when_true;
      dom::element when_false;
      if (found != place.size() || list.at(4).get(when_true) || list.at(5).get(when_false)) {
        continue;
      }
      auto& [taken, not_taken] = conditions[place];  // instances of a template repeat it
      const auto often = [](dom::element count) { return count_of(count).value_or(CountField{}); };
      taken = taken || often(when_true).value > 0;
      not_taken = not_taken || often(when_false).value > 0;
    }
    std::uint64_t line = 0;
    std::uint32_t number = 0;
    for (const auto& [place, ways] : conditions) {
      if (place[0] > kMaxLine) break;
      number = place[0] == line ? number : 0;
      line = place[0];
      section.branches.push_back({static_cast<std::uint32_t>(line), number++, ways.first});
      section.branches.push_back({static_cast<std::uint32_t>(line), number++, ways.second});
    }
  }

  [[nodiscard]] std::string pointer(const std::string& rest) const {
    std::string text = "/data/" + std::to_string(export_) + "/files/" + std::to_string(file_);
    if (!rest.empty()) text += '/' + rest;
    return text;
  }

  const Input& input_;
  Sink& sink_;
  DomDocument document_;
  FoldedWarnings warnings_;
  std::map<std::string_view, Functions> functions_;  // by file name
  std::size_t records_ = 0;
  std::uint64_t lines_ = 0;
  std::size_t export_ = 0;
  std::size_t file_ = 0;
};

}  // namespace

bool accepts_llvm_json(const Head& head) {
  if (head.shape != Head::Shape::kJsonObject || !head.has("data")) return false;
  if (head.bytes.find("llvm.coverage.json.export") != std::string_view::npos) return true;
  // The type stands at the end, which may be far away.
  std::string start;
  for (const char c : head.bytes.substr(0, 256)) {
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') start += c;
  }
  return start.starts_with("{\"data\":[{\"files\":[") ||
         start.starts_with("{\"data\":[{\"functions\":[");
}

Result<void> read_llvm_json(const Input& input, Sink& sink) { return LlvmJson(input, sink).read(); }

}  // namespace culprit
