// What an OpenAPI document (3.x, or Swagger 2.0; JSON or YAML) declares: the statuses of each
// operation. Parameters, bodies and schemas are not looked at.
#pragma once

#include "base/input.h"
#include "culprit/error.h"
#include "model/api_contract.h"

namespace culprit {

[[nodiscard]] Result<ApiContract> read_openapi(const Input& input);

}  // namespace culprit
