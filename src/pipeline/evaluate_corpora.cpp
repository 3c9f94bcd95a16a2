#include "pipeline/evaluate_corpora.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "base/workers.h"
#include "culprit/formula.h"
#include "pipeline/case_choice.h"
#include "pipeline/run_context.h"
#include "pipeline/run_symptoms.h"
#include "readers/ground_truth.h"
#include "score/oracle.h"
#include "score/posterior.h"
#include "score/rank.h"

namespace culprit {

namespace {

struct NamedMethod {
  std::string name;
  Method method;
};

Result<std::vector<NamedMethod>> methods_of(const std::vector<std::string>& formulas) {
  std::vector<NamedMethod> methods;
  for (const std::string& name : formulas) {
    if (name == kOracle) {
      methods.push_back({name, {}});
      continue;
    }
    if (const auto model = posterior_model(name)) {
      NamedMethod method{name, {}};
      method.method.posterior.model = *model;
      methods.push_back(std::move(method));
      continue;
    }
    const Result<const Formula*> formula = find_formula(name);
    if (!formula) return fail(formula.error());
    const std::string plain((*formula)->name);
    methods.push_back({plain, {*formula, RollUp::kMax, {}, {}}});
    methods.push_back({plain + " vote", {*formula, RollUp::kVote, {}, {}}});
    methods.push_back({plain + " max+vote", {*formula, RollUp::kMaxVote, {}, {}}});
  }
  return methods;
}

// One faulty version: a folder of a corpus.
struct Version {
  const FileTree* tree;
  std::string folder;  // with a `/` at its end, or ""
  std::string program;
};

std::string_view last_part(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

std::vector<Version> versions_of(const FileTree& tree) {
  constexpr std::string_view kTruth = "ground_truth.json";
  std::vector<Version> versions;
  for (const FileTree::Entry& entry : tree.entries()) {
    if (last_part(entry.path) != kTruth) continue;
    const std::string folder = entry.path.substr(0, entry.path.size() - kTruth.size());
    // The folder above; above the top of the corpus is the corpus itself.
    const std::size_t slash = folder.empty() ? folder.npos : folder.rfind('/', folder.size() - 2);
    const std::string_view above = slash == folder.npos ? std::string_view(tree.root())
                                                        : std::string_view(folder).substr(0, slash);
    versions.push_back({&tree, folder, std::string(last_part(above))});
  }
  return versions;
}

std::vector<std::uint32_t> faulty_lines(const Spectrum& spectrum, const GroundTruth& truth) {
  std::vector<std::uint32_t> faulty;
  for (std::uint32_t i = 0; i < spectrum.lines().size(); ++i) {
    const Line& line = spectrum.lines()[i];
    const std::string& path = spectrum.files()[line.file.value].path;
    const auto is_it = [&](const FaultyLine& f) { return f.line == line.number && f.file == path; };
    if (std::any_of(truth.lines.begin(), truth.lines.end(), is_it)) faulty.push_back(i);
  }
  return faulty;
}

struct Measured {
  std::vector<Trial> trials;  // empty: skipped
  std::vector<Error> problems;
};

Measured measure_version(const Version& version, const std::vector<NamedMethod>& methods) {
  Measured result;
  const FileTree::Entry& entry = *version.tree->find(version.folder + "ground_truth.json");
  const Result<std::string> bytes = version.tree->read(entry);
  const Result<GroundTruth> truth = bytes.and_then([&](const std::string& text) {
    return read_ground_truth({entry.path, text});
  });
  if (!truth) {
    result.problems.push_back(truth.error());
    return result;
  }
  const Policy policy;
  const RunSet set = read_run_set(*version.tree, version.folder, policy, 1);
  result.problems = folded(set.problems);
  const Labels labels = labels_of(set, policy.label);
  const auto has = [&](Verdict verdict) {
    return std::any_of(labels.runs.begin(), labels.runs.end(),
                       [&](const Outcome& o) { return o.verdict == verdict; });
  };
  const std::vector<std::uint32_t> faulty = faulty_lines(set.spectrum, *truth);
  if (faulty.empty() || !has(Verdict::kFailed) || !has(Verdict::kPassed)) return result;
  std::set<std::uint32_t> functions;
  for (const std::uint32_t line : faulty) {
    functions.insert(set.spectrum.owner({line}, Level::kFunction));
  }
  const std::vector<std::uint32_t> faulty_functions(functions.begin(), functions.end());

  std::vector<Outcome> compared = labels.runs;
  (void)leave_out_consequences(set, labels, compared);
  const Evidence evidence = weigh(set.spectrum, compared);
  const std::vector<TraceTree> trees = trace_trees(set.spans);
  const TraceJoin join = join_traces(trees, set.requests, set.run_of_trace, policy.trace.skew_ms);
  const EventTable events(trees, failed_traces(set, labels, join, compared));
  const RunContext context = context_of(set, labels, join, events, compared);
  for (const NamedMethod& named : methods) {
    if (named.name == kOracle) {
      const auto best = [&](Level level, const std::vector<std::uint32_t>& elements) {
        return best_of_all_formulas(set.spectrum, evidence.counts, level, elements);
      };
      result.trials.push_back({truth->suite, version.program, named.name,
                               best(Level::kLine, faulty),
                               best(Level::kFunction, faulty_functions)});
      continue;
    }
    Method method = named.method;
    if (method.formula == nullptr) {
      add_context(set, labels, compared, trees, traces_of_runs(set, join, trees), context, policy,
                  method);
    }
    const Scores scores = score(evidence, method, Level::kFunction);
    Trial trial{truth->suite, version.program, named.name, measure(scores.lines, faulty),
                measure(scores.elements, faulty_functions)};
    if (named.method.formula == nullptr) {
      for (const double share : normalized(scores.elements)) trial.forecasts.push_back({share});
      for (const std::uint32_t function : faulty_functions) {
        trial.forecasts[function].at_fault = true;
      }
    }
    result.trials.push_back(std::move(trial));
  }
  return result;
}

}  // namespace

std::vector<std::string> default_formulas() {
  return {"posterior", "posterior-runs",    "tarantula", "ochiai", "dstar2",
          "op2",       std::string(kOracle)};
}

Result<CorpusFigures> evaluate_corpora(const std::vector<std::string>& corpora,
                                       const std::vector<std::string>& formulas, unsigned jobs,
                                       const Progress& progress) {
  const Result<std::vector<NamedMethod>> methods = methods_of(formulas);
  if (!methods) return fail(methods.error());
  std::vector<FileTree> trees;
  for (const std::string& path : corpora) {
    Result<FileTree> tree = FileTree::open(path);
    if (!tree) return fail(tree.error());
    trees.push_back(std::move(*tree));
  }
  std::vector<Version> versions;
  for (const FileTree& tree : trees) {
    for (Version& version : versions_of(tree)) versions.push_back(std::move(version));
  }
  if (versions.empty()) {
    return fail(error_in(corpora.front(), "holds no faulty version",
                         "a version is a folder with its coverage and a ground_truth.json"));
  }

  std::vector<Measured> measured(versions.size());
  std::mutex mutex;
  std::size_t done = 0;
  for_each_index(versions.size(), jobs == 0 ? default_jobs() : jobs,
                 [&](unsigned, std::size_t index) {
                   measured[index] = measure_version(versions[index], *methods);
                   if (!progress) return;
                   const std::lock_guard lock(mutex);
                   progress(++done, versions.size());
                 });

  CorpusFigures figures;
  std::vector<Trial> trials;
  for (Measured& version : measured) {
    ++(version.trials.empty() ? figures.skipped : figures.versions);
    for (Trial& trial : version.trials) trials.push_back(std::move(trial));
    for (Error& problem : version.problems) figures.problems.push_back(std::move(problem));
  }
  figures.problems = folded(std::move(figures.problems));
  figures.evaluation.scores = tabulate(trials);
  figures.evaluation.calibrations = calibrations(trials);
  if (trials.empty()) return figures;
  for (Score& score : differences(trials, methods->front().name)) {
    figures.evaluation.scores.push_back(std::move(score));
  }
  return figures;
}

}  // namespace culprit
