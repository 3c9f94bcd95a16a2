// The text of source files below one folder, read when it is asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "culprit/error.h"

namespace culprit {

class SourceText {
 public:
  // What a file was like, where that is asked for instead; nullopt: not known, as it is then.
  using Version = std::function<std::optional<std::string>(const std::string& file)>;
  explicit SourceText(std::string folder, Version version = {})
      : folder_(std::move(folder)), version_(std::move(version)) {}

  // The whole text; nullopt where it cannot be read.
  [[nodiscard]] std::optional<std::string> text(const std::string& file) { return read(file); }
  // The lines of `file`, a path below the folder as PathMap finds it, without their ends; empty
  // where it cannot be read, is over 64 MiB, or lies outside the folder by now.
  [[nodiscard]] const std::vector<std::string>& lines(const std::string& file);
  // Line `number`, 1-based; empty where there is none.
  [[nodiscard]] std::string_view line(const std::string& file, std::uint32_t number);

  // The hash of line `number` by which GitHub knows it again; empty where there is none.
  [[nodiscard]] std::string_view line_hash(const std::string& file, std::uint32_t number);

  // What could not be read, in the order it was asked for.
  [[nodiscard]] const std::vector<Error>& problems() const { return problems_; }

 private:
  [[nodiscard]] std::optional<std::string> read(const std::string& file);

  std::string folder_;
  Version version_;
  std::map<std::string, std::vector<std::string>> files_;
  std::map<std::string, std::vector<std::string>> hashes_;
  std::vector<Error> problems_;
};

}  // namespace culprit
