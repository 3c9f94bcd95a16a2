// The text of source lines, for reports; looked up below one folder.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace culprit {

class SourceLines {
 public:
  explicit SourceLines(std::string folder) : folder_(std::move(folder)) {}

  // Line `number` (1-based) of the file a report calls `path`, blanks around it dropped; empty when
  // there is none. Reports name files as the build machine did, so leading folders of `path` are
  // dropped until a file is found. Never leaves the folder.
  [[nodiscard]] std::string line(std::string_view path, std::uint32_t number);

 private:
  const std::vector<std::string>& file(std::string_view path);

  std::string folder_;
  std::map<std::string, std::vector<std::string>, std::less<>> files_;
};

}  // namespace culprit
