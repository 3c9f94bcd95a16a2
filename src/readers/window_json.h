// window.json, which `culprit record` writes beside the coverage it took: of a run, from when to
// when; of a service, that it answered (also where nothing of it ran) or why it did not.
//
//   {"schema": "culprit.window/1", "from": "2026-11-28T19:30:00.25Z", "to": "..."}
//   {"schema": "culprit.window/1", "rounds": 2, "quiet": true, "files": 3, "drain_ms": 4.1}
//   {"schema": "culprit.window/1", "missing": "connection refused"}
#pragma once

#include "readers/registry.h"

namespace culprit {

inline constexpr std::string_view kWindowSchema = "culprit.window/1";

[[nodiscard]] bool accepts_window(const Head& head);
[[nodiscard]] Result<void> read_window(const Input& input, Sink& sink);

}  // namespace culprit
