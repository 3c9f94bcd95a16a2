#include "pipeline/answer.h"

#include <utility>

#include "pipeline/run_context.h"
#include "pipeline/run_report.h"
#include "score/service_peers.h"
#include "score/service_rank.h"

namespace culprit {

namespace {

// As the setting `suspicion` ranks them.
std::vector<ServiceSuspicion> suspects_of(const Facts& facts, const Answer& answer) {
  std::vector<ServiceSuspicion> suspects = answer.suspicions;
  suspect_by(facts.policy.suspicion, facts.trees, answer.failed, suspects);
  return suspects;
}

// Services are ranked by traces as well as by code: coverage may tell runs apart or not, or not be
// there.
void answer_by_service(const Facts& facts, const Report& report, std::size_t top, Answer& answer) {
  const bool code_tells = answer.undecided.empty();
  const SuspicionMethod suspicion = facts.policy.suspicion;
  Ranking ranking =
      suspicion == SuspicionMethod::kBayesFactor
          ? rank_services(answer.evidence, answer.method, code_tells, answer.suspicions, top)
          : ranked_by_traces(suspects_of(facts, answer), name_of(suspicion), top);
  if (!ranking.rows.empty() && ranking.rows.front().score > 0) {
    answer.undecided.clear();
    answer.ranking = std::move(ranking);
  } else if (report.failed == 0) {
    answer.undecided = "nothing discriminates these runs: no run failed";
  } else if (suspicion != SuspicionMethod::kBayesFactor && facts.trees.empty()) {
    answer.ranking = {};
    answer.undecided = "nothing to rank: " + std::string(name_of(suspicion)) +
                       " goes by traces, and there are none";
  } else if (answer.undecided.empty()) {
    answer.ranking = {};
    answer.undecided =
        "nothing discriminates these runs: no service shows in code or traces what failing runs "
        "have more often than passing ones";
  }
}

}  // namespace

Answer answer_for(const Facts& facts, const Report& report, std::span<const Outcome> compared,
                  Method method, std::size_t top) {
  const RunSet& set = facts.set;
  RunContext context = context_of(set, facts.labels, facts.join, facts.events, compared);
  Answer answer{.evidence = weigh(set.spectrum, compared),
                .method = std::move(method),
                .failed = std::move(context.failed),
                .suspicions = context.suspicions,
                .undecided = {},
                .ranking = {}};
  answer.undecided = undecided(report, compared, answer.evidence);
  const bool decided = answer.undecided.empty();
  if (decided) {
    add_context(set, facts.labels, compared, facts.trees, facts.traces_of_run, context,
                facts.policy, answer.method);
  }
  if (facts.policy.level == Level::kService && answer.method.formula == nullptr) {
    answer_by_service(facts, report, top, answer);
  } else if (decided) {
    answer.ranking = rank(answer.evidence, answer.method, facts.policy.level, top);
  }
  return answer;
}

}  // namespace culprit
