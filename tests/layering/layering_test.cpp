// The floors of the source tree: no file includes one of a higher floor, or of a neighbour's
// folder.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = CULPRIT_SOURCE_DIR;

const std::map<std::string, int> kFloors = {
    {"base", 0},     {"model", 1},   {"spectra", 2}, {"readers", 3}, {"label", 3},
    {"score", 4},    {"writers", 5}, {"config", 5},  {"gate", 5},    {"source", 5},
    {"pipeline", 6}, {"collect", 6}, {"cli", 7},     {"lsp", 7},     {"main", 8}};

// Public headers and the folder whose floor they belong to.
const std::map<std::string, std::string> kPublicHeaders = {
    {"error.h", "base"},        {"element.h", "model"},    {"counts.h", "model"},
    {"outcome.h", "model"},     {"request.h", "model"},    {"trace.h", "model"},
    {"spectrum.h", "model"},    {"ranking.h", "model"},    {"report.h", "model"},
    {"cluster.h", "model"},     {"annotation.h", "model"}, {"verdict.h", "model"},
    {"details.h", "model"},     {"diagnosis.h", "model"},  {"formula.h", "spectra"},
    {"localize.h", "pipeline"}, {"gate.h", "pipeline"}};

// The room a path below the root belongs to: "src/readers/sink.h" -> "readers".
std::optional<std::string> room_of(const fs::path& path) {
  auto part = path.begin();
  const std::string top = part->string();
  if (top == "spectra") return "spectra";
  if (top == "include") {
    const auto known = kPublicHeaders.find(path.filename().string());
    return known == kPublicHeaders.end() ? std::nullopt : std::optional(known->second);
  }
  if (path == fs::path("src/main.cpp")) return "main";
  return (++part)->string();
}

// Where `#include "name"` leads, below the root; nullopt for system and library headers.
std::optional<fs::path> target_of(const std::string& line) {
  if (line.rfind("#include \"", 0) != 0) return std::nullopt;
  const std::string name = line.substr(10, line.find('"', 10) - 10);
  if (name.rfind("culprit/", 0) == 0) return fs::path("include") / name;
  if (name.rfind("spectra/", 0) == 0) return fs::path(name);
  return fs::path("src") / name;
}

TEST(Layering, NoFileIncludesUpwardsOrSideways) {
  std::size_t includes = 0;
  for (const char* top : {"src", "spectra", "include"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      const fs::path file = fs::relative(entry.path(), kRoot);
      const auto room = room_of(file);
      ASSERT_TRUE(room && kFloors.count(*room)) << file << " is on no floor: name it in this test";
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) {
        const auto target = target_of(line);
        if (!target) continue;
        ++includes;
        EXPECT_TRUE(fs::exists(kRoot / *target)) << file << " includes " << line;
        const auto other = room_of(*target);
        ASSERT_TRUE(other && kFloors.count(*other)) << file << ": " << line;
        EXPECT_TRUE(*other == *room || kFloors.at(*other) < kFloors.at(*room))
            << file << " (" << *room << ") must not include " << target->string();
      }
    }
  }
  EXPECT_GT(includes, 200U);
}

// Libraries that are slow to compile, or that one file is to hide.
TEST(Layering, OneFileEachIncludesTheLibrariesThatAreWrapped) {
  const std::map<std::string, std::string> homes = {
      {"#include <CLI/", "src/cli/option_groups.h"},
      {"#include <toml++/", "src/config/toml_document.h"},
      {"#include <tinyxml2", "src/readers/xml_document.cpp"},
      {"#include <git2", "src/source/git.h"},
      {"#include <httplib", "src/collect/http_client.cpp"},
      {"#include <clang-c/", "src/source/clang_index.cpp"},
      {"#include <tree_sitter/", "src/source/java_index.cpp"},
      {"#include <boost/graph", "src/score/service_graph.cpp"}};
  std::map<std::string, int> found;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "src")) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      for (const auto& [prefix, home] : homes) {
        if (line.rfind(prefix, 0) != 0) continue;
        ++found[prefix];
        EXPECT_EQ(fs::relative(entry.path(), kRoot).string(), home);
      }
    }
  }
  for (const auto& [prefix, home] : homes) EXPECT_GT(found[prefix], 0) << home;
}

}  // namespace
