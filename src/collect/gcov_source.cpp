#include <optional>
#include <utility>

#include "base/text.h"
#include "collect/coverage_source.h"

namespace culprit {

namespace {

constexpr std::size_t kMaxLine = 8192;  // a path and a number
constexpr std::string_view kGreeting = "culprit-window 1";

class GcovSource : public CoverageSource {
 public:
  GcovSource(Address address, std::chrono::milliseconds timeout)
      : address_(std::move(address)), timeout_(timeout) {}

  Result<std::vector<RawFile>> take() override {
    Result<std::vector<RawFile>> files = ask();
    if (!files) connection_.reset();
    return files;
  }

 private:
  Result<std::vector<RawFile>> ask() {
    if (!connection_) {
      if (auto greeted = greet(); !greeted) return fail(greeted.error());
    }
    if (auto sent = connection_->send("dump\n"); !sent) return fail(sent.error());
    std::vector<RawFile> files;
    std::size_t total = 0;
    for (;;) {
      const Result<std::string> line = connection_->read_line(kMaxLine);
      if (!line) return fail(line.error());
      const std::string_view words = *line;
      if (words.starts_with("done ")) return files;
      if (words.starts_with("error ")) return fail(broken(printable(words.substr(6), 400)));
      const std::size_t blank = words.find(' ', 5);
      const auto size = words.starts_with("file ") && blank != std::string_view::npos
                            ? parse_u64(words.substr(5, blank - 5))
                            : std::nullopt;
      if (!size) return fail(broken("answers `" + printable(words) + "`, no line of a dump"));
      total += *size;
      if (*size > kMaxDumpBytes || total > kMaxDumpBytes) {
        return fail(
            broken("sends more than " + std::to_string(kMaxDumpBytes) + " bytes in a dump"));
      }
      Result<std::string> bytes = connection_->read(*size);
      if (!bytes) return fail(bytes.error());
      files.push_back({std::string(words.substr(blank + 1)), std::move(*bytes)});
    }
  }

  Result<void> greet() {
    Result<Connection> connection = Connection::open(address_, timeout_);
    if (!connection) return fail(connection.error());
    const Result<std::string> greeting = connection->read_line(kMaxLine);
    if (!greeting) return fail(greeting.error());
    if (!greeting->starts_with(kGreeting)) {
      return fail(broken("answers `" + printable(*greeting) + "`, so it is no window object"));
    }
    connection_ = std::move(*connection);
    return {};
  }

  [[nodiscard]] Error broken(std::string what) const {
    return error_in(address_.text, std::move(what));
  }

  Address address_;
  std::chrono::milliseconds timeout_;
  std::optional<Connection> connection_;
};

}  // namespace

std::unique_ptr<CoverageSource> gcov_source(Address address, std::chrono::milliseconds timeout) {
  return std::make_unique<GcovSource>(std::move(address), timeout);
}

}  // namespace culprit
