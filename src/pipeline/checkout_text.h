// The source of a report: its files found below --source, and their text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/case_study.h"
#include "source/path_map.h"
#include "source/source_text.h"

namespace culprit {

class CheckoutText {
 public:
  // Finds all files that the study's runs report. Errors: `folder` is none.
  [[nodiscard]] static Result<CheckoutText> open(const std::string& folder, const CaseStudy& study);

  // Line `number` of the file, blanks around it dropped; empty where there is none.
  [[nodiscard]] std::string line(const CodeElement& code);
  // Fills in the text of the most suspicious line of each row, and its place in the repository.
  void locate(Ranking& ranking);
  // Fills in where each file was found (FileHeat::source).
  void locate(std::vector<FileHeat>& files) const;
  [[nodiscard]] const PathMap& map() const { return map_; }
  [[nodiscard]] SourceText& text() { return text_; }
  // What the reader of the report should know: what was not found, and files that were changed
  // after the coverage was taken.
  [[nodiscard]] std::vector<std::string> notes() const;

 private:
  explicit CheckoutText(PathMap map);

  PathMap map_;
  SourceText text_;
  std::string changed_;     // a note
  std::string repository_;  // from its root to the folder, "services/shop/"; empty: it is the root,
                            // or in no repository
};

}  // namespace culprit
