// The commands: one row each, read by main.
#pragma once

#include <span>
#include <string_view>

#include "cli/options.h"

namespace culprit {

// Exit codes.
inline constexpr int kDone = 0;
inline constexpr int kUnusable = 2;  // wrong usage, or no usable run

struct Command {
  std::string_view name;
  int (*run)(const Options& options);
};

[[nodiscard]] std::span<const Command> commands();

int rank_command(const Options& options);
int explain_command(const Options& options);
int annotate_command(const Options& options);
int label_command(const Options& options);
int convert_command(const Options& options);
int eval_command(const Options& options);
int record_command(const Options& options);
int list_command(const Options& options);

}  // namespace culprit
