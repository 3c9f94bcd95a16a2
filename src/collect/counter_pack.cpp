#include "collect/counter_pack.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/file_tree.h"
#include "readers/coverage_gcov_data.h"
#include "readers/ignoring_sink.h"
#include "readers/registry.h"

namespace culprit {

namespace {

// A JSON string; bytes that are not UTF-8 become U+FFFD.
std::string in_json(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string line_head(std::string_view quoted_path, std::uint32_t number) {
  return "{\"file\":" + std::string(quoted_path) + ",\"line\":" + std::to_string(number);
}

std::string function_keys(const LineTable::Function& function) {
  std::string text = ",\"function\":" + in_json(function.name);
  if (function.first_line == 0) return text;
  text += ",\"first_line\":" + std::to_string(function.first_line);
  if (function.last_line != 0) text += ",\"last_line\":" + std::to_string(function.last_line);
  return text;
}

// All lines of a table with what they belong to; that they can run, not that they did.
std::string outline(const LineTable& table) {
  std::string text;
  std::size_t line = 0;
  for (const LineTable::File& file : table.files) {
    const std::string path = in_json(file.path);
    for (; line < file.lines_end; ++line) {
      const LineTable::Line& at = table.lines[line];
      text += line_head(path, at.number) + ",\"count\":0";
      if (at.owner != LineTable::kNoOwner) text += function_keys(table.functions[at.owner]);
      text += "},";
    }
  }
  return text;
}

}  // namespace

class PackSink : public IgnoringSink {
 public:
  PackSink(CounterPack& pack, CounterPack::Run& run) : pack_(pack), run_(run) {}

  void counts(const LineTable& table, std::span<const LineCount> executed) override {
    const auto [rows, added] = pack_.rows_.try_emplace(&table);
    if (added) {
      std::size_t line = 0;
      for (const LineTable::File& file : table.files) {
        const std::string path = in_json(file.path);
        for (; line < file.lines_end; ++line) {
          rows->second.push_back(line_head(path, table.lines[line].number) + ",\"count\":");
        }
      }
      run_.hits += outline(table);
    }
    for (const LineCount& ran : executed) {
      if (ran.count == 0) continue;
      run_.hits += rows->second[ran.line];
      run_.hits += std::to_string(ran.count);
      run_.hits += "},";
    }
  }
  void lost(std::string_view path) override { run_.unknown.emplace(path); }
  void warn(Error error) override { run_.problems.push_back(std::move(error)); }

 private:
  CounterPack& pack_;
  CounterPack::Run& run_;
};

Result<void> CounterPack::add(const std::string& name, std::string_view bytes, Run& run) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<BuildFiles>& build = objects_[name];
  if (build == nullptr) {
    build = std::make_unique<BuildFiles>();
    build->gcov = mode_;
    const std::string path =
        std::filesystem::path(notes_ + "/" + name).replace_extension(".gcno").string();
    if (const Result<std::string> notes = read_file(path)) {
      const Result<void> loaded = find_reader("gcno")->load({path, *notes}, *build);
      if (!loaded) run.problems.push_back(loaded.error());
    }
    build->finish();
  }
  PackSink sink(*this, run);
  const auto done = read_gcov_data({name, bytes, {}, build.get()}, sink);
  if (done) run.any = true;
  return done;
}

std::string CounterPack::to_json_line(std::string_view run_name, std::string_view service,
                                      const Run& run) {
  std::string text = "{\"run\":" + in_json(run_name);
  if (!service.empty()) text += ",\"service\":" + in_json(service);
  if (!run.unknown.empty()) {
    text += ",\"unknown\":[";
    for (const std::string& path : run.unknown) text += in_json(path) + ",";
    text.back() = ']';
  }
  text += ",\"hits\":[" + run.hits;
  if (text.ends_with(',')) text.pop_back();
  return text + "]}\n";
}

void PackProblems::kept_raw(const Error& why) {
  if (raw_.times++ == 0) raw_.first = why;
}

void PackProblems::note(std::vector<Error> problems) {
  for (Error& problem : problems) {
    Kind& kind = other_[problem.what];
    if (kind.times++ == 0) kind.first = std::move(problem);
  }
}

std::vector<Error> PackProblems::folded() const {
  std::vector<Error> problems;
  if (raw_.times != 0) {
    Error problem = raw_.first;
    problem.what = std::to_string(raw_.times) + (raw_.times == 1 ? " file stays" : " files stay") +
                   " raw, for counters that cannot be read cannot be packed; " + problem.what;
    problems.push_back(std::move(problem));
  }
  for (const auto& [what, kind] : other_) {
    Error problem = kind.first;
    if (kind.times > 1) problem.what += "; as " + std::to_string(kind.times - 1) + " more";
    problems.push_back(std::move(problem));
  }
  return problems;
}

}  // namespace culprit
