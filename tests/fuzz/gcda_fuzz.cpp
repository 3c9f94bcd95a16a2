// Reads arbitrary bytes as gcov's notes and counters of one object: four bytes tell the size of the
// notes, which come first. All ways of reading counters must agree on what is there to run.
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "checking_sink.h"
#include "readers/build_files.h"
#include "readers/coverage_gcov_data.h"

namespace culprit {
namespace {

// Lines of all files, and whether they ran.
class LinesSink final : public Sink {
 public:
  std::map<std::pair<std::string, std::uint32_t>, bool> ran;

  void run(std::string_view name) override { checks_.run(name); }
  void service(std::string_view name) override { checks_.service(name); }
  void outcome(Verdict verdict, std::string_view reason) override {
    checks_.outcome(verdict, reason);
  }
  void file(std::string_view path) override {
    checks_.file(path);
    file_ = path;
  }
  void function(std::string_view name, std::uint32_t first, std::uint32_t last) override {
    checks_.function(name, first, last);
  }
  void line(std::uint32_t number, std::uint64_t count, std::string_view function) override {
    checks_.line(number, count, function);
    bool& known = ran[{file_, number}];
    known = known || count != 0;
  }
  void hit(std::uint32_t, bool, std::string_view) override {
    require(false, "counters tell how often a line ran");
  }
  void branch(std::uint32_t number, bool taken) override { checks_.branch(number, taken); }
  void branches(std::uint32_t, std::uint32_t) override {}
  void lost(std::string_view path) override { checks_.lost(path); }
  void request(Request&&) override {}
  void span(Span&&) override {}
  void window(const Window&) override {}
  void warn(Error error) override { checks_.warn(std::move(error)); }

 private:
  CheckingSink checks_;
  std::string file_;
};

std::map<std::pair<std::string, std::uint32_t>, bool> lines_of(std::string_view notes,
                                                               std::string_view data,
                                                               const GcovMode& mode) {
  BuildFiles build;
  build.gcov = mode;
  if (!load_gcov_notes({"fuzz/x.gcno", notes}, build)) return {};
  build.finish();
  const Input input{"fuzz/x.gcda", data, {}, &build};
  LinesSink first;
  const Result<void> once = read_gcov_data(input, first);
  // The second time the layout is known.
  LinesSink second;
  const Result<void> again = read_gcov_data(input, second);
  require(once.has_value() == again.has_value(), "a file is read twice alike");
  if (!once) return {};
  require(first.ran == second.ran, "a file tells the same twice");
  return first.ran;
}

void fuzz(std::string_view bytes) {
  if (bytes.size() < 4) return;
  std::uint32_t size = 0;
  std::memcpy(&size, bytes.data(), 4);
  bytes.remove_prefix(4);
  if (size > bytes.size()) return;
  const std::string_view notes = bytes.substr(0, size);
  const std::string_view data = bytes.substr(size);
  const auto as_gcov = lines_of(notes, data, {false, false});
  const auto branches = lines_of(notes, data, {false, true});
  const auto blocks = lines_of(notes, data, {true, false});
  require(as_gcov == branches, "branches change no line");
  require(as_gcov.size() == blocks.size(), "either way of counting knows the same lines");
}

}  // namespace
}  // namespace culprit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  culprit::fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
