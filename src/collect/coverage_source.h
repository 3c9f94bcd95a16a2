// A service that hands out what it executed since it was last asked.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collect/connection.h"
#include "culprit/error.h"

namespace culprit {

// Raw coverage as the tool writes it to disk.
struct RawFile {
  std::string
      path;  // gcov: the object's path on the service's machine, with .gcda; JaCoCo: jacoco.exec
  std::string bytes;
};

class CoverageSource {
 public:
  virtual ~CoverageSource() = default;

  // What was executed since the last call, and no longer counted from now on; empty: nothing.
  // Connects first where that is needed, so a service that was gone may come back.
  [[nodiscard]] virtual Result<std::vector<RawFile>> take() = 0;
};

// A source that is asked over a connection, which is kept from one call to the next and given up
// after an error. Both calls end within the timeout for each step.
class ConnectedSource : public CoverageSource {
 public:
  ConnectedSource(Address address, std::chrono::milliseconds timeout)
      : address_(std::move(address)), timeout_(timeout) {}

  [[nodiscard]] Result<std::vector<RawFile>> take() final;

 protected:
  // What both sides say once, before anything is asked.
  virtual Result<void> greet(Connection& connection) = 0;
  virtual Result<std::vector<RawFile>> ask(Connection& connection) = 0;

  [[nodiscard]] tl::unexpected<Error> broken(std::string what) const {
    return fail(error_in(address_.text, std::move(what)));
  }
  // More than kMaxDumpBytes.
  [[nodiscard]] tl::unexpected<Error> too_much() const;

 private:
  Address address_;
  std::chrono::milliseconds timeout_;
  std::optional<Connection> connection_;
};

// What one dump may send; above it the service is taken for broken.
inline constexpr std::size_t kMaxDumpBytes = std::size_t{1} << 30;

// A program that has src/collect/gcov_window.c in it, which describes the protocol.
[[nodiscard]] std::unique_ptr<CoverageSource> gcov_source(Address address,
                                                          std::chrono::milliseconds timeout);
// A JVM with the JaCoCo agent, output=tcpserver.
[[nodiscard]] std::unique_ptr<CoverageSource> jacoco_source(Address address,
                                                            std::chrono::milliseconds timeout);

}  // namespace culprit
