#include <utility>

#include "base/text.h"
#include "collect/coverage_source.h"

namespace culprit {

namespace {

constexpr std::size_t kMaxLine = 8192;  // a path and a number
constexpr std::string_view kGreeting = "culprit-window 1";

class GcovSource : public ConnectedSource {
 public:
  using ConnectedSource::ConnectedSource;

 private:
  Result<void> greet(Connection& connection) override {
    const Result<std::string> greeting = connection.read_line(kMaxLine);
    if (!greeting) return fail(greeting.error());
    if (greeting->starts_with(kGreeting)) return {};
    return broken("answers `" + printable(*greeting) + "`, so it is no window object");
  }

  Result<std::vector<RawFile>> ask(Connection& connection) override {
    if (auto sent = connection.send("dump\n"); !sent) return fail(sent.error());
    std::vector<RawFile> files;
    std::size_t total = 0;
    for (;;) {
      const Result<std::string> line = connection.read_line(kMaxLine);
      if (!line) return fail(line.error());
      const std::string_view words = *line;
      if (words.starts_with("done ")) return files;
      if (words.starts_with("error ")) return broken(printable(words.substr(6), 400));
      const std::size_t blank = words.find(' ', 5);
      const auto size = words.starts_with("file ") && blank != std::string_view::npos
                            ? parse_u64(words.substr(5, blank - 5))
                            : std::nullopt;
      if (!size) return broken("answers `" + printable(words) + "`, no line of a dump");
      total += *size;
      if (*size > kMaxDumpBytes || total > kMaxDumpBytes) return too_much();
      Result<std::string> bytes = connection.read(*size);
      if (!bytes) return fail(bytes.error());
      files.push_back({std::string(words.substr(blank + 1)), std::move(*bytes)});
    }
  }
};

}  // namespace

std::unique_ptr<CoverageSource> gcov_source(Address address, std::chrono::milliseconds timeout) {
  return std::make_unique<GcovSource>(std::move(address), timeout);
}

}  // namespace culprit
