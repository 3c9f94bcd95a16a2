#include "pipeline/collect_sink.h"

#include <algorithm>
#include <bit>

#include "base/text.h"
#include "label/body_rules.h"

namespace culprit {

namespace {

// The builder, and where in it the next event belongs.
struct Cursor {
  Spectrum::Builder& builder;
  std::string run_name;
  std::string service_name;
  std::optional<RunId> run = {};
  std::optional<ServiceId> service = {};
  std::optional<FileId> file = {};
  std::unordered_map<std::uint32_t, FunctionId> functions = {};  // of the file, by text id
  std::vector<LineId> hits = {};                                 // of the run, not yet handed over
  std::optional<LineId> told = {};                               // the line told last

  void flush() {
    if (!hits.empty()) builder.hit(the_run(), hits);
    hits.clear();
  }
  RunId the_run() {
    if (!run) run = builder.run(run_name);
    return *run;
  }
  ServiceId the_service() {
    if (!service) service = builder.service(service_name);
    return *service;
  }
  LineId line(std::uint32_t number, std::uint32_t owner, const std::string& owner_name) {
    if (!file) file = builder.file(the_service(), "");
    const LineId id = builder.line(*file, number);
    if (!owner_name.empty()) {
      const auto [at, added] = functions.try_emplace(owner);
      if (added) at->second = builder.function(*file, owner_name);
      builder.assign(id, at->second);
    }
    told = id;
    return id;
  }
  void branch(std::uint32_t number, bool counting, bool taken) {
    const BranchId id = builder.branch(*told, number, counting);
    if (taken) builder.take(the_run(), id);
  }
};

}  // namespace

const TablePlaces::Lines& TablePlaces::of(const LineTable& table, ServiceId service) {
  const auto [at, added] = places_.try_emplace({&table, service.value});
  Lines& lines = at->second;
  if (!added) return lines;
  lines.resize(table.lines.size());
  std::uint32_t function = 0;
  std::uint32_t line = 0;
  for (const LineTable::File& each : table.files) {
    if (excludes_(each.path)) {
      excluded_.insert(each.path);
      function = each.functions_end;
      line = each.lines_end;
      continue;
    }
    const FileId file = builder_.file(service, each.path);
    const std::uint32_t first_function = function;
    std::vector<FunctionId> functions;
    for (; function < each.functions_end; ++function) {
      const LineTable::Function& f = table.functions[function];
      functions.push_back(builder_.function(file, f.name, f.first_line, f.last_line));
    }
    for (; line < each.lines_end; ++line) {
      const LineTable::Line& known = table.lines[line];
      const LineId id = builder_.line(file, known.number);
      if (known.owner != LineTable::kNoOwner) {
        builder_.assign(id, functions[known.owner - first_function]);
      }
      lines[line] = id;
    }
  }
  return lines;
}

CollectSink::CollectSink(std::string run, std::string service, const Policy& policy,
                         TablePlaces* places)
    : run_(std::move(run)), service_(std::move(service)), policy_(policy), places_(places) {}

void CollectSink::hits(const LineTable& table, std::span<const std::uint64_t> executed) {
  if (places_ == nullptr) return Sink::hits(table, executed);
  TableEvent event{&table, {}, false};
  for (std::uint32_t i = 0; i < executed.size(); ++i) {
    for (std::uint64_t word = executed[i]; word != 0; word &= word - 1) {
      event.executed.push_back({i * 64 + static_cast<std::uint32_t>(std::countr_zero(word)), 1});
    }
  }
  add_table(std::move(event));
}

void CollectSink::counts(const LineTable& table, std::span<const LineCount> executed) {
  if (places_ == nullptr) return Sink::counts(table, executed);
  add_table({&table, {executed.begin(), executed.end()}, true});
}

void CollectSink::add_table(TableEvent event) {
  add({Kind::kTable, text({}), static_cast<std::uint32_t>(tables_.size())});
  tables_.push_back(std::move(event));
}

void CollectSink::raises(const LineTable& table, std::span<const LineRaise> raised) {
  for (const LineRaise& each : raised) {
    const auto file = std::upper_bound(
        table.files.begin(), table.files.end(), each.line,
        [](std::uint32_t line, const LineTable::File& f) { return line < f.lines_end; });
    findings_.raised.push_back({named_run_.empty() ? run_ : named_run_,
                                named_service_.empty() ? service_ : named_service_, file->path,
                                table.lines[each.line].number, each.throws});
  }
}

void CollectSink::lost(std::string_view path) {
  lost_.push_back({named_run_.empty() ? run_ : named_run_,
                   named_service_.empty() ? service_ : named_service_, clean_path(path)});
}

void CollectSink::request(Request&& request) {
  judge_body(request, policy_.label);
  findings_.requests.push_back(std::move(request));
}

void CollectSink::window(const Window& window) {
  if (named_run_.empty()) {
    findings_.window = window;
  } else {
    findings_.traces[named_run_] = window.time;
  }
}

std::uint32_t CollectSink::text(std::string_view text) {
  // Neighbouring lines mostly have the same owner.
  if (!texts_.empty() && *texts_[last_text_] == text) return last_text_;
  const auto [at, added] =
      text_ids_.try_emplace(std::string(text), static_cast<std::uint32_t>(texts_.size()));
  if (added) texts_.push_back(&at->first);
  last_text_ = at->second;
  return at->second;
}

void CollectSink::outcome(Verdict verdict, std::string_view reason) {
  std::string run = run_;
  for (auto event = events_.rbegin(); event != events_.rend(); ++event) {
    if (event->kind != Kind::kRun) continue;
    run = *texts_[event->text];
    break;
  }
  const double weight = verdict == Verdict::kFailed ? 1 : 0;
  Outcome& known = findings_.stated[run];
  // Several rows of one run: it failed when one of them did.
  if (known.verdict != Verdict::kFailed) known = {verdict, weight, std::string(reason)};
}

void CollectSink::commit(Spectrum::Builder& builder, bool covers, const Takes& takes) {
  Cursor at{builder, run_, service_};
  bool skip = false;
  for (const Event& event : events_) {
    const std::string& name = *texts_[event.text];
    if (event.kind <= Kind::kFile) at.told.reset();
    if (event.kind == Kind::kTable) {
      const TableEvent& told = tables_[event.number];
      builder.report(at.the_run(), at.the_service());
      const TablePlaces::Lines& lines = places_->of(*told.table, at.the_service());
      for (const LineCount& ran : told.executed) {
        const std::optional<LineId> line = lines[ran.line];
        if (!line) continue;
        if (told.counted) {
          builder.hit(at.the_run(), *line, ran.count);
        } else {
          at.hits.push_back(*line);
        }
      }
      continue;
    }
    if (event.kind == Kind::kFile) {
      skip = !takes(at.service_name, clean_path(name));
    } else if (event.kind == Kind::kRun || event.kind == Kind::kService) {
      skip = false;
    }
    if (skip) continue;
    switch (event.kind) {
      case Kind::kTable:
        break;
      case Kind::kRun:
        at.flush();
        at.run = builder.run(name);
        break;
      case Kind::kService:
        at.service_name = name;
        at.service = builder.service(name);
        at.file.reset();
        break;
      case Kind::kFile:
        at.file = builder.file(at.the_service(), clean_path(name));
        at.functions.clear();
        builder.report(at.the_run(), at.the_service());
        break;
      case Kind::kFunction:
        if (!at.file) at.file = builder.file(at.the_service(), "");
        at.functions[event.text] =
            builder.function(*at.file, name, event.number, static_cast<std::uint32_t>(event.value));
        break;
      case Kind::kLine:
        builder.hit(at.the_run(), at.line(event.number, event.text, name), event.value);
        break;
      case Kind::kHit:
        at.hits.push_back(at.line(event.number, event.text, name));
        break;
      case Kind::kMiss:
        at.line(event.number, event.text, name);
        break;
      case Kind::kTaken:
      case Kind::kNotTaken:
        if (at.told) at.branch(event.number, false, event.kind == Kind::kTaken);
        break;
      case Kind::kBranches:
        for (std::uint32_t i = 1; at.told && i <= event.number; ++i) {
          at.branch(i, true, i <= event.value);
        }
        break;
    }
  }
  at.flush();
  if (covers) builder.report(at.the_run(), at.the_service());
}

}  // namespace culprit
