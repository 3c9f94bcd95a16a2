// A service that hands out what it executed since it was last asked.
#pragma once

#include <chrono>
#include <memory>
#include <string>
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

// What one dump may send; above it the service is taken for broken.
inline constexpr std::size_t kMaxDumpBytes = std::size_t{1} << 30;

// A program that has src/collect/gcov_window.c in it, which describes the protocol.
[[nodiscard]] std::unique_ptr<CoverageSource> gcov_source(Address address,
                                                          std::chrono::milliseconds timeout);
// A JVM with the JaCoCo agent, output=tcpserver.
[[nodiscard]] std::unique_ptr<CoverageSource> jacoco_source(Address address,
                                                            std::chrono::milliseconds timeout);

}  // namespace culprit
