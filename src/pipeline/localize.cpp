#include "culprit/localize.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/demangle.h"
#include "base/text.h"
#include "pipeline/case_study.h"
#include "pipeline/checkout_text.h"
#include "pipeline/report_views.h"
#include "pipeline/source_facts.h"
#include "score/posterior.h"
#include "score/rank.h"

namespace culprit {

namespace {

// `part` of `text`, at the border of a name: "discount" is no part of "undiscounted".
bool names(std::string_view text, std::string_view part) {
  const auto word = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    if ((at == 0 || !word(text[at - 1])) && (end == text.size() || !word(text[end]))) return true;
  }
  return false;
}

std::string described(const CodeElement& code) {
  const std::string where = code.file + ":" + std::to_string(code.first_line);
  return code.name.empty() ? where : code.name + " (" + where + ")";
}

// `order` of "order:src/a.cc:12", where a service is called so: only its elements are then meant.
std::string_view service_prefix(const Ranking& ranking, std::string_view target) {
  const std::string_view prefix = target.substr(0, target.find(':'));
  const std::string_view rest = target.substr(std::min(prefix.size() + 1, target.size()));
  const bool known = std::any_of(ranking.rows.begin(), ranking.rows.end(), [&](const Ranked& row) {
    return !prefix.empty() && row.code.service == prefix;
  });
  return known && !rest.empty() && !rest.starts_with(':') ? prefix : std::string_view();
}

// Rows of `ranking` that `named` means: `file:line`, or a function by its whole name, else by a
// part; with a service in front, of that service only.
std::vector<const Ranked*> matching(const Ranking& ranking, std::string_view named) {
  const std::string_view service = service_prefix(ranking, named);
  const std::string target(service.empty() ? named : named.substr(service.size() + 1));
  std::vector<const Ranked*> exact;
  std::vector<const Ranked*> partly;   // by whole words
  std::vector<const Ranked*> loosely;  // by any part
  const std::size_t colon = target.rfind(':');
  const auto line = colon == std::string::npos
                        ? std::nullopt
                        : parse_u64(std::string_view(target).substr(colon + 1));
  for (const Ranked& row : ranking.rows) {
    if (!service.empty() && row.code.service != service) continue;
    if (line) {
      if (row.code.first_line == *line &&
          ends_with_path(row.code.file, clean_path(target.substr(0, colon)))) {
        exact.push_back(&row);
      }
    } else if (row.code.name == target) {
      exact.push_back(&row);
    } else if (names(row.code.name, target)) {
      partly.push_back(&row);
    } else if (row.code.name.find(target) != std::string::npos) {
      loosely.push_back(&row);
    }
  }
  if (!exact.empty()) return exact;
  return partly.empty() ? loosely : partly;
}

Error no_single_match(const Ranking& ranking, const std::string& target,
                      std::span<const Ranked* const> found) {
  if (found.empty()) {
    std::vector<std::string_view> known;
    for (const Ranked& row : ranking.rows) known.push_back(base_name(row.code.name));
    const auto near = nearest(base_name(target), known);
    return {
        {},
        "no element is called `" + printable(target) + "`",
        {},
        0,
        near ? "did you mean `" + printable(*near) + "`?"
             : "give a function as `culprit rank` prints it, or FILE:LINE of an executable line"};
  }
  std::string list;
  for (const Ranked* row : found.subspan(0, std::min<std::size_t>(found.size(), 8))) {
    list += "\n  " + printable((row->code.service.empty() ? "" : row->code.service + ": ") +
                                   described(row->code),
                               1000);
  }
  return {{},
          "`" + printable(target) + "` names " + std::to_string(found.size()) + " elements:" + list,
          {},
          0,
          "name one of them by FILE:LINE or by more of its name, with its service in front as in "
          "`order:FILE:LINE` where it has one"};
}

// The counts of each way out of the line, over the runs that are compared.
std::vector<BranchDetail> branches_of(const CaseStudy& study, LineId line) {
  const Spectrum& spectrum = study.evidence->spectrum;
  const std::span<const Branch> branches = spectrum.branches(line);
  std::vector<BranchDetail> details;
  for (const Branch& branch : branches) {
    const auto id = static_cast<std::uint32_t>(&branch - spectrum.branches().data());
    BranchDetail detail{branch.number, branch.counting, {}};
    for (std::uint32_t run = 0; run < study.report.runs.size(); ++run) {
      const RunRecord& record = study.report.runs[run];
      if (!record.compared || !spectrum.tells_of({run}, line)) continue;
      const double weight = record.outcome.weight;
      const bool taken = spectrum.taken({run}, {id});
      (taken ? detail.counts.ef : detail.counts.nf) += weight;
      (taken ? detail.counts.ep : detail.counts.np) += 1 - weight;
    }
    details.push_back(detail);
  }
  return details;
}

// What the lines of an element add up to under the posterior, largest part first.
void add_parts(const Evidence& evidence, const PosteriorPolicy& policy,
               std::span<const std::uint32_t> ids, Explanation& explanation) {
  const std::span<const std::uint32_t> groups = mass_groups(evidence, policy);
  std::map<std::uint32_t, std::vector<std::size_t>> by_group;
  for (std::size_t i = 0; i < ids.size(); ++i) by_group[groups[ids[i]]].push_back(i);
  std::vector<std::pair<MassPart, std::vector<std::size_t>>> parts;
  for (const auto& [group, members] : by_group) {
    MassPart part;
    part.mass = -std::numeric_limits<double>::infinity();
    part.bonus = mass_exponent(evidence, policy) * std::log(static_cast<double>(members.size()));
    for (const std::size_t i : members) {
      part.lines.push_back(explanation.lines[i].line.first_line);
      part.mass = std::max(part.mass, explanation.lines[i].function_mass);
    }
    parts.emplace_back(std::move(part), members);
  }
  std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
    return a.first.mass + a.first.bonus > b.first.mass + b.first.bonus;
  });
  for (const auto& [part, members] : parts) {
    for (const std::size_t i : members) {
      explanation.lines[i].part = static_cast<std::uint32_t>(explanation.parts.size());
    }
    explanation.parts.push_back(part);
  }
}

Explanation detailed(const CaseStudy& study, const Ranked& row) {
  Explanation result;
  result.element = row;
  const Evidence& evidence = *study.evidence;
  const Spectrum& spectrum = evidence.spectrum;
  const PosteriorPolicy& policy = study.method.posterior;
  const Ranking lines = rank(evidence, study.method, Level::kLine, 0);
  const std::vector<PosteriorTerms> terms = posterior_terms(
      spectrum, evidence.jury, evidence.counts, evidence.groups, policy, study.method.errors);
  const HypothesisPriors prior = hypothesis_priors(evidence.jury, evidence.counts, policy);
  result.arithmetic = {.averaged = policy.averaged(),
                       .count_weight = policy.count_weight,
                       .function_count_weight =
                           policy.averaged() ? policy.averaged_count_weight : policy.count_weight,
                       .commission_prior = prior.commission,
                       .omission_prior = prior.omission};
  std::vector<std::size_t> group_sizes(spectrum.lines().size());
  for (const std::uint32_t group : evidence.groups) ++group_sizes[group];
  std::vector<std::uint32_t> ids;  // of result.lines

  std::map<std::pair<std::string_view, std::string_view>, std::map<std::uint32_t, const Ranked*>>
      ranked;
  for (const Ranked& line : lines.rows) {
    ranked[{line.code.service, line.code.file}][line.code.first_line] = &line;
  }
  std::optional<LineId> evident;
  for (std::uint32_t i = 0; i < spectrum.lines().size(); ++i) {
    const CodeElement code = spectrum.element(Level::kLine, i);
    if (code.file != row.line.file || code.service != row.line.service) continue;
    const CodeElement owner = spectrum.element(row.code.level, spectrum.owner({i}, row.code.level));
    if (owner != row.code) continue;
    const Ranked& line = *ranked[{code.service, code.file}][code.first_line];
    const std::vector<double>& shifts = study.method.service_shifts;
    const double shift = shifts.empty() ? 0 : shifts[spectrum.service_of({i}).value];
    std::vector<std::pair<std::string, double>> priors;
    double prior_mass = shift;
    for (const LinePrior& known : study.method.priors) {
      priors.emplace_back(known.name, known.shifts[i]);
      prior_mass += known.shifts[i];
    }
    result.arithmetic.service_shift = shift;
    result.arithmetic.raised = result.arithmetic.raised || std::isfinite(terms[i].raised);
    ids.push_back(i);
    result.lines.push_back({.line = code,
                            .counts = line.counts,
                            .best_rank = line.best_rank,
                            .worst_rank = line.worst_rank,
                            .score = line.score,
                            .commission = terms[i].commission,
                            .per_execution = terms[i].per_execution,
                            .contrast = terms[i].contrast,
                            .omission = terms[i].omission,
                            .structure = terms[i].structure,
                            .priors = std::move(priors),
                            .raised = terms[i].raised,
                            .function_mass = terms[i].function_mass + prior_mass,
                            .group_size = group_sizes[evidence.groups[i]],
                            .branches = branches_of(study, {i}),
                            .source = {}});
    if (code.first_line == row.line.first_line) evident = LineId{i};
  }
  if (study.method.formula == nullptr && row.code.level != Level::kLine) {
    add_parts(evidence, policy, ids, result);
  }
  for (std::uint32_t run = 0; evident && run < study.report.runs.size(); ++run) {
    const RunRecord& record = study.report.runs[run];
    if (!record.compared) continue;
    if (!spectrum.tells_of({run}, *evident)) {
      ++result.missing;
      continue;
    }
    const bool executed = spectrum.executed({run}, *evident);
    if (record.outcome.verdict == Verdict::kFailed) {
      (executed ? result.failing_executed : result.failing_not_executed).push_back(record);
    } else {
      ++(executed ? result.passing_executed : result.passing_not_executed);
    }
  }
  return result;
}

void add_notes(const CheckoutText& source, Report& report) {
  for (std::string& note : source.notes()) report.notes.push_back(std::move(note));
}

}  // namespace

Result<Report> localize(const Query& query) {
  Result<CaseStudy> study = investigate(query);
  if (!study) return fail(study.error());
  if (const auto viewed = add_views(query, *study); !viewed) return fail(viewed.error());
  return std::move(study->report);
}

Result<std::pair<Report, Explanation>> explain(const Query& query, const std::string& target) {
  if (trim(target).empty()) {
    return fail(error_in("explain", "which element?", "give a function, or FILE:LINE"));
  }
  Query whole = query;
  const std::size_t colon = target.rfind(':');
  const bool is_line = colon != std::string::npos && colon != 0 &&
                       parse_u64(std::string_view(target).substr(colon + 1)).has_value();
  whole.settings.emplace_back("level", is_line ? "line" : "function");
  whole.settings.emplace_back("top", "0");
  Result<CaseStudy> study = investigate(whole, true);
  if (!study) return fail(study.error());
  if (!study->report.undecided.empty()) {
    return std::pair(std::move(study->report), Explanation{});
  }
  const std::vector<const Ranked*> found = matching(study->report.ranking, target);
  if (found.size() != 1) return fail(no_single_match(study->report.ranking, target, found));
  Explanation explanation = detailed(*study, *found.front());
  if (!query.source.empty()) {
    Result<CheckoutText> source = CheckoutText::open(query.source, *study);
    if (!source) return fail(source.error());
    for (LineDetail& line : explanation.lines) line.source = source->line(line.line);
    if (study->parse_source) {
      const SourceFactsFinder facts(query, *source, {&explanation.element});
      explanation.element.facts = facts.facts_of(explanation.element);
      for (LineDetail& line : explanation.lines) line.statement = facts.statement_of(line.line);
      for (const std::string& note : facts.notes()) study->report.notes.push_back(note);
    }
    add_notes(*source, study->report);
  }
  return std::pair(std::move(study->report), std::move(explanation));
}

}  // namespace culprit
