#include <array>

#include "writers/findings.h"

namespace culprit {

namespace {

constexpr std::string_view kEvidence =
    "The code is ranked by how well executing it, or no longer executing it, explains which runs "
    "fail: `culprit explain RUNS FUNCTION` shows the runs and the arithmetic. It is a suspicion: "
    "look at the line, then at the rest of the function, then at the next suspect. The fault may "
    "lie in what the function is given.";

constexpr auto kRules = std::to_array<Rule>({
    {"CL1001", "SuspectOfNewFailure", "Suspected of a new failure",
     "Requests or tests fail that did not fail in the baseline, or fail significantly more often, "
     "and this code explains best which of them do.",
     kEvidence, "medium", FindingLevel::kError},
    {"CL1002", "SuspectOfNewCause", "Suspected to be a new cause of a known failure",
     "A failure of the baseline goes on at its usual rate, but code explains it now that did not "
     "then: the same symptom, perhaps of another fault.",
     kEvidence, "low", FindingLevel::kWarning},
    {"CL1003", "SuspectOfKnownFailure", "Suspected of a known failure",
     "The baseline has this failure too, so it does not fail the gate. This code explains it best.",
     kEvidence, "medium", FindingLevel::kNote},
    {"CL1004", "Suspect", "Suspected of the failures",
     "Of all code that the runs executed, this is among what explains best which of them failed.",
     kEvidence, "medium", FindingLevel::kWarning},
    {"CL1005", "FailureWithoutPlace", "A failure that no code can be blamed for",
     "Runs fail, and either the evidence points at a service, a database or the machine rather "
     "than at code, or there are too few runs with coverage to tell.",
     "Read what the evidence is in the message. If code should be blamed, record coverage for "
     "failing and for passing runs of the endpoint.",
     "medium", FindingLevel::kNote},
});

}  // namespace

std::span<const Rule> rules() { return kRules; }

}  // namespace culprit
