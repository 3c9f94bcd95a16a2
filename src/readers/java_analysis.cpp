#include "readers/java_analysis.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "readers/java_class.h"
#include "readers/java_code.h"
#include "readers/java_filters.h"
#include "readers/java_probes.h"

namespace culprit {

namespace {

// Chains of predecessors are followed this far in one class; classes of 64 KiB methods that one
// meets stay far below.
constexpr std::uint64_t kMaxSteps = 1ULL << 28;
constexpr std::size_t kMaxWords = std::size_t{1} << 24;

// A method while its class is taken apart.
struct Part {
  JavaCode code;
  JavaProbes probes;
  std::vector<std::uint32_t> counted;  // as JavaCounting says; empty: the method is left out
};

class Analysis {
 public:
  Analysis(const Input& input, JavaFilterSet filters) : input_(input), filters_(filters) {}

  Result<AnalysedClass> analyse() {
    const auto owner = JavaClass::parse(input_);
    if (!owner) return fail(owner.error());
    result_.id = java_class_id(input_.bytes);
    result_.name = to_utf8(owner->name);
    // Neither has source code, though both may have probes.
    const bool no_source = (owner->access & (kJavaModule | kJavaSynthetic)) != 0;
    if (!owner->source_file.empty() && !no_source) {
      const std::size_t slash = result_.name.rfind('/');
      const std::string package =
          slash == std::string::npos ? "" : result_.name.substr(0, slash + 1);
      result_.source_path = clean_path(package + to_utf8(owner->source_file));
    }
    for (const JavaMethod& method : owner->methods) {
      if (method.code.empty()) continue;
      auto code = JavaCode::decode(method);
      if (!code) return fail(damage(method, code.error()));
      Part& part = parts_.emplace_back();
      part.probes = probes_of(*code);
      if (!no_source && !is_added_method(*owner, method, *code, filters_)) {
        JavaCounting counting(code->instructions.size());
        const auto on = [&](JavaFilter filter) { return filters_.has(filter); };
        if (on(JavaFilter::kFinally)) filter_finally(*code, counting);
        if (on(JavaFilter::kResources)) filter_resources(*owner, *code, counting);
        if (on(JavaFilter::kSynchronized)) filter_synchronized(*code, counting);
        if (on(JavaFilter::kStringSwitch)) filter_string_switch(*owner, *code, counting);
        part.counted = counting.counted_as();
        add_method(method, *code, part);
      }
      part.code = std::move(*code);
    }
    index_lines();
    if (!reach_lines()) {
      return fail(error_in(input_.path, "code too entangled to follow: more than " +
                                            std::to_string(kMaxSteps) + " steps"));
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] Error damage(const JavaMethod& method, const std::string& what) const {
    return error_in(input_.path, "method " + printable(method.name) + ": " + what);
  }

  void add_method(const JavaMethod& method, const JavaCode& code, Part& part) {
    std::uint32_t instructions = 0;
    std::vector<std::uint32_t> lines;
    for (std::uint32_t i = 0; i < code.instructions.size(); ++i) {
      if (part.counted[i] != i) continue;
      ++instructions;
      const std::uint32_t line = code.instructions[i].line;
      if (line != 0) lines.push_back(line);
    }
    if (instructions == 0) {
      part.counted.clear();
      return;
    }
    std::sort(lines.begin(), lines.end());
    all_lines_.insert(all_lines_.end(), lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    result_.methods.push_back({to_utf8(method.name), to_utf8(method.descriptor),
                               lines.empty() ? 0 : lines.front(),
                               static_cast<std::uint32_t>(lines.size()), instructions});
  }

  void index_lines() {
    std::sort(all_lines_.begin(), all_lines_.end());
    for (const std::uint32_t number : all_lines_) {
      if (result_.lines.empty() || result_.lines.back().number != number) {
        result_.lines.push_back({number, 0});
      }
      ++result_.lines.back().instructions;
    }
  }

  // Fills probes and words; false beyond a limit.
  bool reach_lines() {
    std::vector<std::uint32_t> bits;     // of one method, by instruction
    std::vector<std::uint32_t> visited;  // by instruction: the last probe that came by
    std::vector<std::uint64_t> mask;
    std::uint64_t steps = 0;
    for (const Part& part : parts_) {
      const std::size_t count = part.code.instructions.size();
      bits.assign(count, kNoInstruction);
      std::uint32_t lowest = kNoInstruction;
      std::uint32_t highest = 0;
      for (std::uint32_t i = 0; i < part.counted.size(); ++i) {
        if (part.counted[i] == JavaCounting::kNotCounted) continue;
        const std::uint32_t line = part.code.instructions[part.counted[i]].line;
        if (line == 0) continue;
        bits[i] = index_of(line);
        lowest = std::min(lowest, bits[i]);
        highest = std::max(highest, bits[i]);
      }
      if (lowest == kNoInstruction) {
        result_.probes.resize(result_.probes.size() + part.probes.owners.size());
        continue;
      }
      const std::uint32_t first = lowest / 64;
      visited.assign(count, kNoInstruction);
      for (std::uint32_t probe = 0; probe < part.probes.owners.size(); ++probe) {
        mask.assign(highest / 64 - first + 1, 0);
        // Loops of code that nothing reaches lead back into themselves.
        for (std::uint32_t at = part.probes.owners[probe];
             at != kNoInstruction && visited[at] != probe; at = part.probes.predecessors[at]) {
          visited[at] = probe;
          if (bits[at] != kNoInstruction) mask[bits[at] / 64 - first] |= 1ULL << bits[at] % 64;
          ++steps;
        }
        if (steps > kMaxSteps || result_.words.size() > kMaxWords) return false;
        keep(mask, first);
      }
    }
    return true;
  }

  void keep(std::span<const std::uint64_t> mask, std::uint32_t first) {
    std::size_t from = 0;
    std::size_t to = mask.size();
    while (from < to && mask[from] == 0) ++from;
    while (to > from && mask[to - 1] == 0) --to;
    const auto begin = static_cast<std::uint32_t>(result_.words.size());
    result_.words.insert(result_.words.end(), mask.begin() + static_cast<std::ptrdiff_t>(from),
                         mask.begin() + static_cast<std::ptrdiff_t>(to));
    result_.probes.push_back({first + static_cast<std::uint32_t>(from), begin,
                              static_cast<std::uint32_t>(result_.words.size())});
  }

  [[nodiscard]] std::uint32_t index_of(std::uint32_t line) const {
    const auto found = std::lower_bound(
        result_.lines.begin(), result_.lines.end(), line,
        [](const AnalysedClass::Line& a, std::uint32_t number) { return a.number < number; });
    return static_cast<std::uint32_t>(found - result_.lines.begin());
  }

  const Input& input_;
  JavaFilterSet filters_;
  AnalysedClass result_;
  std::vector<Part> parts_;
  std::vector<std::uint32_t> all_lines_;  // one entry an instruction
};

}  // namespace

Result<AnalysedClass> analyse_class(const Input& input, JavaFilterSet filters) {
  return Analysis(input, filters).analyse();
}

}  // namespace culprit
