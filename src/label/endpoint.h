// Endpoint templates: the name requests to one handler share.
#pragma once

#include <string>
#include <string_view>

namespace culprit {

// The path of `url` without scheme, host, query and fragment, with segments that are ids (all
// digits, a UUID, 16 or more hex digits) replaced by `{}`. "http://h:80/order/17?x=1" ->
// "/order/{}".
[[nodiscard]] std::string endpoint_template(std::string_view url);

}  // namespace culprit
