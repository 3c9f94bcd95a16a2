// Reads arbitrary JaCoCo data with an arbitrary class of the build: FF 00 separates the two. The
// identity of a class whose bytes were changed is put right, so that its probes are looked at.
#include <cstdint>
#include <string>

#include "checking_sink.h"
#include "readers/build_files.h"
#include "readers/coverage_jacoco_exec.h"
#include "readers/java_class.h"

namespace culprit {
namespace {

constexpr std::string_view kSeparator("\xff\x00", 2);
constexpr std::size_t kIdAt = 6;  // behind the header and the type of the first record

void fuzz(std::string_view bytes) {
  const std::size_t border = bytes.find(kSeparator);
  std::string exec(bytes.substr(0, border));
  BuildFiles build;
  if (border != std::string_view::npos) {
    const std::string_view owner = bytes.substr(border + kSeparator.size());
    (void)load_java_class({"build/X.class", owner}, build);
    if (exec.size() >= kIdAt + 8) {
      const std::uint64_t id = java_class_id(owner);
      for (std::size_t i = 0; i < 8; ++i) exec[kIdAt + i] = static_cast<char>(id >> (56 - 8 * i));
    }
  }
  build.finish();
  CheckingSink sink;
  const Result<void> done = read_jacoco_exec({"r/jacoco.exec", exec, {}, &build}, sink);
  if (!done) (void)to_string(done.error());
}

}  // namespace
}  // namespace culprit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  culprit::fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
