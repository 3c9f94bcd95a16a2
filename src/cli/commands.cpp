#include "cli/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <set>

#include "base/file_tree.h"
#include "cli/terminal.h"
#include "config/policy.h"
#include "culprit/formula.h"
#include "pipeline/case_study.h"
#include "pipeline/evaluate_corpora.h"
#include "readers/registry.h"
#include "writers/exchange.h"
#include "writers/table.h"

namespace culprit {

namespace {

constexpr auto kCommands = std::to_array<Command>({{"rank", rank_command},
                                                   {"explain", explain_command},
                                                   {"annotate", annotate_command},
                                                   {"label", label_command},
                                                   {"convert", convert_command},
                                                   {"eval", eval_command},
                                                   {"gate", gate_command},
                                                   {"record", record_command},
                                                   {"list", list_command}});

// Of a ranking, whose files are parsed: what people look at.
constexpr std::size_t kParsedRows = 10;

// Whether the path lies in RUNS: what does is the input of the next ranking.
bool is_input(const std::string& path, const Options& options) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const std::string target = fs::weakly_canonical(path, ignored).string();
  const std::string runs = fs::weakly_canonical(options.query.runs, ignored).string();
  return !runs.empty() && (target == runs || target.starts_with(runs + "/"));
}

// Whether runs that could be compared are missing, and not only a difference between them.
bool lacks_input(const Report& report) {
  std::size_t failing = 0, passing = 0;
  for (const RunRecord& run : report.runs) {
    if (run.compared) ++(run.outcome.verdict == Verdict::kFailed ? failing : passing);
  }
  return report.lines == 0 || report.failed + report.passed == 0 ||
         (failing == 0 && report.failed != 0) || (passing == 0 && report.passed != 0);
}

// `ask(query)`, with a progress bar while it reads.
template <class Ask>
auto with_progress(Query query, Ask ask) {
  ProgressBar bar("reading");
  query.progress = [&](std::size_t done, std::size_t of) { bar.show(done, of); };
  return ask(query);
}

}  // namespace

int exit_code(const Options& options, const Report& report) {
  if (!options.strict_input || report.problems.empty()) return kDone;
  return report_error(error_in("--strict-input", "not everything could be read"));
}

int ranking_exit_code(const Options& options, const Report& report) {
  if (report.undecided.empty() || report.problems.empty() || !lacks_input(report)) {
    return exit_code(options, report);
  }
  constexpr std::size_t kTold = 10;
  Error error = error_in(options.query.runs, report.undecided + "; not read, or not all of it:");
  for (std::size_t i = 0; i < std::min(kTold, report.problems.size()); ++i) {
    error.what += "\n  " + to_string(report.problems[i]);
  }
  if (report.problems.size() > kTold) {
    error.what += "\n  and " + std::to_string(report.problems.size() - kTold) + " more";
  }
  return report_error(error);
}

std::optional<Error> wrong_format(const Options& options) {
  std::vector<std::string> formats = {options.format};
  for (const auto& [format, file] : options.out) formats.push_back(format);
  for (const std::string& format : formats) {
    if (const auto writer = find_writer(format); !writer) return writer.error();
  }
  std::set<std::string> files;
  for (const auto& [format, file] : options.out) {
    std::error_code ignored;
    if (!files.insert(std::filesystem::weakly_canonical(file, ignored).string()).second) {
      return error_in(file, "is named by two --out, and one would overwrite the other",
                      "give each a file of its own");
    }
    if (std::filesystem::exists(file, ignored) && is_input(file, options)) {
      return error_in(file, "is a file of the run set, and would be overwritten",
                      "write it somewhere else");
    }
  }
  return std::nullopt;
}

Query query_for_formats(const Options& options) {
  Query query = options.query;
  const auto add = [&](const std::string& format) {
    const Result<const Writer*> writer = find_writer(format);
    if (!writer) return;
    query.details = query.details || (*writer)->needs_details;
    if ((*writer)->needs_facts) query.facts = kParsedRows;
  };
  add(options.format);
  for (const auto& out : options.out) add(out.first);
  return query;
}

std::span<const Command> commands() { return kCommands; }

int rank_command(const Options& options) {
  if (const auto error = wrong_format(options)) return report_error(*error);
  const Result<Report> report = with_progress(query_for_formats(options), localize);
  if (!report) return report_error(report.error());
  if (report->runs.empty()) {
    return report_error(error_in(options.query.runs,
                                 "no usable run: no row of the results names one",
                                 "`culprit label` shows what the results say"));
  }
  const int written = deliver(options, [&](const Writer& writer, const Style& style) {
    return writer.ranking == nullptr ? std::nullopt : std::optional(writer.ranking(*report, style));
  });
  return written != kDone ? written : ranking_exit_code(options, *report);
}

int explain_command(const Options& options) {
  if (const auto error = wrong_format(options)) return report_error(*error);
  const auto answer = with_progress(
      options.query, [&](const Query& query) { return explain(query, options.target); });
  if (!answer) return report_error(answer.error());
  const Report& report = answer->first;
  const Explanation& explanation = answer->second;
  const int written = deliver(options, [&](const Writer& writer, const Style& style) {
    return writer.explanation == nullptr
               ? std::nullopt
               : std::optional(writer.explanation(report, explanation, style));
  });
  return written != kDone ? written : ranking_exit_code(options, report);
}

int annotate_command(const Options& options) {
  if (const auto error = wrong_format(options)) return report_error(*error);
  const auto answer = with_progress(
      options.query, [&](const Query& query) { return annotate(query, options.annotation); });
  if (!answer) return report_error(answer.error());
  const Report& report = answer->first;
  const int written = deliver(options, [&](const Writer& writer, const Style& style) {
    return writer.annotation == nullptr
               ? std::nullopt
               : std::optional(writer.annotation(report, answer->second, style));
  });
  return written != kDone ? written : ranking_exit_code(options, report);
}

int label_command(const Options& options) {
  if (const auto error = wrong_format(options)) return report_error(*error);
  const Result<Report> report = with_progress(options.query, localize);
  if (!report) return report_error(report.error());
  const int written = deliver(options, [&](const Writer& writer, const Style& style) {
    return writer.labels == nullptr ? std::nullopt : std::optional(writer.labels(*report, style));
  });
  return written != kDone ? written : exit_code(options, *report);
}

int convert_command(const Options& options) {
  const ExchangeFormat& format = *find_exchange_format(options.to);
  if (options.to_path.empty() && format.is_folder()) {
    return report_error(error_in("--out", std::string(format.name) + " is a folder of files",
                                 "name one: --out FOLDER"));
  }
  if (!options.to_path.empty() && is_input(options.to_path, options)) {
    return report_error(error_in(options.to_path, "lies in the run set, and would be read with it",
                                 "write it somewhere else"));
  }
  Query query = options.query;
  query.settings.emplace_back("use-consequences", "yes");  // all that failed
  const auto study = with_progress(query, [](const Query& q) { return investigate(q, true); });
  if (!study) return report_error(study.error());
  const LabelledSpectrum labelled{study->run_set->spectrum, study->report.runs};
  if (labelled.spectrum.lines().empty()) {
    return report_error(error_in(options.query.runs, "holds no coverage to convert"));
  }
  if (format.is_folder()) {
    if (const auto made = make_folder(options.to_path); !made) return report_error(made.error());
  }
  for (const ExchangeFile& file : format.files) {
    if (file.needs_counts && !labelled.spectrum.has_counts()) continue;
    const std::string content = file.content(labelled);
    if (options.to_path.empty()) {
      if (const int printed = print(content); printed != kDone) return printed;
      continue;
    }
    const std::string path =
        format.is_folder() ? options.to_path + "/" + std::string(file.name) : options.to_path;
    if (const auto done = write_file(path, content); !done) return report_error(done.error());
  }
  for (const std::string& note : lost_in(format, labelled)) {
    std::fputs(("note: " + note + "\n").c_str(), stderr);
  }
  for (const Error& problem : study->report.problems) {
    std::fputs(("warning: " + to_string(problem) + "\n").c_str(), stderr);
  }
  return exit_code(options, study->report);
}

int eval_command(const Options& options) {
  if (const auto error = wrong_format(options)) return report_error(*error);
  const Result<CorpusFigures> figures = [&] {
    ProgressBar bar("measuring");
    return evaluate_corpora(
        options.corpora, options.formulas.empty() ? default_formulas() : options.formulas,
        options.query.jobs, [&](std::size_t done, std::size_t of) { bar.show(done, of); });
  }();
  if (!figures) return report_error(figures.error());
  for (const Error& problem : figures->problems) {
    std::fputs(("warning: " + to_string(problem) + "\n").c_str(), stderr);
  }
  if (figures->versions == 0) {
    return report_error(
        error_in(options.corpora.front(), "no version of a program could be measured",
                 "a version is a folder or archive with coverage, failing and passing runs, and a "
                 "ground_truth.json whose lines the coverage knows"));
  }
  std::fputs(
      fmt::format("{} versions measured, {} skipped (no failing or passing run, or no faulty "
                  "line instrumented)\n",
                  figures->versions, figures->skipped)
          .c_str(),
      stderr);
  return deliver(options, [&](const Writer& writer, const Style& style) {
    return writer.scores == nullptr ? std::nullopt
                                    : std::optional(writer.scores(figures->evaluation, style));
  });
}

int list_command(const Options& options) {
  const Style style = style_of(options);
  if (options.list == "formulas") {
    Table table({"name", "equation", "aliases", "source"});
    table.add({"posterior", "see spectra/README.md", "", "the default"});
    table.add({"posterior-runs", "see spectra/README.md", "", "its simpler form, of runs only"});
    for (const Formula& formula : formulas()) {
      table.add({std::string(formula.name), std::string(formula.expression),
                 std::string(formula.aliases), std::string(formula.source)});
    }
    return print(table.text(style.color, style.width, 3));
  }
  if (options.list == "formats") {
    Table table({"name", "files", "what it is"});
    for (const Reader& reader : readers()) {
      table.add({std::string(reader.name), std::string(reader.files), std::string(reader.title)});
    }
    return print(table.text(style.color, style.width, 2));
  }
  if (options.list == "filters") {
    Table table({"name", "what of .exec it leaves out"});
    for (const JavaFilterInfo& filter : java_filters()) {
      table.add({std::string(filter.name), std::string(filter.title)});
    }
    return print(table.text(style.color, style.width, 1));
  }
  if (options.list == "settings") {
    Table table({"flag and culprit.toml key", "takes", "meaning"});
    for (const Setting& setting : settings()) {
      table.add({std::string(setting.name), std::string(setting.value), std::string(setting.help)});
    }
    return print(
        table.text(style.color, style.width, 2) +
        "environment: CULPRIT_TOP for top; flags win over it, it wins over culprit.toml\n");
  }
  Table table({"name", "what it is"});
  for (const Writer& writer : writers()) {
    table.add({std::string(writer.name), std::string(writer.title)});
  }
  return print(table.text(style.color, style.width, 1));
}

}  // namespace culprit
