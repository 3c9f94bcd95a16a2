#include <optional>
#include <utility>

#include "collect/coverage_source.h"

namespace culprit {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kHeader = "\x01\xc0\xc0\x10\x07"sv;  // block 01, magic, version
constexpr std::string_view kDumpAndReset = "\x40\x01\x01"sv;
constexpr std::uint32_t kMaxProbes = 1U << 20;

// The agent's protocol: after both sides sent a header, the reply to a command is a sequence of
// blocks up to the block 20. What is kept of it is a file as the agent writes one.
class JacocoSource : public CoverageSource {
 public:
  JacocoSource(Address address, std::chrono::milliseconds timeout)
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
    if (auto sent = connection_->send(kDumpAndReset); !sent) return fail(sent.error());
    bytes_ = kHeader;
    bool any_class = false;
    for (;;) {
      if (bytes_.size() > kMaxDumpBytes) {
        return fail(
            broken("sends more than " + std::to_string(kMaxDumpBytes) + " bytes in a dump"));
      }
      const Result<std::string> block = connection_->read(1);
      if (!block) return fail(block.error());
      const char kind = block->front();
      if (kind == '\x20') break;
      bytes_ += kind;
      const Result<void> copied = kind == '\x01'   ? copy(kHeader.size() - 1)
                                  : kind == '\x10' ? copy_session()
                                  : kind == '\x11' ? copy_class()
                                                   : fail(broken("sends a block that JaCoCo's "
                                                                 "agent does not have"));
      if (!copied) return fail(copied.error());
      any_class = any_class || kind == '\x11';
    }
    if (!any_class) return std::vector<RawFile>{};
    return std::vector<RawFile>{{"jacoco.exec", std::move(bytes_)}};
  }

  Result<void> greet() {
    Result<Connection> connection = Connection::open(address_, timeout_);
    if (!connection) return fail(connection.error());
    if (auto sent = connection->send(kHeader); !sent) return sent;
    const Result<std::string> header = connection->read(kHeader.size());
    if (!header) return fail(header.error());
    if (*header != kHeader) {
      return fail(broken("does not answer as JaCoCo's agent (output=tcpserver) does"));
    }
    connection_ = std::move(*connection);
    return {};
  }

  Result<void> copy(std::size_t size) {
    const Result<std::string> bytes = connection_->read(size);
    if (!bytes) return fail(bytes.error());
    bytes_ += *bytes;
    return {};
  }
  std::uint8_t last_byte() const { return static_cast<std::uint8_t>(bytes_.back()); }

  Result<void> copy_text() {
    if (auto done = copy(2); !done) return done;
    const auto high = static_cast<std::uint8_t>(bytes_[bytes_.size() - 2]);
    return copy(high * 256U + last_byte());
  }
  Result<void> copy_session() {
    if (auto done = copy_text(); !done) return done;
    return copy(16);  // start and dump
  }
  Result<void> copy_class() {
    if (auto done = copy(8); !done) return done;
    if (auto done = copy_text(); !done) return done;
    std::uint32_t probes = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (auto done = copy(1); !done) return done;
      probes |= static_cast<std::uint32_t>(last_byte() & 0x7f) << shift;
      if ((last_byte() & 0x80) == 0) break;
      if (shift == 21) return fail(broken("sends a class with more probes than there can be"));
    }
    if (probes > kMaxProbes) {
      return fail(broken("sends a class with more than " + std::to_string(kMaxProbes) + " probes"));
    }
    return copy((probes + 7) / 8);
  }

  [[nodiscard]] Error broken(std::string what) const {
    return error_in(address_.text, std::move(what));
  }

  Address address_;
  std::chrono::milliseconds timeout_;
  std::optional<Connection> connection_;
  std::string bytes_;  // of the reply, so far
};

}  // namespace

std::unique_ptr<CoverageSource> jacoco_source(Address address, std::chrono::milliseconds timeout) {
  return std::make_unique<JacocoSource>(std::move(address), timeout);
}

}  // namespace culprit
