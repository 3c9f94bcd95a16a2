#include "pipeline/report_views.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/demangle.h"
#include "pipeline/checkout_text.h"
#include "pipeline/line_heat.h"
#include "pipeline/report_details.h"
#include "pipeline/source_facts.h"
#include "source/function_text.h"

namespace culprit {

namespace {

// The last line of functions that are known by their first one only: their last executable line.
class LastLines {
 public:
  explicit LastLines(const Spectrum& spectrum) {
    std::vector<std::uint32_t> last_of(spectrum.size(Level::kFunction));
    for (std::uint32_t i = 0; i < spectrum.lines().size(); ++i) {
      std::uint32_t& last = last_of[spectrum.owner({i}, Level::kFunction)];
      last = std::max(last, spectrum.lines()[i].number);
    }
    for (std::uint32_t i = 0; i < last_of.size(); ++i) {
      const CodeElement function = spectrum.element(Level::kFunction, i);
      std::uint32_t& last = last_[{function.file, function.first_line, function.name}];
      last = std::max({last, function.last_line, last_of[i]});
    }
  }

  std::uint32_t of(const CodeElement& code) const {
    const auto at = last_.find({code.file, code.first_line, code.name});
    return at == last_.end() ? code.last_line : at->second;
  }

 private:
  std::map<std::tuple<std::string, std::uint32_t, std::string>, std::uint32_t> last_;
};

void describe(Ranked& row, const LastLines& last_lines, CheckoutText& source) {
  if (row.code.level != Level::kFunction || row.code.first_line == 0) return;
  const std::string* const file = source.map().find({row.code.service, row.code.file});
  if (file == nullptr) return;
  const std::vector<std::string>& lines = source.text().lines(*file);
  const std::uint32_t last = last_lines.of(row.code);
  row.body = body_hash(lines, row.code.first_line, last, base_name(row.code.name));
  row.ignored = ignore_reason(lines, row.code.first_line, last);
}

// What the source says of rows whose files are parsed: those of the first rows of each ranking.
void add_facts(const Query& query, CheckoutText& source, Report& report) {
  std::vector<Ranking*> rankings = {&report.ranking};
  for (FailureCluster& cluster : report.clusters) rankings.push_back(&cluster.ranking);
  std::vector<const Ranked*> first;
  for (const Ranking* const ranking : rankings) {
    for (std::size_t i = 0; i < std::min(query.facts, ranking->rows.size()); ++i) {
      first.push_back(&ranking->rows[i]);
    }
  }
  const SourceFactsFinder finder(query, source, first);
  if (report.details) rankings.push_back(&report.details->functions);
  for (Ranking* const ranking : rankings) {
    for (Ranked& row : ranking->rows) row.facts = finder.facts_of(row);
  }
  for (const std::string& note : finder.notes()) report.notes.push_back(note);
}

}  // namespace

Result<void> add_views(const Query& query, CaseStudy& study, Bodies bodies) {
  Report& report = study.report;
  if ((query.heat || query.details) && report.undecided.empty()) {
    report.heat = line_heat(*study.evidence, study.method);
  }
  if (query.source.empty()) {
    if (study.blame) report.notes.emplace_back("--blame needs --source DIR, a git checkout");
    if (query.details) report.details = report_details(study, nullptr);
    return {};
  }
  Result<CheckoutText> source = CheckoutText::open(query.source, study);
  if (!source) return fail(source.error());
  source->locate(report.ranking);
  if (study.blame) source->blame(report.ranking);
  for (FailureCluster& cluster : report.clusters) source->locate(cluster.ranking);
  if (bodies == Bodies::kRead) {
    const LastLines last_lines(study.run_set->spectrum);
    for (FailureCluster& cluster : report.clusters) {
      for (Ranked& row : cluster.ranking.rows) describe(row, last_lines, *source);
    }
  }
  source->locate(report.heat);
  if (query.details) report.details = report_details(study, &*source);
  for (std::string& note : source->notes()) report.notes.push_back(std::move(note));
  if (query.facts != 0 && study.parse_source && report.undecided.empty()) {
    if (query.ranked) query.ranked(report);
    add_facts(query, *source, report);
  }
  return {};
}

}  // namespace culprit
