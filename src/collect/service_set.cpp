#include "collect/service_set.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "collect/results_row.h"
#include "readers/window_json.h"

namespace culprit {

namespace {

using nlohmann::ordered_json;

constexpr std::chrono::milliseconds kWatch{300};

ordered_json window_head() { return {{"schema", std::string(kWindowSchema)}}; }

std::string service_json(const ServiceWindow& window, double drain_ms) {
  ordered_json json = window_head();
  if (!window.missing.empty()) {
    json["missing"] = window.missing;
  } else {
    json["rounds"] = window.rounds;
    json["quiet"] = window.quiet;
    json["files"] = window.files.size();
    json["drain_ms"] = std::round(drain_ms * 100) / 100;
  }
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string window_json(std::chrono::system_clock::time_point from,
                        std::chrono::system_clock::time_point to) {
  ordered_json json = window_head();
  json["from"] = utc_text(from);
  json["to"] = utc_text(to);
  return json.dump() + "\n";
}

Result<ServiceSet> ServiceSet::open(const RecordingConfig& config, const RecordOptions& options,
                                    const Recording& recording, Recorded& recorded) {
  const std::chrono::milliseconds timeout(config.timeout_ms);
  ServiceSet set;
  set.limits_ = {std::chrono::milliseconds(config.quiet_ms),
                 std::chrono::milliseconds(config.drain_ms)};
  for (const ServiceConfig& service : config.services) {
    Result<Address> address = parse_address(service.address);
    if (!address) return fail(address.error());
    set.names_.push_back(service.name);
    set.sources_.push_back(service.tool == CoverageTool::kGcov
                               ? gcov_source(std::move(*address), timeout)
                               : jacoco_source(std::move(*address), timeout));
    const std::string notes = recording.folder() + "/build/" + service.name;
    set.builds_.push_back(std::make_unique<BuildCopies>(notes, service.build));
    if (options.pack) set.packs_.push_back(std::make_unique<CounterPack>(notes, *options.pack));
    if (auto copied = set.builds_.back()->copy_classes(); !copied) return fail(copied.error());
  }
  set.packed_.resize(set.packs_.size());
  const Drained start_up = set.drain();
  std::vector<Error> silent;
  for (std::size_t i = 0; i < set.names_.size(); ++i) {
    const std::string& reason = start_up.services[i].missing;
    if (reason.empty()) continue;
    silent.push_back(error_in(set.names_[i], reason + " (" + config.services[i].address + ")"));
  }
  if (silent.size() == set.names_.size()) {
    Error error = silent.front();
    error.what = "no service answers; " + error.what;
    error.hint =
        "start the services first: C++ ones with CULPRIT_WINDOW set, Java ones with "
        "-javaagent:jacocoagent.jar=output=tcpserver";
    return fail(std::move(error));
  }
  recorded.problems = std::move(silent);
  set.watch(recorded);
  return set;
}

void ServiceSet::watch(Recorded& recorded) const {
  std::this_thread::sleep_for(kWatch);
  const Drained idle = take();
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (idle.services[i].files.empty()) continue;
    recorded.problems.push_back(error_in(
        names_[i], "executes code that this recording does not ask for",
        "others use it, or it works by the clock: that work shows in the runs it falls into"));
  }
}

bool ServiceSet::pack(std::size_t service, const std::string& name, const std::string& bytes) {
  if (packs_.empty()) return false;
  const Result<void> done = packs_[service]->add(name, bytes, packed_[service]);
  if (!done) pack_problems_.kept_raw(done.error());
  return done.has_value();
}

Result<void> ServiceSet::add(const Drained& drained, RunFolder& run) {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    for (const RawFile& file : drained.services[i].files) {
      const bool object = file.path.ends_with(".gcda");
      if (object) {
        if (auto copied = builds_[i]->copy_notes(file.path); !copied) return copied;
      }
      const std::string name = object ? builds_[i]->flat_name(file.path) : file.path;
      if (object && pack(i, name, file.bytes)) continue;
      if (auto added = run.add(names_[i] + "/" + name, file.bytes); !added) return added;
    }
  }
  return {};
}

Result<void> ServiceSet::finish(const Drained& drained, RunFolder& run, Recorded& recorded) {
  recorded.drain_ms += drained.took_ms;
  bool quiet = true;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const ServiceWindow& window = drained.services[i];
    quiet = quiet && window.quiet;
    if (!window.missing.empty()) {
      Missing& missing = recorded.missing[names_[i]];
      if (missing.runs++ == 0) missing.reason = window.missing;
    }
    if (auto added = run.add(names_[i] + "/window.json", service_json(window, drained.took_ms));
        !added) {
      return added;
    }
  }
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    CounterPack::Run packed = std::exchange(packed_[i], {});
    pack_problems_.note(std::move(packed.problems));
    if (!packed.any) continue;
    const std::string line = CounterPack::to_json_line(run.name(), names_[i], packed);
    if (auto added = run.add(names_[i] + "/hits.jsonl", line); !added) return added;
  }
  if (!quiet) ++recorded.restless;
  return {};
}

void ServiceSet::note_gaps(Recorded& recorded) const {
  for (Error& problem : pack_problems_.folded()) recorded.problems.push_back(std::move(problem));
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const auto& without = builds_[i]->without_notes();
    if (without.empty()) continue;
    recorded.problems.push_back(error_in(
        names_[i],
        std::to_string(without.size()) + " objects without their .gcno, such as " +
            *without.begin(),
        "name the folder of its build in the configuration (build = [...]), or hand it over when "
        "ranking: culprit rank RUNS --build DIR"));
  }
}

}  // namespace culprit
