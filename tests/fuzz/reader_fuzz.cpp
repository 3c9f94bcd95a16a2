// Runs one reader, CULPRIT_FUZZ_READER, on arbitrary bytes. Where the format spreads over several
// files, FF 00 separates them: the file itself, then its companions in the table's order.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "readers/registry.h"

namespace culprit {
namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

// Reads every byte it is given, so that a view of freed memory is seen, and holds readers to what
// sink.h promises.
class CheckingSink final : public Sink {
 public:
  void run(std::string_view name) override { touch(name); }
  void service(std::string_view name) override { touch(name); }
  void outcome(Verdict, std::string_view reason) override { touch(reason); }
  void file(std::string_view path) override { touch(path); }
  void function(std::string_view name, std::uint32_t first, std::uint32_t last) override {
    touch(name);
    require(first <= kMaxLine && last <= kMaxLine, "function lines are at most kMaxLine");
  }
  void line(std::uint32_t number, std::uint64_t, std::string_view function) override {
    touch(function);
    require(number <= kMaxLine, "line numbers are at most kMaxLine");
  }
  void hit(std::uint32_t number, bool, std::string_view function) override {
    line(number, 0, function);
  }
  void branch(std::uint32_t number, bool) override {
    require(number < kMaxBranches, "a line has at most kMaxBranches branches");
  }
  void branches(std::uint32_t taken, std::uint32_t of) override {
    require(taken <= of && of <= kMaxBranches,
            "no more branches are taken than there are, at most kMaxBranches");
  }
  void request(Request&& request) override {
    touch(request.url);
    touch(request.endpoint);
  }
  void span(Span&&) override {}
  void window(const Window&) override {}
  void warn(Error error) override {
    touch(to_string(error));
    require(++warnings_ <= 1000, "warnings are folded");
  }

 private:
  void touch(std::string_view text) {
    for (const char c : text) sum_ = sum_ + static_cast<unsigned char>(c);
  }
  volatile unsigned sum_ = 0;
  int warnings_ = 0;
};

constexpr std::string_view kSeparator("\xff\x00", 2);

void fuzz(std::string_view bytes) {
  static const Reader* const reader = find_reader(CULPRIT_FUZZ_READER);
  require(reader != nullptr, "the table has a reader " CULPRIT_FUZZ_READER);
  std::vector<std::string_view> parts;
  while (parts.size() < reader->companions.size()) {
    const std::size_t end = bytes.find(kSeparator);
    if (end == std::string_view::npos) break;
    parts.push_back(bytes.substr(0, end));
    bytes.remove_prefix(end + kSeparator.size());
  }
  parts.push_back(bytes);

  Input input{"fuzz/input", parts[0]};
  input.neighbour = [&](std::string_view name) -> std::optional<std::string> {
    for (std::size_t i = 0; i < reader->companions.size() && i + 1 < parts.size(); ++i) {
      if (reader->companions[i] == name) return std::string(parts[i + 1]);
    }
    return std::nullopt;
  };
  (void)reader->accepts(inspect(input));
  CheckingSink sink;
  const Result<void> result = reader->read(input, sink);
  if (!result) (void)to_string(result.error());
}

}  // namespace
}  // namespace culprit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  culprit::fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
