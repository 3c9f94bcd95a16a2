// The source of a report: its files found below --source, and their text.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/case_study.h"
#include "source/history.h"
#include "source/line_moves.h"
#include "source/path_map.h"
#include "source/source_text.h"

namespace culprit {

class CheckoutText {
 public:
  // Finds all files that the study's runs report. Errors: `folder` is none; there is no such commit
  // as the setting `commit` names.
  [[nodiscard]] static Result<CheckoutText> open(const std::string& folder, const CaseStudy& study);

  // Line `number` of the file, blanks around it dropped; empty where there is none.
  [[nodiscard]] std::string line(const CodeElement& code);
  // Fills in the text of the most suspicious line of each row, and its place in the repository now.
  void locate(Ranking& ranking);
  // Fills in where each file was found, and what it was like where it is another now.
  void locate(std::vector<FileHeat>& files);
  // Fills in which commit last changed the most suspicious line of the first rows, at most 20.
  void blame(Ranking& ranking);
  [[nodiscard]] const PathMap& map() const { return map_; }
  // As the coverage numbers it, which is as it is now unless the commit is known.
  [[nodiscard]] SourceText& text() { return text_; }
  // What the reader of the report should know: what was not found, and files that were changed
  // after the coverage was taken.
  [[nodiscard]] std::vector<std::string> notes() const;

 private:
  CheckoutText(PathMap map, std::shared_ptr<const History> recorded);
  // From the text of the runs' commit to the file now; nullptr: they are the same.
  [[nodiscard]] const LineMoves* moves(const std::string& file);

  PathMap map_;
  std::shared_ptr<const History> recorded_;  // nullptr: the commit is not known
  SourceText text_;
  SourceText now_;
  std::map<std::string, std::optional<LineMoves>> moves_;
  [[nodiscard]] std::string moved_since();

  std::string changed_;                // a note
  std::vector<std::string> problems_;  // with git, as notes
  std::string repository_;  // from its root to the folder, "services/shop/"; empty: it is the root,
                            // or in no repository
};

}  // namespace culprit
