// What JMeter's listeners write: CSV (with a header or in the default order of columns) and XML.
// Its `success` is the verdict: assertions can fail a 200. Transactions, which sum up other rows,
// are left out.
#pragma once

#include "readers/registry.h"

namespace culprit {

[[nodiscard]] bool accepts_jmeter_csv(const Head& head);
[[nodiscard]] Result<void> read_jmeter_csv(const Input& input, Sink& sink);

[[nodiscard]] bool accepts_jmeter_xml(const Head& head);
[[nodiscard]] Result<void> read_jmeter_xml(const Input& input, Sink& sink);

}  // namespace culprit
