#include "lsp/verdict_file.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "lsp/params.h"

namespace culprit::lsp {

namespace {

constexpr std::size_t kMostNesting = 100;
// As in writers/findings.cpp: below it a suspect is hardly worth a warning, however high its rank.
constexpr double kWorthAWarning = 0.1;

std::string element_named(const Json& suspect) {
  Params in(suspect);
  const std::string service = in.optional_text("/element/service").value_or("");
  const std::string function = in.optional_text("/element/function").value_or("");
  const std::string file = in.optional_text("/element/file").value_or("");
  const std::string name =
      function.empty() ? file + ":" + std::to_string(in.number("/line")) : function;
  return (service.empty() ? "" : service + ":") + name;
}

// Those that the other outputs of the gate warn of: of a red failure the likely ones, else the
// first. The others are wrong more often than not.
std::set<std::string> worth_a_warning(const Json& suspects, bool fails_gate) {
  std::set<std::string> names;
  std::uint32_t best = std::numeric_limits<std::uint32_t>::max();
  for (const Json& suspect : suspects) best = std::min(best, Params(suspect).number("/best_rank"));
  for (const Json& suspect : suspects) {
    const Json* const probability = Params(suspect).find("/probability");
    const bool likely = probability == nullptr || !probability->is_number() ||
                        probability->get<double>() >= kWorthAWarning;
    const bool leads = Params(suspect).number("/best_rank") == best;
    if (leads || (fails_gate && likely)) names.insert(element_named(suspect));
  }
  return names;
}

}  // namespace

Result<Confirmations> read_confirmations(const Input& input) {
  const std::string path(input.path);
  const char* const hint = "`culprit gate RUNS --out json=FILE` writes one";
  if (nests_deeper_than(input.bytes, kMostNesting)) {
    return fail(error_in(path, "nests deeper than " + std::to_string(kMostNesting) + " levels"));
  }
  const Json json = Json::parse(input.bytes, nullptr, false);
  if (json.is_discarded()) return fail(error_in(path, "is not JSON", hint));
  Params in(json);
  const std::string schema = in.optional_text("/schema").value_or("");
  if (schema != "culprit.report/1") {
    return fail(error_in(
        path, "is no report of this version: its schema is `" + printable(schema, 100) + "`",
        hint));
  }
  if (in.find("/gate") == nullptr) return fail(error_in(path, "holds no verdict", hint));
  Confirmations found;
  for (const Json& cluster : in.list("/gate/clusters")) {
    Params verdict(cluster);
    const std::string fingerprint = verdict.text("/cluster");
    const std::string novelty = verdict.text("/novelty");
    const bool confirmed = verdict.flag("/confirmed", false);
    const bool fails_gate = verdict.flag("/fails_gate", false);
    const std::string why = one_line(verdict.optional_text("/confirmation").value_or(""), 300);
    const Json& suspects = verdict.list("/suspects");
    if (verdict.failure()) {
      return fail(error_in(path, "gate/clusters: " + verdict.failure()->message, hint));
    }
    if (!confirmed || novelty == "known" || verdict.find("/suppressed") != nullptr) continue;
    found[fingerprint] = {why, novelty == "new-cause", worth_a_warning(suspects, fails_gate)};
  }
  if (in.failure()) return fail(error_in(path, in.failure()->message, hint));
  return found;
}

}  // namespace culprit::lsp
