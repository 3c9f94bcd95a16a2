// What a query asks for: the numbers a user may set, and the method they name.
#pragma once

#include "base/file_tree.h"
#include "config/policy.h"
#include "culprit/localize.h"
#include "score/rank.h"

namespace culprit {

// Defaults, the run set's culprit.toml or the one given, then the settings of the query.
[[nodiscard]] Result<Policy> policy_of(const Query& query, const FileTree& tree);

// Without what depends on the runs. Errors: no such formula; a roll-up for the posterior.
[[nodiscard]] Result<Method> method_of(const Policy& policy);

}  // namespace culprit
