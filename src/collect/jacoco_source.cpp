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
class JacocoSource : public ConnectedSource {
 public:
  using ConnectedSource::ConnectedSource;

 private:
  Result<void> greet(Connection& connection) override {
    if (auto sent = connection.send(kHeader); !sent) return sent;
    const Result<std::string> header = connection.read(kHeader.size());
    if (!header) return fail(header.error());
    if (*header == kHeader) return {};
    return broken("does not answer as JaCoCo's agent (output=tcpserver) does");
  }

  Result<std::vector<RawFile>> ask(Connection& connection) override {
    if (auto sent = connection.send(kDumpAndReset); !sent) return fail(sent.error());
    bytes_ = kHeader;
    bool any_class = false;
    for (;;) {
      if (bytes_.size() > kMaxDumpBytes) return too_much();
      const Result<std::string> block = connection.read(1);
      if (!block) return fail(block.error());
      const char kind = block->front();
      if (kind == '\x20') break;
      bytes_ += kind;
      const Result<void> copied = kind == '\x01'   ? copy(connection, kHeader.size() - 1)
                                  : kind == '\x10' ? copy_session(connection)
                                  : kind == '\x11'
                                      ? copy_class(connection)
                                      : broken("sends a block that JaCoCo's agent does not have");
      if (!copied) return fail(copied.error());
      any_class = any_class || kind == '\x11';
    }
    if (!any_class) return std::vector<RawFile>{};
    return std::vector<RawFile>{{"jacoco.exec", std::move(bytes_)}};
  }

  Result<void> copy(Connection& connection, std::size_t size) {
    const Result<std::string> bytes = connection.read(size);
    if (!bytes) return fail(bytes.error());
    bytes_ += *bytes;
    return {};
  }
  std::uint8_t last_byte() const { return static_cast<std::uint8_t>(bytes_.back()); }

  Result<void> copy_text(Connection& connection) {
    if (auto done = copy(connection, 2); !done) return done;
    const auto high = static_cast<std::uint8_t>(bytes_[bytes_.size() - 2]);
    return copy(connection, high * 256U + last_byte());
  }
  Result<void> copy_session(Connection& connection) {
    if (auto done = copy_text(connection); !done) return done;
    return copy(connection, 16);  // start and dump
  }
  Result<void> copy_class(Connection& connection) {
    if (auto done = copy(connection, 8); !done) return done;
    if (auto done = copy_text(connection); !done) return done;
    std::uint32_t probes = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (auto done = copy(connection, 1); !done) return done;
      probes |= static_cast<std::uint32_t>(last_byte() & 0x7f) << shift;
      if ((last_byte() & 0x80) == 0) break;
      if (shift == 21) return broken("sends a class with more probes than there can be");
    }
    if (probes > kMaxProbes) {
      return broken("sends a class with more than " + std::to_string(kMaxProbes) + " probes");
    }
    return copy(connection, (probes + 7) / 8);
  }

  std::string bytes_;  // of the reply, so far
};

}  // namespace

std::unique_ptr<CoverageSource> jacoco_source(Address address, std::chrono::milliseconds timeout) {
  return std::make_unique<JacocoSource>(std::move(address), timeout);
}

}  // namespace culprit
