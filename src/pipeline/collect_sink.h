// The sink of the pipeline: holds the events of one file back until its reader is done, then hands
// them to a Spectrum::Builder. A file that turns out bad has contributed nothing.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "config/policy.h"
#include "culprit/spectrum.h"
#include "model/span_store.h"
#include "pipeline/raised_lines.h"
#include "readers/sink.h"

namespace culprit {

// What readers said besides coverage; per file, so that order does not depend on threads.
struct Findings {
  std::vector<Request> requests;
  SpanStore spans;
  std::vector<Error> warnings;
  std::vector<RaisedLine> raised;
  std::map<std::string, Outcome> stated;  // run -> what the coverage input says of it
  std::optional<Window> window;           // of the file's run and service
  // The traces of a log, and when they were.
  std::map<std::string, std::optional<TimeSpan>> traces;
};

// Where the lines of tables, which many files refer to, are in one Spectrum::Builder.
class TablePlaces {
 public:
  using Lines = std::vector<std::optional<LineId>>;  // by line of the table; empty: left out
  using Excludes = std::function<bool(std::string_view path)>;

  // `builder` and `excludes` outlive the object, which is of use for this builder only.
  TablePlaces(Spectrum::Builder& builder, Excludes excludes)
      : builder_(builder), excludes_(std::move(excludes)) {}

  // Tells the builder of the table's functions and lines when first asked for them.
  const Lines& of(const LineTable& table, ServiceId service);
  // Source files left out so far.
  [[nodiscard]] const std::set<std::string>& excluded() const { return excluded_; }

 private:
  Spectrum::Builder& builder_;
  Excludes excludes_;
  std::set<std::string> excluded_;
  std::map<std::pair<const LineTable*, std::uint32_t>, Lines> places_;
};

class CollectSink : public Sink {
 public:
  // What one file may say of coverage; held back, this takes 1.5 GiB.
  static constexpr std::size_t kMaxEvents = std::size_t{64} << 20;

  // Coverage before the first run() or service() of the file belongs to these. `policy` says
  // whether branch outcomes are kept, and judges the bodies of responses, which are not; it must
  // outlive the sink. With `places` tables are taken as they are, without asking commit()'s `takes`
  // for each of their source files.
  CollectSink(std::string run, std::string service, const Policy& policy,
              TablePlaces* places = nullptr);

  // Hands the file's coverage over, `covers` saying whether the file is a report of its service.
  // Source files that `takes` refuses are left out.
  using Takes = std::function<bool(const std::string& service, const std::string& path)>;
  void commit(Spectrum::Builder& builder, bool covers, const Takes& takes);
  // The file said more than kMaxEvents things; the rest is lost.
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  // Source files that what was read is of no use for; also of a file that turned out bad.
  struct Lost {
    std::string run;
    std::string service;
    std::string path;
  };
  [[nodiscard]] const std::vector<Lost>& losses() const { return lost_; }
  [[nodiscard]] Findings take_findings() { return std::move(findings_); }

  void run(std::string_view name) override {
    named_run_ = name;
    add({Kind::kRun, text(name)});
  }
  // Without a name: the service that the file's place says.
  void service(std::string_view name) override {
    named_service_ = name;
    add({Kind::kService, text(name.empty() ? std::string_view(service_) : name)});
  }
  void outcome(Verdict verdict, std::string_view reason) override;
  void file(std::string_view path) override { add({Kind::kFile, text(path)}); }
  void function(std::string_view name, std::uint32_t first_line, std::uint32_t last_line) override {
    add({Kind::kFunction, text(name), first_line, last_line});
  }
  void line(std::uint32_t number, std::uint64_t count, std::string_view function) override {
    add({Kind::kLine, text(function), number, count});
  }
  void hit(std::uint32_t number, bool executed, std::string_view function) override {
    add({executed ? Kind::kHit : Kind::kMiss, text(function), number});
  }
  void hits(const LineTable& table, std::span<const std::uint64_t> executed) override;
  void counts(const LineTable& table, std::span<const LineCount> executed) override;
  void raises(const LineTable& table, std::span<const LineRaise> raised) override;
  void lost(std::string_view path) override;
  void branch(std::uint32_t number, bool taken) override {
    if (policy_.branches) add({taken ? Kind::kTaken : Kind::kNotTaken, text({}), number});
  }
  void branches(std::uint32_t taken, std::uint32_t of) override {
    if (policy_.branches) add({Kind::kBranches, text({}), of, taken});
  }
  void request(Request&& request) override;
  void span(Span&& span) override { findings_.spans.add(std::move(span)); }
  void window(const Window& window) override;
  void warn(Error error) override { findings_.warnings.push_back(std::move(error)); }

 private:
  enum class Kind : std::uint8_t {
    kRun,
    kService,
    kFile,
    kFunction,
    kLine,
    kHit,
    kMiss,
    kTaken,
    kNotTaken,
    kBranches,
    kTable
  };
  struct Event {
    Kind kind;
    std::uint32_t text = 0;
    std::uint32_t number = 0;
    std::uint64_t value = 0;
  };
  void add(Event event) {
    if (events_.size() < kMaxEvents) {
      events_.push_back(event);
    } else {
      overflowed_ = true;
    }
  }
  std::uint32_t text(std::string_view text);

  // Of one table: which lines ran.
  struct TableEvent {
    const LineTable* table;
    std::vector<LineCount> executed;
    bool counted;  // else `count` says nothing
  };
  void add_table(TableEvent event);

  std::string run_;
  std::string service_;
  std::string named_run_;      // by the file, last
  std::string named_service_;  // likewise
  const Policy& policy_;
  TablePlaces* places_;
  std::vector<Event> events_;
  std::vector<TableEvent> tables_;
  std::vector<const std::string*> texts_;
  std::unordered_map<std::string, std::uint32_t> text_ids_;
  std::uint32_t last_text_ = 0;
  std::vector<Lost> lost_;
  bool overflowed_ = false;
  Findings findings_;
};

}  // namespace culprit
