#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "writers/phrases.h"
#include "writers/table.h"
#include "writers/writers.h"

namespace culprit {

namespace {

// Ways out of a line that tell more than the line itself does.
void add_branches(const LineDetail& line, Table& table) {
  std::size_t ways = 0;
  for (const BranchDetail& branch : line.branches) ways += branch.counting ? 0 : 1;
  if (ways == 0) ways = line.branches.size();
  for (const BranchDetail& branch : line.branches) {
    if (branch.counts == line.counts || branch.counts.executed() == 0) continue;
    const std::string which = branch.counting
                                  ? fmt::format("{} or more of {} branches", branch.number, ways)
                                  : fmt::format("branch {} of {}", branch.number + 1, ways);
    table.add_note(fmt::format("        > {}: {}", which, evidence(branch.counts)));
  }
}

// What is known before any run is compared, by name; the same of every line.
std::vector<std::pair<std::string, double>> priors_of(const Explanation& explanation) {
  if (explanation.lines.empty()) return {};
  return explanation.lines.front().priors;
}

std::string_view in_words(std::string_view prior) {
  return prior == "change" ? "a prior, changed code being at fault more often"
         : prior == "age"  ? "a prior, code that changed lately being at fault more often"
                           : "a prior, the words of failure messages being in the names at fault";
}

// How the columns of a line make its log mass, so that a reader can add them up.
std::string arithmetic_in_words(const Explanation& explanation, const Style& style) {
  const Arithmetic& sum = explanation.arithmetic;
  const bool omission = std::isfinite(sum.omission_prior);
  const std::string executing = sum.averaged ? "each run" : "executing it";
  std::string text = "all terms are natural logs. ";
  text += sum.averaged ? "each run: how well the outcomes fit if a run that executes the line "
                         "fails with one chance;\neach execution: if every execution fails its "
                         "run with one chance"
                       : "executing it: how well the outcomes fit if executing the line makes "
                         "runs fail";
  text += "; counts: failing runs execute it more often";
  if (omission)
    text += ";\nnot executing it: the outcomes, if no longer executing it makes runs fail";
  if (sum.averaged) text += ";\nplace: a prior of its place in the function";
  if (sum.raised)
    text += ";\nraised: the outcomes, if the error that arose there is the fault's";
  for (const auto& [name, shift] : priors_of(explanation)) {
    text += fmt::format(";\n{}: {}", name, in_words(name));
  }
  if (sum.service_shift != 0) text += "; traces: what they say of its service";
  text += omission ? fmt::format(
                         ".\nlog mass = log(e^({} + counts {:+.2f}) + e^(not executing it "
                         "{:+.2f}))",
                         executing, sum.commission_prior, sum.omission_prior)
                   : ".\nlog mass = " + executing + " + counts";
  if (sum.averaged) text += " + place";
  if (sum.raised) text += " (and where an error arose, log(e^that + e^raised))";
  for (const auto& [name, shift] : priors_of(explanation)) text += " + " + name;
  if (sum.service_shift != 0) text += " + traces";
  text += "\n";
  if (!explanation.parts.empty() && sum.averaged) {
    text += fmt::format(
        "gives (to its {}) = the same with log of the mean of both, {:.3g} of "
        "counts, and without place\n",
        explanation.element.code.level == Level::kFunction ? "function" : "owner",
        sum.count_weight > 0 ? sum.function_count_weight / sum.count_weight : 0);
  }
  return inked(text.substr(0, text.size() - 1), Ink::kDim, style.color) + "\n";
}

// The groups of lines whose masses make the element's.
std::string parts_as_text(const Explanation& explanation, const Style& style) {
  constexpr std::size_t kShown = 8;
  Table table({"lines with one column", ">number", ">best gives", ">for number", ">sum", ">share"});
  std::size_t finite = 0;
  for (const MassPart& part : explanation.parts) {
    if (!std::isfinite(part.mass) || ++finite > kShown) continue;
    const double both = part.mass + part.bonus;
    table.add({printable(listed(part.lines), 60), std::to_string(part.lines.size()),
               fmt::format("{:.2f}", part.mass), fmt::format("{:+.2f}", part.bonus),
               fmt::format("{:.2f}", both), percent(std::exp(both - explanation.element.score))});
  }
  if (finite == 0) return {};
  std::string text = fmt::format("\nscore {:.2f} = log of the sum of e^sum over {} of lines\n",
                                 explanation.element.score, plural(finite, "group")) +
                     table.text(style.color, style.width, 0);
  if (finite > kShown) text += fmt::format("and {} smaller ones\n", finite - kShown);
  return text;
}

// What the element's score is under a formula, whose values are its lines'.
std::string roll_up_in_words(const Explanation& explanation, RollUp roll_up) {
  const std::string score = fmt::format("score {:.4g}: ", explanation.element.score);
  constexpr const char* kVotes = "the sum of 1 / worst rank over its lines";
  switch (roll_up) {
    case RollUp::kMax:
      return score + "the highest of its lines";
    case RollUp::kVote:
      return score + kVotes;
    case RollUp::kMaxVote:
      return score +
             "its place from 0 for the lowest, by the highest of its lines, and where they "
             "are equal by " +
             kVotes;
  }
  return score;
}

}  // namespace

std::string explanation_as_text(const Report& report, const Explanation& explanation,
                                const Style& style) {
  std::string text = opening(report, style);
  if (!report.undecided.empty()) {
    return text + "\n" + inked(report.undecided, Ink::kBold, style.color) + "\n\n" +
           closing(report, style);
  }
  const Ranked& element = explanation.element;
  text += "\n" + inked(printable(title(element.code), 400), Ink::kBold, style.color);
  if (!element.code.service.empty()) text += " of " + printable(element.code.service);
  if (element.facts && !element.facts->signature.empty()) {
    text += "\n" + printable(element.facts->signature, 1000);
    if (element.facts->approximate) text += " (approximate: what it includes was not found)";
  }
  text += fmt::format("\n{}\nrank {} of {}", printable(place(element.line), 400),
                      ranks(element.best_rank, element.worst_rank), report.ranking.elements);
  if (element.probability) text += ", score " + percent(*element.probability);
  text += fmt::format(" under {}\n", report.ranking.formula);
  if (element.service_suspicion) {
    text += fmt::format("service suspicion {:.1f}\n", *element.service_suspicion);
  }

  const bool posterior = !report.ranking.roll_up.has_value();
  const Arithmetic& sum = explanation.arithmetic;
  const bool averaged = posterior && sum.averaged;
  const bool omission = posterior && std::isfinite(sum.omission_prior);
  const bool parts = !explanation.parts.empty();
  std::vector<std::string> headings = {"", ">line", ">failing", ">passing", ">rank", ">alike"};
  if (posterior) {
    headings.emplace_back(averaged ? ">each run" : ">executing it");
    if (averaged) headings.emplace_back(">each execution");
    headings.emplace_back(">counts");
    if (omission) headings.emplace_back(">not executing it");
    if (averaged) headings.emplace_back(">place");
    if (sum.raised) headings.emplace_back(">raised");
    for (const auto& [name, shift] : priors_of(explanation)) headings.push_back(">" + name);
    if (sum.service_shift != 0) headings.emplace_back(">traces");
  }
  headings.emplace_back(posterior ? ">log mass" : ">score");
  if (parts) headings.emplace_back(">gives");
  Table table(std::move(headings));
  const auto log_term = [](double value) {
    return std::isfinite(value) ? fmt::format("{:.2f}", value) : std::string("-");
  };
  for (const LineDetail& line : explanation.lines) {
    const bool here = line.line.first_line == element.line.first_line;
    std::vector<std::string> cells = {here ? ">" : "",
                                      std::to_string(line.line.first_line),
                                      share(line.counts.ef, line.counts.failing()),
                                      share(line.counts.ep, line.counts.passing()),
                                      ranks(line.best_rank, line.worst_rank),
                                      std::to_string(line.group_size)};
    if (posterior) {
      cells.push_back(log_term(line.commission));
      if (averaged) cells.push_back(log_term(line.per_execution));
      cells.push_back(std::isfinite(line.commission)
                          ? fmt::format("{:+.2f}", sum.count_weight * line.contrast)
                          : "-");
      if (omission) cells.push_back(log_term(line.omission));
      if (averaged) cells.push_back(fmt::format("{:+.2f}", line.structure));
      if (sum.raised) cells.push_back(log_term(line.raised));
      for (const auto& [name, shift] : line.priors) cells.push_back(fmt::format("{:+.2f}", shift));
      if (sum.service_shift != 0) cells.push_back(fmt::format("{:+.2f}", sum.service_shift));
    }
    cells.push_back(posterior ? log_term(line.score) : fmt::format("{:.4g}", line.score));
    if (parts) cells.push_back(log_term(line.function_mass));
    table.add(std::move(cells), here ? Ink::kBold : Ink::kPlain);
    if (!line.source.empty()) {
      table.add_note(fmt::format("        | {}", printable(line.source)));
    }
    add_branches(line, table);
  }
  text += "\n" + table.text(style.color, style.width, 0);
  text +=
      inked("alike: lines with the same column. rank: among all lines.", Ink::kDim, style.color) +
      "\n";
  if (posterior) {
    text += arithmetic_in_words(explanation, style);
  } else if (element.code.level != Level::kLine) {
    text += roll_up_in_words(explanation, *report.ranking.roll_up) + "\n";
  }
  if (parts) text += parts_as_text(explanation, style);

  const auto list = [&](std::string_view what, const std::vector<RunRecord>& runs) {
    text += fmt::format("\n{} {} {}\n", plural(runs.size(), "failing run"), what,
                        printable(place(element.line), 400));
    std::size_t shown = 0;
    for (const RunRecord& run : runs) {
      if (++shown > 10) break;
      text += "  " + printable(run.name, 200);
      if (!run.outcome.reason.empty()) text += ": " + one_line(run.outcome.reason, 160);
      text += "\n";
    }
    if (runs.size() > 10) text += fmt::format("  and {} more\n", runs.size() - 10);
  };
  list("executed", explanation.failing_executed);
  if (!explanation.failing_not_executed.empty()) {
    list("did not execute", explanation.failing_not_executed);
  }
  text += fmt::format("\n{} executed it, {} did not",
                      plural(explanation.passing_executed, "passing run"),
                      explanation.passing_not_executed);
  if (explanation.missing != 0) {
    text += fmt::format(
        "; {} no report of its service",
        explanation.missing == 1 ? "1 run has" : plural(explanation.missing, "run") + " have");
  }
  text += "\n";
  return text;
}

}  // namespace culprit
