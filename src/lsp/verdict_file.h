// What `culprit gate --out json=FILE` said of failures: which of them are no chance.
//
// The gate has what an editor lacks, a baseline and reruns; its verdict names failures by
// fingerprints that hold for any build, so it is looked up by them.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/input.h"
#include "culprit/error.h"

namespace culprit::lsp {

// Of one failure that the gate confirmed, and that is neither known nor suppressed.
struct Confirmation {
  std::string why;                 // "failed in 3 of 3 reruns"
  bool new_cause = false;          // of a known failure
  std::set<std::string> suspects;  // as element_of() names them, those worth a warning
};

using Confirmations = std::map<std::string, Confirmation, std::less<>>;  // by fingerprint

// Errors: it is no such document, or holds no verdict.
[[nodiscard]] Result<Confirmations> read_confirmations(const Input& input);

}  // namespace culprit::lsp
