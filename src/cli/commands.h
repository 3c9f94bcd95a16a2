// The commands: one row each, read by main.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "cli/options.h"

namespace culprit {

// Exit codes.
inline constexpr int kDone = 0;
inline constexpr int kNewFaults = 1;     // `gate`: it is red
inline constexpr int kInconclusive = 3;  // `gate --strict`
inline constexpr int kUnusable = 2;      // wrong usage, or no usable run

struct Command {
  std::string_view name;
  int (*run)(const Options& options);
};

[[nodiscard]] std::span<const Command> commands();

// An unknown format, or a file to write that lies in RUNS: checked first, nobody should wait for a
// ranking to learn of a typing error.
[[nodiscard]] std::optional<Error> wrong_format(const Options& options);

// `options.query`, and what the formats asked for show beside the answer.
[[nodiscard]] Query query_for_formats(const Options& options);

// How a command ends that delivered what it could: with an error where --strict-input asks for one.
[[nodiscard]] int exit_code(const Options& options, const Report& report);
// The same of a ranking, which is none where what could not be read leaves nothing to compare: that
// is an error, told with what was not read.
[[nodiscard]] int ranking_exit_code(const Options& options, const Report& report);

int rank_command(const Options& options);
int explain_command(const Options& options);
int annotate_command(const Options& options);
int label_command(const Options& options);
int convert_command(const Options& options);
int eval_command(const Options& options);
int record_command(const Options& options);
int gate_command(const Options& options);
int list_command(const Options& options);

}  // namespace culprit
