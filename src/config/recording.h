// What `culprit record --config` reads: the services to take coverage from, and how to reach them.
//
//   base-url = "http://127.0.0.1:8080"     where requests go
//   timeout-ms = 5000                      for a reply, and for a service's dump
//   quiet-ms = 5                           after so long without work a service counts as quiet
//   drain-ms = 50                          longest wait for the services to go quiet after a reply
//   traces = ["spans/*.jsonl"]             files to copy into RUNS/traces when all is done
//
//   [[service]]
//   name = "gateway"                       its folder in every run
//   gcov = "unix:run/gateway.sock"         or jacoco = "127.0.0.1:6300"
//   build = ["build/gateway"]              folders with its .gcno files or classes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"

namespace culprit {

enum class CoverageTool : std::uint8_t { kGcov, kJacoco };

struct ServiceConfig {
  std::string name;
  CoverageTool tool = CoverageTool::kGcov;
  std::string address;
  std::vector<std::string> build;
};

struct RecordingConfig {
  std::string base_url;
  std::uint32_t timeout_ms = 5000;
  std::uint32_t quiet_ms = 5;
  std::uint32_t drain_ms = 50;
  std::vector<std::string> traces;  // globs over the last component
  std::vector<ServiceConfig> services;
};

// Relative paths are below the folder of `file.path`. Errors: unknown keys, values of another kind,
// no service, two services of one name, a name that is no folder's, an unknown address form.
[[nodiscard]] Result<RecordingConfig> parse_recording_config(const Input& file);

}  // namespace culprit
