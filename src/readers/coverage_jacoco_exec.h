// JaCoCo's raw data (.exec): which probes of which classes were hit. The classes of the build that
// ran say which lines that is; see java_build.h. Sessions of one file are taken together,
// or each as a run of its own.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"
#include "readers/registry.h"
#include "readers/sink.h"

namespace culprit {

struct JacocoExec {
  struct Class {
    std::uint64_t id = 0;
    std::string_view name;  // points into the bytes
    std::uint32_t probes = 0;
    std::string_view hits;  // bit i % 8 of byte i / 8
  };
  // One dump of a virtual machine, which may be one of several in the file.
  struct Session {
    std::string_view id;
    std::size_t first_class = 0;  // of `classes`; the last ones are those of the next session
  };
  std::vector<Session> sessions;
  std::vector<Class> classes;  // as listed; one may recur
  bool truncated = false;      // ends inside a record; those before it are kept
};

// Errors: not JaCoCo's, another version of the format, a record that is none.
[[nodiscard]] Result<JacocoExec> parse_jacoco_exec(const Input& input);

[[nodiscard]] bool accepts_jacoco_exec(const Head& head);
[[nodiscard]] Result<void> read_jacoco_exec(const Input& input, Sink& sink);

// Compiled classes of the build.
[[nodiscard]] bool accepts_java_class(const Head& head);
[[nodiscard]] Result<void> load_java_class(const Input& input, BuildFiles& build);

}  // namespace culprit
