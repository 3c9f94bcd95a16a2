#include "collect/counter_pack.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <memory>

#include "base/file_tree.h"
#include "base/packer.h"
#include "culprit/localize.h"
#include "pipeline/run_reader.h"
#include "pipeline/run_set.h"

namespace culprit {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kShop =
    CULPRIT_SOURCE_DIR "/fixtures/systems/shop/recorded/austria-missing.tar.xz";

GcovMode mode() {
  return {.excludes = [](std::string_view path) { return is_excluded(Policy(), path); }};
}

// A recording with its counters packed, service by service, as a recorder does it. Bytes of the
// counters before and of what they became.
std::pair<std::size_t, std::size_t> pack_into(const Folder& folder, const FileTree& tree) {
  std::map<std::string, std::unique_ptr<CounterPack>> packs;  // by service
  std::map<std::pair<std::string, std::string>, CounterPack::Run> runs;
  std::pair<std::size_t, std::size_t> bytes;
  // Notes come first, as a recorder copies them before it needs them.
  for (const bool notes : {true, false}) {
    for (const FileTree::Entry& entry : tree.entries()) {
      if (notes != entry.path.ends_with(".gcno")) continue;
      const std::string content = *tree.read(entry);
      if (!entry.path.ends_with(".gcda")) {
        folder.write(std::string(entry.path), content);
        continue;
      }
      const fs::path path(entry.path);
      const std::string service = path.parent_path().filename().string();
      auto& pack = packs[service];
      if (!pack) pack = std::make_unique<CounterPack>(folder.path("build/" + service), mode());
      CounterPack::Run& run = runs[{path.begin()->string(), service}];
      EXPECT_TRUE(pack->add(path.filename().string(), content, run)) << path;
      bytes.first += content.size();
    }
  }
  for (const auto& [where, run] : runs) {
    const std::string line = CounterPack::to_json_line(where.first, where.second, run);
    folder.write(where.first + "/" + where.second + "/hits.jsonl", line);
    bytes.second += line.size();
  }
  return bytes;
}

// Every line with its function, and how often each run executed it, or that it does not tell.
std::vector<std::string> content(const Spectrum& spectrum) {
  std::vector<std::string> rows;
  for (std::uint32_t line = 0; line < spectrum.lines().size(); ++line) {
    const CodeElement element = spectrum.element(Level::kLine, line);
    const Function& function = spectrum.functions()[spectrum.lines()[line].function.value];
    std::string row = element.service + "/" + element.file + ":" +
                      std::to_string(element.first_line) + " " + function.name + " " +
                      std::to_string(function.first_line) + "-" +
                      std::to_string(function.last_line);
    for (std::uint32_t run = 0; run < spectrum.runs().size(); ++run) {
      row += spectrum.tells_of({run}, {line}) ? " " + std::to_string(spectrum.count({run}, {line}))
                                              : " ?";
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(CounterPack, TellsWhatTheCountersTellOfARealRecording) {
  const auto tree = FileTree::open(kShop);
  ASSERT_TRUE(tree);
  const Folder folder;
  const auto [before, after] = pack_into(folder, *tree);
  EXPECT_LT(after, before);
  const auto packed = FileTree::open(folder.path());
  ASSERT_TRUE(packed);
  const RunSet a = read_run_set(*tree, "", Policy(), 1);
  const RunSet b = read_run_set(*packed, "", Policy(), 1);
  EXPECT_EQ(a.spectrum.runs().size(), b.spectrum.runs().size());
  EXPECT_EQ(content(a.spectrum), content(b.spectrum));

  Query query;
  query.runs = kShop;
  const auto raw_report = localize(query);
  query.runs = folder.path();
  const auto report = localize(query);
  ASSERT_TRUE(raw_report);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->ranking.rows.size(), raw_report->ranking.rows.size());
  for (std::size_t i = 0; i < report->ranking.rows.size(); ++i) {
    EXPECT_EQ(report->ranking.rows[i].code, raw_report->ranking.rows[i].code);
    EXPECT_EQ(report->ranking.rows[i].score, raw_report->ranking.rows[i].score);
  }
}

TEST(CounterPack, LeavesDamagedCountersAndSaysWhatTheyWereAbout) {
  const auto tree = FileTree::open(kShop);
  ASSERT_TRUE(tree);
  const Folder folder;
  std::string counters;
  for (const FileTree::Entry& entry : tree->entries()) {
    const std::string content = *tree->read(entry);
    if (entry.path.starts_with("build/orders/")) folder.write(std::string(entry.path), content);
    if (entry.path == "001a-order/orders/orders#book.gcda") counters = content;
  }
  CounterPack pack(folder.path("build/orders"), mode());
  CounterPack::Run run;
  const auto done =
      pack.add("orders#book.gcda", std::string_view(counters).substr(0, counters.size() / 2), run);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().what, HasSubstr("cut short"));
  EXPECT_FALSE(run.any);
  EXPECT_EQ(run.hits, "");
  const std::string line = CounterPack::to_json_line("r", "orders", run);
  EXPECT_THAT(line, HasSubstr("\"unknown\":["));
  EXPECT_THAT(line, HasSubstr("orders/book.cpp"));
  EXPECT_THAT(line, HasSubstr("\"hits\":[]}\n"));
  // The next run's are sound.
  CounterPack::Run next;
  EXPECT_TRUE(pack.add("orders#book.gcda", counters, next));
  EXPECT_TRUE(next.any);
  EXPECT_EQ(next.unknown.size(), 0U);
  // No notes: nothing can be said.
  EXPECT_FALSE(pack.add("orders#other.gcda", counters, next));
}

TEST(PackProblems, ShowsOneOfAKind) {
  PackProblems problems;
  problems.kept_raw({{"a.gcda"}, "cut short"});
  problems.kept_raw({{"b.gcda"}, "cut short"});
  problems.note({{{"c.gcda"}, "odd"}, {{"d.gcda"}, "odd"}, {{"e.gcda"}, "strange"}});
  std::vector<std::string> said;
  for (const Error& error : problems.folded()) said.push_back(error.place.path + ": " + error.what);
  EXPECT_THAT(said, ElementsAre("a.gcda: 2 files stay raw, for counters that cannot be read cannot "
                                "be packed; cut short",
                                "c.gcda: odd; as 1 more", "e.gcda: strange"));
}

}  // namespace
}  // namespace culprit
