// What editors show of the evidence: diagnostics, lenses, hovers, hints, heat. Pure functions from
// evidence and the document as it is now to the protocol's JSON.
#pragma once

#include <optional>
#include <string>

#include "lsp/code_evidence.h"
#include "lsp/edited_text.h"
#include "lsp/params.h"

namespace culprit::lsp {

// One file with its evidence, and where its lines are now.
struct View {
  const CodeEvidence& evidence;
  const FileEvidence& file;
  const EditedText& text;
};

// Line `recorded` without the blanks around it; nullopt: edited or gone.
[[nodiscard]] std::optional<Range> range_of(const EditedText& text, std::uint32_t recorded);

// The first `shown` functions of the ranking, those in this file, at their most suspicious lines.
[[nodiscard]] Json diagnostics_of(const View& view);
// Above the same functions.
[[nodiscard]] Json lenses_of(const View& view);
// The evidence for the line and its function; null where nothing is known.
[[nodiscard]] Json hover_of(const View& view, std::uint32_t line, bool markdown);
// Beside each line of the range that is suspicious.
[[nodiscard]] Json hints_of(const View& view, const Range& range);
// [[line, heat]...] of the lines that are suspicious; lines 0-based, heat in (0, 1].
[[nodiscard]] Json heat_of(const View& view);
// The ranking, for a list: `location` is null where the file or its line is not found.
[[nodiscard]] Json listed_row(const CodeEvidence& evidence, std::size_t position,
                              const Json& location);
// The failing runs, and the cluster each is in.
[[nodiscard]] Json failing_runs(const Report& report);

}  // namespace culprit::lsp
