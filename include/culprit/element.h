// Code elements: what a ranking ranks. A line, a function (method), a file or a service.
//
// An element is known by (service, file, line) or (service, file, first line, name): one header
// compiled into eleven services is eleven elements. Inside a Spectrum elements are dense typed
// indices; CodeElement is the readable form.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace culprit {

enum class Level : std::uint8_t { kLine, kFunction, kFile, kService };

// A dense index into one table of one Spectrum. The tag keeps a line from being used where a run is
// meant.
template <class Tag>
struct Id {
  std::uint32_t value = 0;

  auto operator<=>(const Id&) const = default;
};

using ServiceId = Id<struct ServiceTag>;
using FileId = Id<struct FileTag>;
using FunctionId = Id<struct FunctionTag>;
using LineId = Id<struct LineTag>;
using RunId = Id<struct RunTag>;
using BranchId = Id<struct BranchTag>;

struct Line {
  FileId file;
  FunctionId function;
  std::uint32_t number = 0;  // 1-based
};

// A way out of a line that decides. Formats tell either which ways were taken or only how many.
struct Branch {
  LineId line;
  // 0-based, in the report's order within the line; counting: how many, from 1.
  std::uint32_t number = 0;
  // "At least `number` of the line's ways out were taken in one run", not "this one was".
  bool counting = false;
};

struct Function {
  FileId file;
  std::string name;  // as the report spells it, demangled where it offers that; empty: code outside
                     // functions
  std::uint32_t first_line = 0;  // 0: not known
  std::uint32_t last_line = 0;   // 0: not known
};

struct File {
  ServiceId service;
  std::string path;  // as the report spells it, `./` dropped, `\` turned into `/`
};

// The readable form of an element of any level; fields above the level's detail are filled, the
// others empty or 0.
struct CodeElement {
  Level level = Level::kLine;
  std::string service;  // empty: the run set has a single, unnamed service
  std::string file;
  std::string name;
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;

  bool operator==(const CodeElement&) const = default;
};

}  // namespace culprit

template <class Tag>
struct std::hash<culprit::Id<Tag>> {
  std::size_t operator()(culprit::Id<Tag> id) const noexcept { return id.value; }
};
