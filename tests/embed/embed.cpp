// The whole of embedding culprit: ask for the suspects of a run set, print them.
#include <culprit/localize.h>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: embed RUNS\n");
    return 2;
  }
  culprit::Query query;
  query.runs = argv[1];
  query.settings = {{"top", "3"}};
  const culprit::Result<culprit::Report> report = culprit::localize(query);
  if (!report) {
    std::fprintf(stderr, "%s\n", culprit::to_string(report.error()).c_str());
    return 2;
  }
  if (!report->undecided.empty()) {
    std::printf("%s\n", report->undecided.c_str());
    return 0;
  }
  for (const culprit::Ranked& row : report->ranking.rows) {
    std::printf("%zu %.3f %s %s:%u\n", row.best_rank, row.probability.value_or(0),
                row.code.name.c_str(), row.line.file.c_str(), row.line.first_line);
  }
}
