#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "culprit/localize.h"
#include "pipeline/case_study.h"
#include "pipeline/checkout_text.h"
#include "pipeline/line_heat.h"
#include "pipeline/source_facts.h"

namespace culprit {

namespace {

// Functions, where no setting says how many: so many, or fewer that have most of the probability.
constexpr std::size_t kTop = 3;
constexpr double kMost = 0.95;
constexpr double kWarm = 0.05;             // heat from which on a line is shown
constexpr std::uint32_t kContext = 3;      // lines around it
constexpr std::uint32_t kSmallestGap = 3;  // fewer lines are shown rather than left out

using FileKey = std::pair<std::string_view, std::string_view>;  // service, file

// Where the lines of a function are shown from: a row of code outside functions has no first line.
std::uint32_t start_of(const Ranked& row) {
  if (row.facts && row.facts->first_line != 0) return row.facts->first_line;
  const bool known = row.code.first_line != 0 && row.code.first_line <= row.line.first_line &&
                     row.code.file == row.line.file;
  return known ? row.code.first_line : row.line.first_line;
}

class Annotator {
 public:
  explicit Annotator(const Report& report) : report_(report) {
    for (const Ranked& row : report.ranking.rows) {
      functions_[{row.line.service, row.line.file}].push_back(&row);
    }
  }

  // The files that `name` means.
  Result<std::vector<const FileHeat*>> named(const std::string& name) const {
    const std::string wanted = clean_path(name);
    std::vector<const FileHeat*> found;
    std::vector<std::string_view> known;
    for (const FileHeat& file : report_.heat) {
      known.push_back(file.file);
      if (ends_with_path(file.file, wanted) || ends_with_path(wanted, file.file) ||
          (!file.source.empty() && ends_with_path(clean_path(file.source), wanted))) {
        found.push_back(&file);
      }
    }
    if (!found.empty()) return found;
    // Whoever mistypes a folder still means the file.
    auto near = nearest(wanted, known);
    for (std::size_t i = 0; !near && i < known.size(); ++i) {
      if (base_of(known[i]) == base_of(wanted)) near = known[i];
    }
    if (!near) {
      std::vector<std::string_view> bases;
      for (const std::string_view path : known) bases.push_back(base_of(path));
      near = nearest(base_of(wanted), bases);
    }
    return fail(error_in(printable(name), "no file of the reports is called so",
                         near ? "did you mean `" + printable(*near) + "`?"
                              : "`culprit rank RUNS --level file` lists them"));
  }

  AnnotatedFile annotated(const FileHeat& file, const std::set<const Ranked*>& wanted) const {
    AnnotatedFile result{file, {}, {}, {}};
    std::vector<const Ranked*> rows = functions_of(file);
    std::erase_if(rows, [&](const Ranked* row) { return !wanted.contains(row); });
    std::sort(rows.begin(), rows.end(),
              [](const auto* a, const auto* b) { return start_of(*a) < start_of(*b); });
    for (const Ranked* row : rows) {
      result.functions.push_back(*row);
      add_lines(*row, file, result.shown);
    }
    return result;
  }

  // The most suspicious functions of all: `count`, 0 for all of them.
  std::set<const Ranked*> first(std::optional<std::size_t> count) const {
    std::set<const Ranked*> rows;
    double mass = 0;
    for (const Ranked& row : report_.ranking.rows) {
      if (count ? *count != 0 && rows.size() == *count : rows.size() == kTop || mass >= kMost)
        break;
      rows.insert(&row);
      mass += row.probability.value_or(0);
    }
    return rows;
  }

  // Of a file the functions with warm lines, at least the most suspicious one.
  std::set<const Ranked*> warm(const FileHeat& file) const {
    std::set<const Ranked*> rows;
    for (const Ranked* row : functions_of(file)) {
      std::vector<LineRange> unused;
      if (rows.empty() || add_lines(*row, file, unused)) rows.insert(row);
    }
    return rows;
  }

 private:
  static std::string_view base_of(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
  }

  // Most suspicious first.
  std::vector<const Ranked*> functions_of(const FileHeat& file) const {
    const auto at = functions_.find({file.service, file.file});
    return at == functions_.end() ? std::vector<const Ranked*>() : at->second;
  }

  // The lines to show of a function: its start, and what surrounds its warm lines. True when it has
  // warm ones.
  bool add_lines(const Ranked& row, const FileHeat& file, std::vector<LineRange>& shown) const {
    const std::uint32_t start = start_of(row);
    const std::uint32_t end = std::max(end_of(row, file), row.line.first_line);
    // A range may begin before the function: with JaCoCo its first line is the first executable
    // one.
    const auto around = [&](std::uint32_t line) {
      const std::uint32_t from = line > kContext ? line - kContext : 1;
      shown.push_back({std::max(from, start > 1 ? start - 1 : 1), std::min(line + kContext, end)});
    };
    shown.push_back({start > 1 ? start - 1 : 1, start});
    around(row.line.first_line);
    bool warm = false;
    for (const LineHeat& line : file.lines) {
      if (line.line < start || line.line > end || line.heat < kWarm) continue;
      warm = true;
      around(line.line);
    }
    return warm;
  }

  // The last line of a function; where it is not known, the one before the next function.
  std::uint32_t end_of(const Ranked& row, const FileHeat& file) const {
    if (row.facts && row.facts->last_line != 0) return row.facts->last_line;
    if (row.code.last_line != 0) return row.code.last_line;
    std::uint32_t end = file.lines.empty() ? 0 : file.lines.back().line;
    for (const Ranked* other : functions_of(file)) {
      if (start_of(*other) > start_of(row)) end = std::min(end, start_of(*other) - 1);
    }
    return end;
  }

  const Report& report_;
  std::map<FileKey, std::vector<const Ranked*>> functions_;
};

// In order, those that nearly touch as one.
std::vector<LineRange> joined(std::vector<LineRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const LineRange& a, const LineRange& b) { return a.first < b.first; });
  std::vector<LineRange> result;
  for (const LineRange& range : ranges) {
    if (!result.empty() && range.first <= result.back().last + kSmallestGap) {
      result.back().last = std::max(result.back().last, range.last);
    } else {
      result.push_back(range);
    }
  }
  return result;
}

// The file's lines, and how many of them are shown.
void add_text(const AnnotationRequest& request, CheckoutText* source, AnnotatedFile& file) {
  const std::string* const found =
      source == nullptr ? nullptr : source->map().find({file.heat.service, file.heat.file});
  if (found != nullptr) file.text = source->text().lines(*found);
  // Without the text, up to the last line that is known.
  std::uint32_t last = static_cast<std::uint32_t>(file.text.size());
  if (file.text.empty() && !file.heat.lines.empty()) last = file.heat.lines.back().line;
  if (request.whole) file.shown = {{1, last}};
  const auto is_blank = [&](std::uint32_t line) {
    return line <= file.text.size() && trim(file.text[line - 1]).empty();
  };
  for (LineRange& range : file.shown) {
    range.last = std::min(range.last, last);
    if (request.whole) continue;
    while (range.first < range.last && is_blank(range.first)) ++range.first;
    while (range.first < range.last && is_blank(range.last)) --range.last;
  }
  std::erase_if(file.shown, [](const LineRange& range) { return range.first > range.last; });
  file.shown = joined(std::move(file.shown));
}

// A file and its functions to show.
using Chosen = std::pair<const FileHeat*, std::set<const Ranked*>>;

void add_facts(const Query& query, CaseStudy& study, CheckoutText& source,
               const std::vector<Chosen>& chosen) {
  if (!study.parse_source) return;
  std::set<const Ranked*> wanted;
  for (const auto& [file, rows] : chosen) wanted.insert(rows.begin(), rows.end());
  std::vector<const Ranked*> rows;  // most suspicious first
  for (const Ranked& row : study.report.ranking.rows) {
    if (wanted.contains(&row)) rows.push_back(&row);
  }
  const SourceFactsFinder finder(query, source, rows);
  for (Ranked& row : study.report.ranking.rows) {
    if (wanted.contains(&row)) row.facts = finder.facts_of(row);
  }
  for (const std::string& note : finder.notes()) study.report.notes.push_back(note);
}

}  // namespace

Result<std::pair<Report, Annotation>> annotate(const Query& query,
                                               const AnnotationRequest& request) {
  std::optional<std::size_t> top;
  Query whole = query;
  for (const auto& [name, value] : query.settings) {
    if (name == "top") top = parse_u64(value);
  }
  whole.settings.emplace_back("level", "function");
  whole.settings.emplace_back("top", "0");
  Result<CaseStudy> study = investigate(whole);
  if (!study) return fail(study.error());
  Report& report = study->report;
  Annotation annotation;
  annotation.named = !request.files.empty();
  annotation.has_source = !query.source.empty();
  if (!report.undecided.empty()) return std::pair(std::move(report), std::move(annotation));

  report.heat = line_heat(*study->evidence, study->method);
  std::optional<CheckoutText> source;
  if (annotation.has_source) {
    Result<CheckoutText> opened = CheckoutText::open(query.source, *study);
    if (!opened) return fail(opened.error());
    source.emplace(std::move(*opened));
    source->locate(report.heat);
  }

  const Annotator annotator(report);
  std::vector<Chosen> chosen;
  if (annotation.named) {
    std::set<const FileHeat*> known;
    for (const std::string& name : request.files) {
      const auto files = annotator.named(name);
      if (!files) return fail(files.error());
      for (const FileHeat* file : *files) {
        if (known.insert(file).second) chosen.emplace_back(file, annotator.warm(*file));
      }
    }
  } else {
    const std::set<const Ranked*> rows = annotator.first(top);
    for (const FileHeat& file : report.heat) chosen.emplace_back(&file, rows);
  }
  if (source) add_facts(query, *study, *source, chosen);
  std::vector<std::pair<std::size_t, AnnotatedFile>> files;  // with their best rank
  for (const auto& [heat, rows] : chosen) {
    AnnotatedFile file = annotator.annotated(*heat, rows);
    if (file.functions.empty() && !annotation.named) continue;
    add_text(request, source ? &*source : nullptr, file);
    std::size_t best = report.ranking.elements;
    for (const Ranked& row : file.functions) best = std::min(best, row.best_rank);
    files.emplace_back(best, std::move(file));
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [best, file] : files) annotation.files.push_back(std::move(file));
  if (source) {
    for (std::string& note : source->notes()) report.notes.push_back(std::move(note));
  }
  return std::pair(std::move(report), std::move(annotation));
}

}  // namespace culprit
