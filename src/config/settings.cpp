#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "config/policy.h"
#include "label/body_rules.h"

namespace culprit {

namespace {

// Functions that read a value return nothing when it is taken, else what would be, in words.

std::string number_from(double low, double high) {
  return fmt::format("a number from {} to {}", low, high);
}

template <class Value>
std::string between(std::string_view text, double low, double high, Value& target) {
  const std::optional<double> value = parse_double(text);
  if (!value || *value < low || *value > high) return number_from(low, high);
  target = static_cast<Value>(*value);
  return {};
}

std::string positive(std::string_view text, double& target) {
  return between(text, 1e-6, 1e6, target);
}

std::string between(std::string_view text, double low, double high, std::optional<double>& target) {
  double value = 0;
  std::string wrong = between(text, low, high, value);
  if (wrong.empty()) target = value;
  return wrong;
}

std::string whole(std::string_view text, std::size_t& target, std::size_t least = 0) {
  const std::optional<std::uint64_t> value = parse_u64(text);
  if (!value || *value < least) return fmt::format("a whole number from {} on", least);
  target = *value;
  return {};
}

std::string yes_or_no(std::string_view text, bool& target) {
  const bool yes = text == "true" || text == "yes" || text == "1";
  if (!yes && text != "false" && text != "no" && text != "0") return "yes or no";
  target = yes;
  return {};
}

template <class Value, std::size_t kSize>
std::string one_of(std::string_view text,
                   const std::array<std::pair<std::string_view, Value>, kSize>& names,
                   auto& target) {
  std::string known;
  for (const auto& [name, value] : names) {
    if (equal_ignoring_case(text, name)) {
      target = value;
      return {};
    }
    known += (known.empty() ? "one of " : ", ") + std::string(name);
  }
  return known;
}

std::string not_empty(std::string_view text, std::string& target) {
  if (text.empty()) return "a name";
  target = text;
  return {};
}

constexpr std::array<std::pair<std::string_view, Level>, 4> kLevels = {
    {{"line", Level::kLine},
     {"function", Level::kFunction},
     {"file", Level::kFile},
     {"service", Level::kService}}};
constexpr std::array<std::pair<std::string_view, RollUp>, 3> kRollUps = {
    {{"max", RollUp::kMax}, {"vote", RollUp::kVote}, {"max+vote", RollUp::kMaxVote}}};

// FROM=TO, where TO stays below the folder with the source code.
std::string rewrite(std::string_view text, std::vector<PathRewrite>& target) {
  const std::string takes = "FROM=TO, where TO lies below --source DIR";
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return takes;
  const auto bare = [](std::string_view path) {
    std::string clean = clean_path(path);
    while (clean.size() > 1 && clean.ends_with('/')) clean.pop_back();
    return clean;
  };
  PathRewrite row{bare(text.substr(0, equals)), bare(text.substr(equals + 1))};
  if (row.to == ".") row.to.clear();
  if (row.from.empty() || row.to.starts_with('/') || climbs(row.to)) return takes;
  target.push_back(std::move(row));
  return {};
}

// "code,performance"
std::string red_levels(std::string_view text, GatePolicy& policy) {
  const std::string takes = "some of code, performance, database, service, with commas";
  if (text.empty()) return takes;
  GatePolicy wanted = policy;
  wanted.red_service = wanted.red_database = wanted.red_performance = wanted.red_code = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string level = lower(trim(text.substr(0, end)));
    bool* const red = level == "service"       ? &wanted.red_service
                      : level == "database"    ? &wanted.red_database
                      : level == "performance" ? &wanted.red_performance
                      : level == "code"        ? &wanted.red_code
                                               : nullptr;
    if (red == nullptr) return takes;
    *red = true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  policy = std::move(wanted);
  return {};
}

// "2/3"
std::string share_of_reruns(std::string_view text, GatePolicy& policy) {
  const std::string takes = "K/N, two whole numbers with 1 <= K <= N <= 1000";
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return takes;
  const auto fails = parse_u64(text.substr(0, slash));
  const auto runs = parse_u64(text.substr(slash + 1));
  if (!fails || !runs || *fails == 0 || *runs < *fails || *runs > 1000) return takes;
  policy.rerun_fails = *fails;
  policy.reruns = *runs;
  return {};
}

// A switch of two names.
std::string either(std::string_view text, std::string_view off, std::string_view on, bool& target) {
  if (!equal_ignoring_case(text, on) && !equal_ignoring_case(text, off)) {
    return fmt::format("{} or {}", off, on);
  }
  target = equal_ignoring_case(text, on);
  return {};
}

using Text = std::string_view;

constexpr Setting kSettings[] = {
    {"formula", "NAME", "posterior, posterior-runs, or one of `culprit list formulas`",
     [](Policy& p, Text v) { return not_empty(lower(v), p.formula); }},
    {"roll-up", "max|vote|max+vote", "lines to functions under a formula (default max+vote)",
     [](Policy& p, Text v) { return one_of(v, kRollUps, p.roll_up); }},
    {"level", "line|function|file|service", "what to rank (default function)",
     [](Policy& p, Text v) { return one_of(v, kLevels, p.level); }},
    {"top", "N", "rows to show, 0 for all (default 10)",
     [](Policy& p, Text v) { return whole(v, p.top); }},
    {"exclude", "GLOB", "source files not to rank, such as 'tests/*'; repeatable; none: all",
     [](Policy& p, Text v) {
       if (v.empty()) return std::string("a pattern, or none");
       if (v == "none") {
         p.exclude.clear();
       } else {
         p.exclude.emplace_back(v);
       }
       return std::string();
     }},
    {"path-map", "FROM=TO", "paths of reports below FROM lie below TO of --source DIR; repeatable",
     [](Policy& p, Text v) { return rewrite(v, p.path_map); }},
    {"parse-source", "yes|no",
     "explain, annotate: parse C, C++ and Java for signatures and statements (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.parse_source); }},
    {"commit", "REV",
     "git revision the coverage was built from: --source is then read as it was there",
     [](Policy& p, Text v) { return not_empty(v, p.commit); }},
    {"blame", "yes|no",
     "say which commit last changed the suspicious lines (default no: it may take seconds)",
     [](Policy& p, Text v) { return yes_or_no(v, p.blame); }},
    {"change-share", "SHARE",
     "prior share of faults that lie in what --base or --diff changes (default 0.5)",
     [](Policy& p, Text v) { return between(v, 0, 0.99, p.change_share); }},
    {"age-weight", "X",
     "weight of a prior of git blame: half as likely at fault each year (default 0: none)",
     [](Policy& p, Text v) { return between(v, 0, 10, p.age_weight); }},
    {"message-share", "SHARE",
     "prior share of faults in functions whose names fit the failure messages (default 0.1)",
     [](Policy& p, Text v) { return between(v, 0, 0.99, p.message_share); }},
    {"rounds", "N",
     "rankings of the failing runs that the suspects before do not explain (default 2)",
     [](Policy& p, Text v) { return whole(v, p.rounds); }},
    {"jacoco-filters", "yes|no|NAME,...",
     "of .exec leave out what compilers add to the source, as JaCoCo does (default yes); names: "
     "culprit list filters",
     [](Policy& p, Text v) {
       const auto filters = JavaFilterSet::parse(v);
       if (filters) p.jacoco_filters = *filters;
       return std::string(filters ? "" : "yes, no, or names of `culprit list filters` with commas");
     }},
    {"jacoco-sessions", "merged|apart",
     "of .exec: take all sessions as the run they lie in, or each as a run called like it",
     [](Policy& p, Text v) { return either(v, "merged", "apart", p.jacoco_sessions_apart); }},
    {"gcov-lines", "gcov|any-block",
     "of .gcda: count lines as gcov does, or say that one ran where any block of it did",
     [](Policy& p, Text v) { return either(v, "gcov", "any-block", p.gcov_any_block); }},
    {"slo-ms", "MS", "latency that is suspicious, in place of its own history",
     [](Policy& p, Text v) { return between(v, 1e-3, 1e9, p.label.slo_ms); }},
    {"baseline-samples", "N", "requests an endpoint's history needs (default 20)",
     [](Policy& p, Text v) { return whole(v, p.label.baseline_samples); }},
    {"rare-client-error-share", "SHARE",
     "a 4xx fails where at most this share gives one (default 0.05)",
     [](Policy& p, Text v) { return between(v, 0, 1, p.label.rare_client_error_share); }},
    {"use-verdict", "yes|no", "believe verdicts in the results (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.label.use_verdict); }},
    {"use-status", "yes|no", "let HTTP status decide (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.label.use_status); }},
    {"use-client-errors", "yes|no",
     "let a 4xx decide where it is rare or not declared (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.label.use_client_errors); }},
    {"use-latency", "yes|no", "let slow requests count as partly failed (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.label.use_latency); }},
    {"use-retries", "yes|no", "of several attempts of a request count the last (default yes)",
     [](Policy& p, Text v) { return yes_or_no(v, p.label.use_retries); }},
    {"use-consequences", "yes|no",
     "compare failures as well that follow from another at the same resource (default no)",
     [](Policy& p, Text v) { return yes_or_no(v, p.label.use_consequences); }},
    {"fail-when", "body.X==Y", "a response fails by its body, such as 'body.status==0'; repeatable",
     [](Policy& p, Text v) {
       Result<BodyRule> rule = parse_body_rule(v);
       if (rule) p.label.fail_when.push_back(std::move(*rule));
       return std::string(rule ? ""
                               : "a path into the body, then ==, !=, <, <=, > or >= and a value, "
                                 "exists or missing");
     }},
    {"warm-up", "N|SECONDS", "leave out the first N requests of each endpoint, or 30s of time",
     [](Policy& p, Text v) {
       const std::string wrong =
           v.ends_with('s') ? between(v.substr(0, v.size() - 1), 0, 1e6, p.label.warm_up_seconds)
                            : whole(v, p.label.warm_up_requests);
       return std::string(wrong.empty() ? "" : "a whole number of requests, or seconds as in 30s");
     }},
    {"window-requests", "N", "judge a run of so many by the share that failed (default 50)",
     [](Policy& p, Text v) { return whole(v, p.label.window_requests); }},
    {"prior-a", "X", "Beta prior of runs that meet the fault: failing (default 1)",
     [](Policy& p, Text v) { return positive(v, p.posterior.a); }},
    {"prior-b", "X", "and passing (default 1)",
     [](Policy& p, Text v) { return positive(v, p.posterior.b); }},
    {"prior-a0", "X", "Beta prior of runs that do not meet it: failing (default 0.2)",
     [](Policy& p, Text v) { return between(v, 1e-6, 1e6, p.posterior.a0); }},
    {"prior-b0", "X", "and passing (default 1)",
     [](Policy& p, Text v) { return positive(v, p.posterior.b0); }},
    {"omission", "SHARE",
     "prior share of faults that show as code no longer executed (default 0.1)",
     [](Policy& p, Text v) { return between(v, 0, 0.999, p.posterior.omission); }},
    {"count-weight", "X", "weight of execution counts in the posterior (default 3)",
     [](Policy& p, Text v) { return between(v, 0, 1e6, p.posterior.count_weight); }},
    {"structure-weight", "X", "weight of a line's place in its function (default 1)",
     [](Policy& p, Text v) { return between(v, 0, 10, p.posterior.structure); }},
    {"raised-share", "SHARE",
     "prior share of faults that lie where traces say an error arose (default 0.4)",
     [](Policy& p, Text v) { return between(v, 0, 0.99, p.posterior.raised_share); }},
    {"group-exponent", "X", "how the mass of n lines with one column grows: n^X (default 0.25)",
     [](Policy& p, Text v) { return between(v, 0, 1, p.posterior.group_exponent); }},
    {"suspicion", "bayes-factor|microrank|monitorrank|tracerca|ochiai|deepest-error",
     "how traces rank services (default bayes-factor)",
     [](Policy& p, Text v) { return one_of(v, kSuspicionMethods, p.suspicion); }},
    {"trace-weight", "X", "share of the traces' log odds that reaches the code (default 0.3)",
     [](Policy& p, Text v) { return between(v, 0, 10, p.trace.weight); }},
    {"trace-floor", "SHARE",
     "probability spread over all services, whatever traces say (default 0.1)",
     [](Policy& p, Text v) { return between(v, 0.001, 1, p.trace.floor); }},
    {"levels", "LEVEL,...",
     "what makes the gate red: code, performance, database, service (default code)",
     [](Policy& p, Text v) { return red_levels(v, p.gate); }},
    {"confirm", "K/N", "a failure is confirmed when K of N reruns fail (default 2/3)",
     [](Policy& p, Text v) { return share_of_reruns(v, p.gate); }},
    {"min-failing", "N", "failing runs that statistics alone need (default 2)",
     [](Policy& p, Text v) { return whole(v, p.gate.min_failing, 1); }},
    {"alpha", "P", "largest p that confirms, of Fisher's one-sided test (default 0.01)",
     [](Policy& p, Text v) { return between(v, 0, 1, p.gate.alpha); }},
    {"correction", "none|bh",
     "bh: alpha by Benjamini and Hochberg over the clusters (default none)",
     [](Policy& p, Text v) { return either(v, "none", "bh", p.gate.correct); }},
    {"max-ambiguity", "N", "functions that may lead together and still be named (default 10)",
     [](Policy& p, Text v) { return whole(v, p.gate.max_ambiguity, 1); }},
    {"min-probability", "P", "from where on a function counts as a cause (default 0.5)",
     [](Policy& p, Text v) { return between(v, 0, 1, p.gate.min_probability); }},
    {"unattributed", "warn|fail", "failures that the change does not explain (default warn)",
     [](Policy& p, Text v) { return either(v, "warn", "fail", p.gate.unattributed_fails); }},
    {"trace-skew-ms", "MS",
     "how far clocks are apart where a trace is joined to a request by time (default 10)",
     [](Policy& p, Text v) { return between(v, 0, 1e6, p.trace.skew_ms); }},
};

}  // namespace

std::span<const Setting> settings() { return kSettings; }

Result<void> apply_setting(Policy& policy, std::string_view name, std::string_view value,
                           std::string_view origin) {
  std::vector<std::string_view> names;
  for (const Setting& setting : kSettings) {
    if (setting.name == name) {
      const std::string takes = setting.apply(policy, value);
      if (takes.empty()) return {};
      return fail(error_in(origin, "`" + printable(value) + "` is not what `" + std::string(name) +
                                       "` takes: " + takes));
    }
    names.push_back(setting.name);
  }
  const auto near = nearest(name, names);
  return fail(error_in(origin, "there is no setting `" + printable(name) + "`",
                       near ? "did you mean `" + std::string(*near) + "`?" : ""));
}

}  // namespace culprit
