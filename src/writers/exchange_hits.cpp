// Spectra as hits JSONL: a line per run and service.
#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "score/run_lines.h"
#include "writers/exchange.h"

namespace culprit {

namespace {

// A JSON string; bytes that are not UTF-8 become U+FFFD.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class HitsWriter {
 public:
  explicit HitsWriter(const LabelledSpectrum& labelled)
      : spectrum_(labelled.spectrum), runs_(labelled.runs) {
    for (const File& file : spectrum_.files()) files_.push_back("{\"file\":" + quoted(file.path));
    told_.resize(spectrum_.services().size());
    one_unnamed_ = spectrum_.services().size() == 1 && spectrum_.services()[0].empty();
  }

  std::string write() {
    for (std::uint32_t run = 0; run < runs_.size(); ++run) {
      bool reported = false;
      for (std::uint32_t service = 0; service < spectrum_.services().size(); ++service) {
        if (!spectrum_.reported({run}, {service})) continue;
        reported = true;
        begin(run);
        if (!one_unnamed_) {
          text_ += ",\"service\":" + quoted(spectrum_.services()[service]);
        }
        write_unknown({run}, {service});
        write_hits({run}, {service});
      }
      if (reported) continue;
      begin(run);
      text_ += ",\"hits\":[]}\n";
    }
    return std::move(text_);
  }

 private:
  void begin(std::uint32_t run) {
    text_ += "{\"run\":" + quoted(runs_[run].name);
    const Verdict verdict = runs_[run].outcome.verdict;
    if (verdict == Verdict::kUnknown) return;
    text_ += verdict == Verdict::kFailed ? ",\"verdict\":\"failed\"" : ",\"verdict\":\"passed\"";
    // What the failure said: failures are told apart by it.
    const std::string& reason = runs_[run].outcome.reason;
    if (verdict == Verdict::kFailed && !reason.empty()) text_ += ",\"reason\":" + quoted(reason);
  }

  // Source files that the run lost.
  void write_unknown(RunId run, ServiceId service) {
    if (spectrum_.parts() == spectrum_.services().size()) return;
    std::optional<FileId> last;
    bool any = false;
    for (std::uint32_t line = 0; line < spectrum_.lines().size(); ++line) {
      const FileId file = spectrum_.lines()[line].file;
      if (file == last) continue;
      last = file;
      if (spectrum_.files()[file.value].service != service || spectrum_.tells_of(run, {line})) {
        continue;
      }
      text_ += any ? "," : ",\"unknown\":[";
      text_ += quoted(spectrum_.files()[file.value].path);
      any = true;
    }
    if (any) text_ += ']';
  }

  // The first record of a service tells all of its lines, and of what functions they are. A record
  // without any hit would not say that the service reported: it tells the first line.
  void write_hits(RunId run, ServiceId service) {
    const bool all = !told_[service.value];
    told_[service.value] = true;
    text_ += ",\"hits\":[";
    bool any = false;
    std::optional<FunctionId> function;
    std::optional<LineId> first;
    const auto separate = [&] {
      if (any) text_ += ',';
      any = true;
    };
    for_each_line(spectrum_, run, [&](const RunLine& line) {
      if (spectrum_.service_of(line.line) != service) return;
      if (!first) first = line.line;
      if (!line.executed && !all) return;
      separate();
      write_line(run, line);
      if (all) write_function(line.line, function);
      text_ += '}';
    });
    if (!any && first) {
      write_line(run, {*first});
      text_ += '}';
    }
    text_ += "]}\n";
  }

  void write_line(RunId run, const RunLine& line) {
    const Line& at = spectrum_.lines()[line.line.value];
    text_ += files_[at.file.value] + ",\"line\":" + std::to_string(at.number);
    if (!line.executed) {
      text_ += ",\"count\":0";
    } else if (line.count) {
      text_ += ",\"count\":" + std::to_string(*line.count);
    }
    write_branches(run, line.line);
  }

  void write_branches(RunId run, LineId line) {
    const std::span<const Branch> branches = spectrum_.branches(line);
    if (branches.empty()) return;
    const auto first = static_cast<std::uint32_t>(branches.data() - spectrum_.branches().data());
    // Where formats of both kinds tell of a line, the one that says which ways were taken.
    if (branches.front().counting) {
      std::size_t taken = 0;
      for (std::uint32_t i = 0; i < branches.size(); ++i) {
        taken += spectrum_.taken(run, {first + i}) ? 1 : 0;
      }
      text_ += ",\"branches\":{\"taken\":" + std::to_string(taken) +
               ",\"of\":" + std::to_string(branches.size()) + '}';
      return;
    }
    text_ += ",\"branches\":[";
    for (std::uint32_t i = 0; i < branches.size() && !branches[i].counting; ++i) {
      if (i != 0) text_ += ',';
      text_ += spectrum_.taken(run, {first + i}) ? '1' : '0';
    }
    text_ += ']';
  }

  // The owner by name; with its lines where the one told last is another.
  void write_function(LineId line, std::optional<FunctionId>& last) {
    const FunctionId id = spectrum_.lines()[line.value].function;
    const Function& function = spectrum_.functions()[id.value];
    if (function.name.empty()) return;
    text_ += ",\"function\":" + quoted(function.name);
    if (last != id && function.first_line != 0) {
      text_ += ",\"first_line\":" + std::to_string(function.first_line);
      if (function.last_line != 0) text_ += ",\"last_line\":" + std::to_string(function.last_line);
    }
    last = id;
  }

  const Spectrum& spectrum_;
  std::span<const RunRecord> runs_;
  std::vector<std::string> files_;
  std::vector<bool> told_;  // services whose lines have all been told
  bool one_unnamed_ = false;
  std::string text_;
};

}  // namespace

std::string hits_jsonl(const LabelledSpectrum& labelled) { return HitsWriter(labelled).write(); }

}  // namespace culprit
