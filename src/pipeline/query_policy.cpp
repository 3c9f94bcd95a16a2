#include "pipeline/query_policy.h"

#include "culprit/formula.h"

namespace culprit {

Result<Policy> policy_of(const Query& query, const FileTree& tree) {
  Policy policy;
  std::string path = query.manifest;
  std::string bytes;
  if (!path.empty()) {
    Result<std::string> read = read_file(path);
    if (!read) return fail(read.error());
    bytes = std::move(*read);
  } else if (const FileTree::Entry* const entry = tree.find("culprit.toml")) {
    path = entry->path;
    Result<std::string> read = tree.read(*entry);
    if (!read) return fail(read.error());
    bytes = std::move(*read);
  }
  if (!path.empty()) {
    if (auto done = apply_manifest(policy, {path, bytes}); !done) return fail(done.error());
  }
  for (const auto& [name, value] : query.settings) {
    if (auto done = apply_setting(policy, name, value, "--" + name); !done) {
      return fail(done.error());
    }
  }
  return policy;
}

Result<Method> method_of(const Policy& policy) {
  Method method;
  method.posterior = policy.posterior;
  if (const auto model = posterior_model(policy.formula)) {
    method.posterior.model = *model;
    if (!policy.roll_up) return method;
    return fail(error_in("--roll-up", "the posterior has a roll-up of its own",
                         "name a formula too, such as --formula ochiai"));
  }
  const Result<const Formula*> formula = find_formula(policy.formula);
  if (!formula) return fail(formula.error());
  method.formula = *formula;
  method.roll_up = policy.roll_up.value_or(RollUp::kMaxVote);
  return method;
}

}  // namespace culprit
