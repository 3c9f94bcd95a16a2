#include "source/compile_flags.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace culprit {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostCommands = 200'000;

struct Taken {
  std::string_view flag;
  bool is_path;
};

// Longer ones first: -include and -isystem begin with -i, -iquote too.
constexpr auto kTaken = std::to_array<Taken>({{"-isystem", true},
                                              {"-iquote", true},
                                              {"-include", true},
                                              {"-I", true},
                                              {"-D", false},
                                              {"-U", false},
                                              {"-x", false}});

std::string absolute_below(const std::string& path, const std::string& directory) {
  return (fs::path(directory) / path).lexically_normal().string();
}

bool is_header(const std::string& path) {
  const std::string end = fs::path(path).extension().string();
  return end != ".c" && end != ".cc" && end != ".cpp" && end != ".cxx" && end != ".C" &&
         end != ".c++";
}

std::size_t folders_in_common(const std::string& a, const std::string& b) {
  std::size_t common = 0;
  auto left = a.rbegin();
  auto right = b.rbegin();
  for (; left != a.rend() && right != b.rend() && *left == *right; ++left, ++right) {
    if (*left == '/') ++common;
  }
  return left == a.rend() && right == b.rend() ? common + 1 : common;
}

std::string text_of(const Json& row, const char* key) {
  return row.contains(key) && row[key].is_string() ? row[key].get<std::string>() : "";
}

}  // namespace

std::vector<std::string> shell_words(std::string_view command) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;  // of a word
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (c == '\\' && quote != '\'' && i + 1 < command.size()) {
      word += command[++i];
      inside = true;
    } else if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      inside = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (inside) words.push_back(std::move(word));
      word.clear();
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (inside) words.push_back(std::move(word));
  return words;
}

std::vector<std::string> safe_flags(const std::vector<std::string>& arguments,
                                    const std::string& directory) {
  std::vector<std::string> flags;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument.starts_with("-std=")) flags.push_back(argument);
    for (const Taken& taken : kTaken) {
      if (!argument.starts_with(taken.flag)) continue;
      std::string value = argument.substr(taken.flag.size());
      if (value.empty() && i + 1 < arguments.size()) value = arguments[++i];
      // "-include-pch" and the like are other flags.
      if (value.empty() || (taken.is_path && value.starts_with('-'))) break;
      if (taken.flag == "-x" && value != "c" && value != "c++") break;
      flags.emplace_back(taken.flag);
      flags.push_back(taken.is_path ? absolute_below(value, directory) : value);
      break;
    }
  }
  return flags;
}

Result<void> CompileFlags::add(const Input& database) {
  const Json json = Json::parse(database.bytes, nullptr, false);
  if (!json.is_array()) {
    return fail(error_in(database.path, "is no list of compile commands"));
  }
  for (const Json& row : json) {
    if (commands_.size() == kMostCommands) break;
    if (!row.is_object()) continue;
    const std::string file = text_of(row, "file");
    const std::string directory = text_of(row, "directory");
    std::vector<std::string> arguments;
    if (row.contains("arguments") && row["arguments"].is_array()) {
      for (const Json& one : row["arguments"]) {
        if (one.is_string()) arguments.push_back(one);
      }
    } else {
      arguments = shell_words(text_of(row, "command"));
    }
    if (file.empty()) continue;
    commands_.push_back({absolute_below(file, directory), safe_flags(arguments, directory)});
  }
  return {};
}

std::vector<std::string> CompileFlags::flags_for(const std::string& path) const {
  std::error_code ignored;
  const std::string absolute = fs::absolute(path, ignored).lexically_normal().string();
  const Command* best = nullptr;
  std::size_t common = 0;
  const std::string folder = fs::path(absolute).parent_path().string();
  std::size_t beside = 0;
  for (const Command& command : commands_) {
    const std::size_t shared = folders_in_common(command.file, absolute);
    if (shared > common) {
      best = &command;
      common = shared;
    }
    if (common != 0) continue;
    // A neighbour: the longest beginning in common.
    const std::size_t begins = static_cast<std::size_t>(
        std::mismatch(folder.begin(), folder.end(), command.file.begin(), command.file.end())
            .first -
        folder.begin());
    if (best == nullptr || begins > beside) {
      best = &command;
      beside = begins;
    }
  }
  const bool is_c = fs::path(path).extension() == ".c";
  std::vector<std::string> flags = best == nullptr ? std::vector<std::string>() : best->flags;
  // A neighbour in the other language tells where headers are, and no more.
  const bool other = best != nullptr && (fs::path(best->file).extension() == ".c") != is_c;
  if (other) std::erase_if(flags, [](const std::string& f) { return f.starts_with("-std="); });
  const auto has = [&](std::string_view start) {
    return std::any_of(flags.begin(), flags.end(),
                       [&](const std::string& flag) { return flag.starts_with(start); });
  };
  if (is_header(path) || !has("-x")) {
    flags.emplace_back("-x");
    flags.emplace_back(is_c ? "c" : "c++");
  }
  if (!has("-std=")) flags.emplace_back(is_c ? "-std=gnu11" : "-std=gnu++20");
  if (best == nullptr) {
    for (const char* folder_of_headers : {"", "include", "src"}) {
      flags.emplace_back("-I");
      flags.push_back((fs::path(fs::absolute(source_, ignored)) / folder_of_headers).string());
    }
  }
  flags.emplace_back("-ferror-limit=0");
  flags.emplace_back("-w");
  return flags;
}

}  // namespace culprit
