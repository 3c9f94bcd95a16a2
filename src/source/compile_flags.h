// How to parse a file: from a compile_commands.json, or guessed.
//
// A database is an untrusted input: of its commands only what says where headers are, which macros
// are defined and which language it is comes through; -fplugin would execute code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/input.h"
#include "culprit/error.h"

namespace culprit {

class CompileFlags {
 public:
  // `source`: the folder with the source code.
  explicit CompileFlags(std::string source) : source_(std::move(source)) {}

  // Takes over the commands of a compile_commands.json.
  [[nodiscard]] Result<void> add(const Input& database);

  // For the file at `path`, below `source`. Of the commands that of the file itself, else that of
  // the file with the most folders in common, counted from the end, as a build elsewhere names it;
  // for a header, and for what no command knows, that of a neighbour.
  [[nodiscard]] std::vector<std::string> flags_for(const std::string& path) const;

 private:
  struct Command {
    std::string file;  // absolute
    std::vector<std::string> flags;
  };
  std::string source_;
  std::vector<Command> commands_;
};

// Those flags of a command that are taken, folders made absolute below `directory`.
[[nodiscard]] std::vector<std::string> safe_flags(const std::vector<std::string>& arguments,
                                                  const std::string& directory);

// The words of a shell command, as far as build tools write them: quotes and backslashes.
[[nodiscard]] std::vector<std::string> shell_words(std::string_view command);

}  // namespace culprit
