// What the source of ranked functions says of them: signatures, extents, kinds of statements.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "culprit/localize.h"
#include "pipeline/checkout_text.h"
#include "source/code_outline.h"

namespace culprit {

class SourceFactsFinder {
 public:
  // Parses the files of `rows` that are C, C++ or Java and were found: the first ones, at most 32.
  // Without libclang or the grammar of Java not those, and a note says so.
  SourceFactsFinder(const Query& query, CheckoutText& source,
                    const std::vector<const Ranked*>& rows);

  // Of a row of the ranking; nullopt: its file was not parsed, or it was not found in it.
  [[nodiscard]] std::optional<SourceFacts> facts_of(const Ranked& row) const;
  // Kind of the statement of a line; empty: not known.
  [[nodiscard]] std::string statement_of(const CodeElement& line) const;
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  void outline(const Query& query, CheckoutText& source, const std::vector<std::string>& files);
  [[nodiscard]] const CodeOutline* outline_of(const CodeElement& code) const;

  const PathMap& map_;
  std::map<std::string, CodeOutline> outlines_;  // by file below the source folder
  std::vector<std::string> notes_;
};

}  // namespace culprit
