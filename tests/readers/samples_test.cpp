// Every sample file beside the source folder, with what becomes of it: samples.txt has a row each,
// sorted by path. CULPRIT_UPDATE_GOLDEN=1 writes the rows anew; read the diff.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "base/file_tree.h"
#include "readers/registry.h"
#include "recorder.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;

const fs::path kSamples = CULPRIT_SOURCE_DIR "/../shared/data/samples";
const fs::path kTable = CULPRIT_SOURCE_DIR "/tests/readers/samples.txt";

// "gcov-text", "lcov, warnings: 2", or "refused: " and the message; not its hint, which may name
// any other format.
std::string outcome_of(const fs::path& file, const std::string& name) {
  const Result<std::string> bytes = read_file(file.string());
  if (!bytes) return "refused: " + bytes.error().what;
  const Input input{name, *bytes};
  const Result<const Reader*> reader = detect(input);
  if (!reader) return "refused: " + reader.error().what;
  Recorder recorder;
  const Result<void> done = (*reader)->read(input, recorder);
  if (!done) return "refused: " + done.error().what;
  const std::size_t warnings = recorder.warnings.size();
  std::string outcome((*reader)->name);
  if (warnings != 0) outcome += ", warnings: " + std::to_string(warnings);
  return outcome;
}

using Rows = std::map<std::string, std::string>;  // path -> outcome

Rows listed() {
  Rows rows;
  std::ifstream in(kTable);
  for (std::string path, outcome; std::getline(in, path) && std::getline(in, outcome);) {
    rows[path] = outcome.substr(outcome.find_first_not_of(' '));
  }
  return rows;
}

TEST(Samples, AreEachReadOrRefusedAsListed) {
  if (!fs::exists(kSamples)) {
    GTEST_SKIP() << "the samples are not beside the source folder: " << kSamples;
  }
  Rows found;
  for (const auto& entry : fs::recursive_directory_iterator(kSamples)) {
    if (!entry.is_regular_file()) continue;
    const std::string path = fs::relative(entry.path(), kSamples).generic_string();
    found[path] = outcome_of(entry.path(), path);
  }
  EXPECT_GT(found.size(), 100U);
  if (std::getenv("CULPRIT_UPDATE_GOLDEN") != nullptr) {
    std::ofstream out(kTable);
    for (const auto& [path, outcome] : found) out << path << "\n    " << outcome << "\n";
  }
  const Rows rows = listed();
  for (const auto& [path, outcome] : found) {
    const auto row = rows.find(path);
    if (row == rows.end()) {
      ADD_FAILURE() << path << " is not listed: it is " << outcome;
    } else {
      EXPECT_EQ(outcome, row->second) << path;
    }
  }
  for (const auto& [path, outcome] : rows) {
    EXPECT_TRUE(found.contains(path)) << path << " is listed, and not there";
  }
}

}  // namespace
}  // namespace culprit
