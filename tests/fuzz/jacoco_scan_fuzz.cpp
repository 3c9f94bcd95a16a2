// Where the scanner of JaCoCo's XML takes a report, the strict reader takes it too, says the same
// and has nothing to complain of.
#include <cstdint>

#include "checking_sink.h"
#include "readers/coverage_jacoco_xml.h"
#include "readers/jacoco_scan.h"
#include "readers/recorder.h"

namespace culprit {
namespace {

void fuzz(std::string_view bytes) {
  const auto report = scan_jacoco_report(bytes);
  if (!report) return;
  Recorder fast;
  tell(*report, fast);
  Recorder strict;
  require(read_jacoco_xml_strictly({"jacoco.xml", bytes}, strict).has_value(), "it is well formed");
  require(strict.warnings.empty(), "it is in order");
  require(fast.events == strict.events, "both tell the same");
}

}  // namespace
}  // namespace culprit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  culprit::fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
