// Analyses arbitrary bytes as a compiled class, with filters and without.
#include <cstdint>

#include "checking_sink.h"
#include "readers/java_analysis.h"

namespace culprit {
namespace {

void check(const AnalysedClass& analysed) {
  for (std::size_t i = 1; i < analysed.lines.size(); ++i) {
    require(analysed.lines[i - 1].number < analysed.lines[i].number, "lines ascend");
  }
  for (const AnalysedClass::Method& method : analysed.methods) {
    require(method.instructions > 0, "methods have instructions");
    require(method.lines <= analysed.lines.size(), "a method's lines are of its class");
  }
  for (const AnalysedClass::Reach& reach : analysed.probes) {
    require(reach.begin <= reach.end && reach.end <= analysed.words.size(), "words are there");
    require(reach.begin == reach.end ||
                reach.first + (reach.end - reach.begin) <= (analysed.lines.size() + 63) / 64,
            "probes tell of lines of the class");
  }
}

void fuzz(std::string_view bytes) {
  const Input input{"fuzz/X.class", bytes};
  const Result<AnalysedClass> all = analyse_class(input, JavaFilterSet::none());
  const Result<AnalysedClass> some = analyse_class(input, JavaFilterSet::all());
  require(all.has_value() == some.has_value(), "filters decide on no error");
  if (!all) return (void)to_string(all.error());
  check(*all);
  check(*some);
  require(all->probes.size() == some->probes.size(), "filters leave probes alone");
  require(some->lines.size() <= all->lines.size(), "filters only take away");
}

}  // namespace
}  // namespace culprit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  culprit::fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
