// Rules about bodies, for APIs that answer 200 with an error inside: `body.status==0`.
//
//     body.status==0   body.data[0].code>=400   body/errors/0 exists   body.total missing
//
// On the left a path into the body's JSON, with dots, or a JSON pointer; then ==, !=, <, <=, >, >=
// with a number, a word or a text in quotes, or `exists` (also of null) or `missing`. A comparison
// speaks only where the value is there; a body that is no JSON meets no rule but `missing`, and one
// that was cut short is searched as far as it goes.
#pragma once

#include <string>
#include <string_view>

#include "culprit/error.h"
#include "culprit/request.h"
#include "model/policy.h"

namespace culprit {

[[nodiscard]] Result<BodyRule> parse_body_rule(std::string_view text);

[[nodiscard]] bool meets(std::string_view body, const BodyRule& rule);

// Notes which rule the request's body meets, and lets go of the body.
void judge_body(Request& request, const LabelPolicy& policy);

}  // namespace culprit
