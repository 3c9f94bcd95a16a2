// Which runs an editor is told of, and for which folders.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "culprit/localize.h"
#include "lsp/code_evidence.h"
#include "lsp/params.h"

namespace culprit::lsp {

struct Project {
  std::uint64_t id = 0;
  Query query;                       // as for the command line, with `source`; lists functions
  std::vector<std::string> further;  // other folders with sources
  std::size_t top = 10;
  std::string verdict;         // the gate's, as JSON; see verdict_file.h
  bool verdict_named = false;  // by somebody: else it need not be there

  std::string stamp;    // of the runs that were read last
  std::string changed;  // a stamp that was seen once: read again when it stays
  bool loading = false;
  std::shared_ptr<const CodeEvidence> evidence;  // null: nothing was read, or it could not be
};

struct Workspace {
  std::vector<std::string> folders;  // paths, without a slash at the end
  Query query;                       // what the command line said; `runs` empty: it said nothing
  std::string verdict;               // --verdict, or empty
};

// The projects of a workspace. Where the command line or `options`, the client's
// initializationOptions, name runs, there is one for all folders; else one for each folder that has
// a `.culprit`. Failures: an option is of another kind or unknown.
[[nodiscard]] tl::expected<std::vector<Project>, Failure> projects_of(const Workspace& workspace,
                                                                      const Json& options);

// Changes when the run set does, or the verdict: their own time and size, and those of what lies
// directly in it. `culprit record` moves runs into place whole, so deeper changes are none of its
// making.
[[nodiscard]] std::string stamp_of(const std::string& runs, const std::string& verdict);

}  // namespace culprit::lsp
