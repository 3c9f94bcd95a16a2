#include "pipeline/case_comparison.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "score/nearest_run.h"

namespace culprit {

namespace {

// The first endpoint that both asked; empty: none.
std::string shared_endpoint(const RunSymptom& a, const RunSymptom& b) {
  const auto asked = [&](const std::string& endpoint) {
    return std::binary_search(b.endpoints.begin(), b.endpoints.end(), endpoint);
  };
  const auto found = std::find_if(a.endpoints.begin(), a.endpoints.end(), asked);
  return found == a.endpoints.end() ? "" : *found;
}

std::vector<CodeElement> described(const Spectrum& spectrum, std::span<const LineId> lines) {
  std::vector<CodeElement> elements;
  for (const LineId line : lines) elements.push_back(spectrum.element(Level::kLine, line.value));
  return elements;
}

}  // namespace

std::optional<CaseComparison> compare_case(const RunSet& set, std::span<const Outcome> compared,
                                           std::span<const RunSymptom> symptoms) {
  std::optional<std::uint32_t> failing;
  for (std::uint32_t run = 0; run < compared.size() && !failing; ++run) {
    if (compared[run].verdict == Verdict::kFailed && has_coverage(set.spectrum, {run})) {
      failing = run;
    }
  }
  if (!failing) return std::nullopt;
  std::map<std::string_view, const RunSymptom*> symptom_of;
  for (const RunSymptom& symptom : symptoms) symptom_of[symptom.run] = &symptom;
  const auto endpoint_shared = [&](std::size_t run) -> std::string {
    const auto own = symptom_of.find(set.runs[*failing].name);
    const auto other = symptom_of.find(set.runs[run].name);
    if (own == symptom_of.end() || other == symptom_of.end()) return {};
    return shared_endpoint(*own->second, *other->second);
  };
  std::vector<bool> passing(compared.size());
  std::vector<bool> alike(compared.size());
  for (std::size_t run = 0; run < compared.size(); ++run) {
    passing[run] = compared[run].verdict == Verdict::kPassed;
    alike[run] = passing[run] && !endpoint_shared(run).empty();
  }
  std::optional<NearestRun> nearest = nearest_run(set.spectrum, {*failing}, alike);
  if (!nearest) nearest = nearest_run(set.spectrum, {*failing}, passing);
  if (!nearest) return std::nullopt;
  return CaseComparison{.run = set.runs[*failing].name,
                        .reason = compared[*failing].reason,
                        .passing = set.runs[nearest->run.value].name,
                        .endpoint = endpoint_shared(nearest->run.value),
                        .both = nearest->both,
                        .only_failing = described(set.spectrum, nearest->only_asked),
                        .only_passing = described(set.spectrum, nearest->only_nearest)};
}

}  // namespace culprit
